"""`bicentennial validate`: check files and report on them."""

from __future__ import annotations

import os
import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.cli.output import write
from bicentennial.cli.parser import Commands, add_command
from bicentennial.core.errors import UsageError
from bicentennial.core.findings import LISTED, SEVERITIES
from bicentennial.core.messages import entry, render
from bicentennial.core.output_files import never_over

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

__all__ = ["limits_of", "progress", "register", "run"]

_FORMATS: Final = ("text", "json", "csv", "html", "xlsx", "turtle", "sarif")
_SUFFIXES: Final = {
    ".json": "json",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".ttl": "turtle",
    ".sarif": "sarif",
}
_ENGINES: Final = ("auto", "compiled", "pyshacl")
# Whoever waits longer than this wants to know that something is happening.
_PATIENCE: Final = 1.0
_LONGEST_LIMIT: Final = 18


def register(commands: Commands) -> None:
    """Describe the command and its options."""
    parser = add_command(commands, "validate")
    words, lang = entry("cli", "validate"), commands.lang
    file, path = entry("cli", "file")[lang], entry("cli", "path")[lang]
    parser.add_argument("files", nargs="+", metavar=file, help=words["files"][lang])
    parser.add_argument("--format", choices=_FORMATS, help=words["format"][lang])
    parser.add_argument("--output", metavar=path, help=words["output"][lang])
    parser.add_argument("--fail-on", choices=SEVERITIES, default="violation", help=words["fail-on"][lang])
    parser.add_argument("--engine", choices=_ENGINES, default="auto", help=words["engine"][lang])
    parser.add_argument("--shapes", nargs="+", action="extend", default=[], metavar=file, help=words["shapes"][lang])
    parser.add_argument("--limit", action="append", default=[], metavar="NAME=N", help=words["limit"][lang])
    parser.add_argument("--mapping", metavar=file, help=words["mapping"][lang])
    parser.add_argument("--profile", metavar=file, help=words["profile"][lang])


def run(arguments: argparse.Namespace) -> int:
    """Validate each file, write one report, and return the worst exit code."""
    from bicentennial.api import validate

    lang, output = arguments.lang, arguments.output
    files: list[str] = arguments.files
    never_over(output, [*files, *arguments.shapes, *filter(None, [arguments.mapping, arguments.profile])])
    name = arguments.format or _SUFFIXES.get(Path(output).suffix.lower() if output else "", "text")
    if name == "xlsx":
        _refuse_unless_one(arguments)
    limits = limits_of(arguments.limit)
    if name == "text":
        limits = {"findings": LISTED, **limits}
    reports = validate(
        files,
        engine=arguments.engine,
        fail_on=arguments.fail_on,
        shapes=arguments.shapes,
        mapping=arguments.mapping,
        profile=arguments.profile,
        limits=limits,
        coverage=name == "html",
        tick=_meanwhile(progress(files, lang)),
    )
    from bicentennial.report import render as rendered
    from bicentennial.report.words import verdict

    if name == "xlsx":
        from bicentennial.report.workbook import write_workbook

        tick = progress([output], lang)
        write_workbook(reports[0], output, lang, mapping=arguments.mapping, limits=limits, tick=tick)
        print(verdict(reports[0], lang), file=sys.stderr)
        return reports[0].exit_code
    terminal = output is None and sys.stdout.isatty()
    color = terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    width = min(shutil.get_terminal_size((100, 24)).columns, 120) if terminal else 100
    write(rendered(reports, name, lang, color=color, width=width), output)
    if output is not None:
        for report in reports:
            print(verdict(report, lang), file=sys.stderr)
    return max(report.exit_code for report in reports)


def _meanwhile(tick: Callable[[float], None] | None) -> Callable[[float], None]:
    """Return what loads the modules for the report while others do the work, and then tells of progress."""

    def waiting(seconds: float) -> None:
        import_module("bicentennial.report.text")
        if tick is not None:
            tick(seconds)

    return waiting


def _refuse_unless_one(arguments: argparse.Namespace) -> None:
    """Refuse to mark several workbooks at once, or to print one."""
    wrong = "needs-output" if arguments.output is None else "one-file" if len(arguments.files) > 1 else None
    if wrong is not None:
        text = entry("report", "workbook")[wrong]
        raise UsageError(text["en"], text["es"])


def limits_of(given: list[str]) -> dict[str, int]:
    """Return the limits that `--limit` was given, by name.

    Raises:
        UsageError: one is no name and number.
    """
    limits = {}
    for one in given:
        name, _, value = one.partition("=")
        if not value.isdecimal() or len(value) > _LONGEST_LIMIT:
            text = render(entry("cli", "validate")["bad-limit"], given=one)
            raise UsageError(text["en"], text["es"])
        limits[name] = int(value)
    return limits


def progress(files: list[str], lang: str) -> Callable[[float], None] | None:
    """Return what tells a person at a terminal that files are still being read, or None where there is no terminal."""
    if not sys.stderr.isatty():
        return None
    from bicentennial.report.escape import plain

    shown = 0
    name = plain(Path(files[0]).name)
    said = name if len(files) == 1 else entry("cli", "and-others")[lang].format(file=name, number=len(files) - 1)

    def tick(seconds: float) -> None:
        nonlocal shown
        if seconds >= _PATIENCE and int(seconds) > shown:
            shown = int(seconds)
            text = entry("cli", "progress")[lang].format(file=said, seconds=shown)
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)

    return tick
