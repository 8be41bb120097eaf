"""`bicentennial validate`: check files and report on them."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.api import ENGINES
from bicentennial.cli.output import choose_format, terminal_width, write
from bicentennial.cli.parser import Commands, add_command, add_output, input_formats
from bicentennial.core.errors import UsageError
from bicentennial.core.files.output import refuse_overwrite
from bicentennial.core.findings import LISTED, SEVERITIES
from bicentennial.core.messages import entry, render
from bicentennial.report.formats import BINARY, FORMATS
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from bicentennial.report import Reports

__all__ = ["limits_of", "progress", "register", "run"]

# Progress is shown after so many seconds.
_PATIENCE: Final = 1.0
_LONGEST_LIMIT: Final = 18
# These say no more of a kind of finding than a few places.
_BRIEF: Final = ("text",)


def register(commands: Commands) -> None:
    """Describe the command and its options."""
    parser = add_command(commands, "validate", input_formats)
    words, lang = entry("cli", "validate"), commands.lang
    file = entry("cli", "file")[lang]
    parser.add_argument("files", nargs="+", metavar=file, help=words["files"][lang])
    add_output(parser, FORMATS, words["format"][lang], words["output"][lang])
    parser.add_argument("-q", "--quiet", action="store_true", help=words["quiet"][lang])
    parser.add_argument("--input-format", metavar=entry("cli", "name")[lang], help=words["input-format"][lang])
    parser.add_argument("--fail-on", choices=SEVERITIES, default="violation", help=words["fail-on"][lang])
    parser.add_argument("--engine", choices=ENGINES, default="auto", help=entry("spark", "engine")[lang])
    parser.add_argument("--shapes", nargs="+", action="extend", default=[], metavar=file, help=words["shapes"][lang])
    parser.add_argument("--limit", action="append", default=[], metavar="NAME=N", help=words["limit"][lang])
    parser.add_argument("--mapping", metavar=file, help=words["mapping"][lang])
    parser.add_argument("--profile", metavar=file, help=words["profile"][lang])


def run(arguments: argparse.Namespace) -> int:
    """Validate each file, write one report, and return the worst exit code."""
    lang, output = arguments.lang, arguments.output
    given = [file for file in arguments.files if file != "-"]
    refuse_overwrite(output, [*given, *arguments.shapes, *filter(None, [arguments.mapping, arguments.profile])])
    arguments.results = None
    if output is not None and arguments.format is None and output.endswith((".parquet", "/")):
        arguments.results, output = output, None
    name = choose_format(arguments.format, output, FORMATS, "text", binary=BINARY)
    if name in BINARY and output is None:
        text = entry("report", "workbook")["needs-output"]
        raise UsageError(text)
    reports = _validated(arguments, name)
    if name in BINARY:
        _write_workbook(reports, output, lang)
    elif not arguments.quiet or output is not None:
        _write(reports, name, lang, output)
    if not arguments.quiet:
        _say(reports, name, lang, output)
    return reports.exit_code


def _validated(arguments: argparse.Namespace, name: str) -> Reports:
    from bicentennial.api import validate

    lang = arguments.lang
    limits = limits_of(arguments.limit)
    if name in _BRIEF:
        limits = {"findings": LISTED, **limits}
    options: dict[str, Any] = {
        "engine": arguments.engine,
        "fail_on": arguments.fail_on,
        "shapes": arguments.shapes,
        "mapping": arguments.mapping,
        "profile": arguments.profile,
        "limits": limits,
        "coverage": name == "html",
        "on_progress": _meanwhile(None if arguments.quiet else progress(arguments.files, lang)),
        "input_format": arguments.input_format,
        "results": arguments.results,
    }
    reports: Reports = validate([_source(file, lang) for file in arguments.files], **options)
    if name in BINARY and len(reports) != 1:
        text = entry("report", "workbook")["one-file"]
        raise UsageError(text)
    return reports


def _source(file: str, lang: str) -> Any:
    """Return a path, or standard input as a stream that has a name in the reader's language."""
    return _StandardInput(entry("cli", "validate")["stdin-name"][lang]) if file == "-" else file


class _StandardInput:
    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, size: int = -1) -> bytes:
        """Return bytes from standard input, where the stream has them."""
        stream = getattr(sys.stdin, "buffer", sys.stdin)
        data = stream.read(size)
        return data.encode() if isinstance(data, str) else bytes(data)


def _write(reports: Reports, name: str, lang: Any, output: str | None) -> None:
    from bicentennial.report import render as rendered

    terminal = output is None and sys.stdout.isatty()
    color = terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    width = min(terminal_width(), 120) if terminal else 100
    write(rendered(reports, name, lang, color=color, width=width), output)


def _write_workbook(reports: Reports, output: str, lang: Any) -> None:
    from bicentennial.report.workbook import write_workbook

    write_workbook(reports[0], output, lang, on_progress=progress([output], lang))


def _say(reports: Reports, name: str, lang: Any, output: str | None) -> None:
    """Say on standard error what the report itself does not: the verdict, where the report is in a file."""
    from bicentennial.core.escape import plain
    from bicentennial.report.overview import headline
    from bicentennial.report.words import verdict

    if output is not None:
        if len(reports) > 1:
            print(headline(reports, lang), file=sys.stderr)
        for report in reports:
            print(verdict(report, lang), file=sys.stderr)
    if reports.skipped and (output is not None or name != "text"):
        files = ", ".join(map(plain, reports.skipped))
        print(entry("inputs", "passed-over")[lang].format(files=files), file=sys.stderr)


def _meanwhile(on_progress: Callable[[float], None] | None) -> Callable[[float], None]:
    """Return what loads what the report needs while others do the work, and then shows progress."""

    def waiting(seconds: float) -> None:
        import_module("bicentennial.report.overview")
        import_module("bicentennial.report.text")
        default_index()  # it has the names of properties
        if on_progress is not None:
            on_progress(seconds)

    return waiting


def limits_of(given: list[str]) -> dict[str, float]:
    """Return the limits that `--limit` was given, by name.

    Raises:
        UsageError: one is no name and number.
    """
    limits: dict[str, float] = {}
    for one in given:
        name, _, value = one.partition("=")
        whole, _, rest = value.partition(".")
        if not whole.isdecimal() or not (rest or "0").isdecimal() or len(value) > _LONGEST_LIMIT:
            text = render(entry("cli", "validate")["bad-limit"], given=one)
            raise UsageError(text)
        limits[name] = float(value) if rest else int(whole)
    return limits


def progress(files: list[str], lang: str) -> Callable[[float], None] | None:
    """Return what shows at a terminal that files are still being read, or None where there is no terminal."""
    if not sys.stderr.isatty():
        return None
    from bicentennial.core.escape import plain

    shown = 0
    name = plain(Path(files[0]).name)
    said = name if len(files) == 1 else entry("cli", "and-others")[lang].format(file=name, number=len(files) - 1)

    def show(seconds: float) -> None:
        nonlocal shown
        if seconds >= _PATIENCE and int(seconds) > shown:
            shown = int(seconds)
            text = entry("cli", "progress")[lang].format(file=said, seconds=shown)
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)

    return show
