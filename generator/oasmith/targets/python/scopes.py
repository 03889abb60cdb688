"""How modules of the package call models: by imported names, or by their path below `models`."""

from __future__ import annotations

from collections.abc import Collection

from oasmith.targets.python.code import Code, dotted, fill, identifier
from oasmith.targets.python.faces import Model
from oasmith.targets.python.imports import Name, Scope


class ModelScope(Scope):
    """The names of a module of models. Notes when an annotation needs a name of further down."""

    def __init__(self, module: str, *, defines: Collection[str], hidden: Collection[str]) -> None:
        super().__init__(module, defines=defines, hidden=hidden)
        self.defined: set[str] = set()
        """The names of the module that stand above."""
        self.forward = False
        """Whether a name was used that does not."""

    def model(self, model: Model, *, as_dict: bool = False) -> Code:
        """Return the name of a model or of its plain form, imported where it is elsewhere."""
        name = model.dict_name if as_dict and model.dict_name else model.name
        if model.module != self.module:
            return self.use(Name(f".{model.module}", name))
        if name not in self.defined:
            self.forward = True
        return identifier(name)


class PublicScope(Scope):
    """The names of a module that imports `models` and reaches every model through it."""

    def model(self, model: Model, *, as_dict: bool = False) -> Code:
        """Return the dotted path of a model, `models.inference.RateLimit`."""
        models = self.use(Name(".", "models"))
        name = model.dict_name if as_dict and model.dict_name else model.name
        return fill("{}.{}", models, dotted(".".join((*model.folder, name))))
