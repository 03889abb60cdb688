"""The command: arguments, exit codes, printing. Nothing else prints or exits.

Exit codes: 0 done, 1 diagnostics (nothing was written), 2 usage, 3 a defect of oasmith itself;
130 interrupted and 141 nobody reads on, as shells count these.
"""

from __future__ import annotations

import argparse
import gc
import io
import itertools
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn, TextIO

from oasmith import config
from oasmith.diagnostics import (
    CODES,
    Diagnostics,
    GenerationError,
    Severity,
    Stop,
    counted,
    visible,
    working_on,
)
from oasmith.progress import Progress
from oasmith.source import start_of
from oasmith.targets.registry import TargetTables
from oasmith.version import __version__

_DESCRIPTION = "Turn an OpenAPI document into a Python package and reference docs."


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and answer its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What the terminal has no character for is escaped, as on stderr.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = _run(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `oasmith ir | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the exit flushes again
        return 141
    except RecursionError as error:
        # References need no depth in the text to lead on from schema to schema.
        return _too_large(error, "what leads on from here goes too deep")
    except MemoryError as error:
        return _too_large(error, "there is not enough memory for what is here")
    except Exception as error:  # noqa: BLE001 - the last net: a traceback helps no user
        if isinstance(error, OSError) and error.filename is None and not _notes(error):
            return _unheard(error)
        return _defect(error)
    return code


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as stopped:  # argparse has printed why
        return stopped.code if isinstance(stopped.code, int) else 2
    if arguments.command == "explain":
        return _explain(arguments.code)
    diagnostics = Diagnostics(verbose=arguments.verbose)
    try:
        packages = _settings(arguments, diagnostics)
    except Stop:
        _show(diagnostics)
        return 1
    except _UsageError as error:
        return _usage(str(error))
    with _collector_off():
        return max(_run_one(settings, arguments) for settings in packages)


@contextmanager
def _collector_off() -> Iterator[None]:
    """Hold the cyclic garbage collector: nearly all that a run makes lives until its end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _run_one(settings: config.Config, arguments: argparse.Namespace) -> int:
    """Run the command for one package."""
    diagnostics = Diagnostics(strict=settings.strict, verbose=arguments.verbose)
    try:
        match arguments.command:
            case "ir":
                return _ir(settings, diagnostics)
            case _:
                return _generate(settings, diagnostics, arguments)
    except GenerationError:
        _show(diagnostics)
        return 1


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(visible(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="oasmith", description=_DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"oasmith {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    document = _Parser(add_help=False)
    document.add_argument(
        "document", nargs="?", type=_file, help="OpenAPI document; default: the one configured"
    )
    document.add_argument(
        "--select", action="append", metavar="WHAT", help="keep path:GLOB, tag:NAME, id:GLOB, ext:X"
    )
    document.add_argument("--exclude", action="append", metavar="WHAT", help="drop, likewise")
    document.add_argument(
        "--config", type=Path, metavar="FILE", help="settings; default: found from this folder up"
    )
    document.add_argument("--strict", action="store_true", default=None, help="warnings are errors")
    document.add_argument(
        "--verbose", action="store_true", help="list every place of messages that are alike"
    )
    document.add_argument(
        "--allow-outside",
        action="store_true",
        default=None,
        help="let references leave the document's folder",
    )
    document.add_argument(
        "--allow-remote",
        action="store_true",
        default=None,
        help="let references lead to the web; what is there is locked in oasmith.lock",
    )

    generate = commands.add_parser(
        "generate", parents=[document], help="write models, client and docs"
    )
    generate.add_argument("--output", type=Path, metavar="DIR", help="folder to write")
    generate.add_argument(
        "--package", type=_package, metavar="NAME", help="name of the Python package"
    )
    generate.add_argument(
        "--emit", type=_parts, metavar="PARTS", help="models,client,docs; default: all"
    )
    generate.add_argument(
        "--check", action="store_true", help="write nothing; fail if the output is not current"
    )
    generate.add_argument(
        "--diff", action="store_true", help="write nothing; print what would change"
    )
    generate.add_argument(
        "--force", action="store_true", help="write even over files that were changed by hand"
    )

    commands.add_parser("ir", parents=[document], help="print the intermediate model as JSON")
    explain = commands.add_parser("explain", help="say what the code of a message means")
    explain.add_argument("code", help="the word in brackets, for example unresolved-reference")
    return parser


def _file(text: str) -> Path:
    if "://" in text:
        raise argparse.ArgumentTypeError(f"{text} is no file; save it, and name the copy")
    return Path(text)


def _package(text: str) -> str:
    try:
        return config.checked_package(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _parts(text: str) -> tuple[config.Part, ...]:
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in config.PARTS:
            raise argparse.ArgumentTypeError(f"{name!r} is not one of {', '.join(config.PARTS)}")
    return tuple(part for part in config.PARTS if part in names)


def _settings(arguments: argparse.Namespace, diagnostics: Diagnostics) -> list[config.Config]:
    """Return the settings of each package of the project with the arguments laid over them.

    Raises:
        _UsageError: There is no document, or an argument cannot be meant for several packages.
    """
    # A document on the command line stands alone: the project's settings are for its own document.
    file: Path | None = arguments.config
    if file is None and arguments.document is None:
        file = config.find(Path.cwd())
    packages = [{}] if file is None else config.read(file, diagnostics, TargetTables())
    diagnostics.stop_if_failed()
    given = {
        name: tuple(value) if isinstance(value, list) else value
        for name in _SETTINGS
        if (value := getattr(arguments, name, None)) is not None
    }
    if len(packages) > 1:
        for name in _OF_ONE_PACKAGE:
            if name in given:
                raise _UsageError(f"--{name} is for one package, and {file} has {len(packages)}")
    packages = [settings | given for settings in packages]
    if not all("document" in settings for settings in packages):
        raise _UsageError("no DOCUMENT is given, and there is no oasmith.toml or [tool.oasmith]")
    made = [config.Config(**each) for each in packages]
    outputs = [each.output.absolute() for each in made]
    for one, other in itertools.combinations(outputs, 2):
        if one.is_relative_to(other) or other.is_relative_to(one):
            raise _UsageError(f"two packages write to {_shown(one)}; give each an `output`")
    return made


_OF_ONE_PACKAGE = ("document", "output", "package")
_SETTINGS = (
    *_OF_ONE_PACKAGE,
    "emit",
    "strict",
    "allow_outside",
    "allow_remote",
    "select",
    "exclude",
)
"""Arguments that replace settings of the same name."""


class _UsageError(Exception):
    """The arguments do not go together; the message says why."""


def _generate(
    settings: config.Config, diagnostics: Diagnostics, arguments: argparse.Namespace
) -> int:
    from oasmith import pipeline
    from oasmith.output import MANIFEST

    writes = not (arguments.check or arguments.diff)
    # What is current may have had warnings; only a run tells.
    skips = writes and not arguments.force and not settings.strict
    if skips and pipeline.is_current(settings):
        print(f"{_shown(settings.output)} is current")
        return 0
    with Progress(sys.stderr) as progress:
        result = pipeline.generate(settings, diagnostics, progress)
    if not writes:
        changes = result.compare()
        _show(diagnostics)
        for change in changes:
            if not arguments.diff:
                print(f"{change.path}: {change.verb}")
            elif change.path != MANIFEST:  # which only lists the others
                print(change.diff(color=_has_colors(sys.stdout)))
        if changes:
            print(
                f"oasmith: {_shown(settings.output)} is not what {_shown(settings.document)} gives;"
                " run `oasmith generate`",
                file=sys.stderr,
            )
        return 1 if changes else 0
    count = result.write(force=arguments.force)
    _show(diagnostics)
    print(f"{result.summary}; {counted(count, 'file')} in {_shown(settings.output)}")
    return 0


def _ir(settings: config.Config, diagnostics: Diagnostics) -> int:
    import json

    from oasmith import pipeline
    from oasmith.ir.json import to_json

    api = pipeline.load(settings, diagnostics)
    with working_on(start_of(settings.document)):
        text = json.dumps(to_json(api), indent=2)
    print(text)
    _show(diagnostics)
    return 0


def _explain(code: str) -> int:
    if code not in CODES:
        return _usage(f"there is no code {code!r}; the codes are {', '.join(sorted(CODES))}")
    from oasmith.explanations import EXAMPLES

    example = EXAMPLES[code].strip().replace("\n", "\n  ")
    print(f"{code}: {CODES[code]}\n\nFor example:\n\n  {example}")
    return 0


def _show(diagnostics: Diagnostics) -> None:
    """Print the findings, and how many there are."""
    if not (text := diagnostics.render(color=_has_colors(sys.stderr))):
        return
    errors, warnings = diagnostics.count(Severity.ERROR), diagnostics.count(Severity.WARNING)
    counts = [
        counted(count, word) for count, word in ((errors, "error"), (warnings, "warning")) if count
    ]
    end = "; nothing was written" if errors else ""
    print(f"{text}{', '.join(counts)}{end}", file=sys.stderr)


def _has_colors(stream: TextIO) -> bool:
    """Return whether a stream shows colours: a terminal can, and nobody said otherwise."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _usage(message: str) -> int:
    print(f"oasmith: error: {visible(message)}\nTry `oasmith --help`.", file=sys.stderr)
    return 2


def _unheard(error: OSError) -> int:
    """Say that what should be printed cannot be, for example on a full disk."""
    with suppress(OSError):
        print(f"oasmith: error: cannot print: {error.strerror}", file=sys.stderr)
    return 1


def _too_large(error: Exception, message: str) -> int:
    print(f"{_at(error)}: error[too-large]: {message}; nothing was written", file=sys.stderr)
    return 1


def _defect(error: Exception) -> int:
    """Say that the fault is ours, and where, without a traceback."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = ""
    if trace is not None:
        where = f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})"
    print(
        f"{_at(error)}: error[internal]: {type(error).__name__}: {visible(str(error))}{where}\n"
        "  This is a defect of oasmith, not of your document. Nothing was written.",
        file=sys.stderr,
    )
    return 3


def _at(error: Exception) -> str:
    """Return the place of the document that was worked on."""
    return visible(next(iter(_notes(error) or ["oasmith"])))


def _notes(error: Exception) -> list[str]:
    return getattr(error, "__notes__", [])


def _shown(path: Path) -> str:
    try:
        return visible(str(path.absolute().relative_to(Path.cwd())))
    except ValueError:
        return visible(str(path))
