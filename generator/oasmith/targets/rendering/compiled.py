"""What was compiled of the templates, kept from run to run."""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket


class Compiled(jinja2.BytecodeCache):
    """Keeps compiled templates where Python keeps compiled modules, and on the same terms.

    They lie in `__pycache__` beside the templates (or below PYTHONPYCACHEPREFIX), so who could
    change them could change our modules as well. They are not written where Python shall write
    none, or cannot. Templates outside `folder` leave nothing behind. `options` is what else a
    compiled template depends on.
    """

    def __init__(self, folder: Path, options: object) -> None:
        self._folder = folder
        self._made_by = (MAGIC_NUMBER, jinja2.__version__, repr(options))

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the path of the template."""
        return filename or name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read what was compiled of this very text."""
        with suppress(OSError, ValueError, EOFError, TypeError):
            made_by, checksum, code = marshal.loads(_file(bucket).read_bytes())  # noqa: S302
            if (made_by, checksum) == (self._made_by, bucket.checksum):
                bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled; a run beside this one never sees a part of it."""
        if sys.dont_write_bytecode or not Path(bucket.key).is_relative_to(self._folder):
            return
        file = _file(bucket)
        part = file.with_name(f"{file.name}.{os.getpid()}")
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(marshal.dumps((self._made_by, bucket.checksum, bucket.code)))
            part.replace(file)


def _file(bucket: Bucket) -> Path:
    return Path(cache_from_source(bucket.key))
