"""Import every module of a generated package, build every model, and print what it can call.

    python building.py PACKAGE

One JSON object: `calls`, the methods and paths that the clients know; `models`, how many were
built.
"""

import importlib
import inspect
import json
import pkgutil
import sys
import warnings
from types import ModuleType
from typing import Any

from pydantic import BaseModel, PydanticUserError, TypeAdapter


def modules(package: ModuleType) -> list[ModuleType]:
    names = [each.name for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    return [package, *map(importlib.import_module, names)]


def build(model: Any) -> bool:
    """Build a model; what is of plain dicts is for type checkers alone, before Python 3.12."""
    if inspect.isclass(model) and issubclass(model, BaseModel):
        model.model_rebuild()
        assert model.__pydantic_complete__, model
        return True
    try:
        TypeAdapter(model)
    except PydanticUserError as error:
        if error.code != "typed-dict-version":
            raise
        return False
    return True


def main(name: str) -> None:
    warnings.simplefilter("error")
    models: dict[int, Any] = {}
    calls: dict[str, list[list[str]]] = {"sync": [], "aio": []}
    for module in modules(importlib.import_module(name)):
        kind = module.__name__.removeprefix(f"{name}.").partition(".")[0]
        if kind == "models":
            offered = [getattr(module, each) for each in getattr(module, "__all__", ())]
            models.update((id(each), each) for each in offered if not inspect.ismodule(each))
        if kind in calls:
            for value in vars(module).values():
                if type(value).__name__ == "Operation":
                    calls[kind] += ([value.method, route.path] for route in value.routes)
    built = sum(map(build, models.values()))
    sys.stdout.write(json.dumps({"calls": calls, "models": built}))


if __name__ == "__main__":
    main(sys.argv[1])
