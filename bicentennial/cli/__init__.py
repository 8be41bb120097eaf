"""The command line: which commands there are, in which language they speak, and how they end.

A command is a module of this package with `register(subparsers)`, which describes its arguments, and `run(arguments)`,
which returns the exit code. Only the module of the command that is asked for is imported, and what is heavy is
imported by `run`: help and version answer at once.

>>> main(["version", "--lang", "en"])
bicentennial 0.1.0
ontology 0.1.0
0
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from bicentennial.cli.parser import COMMANDS, Parser, language_of
from bicentennial.core.errors import AmbiguousNameError, BicentennialError, OutputError
from bicentennial.core.messages import entry, sentence

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from bicentennial.cli.parser import Commands

__all__ = ["COMMANDS", "build_parser", "main"]


class _Command(Protocol):
    def register(self, commands: Commands) -> None: ...

    def run(self, arguments: argparse.Namespace) -> int: ...


_FAULT: Final = 70
_INTERRUPTED: Final = 130
_BROKEN_PIPE: Final = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        argv: the arguments, those of the process if None.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    lang = language_of(arguments, os.environ)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        with _ends_tidily():
            code = _run(arguments, lang)
            sys.stdout.flush()
    except BicentennialError as error:
        from bicentennial.core.escape import plain

        said = error.text[lang]
        candidates = error.candidates[lang] if isinstance(error, AmbiguousNameError) else ()
        if isinstance(error, AmbiguousNameError):
            said = entry("query", "ambiguous-list")["message"][lang].format(name=error.name)
        print(f"bicentennial: {plain(said)}", *(f"  {plain(each)}" for each in candidates), sep="\n", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return _INTERRUPTED
    except _Ended as end:
        return 128 + end.number
    except BrokenPipeError:
        # Standard output is closed already; the interpreter must not complain when it closes the stream.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except Exception as error:
        if os.environ.get("BICENTENNIAL_DEBUG"):
            raise
        from bicentennial.core.reasons import is_full

        if is_full(error):
            print(f"bicentennial: {sentence('error', 'disk-full')[lang]}", file=sys.stderr)
            return OutputError.exit_code
        fault = entry("cli", "fault")[lang].format(kind=type(error).__name__)
        print(f"bicentennial: {fault}", file=sys.stderr)
        return _FAULT
    return code


class _Ended(BaseException):
    """A signal asks us to end; raised, so that temporary files go on the way out."""

    def __init__(self, number: int) -> None:
        self.number = number


@contextlib.contextmanager
def _ends_tidily() -> Iterator[None]:
    def end(number: int, frame: object) -> None:  # noqa: ARG001 - as signals call it
        raise _Ended(number)

    replaced = []
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has not both
        with contextlib.suppress(ValueError):  # outside the main thread
            if number is not None and signal.getsignal(number) == signal.SIG_DFL:
                signal.signal(number, end)
                replaced.append(number)
    try:
        yield
    finally:
        for number in replaced:
            signal.signal(number, signal.SIG_DFL)


def _run(argv: list[str], lang: str) -> int:
    parser = build_parser(argv, lang)
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as end:  # help was asked for
        return int(end.code or 0)
    if arguments.version:
        return _module("version").run(arguments)
    if arguments.command is None:
        parser.print_help(sys.stderr)
        return 2
    arguments.lang = lang
    return _module(arguments.command).run(arguments)


def build_parser(argv: Sequence[str], lang: str) -> Parser:
    """Return the parser, with the command that the arguments name, or with all of them if they name none."""
    parser = Parser(prog="bicentennial", lang=lang, description=entry("cli", "description")[lang])
    parser.add_argument("--version", action="store_true", help=entry("cli", "version")["option"][lang])
    subparsers: Any = parser.add_subparsers(
        dest="command",
        metavar=entry("cli", "command")[lang],
        title=entry("cli", "commands")[lang],
        parser_class=cast("type[Parser]", partial(Parser, lang=lang)),
    )
    subparsers.lang = lang
    asked = "version" if "--version" in argv else None
    named = next((argument for argument in argv if argument in COMMANDS), asked)
    for name in [named] if named else COMMANDS:
        _module(name).register(cast("Commands", subparsers))
    return parser


def _module(name: str) -> _Command:
    return cast("_Command", import_module(f"bicentennial.cli.{name}"))
