"""`bicentennial shacl`: check any RDF data against any SHACL shapes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.cli.output import choose_format, write
from bicentennial.cli.parser import Commands, add_command
from bicentennial.core.files.output import refuse_overwrite
from bicentennial.core.findings import SEVERITIES
from bicentennial.core.messages import entry

if TYPE_CHECKING:
    import argparse


__all__ = ["register", "run"]

_FORMATS: Final = ("text", "json", "csv", "turtle", "sarif", "github")
_ENGINES: Final = ("auto", "compiled", "pyshacl")
_NOT_CHECKED: Final = 3


def register(commands: Commands) -> None:
    """Describe the command and its options."""
    parser = add_command(commands, "shacl")
    words, usual, lang = entry("cli", "shacl"), entry("cli", "validate"), commands.lang
    file, path = entry("cli", "file")[lang], entry("cli", "path")[lang]
    parser.add_argument("data", nargs="+", metavar=file, help=words["data"][lang])
    parser.add_argument("--shapes", nargs="+", action="extend", required=True, metavar=file, help=words["shapes"][lang])
    parser.add_argument("-f", "--format", choices=_FORMATS, help=usual["format"][lang])
    parser.add_argument("-o", "--output", metavar=path, help=usual["output"][lang])
    parser.add_argument("--fail-on", choices=SEVERITIES, default="info", help=words["fail-on"][lang])
    parser.add_argument("--engine", choices=_ENGINES, default="auto", help=usual["engine"][lang])
    parser.add_argument("--advanced", action="store_true", help=words["advanced"][lang])
    parser.add_argument("--inference", choices=("none", "rdfs"), default="none", help=words["inference"][lang])
    parser.add_argument("--limit", action="append", default=[], metavar="NAME=N", help=usual["limit"][lang])
    parser.add_argument("-q", "--quiet", action="store_true", help=usual["quiet"][lang])


def run(arguments: argparse.Namespace) -> int:
    """Check the data, write the report, and return the exit code."""
    from bicentennial.cli.validate import limits_of, progress
    from bicentennial.report.formats import FORMATS
    from bicentennial.shacl_engine.api import shacl

    lang, output = arguments.lang, arguments.output
    refuse_overwrite(output, [*arguments.data, *arguments.shapes])
    name = choose_format(arguments.format, output, {each: FORMATS[each] for each in _FORMATS}, "text")
    report = shacl(
        [Path(file) for file in arguments.data],
        [Path(file) for file in arguments.shapes],
        engine=arguments.engine,
        inference=arguments.inference,
        advanced=arguments.advanced,
        allow_infos=arguments.fail_on != "info",
        allow_warnings=arguments.fail_on == "violation",
        limits=limits_of(arguments.limit),
        locate=True,
        strict=True,
        on_progress=None if arguments.quiet else progress(arguments.data, lang),
    )
    from bicentennial.shacl_engine.text import notes, render  # which loads what the report has loaded meanwhile

    is_empty = report.focus_nodes == 0 and not report.results
    if is_empty and not arguments.quiet:
        print(entry("shacl", "report")["nothing"][lang], file=sys.stderr)
    if not arguments.quiet and (is_empty or name not in ("text", "json")):
        for note in notes(report, lang):
            print(note, file=sys.stderr)
    # A text has nothing to add to that.
    if (output is not None or not arguments.quiet) and not (is_empty and name == "text"):
        write(render(report, name, lang), output)
    if report.conforms and (is_empty or report.undefined_shapes):  # what is not checked is never a pass
        return _NOT_CHECKED
    return 0 if report.conforms else 1
