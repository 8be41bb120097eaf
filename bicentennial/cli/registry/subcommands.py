"""The subcommands of `registry` and their arguments."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any, Final, cast

from bicentennial.cli.parser import Parser
from bicentennial.core.messages import LANGUAGES, entry

__all__ = ["KINDS", "VIEWS", "describe", "forms_of"]

_TABLES: Final = ("table", "csv", "json", "html")
_QUERIES: Final = ("table", "csv", "tsv", "json", "turtle")
_PLOTTED: Final = ("progress", "deadlines", "gaps")
_SENTENCES: Final = (
    "init", "submit", "receipt", "recheck", "export", "import", "publish", "base", "rebuild", "backup", "work",
)  # fmt: skip
_REPORTS: Final = ("text", "json", "csv", "html", "turtle", "sarif")
_STATES: Final = ("received", "accepted", "returned", "pending", "superseded", "withdrawn")
_BY: Final = ("goal", "pillar", "agency", "partner", "status", "place", "theme")
_CHOICES: Final = {
    ("progress", "by"): _BY,
    ("dataset", "approval"): ("on", "off"),
    ("list", "state"): _STATES,
}
KINDS: Final = ("dropped", "added", "moved-deadline", "reopened", "retargeted", "rebudgeted", "status")

# The arguments of each subcommand; a word alone is an argument, one that begins with -- an option. `=` takes a value.
_NEEDED: Final = {("submit", "as"), ("submit", "dataset"), ("publish", "to")}
_DATES: Final = ("--as-of=DATE", "--known=DATE")
_SUBCOMMANDS: Final[dict[str, tuple[str, ...]]] = {
    "init": ("[url]", "--base=URL"),
    "submit": (
        "file", "--as=SUBMITTER", "--dataset=NAME", "--issued=DATE", "--note=TEXT", "--mapping=FILE", "--partial",
        "--dry-run", "--no-retry", "--by=WHO", "--limit*=NAME=N",
    ),
    "list": ("--submitter=SUBMITTER", "--dataset=NAME", "--state=STATE"),
    "show": ("id",),
    "file": ("id",),
    "report": ("id",),
    "receipt": ("id",),
    "log": ("[id]",),
    "history": ("name", "--submitter=SUBMITTER", "--dataset=NAME"),
    "diff": ("id", "[other]"),
    "accept": ("id", "--reason=TEXT", "--by=WHO"),
    "return": ("id", "--reason=TEXT", "--by=WHO"),
    "withdraw": ("id", "--reason=TEXT", "--by=WHO"),
    "redact": ("id", "--reason=TEXT", "--by=WHO"),
    "progress": ("--by=WHAT", "--over-time", *_DATES),
    "indicators": _DATES,
    "deadlines": _DATES,
    "changes": ("--since=DATE", *_DATES, "--profile=FILE", *(f"--{kind}" for kind in KINDS)),
    "gaps": _DATES,
    "submitters": _DATES,
    "recheck": ("--profile=FILE", "--dry-run", "--limit*=NAME=N"),
    "query": ("query", "--versions=WHICH", "--param*=NAME=VALUE"),
    "export": ("what", "file"),
    "publish": ("--to=ENDPOINT", "--current", "--all", "--dry-run"),
    "base": ("[url]",),
    "import": ("file",),
    "token": ("task", "[id]", "--as=SUBMITTER", "--scope*=SCOPE", "--expires=DATE"),
    "verify": ("--receipt=FILE", "[file]"),
    "rebuild": (),
    "backup": ("file",),
    "party": ("task", "[id]", "--name=TEXT", "--kind=TEXT"),
    "dataset": (
        "task", "name", "--approval=ON", "--whole", "--partial", "--cadence=CADENCE", "--title=TEXT", "--embargo=DATE",
    ),
    "work": ("--once", "--config=FILE", "--limit*=NAME=N"),
}  # fmt: skip

VIEWS: Final = _SUBCOMMANDS.keys() - {*_SENTENCES, "file", "report", "query"}
"""The subcommands that answer with a view, also where they do something before."""


def describe(parser: Parser, lang: str) -> None:
    """Add the subcommands to the parser of the command."""
    words = entry("cli", "registry")
    parser.add_argument("--registry", metavar="URL", default=None, help=words["registry"][lang])
    subparsers: Any = parser.add_subparsers(
        dest="subcommand",
        metavar=entry("cli", "command")[lang],
        title=entry("cli", "commands")[lang],
        parser_class=cast("type[Parser]", partial(Parser, lang=lang)),
    )
    for name, arguments in _SUBCOMMANDS.items():
        summary = words["subcommands"][name][lang]
        sub = subparsers.add_parser(name, help=summary, description=summary)
        # Not to be set back to None where it stands before the subcommand.
        sub.add_argument("--registry", metavar="URL", default=argparse.SUPPRESS, help=words["registry"][lang])
        for each in arguments:
            _add(sub, name, each, words["arguments"], lang)
        if name != "file":
            sub.add_argument("-f", "--format", choices=forms_of(name), help=words["arguments"]["format"][lang])
        sub.add_argument("-o", "--output", metavar=entry("cli", "path")[lang], help=words["arguments"]["output"][lang])


def forms_of(name: str) -> tuple[str, ...]:
    """Return the forms in which a subcommand answers."""
    if name in _SENTENCES:
        return ("table", "json")
    return {"report": _REPORTS, "query": _QUERIES, **dict.fromkeys(_PLOTTED, (*_TABLES, "svg"))}.get(name, _TABLES)


def _add(parser: Parser, command: str, spec: str, words: dict[str, dict[str, str]], lang: str) -> None:
    name, _, metavar = spec.partition("=")
    key = name.strip("[]-*")
    text = words.get(f"{command}-{key}", words.get(key, dict.fromkeys(LANGUAGES, "")))[lang]
    if not name.startswith("--"):
        parser.add_argument(key, nargs="?" if name.startswith("[") else None, metavar=key.upper(), help=text)
        return
    dest = "as_of" if key == "as-of" else "submitter" if key == "as" else key.replace("-", "_")
    if name.endswith("*"):
        option = name.removesuffix("*")
        parser.add_argument(option, dest=option.strip("-"), metavar=metavar, action="append", default=[], help=text)
        return
    if not metavar:
        parser.add_argument(name, dest=dest, action="store_true", help=text)
        return
    choices = _CHOICES.get((command, key))
    parser.add_argument(
        name,
        dest=dest,
        metavar=None if choices else metavar,
        choices=choices,
        required=(command, key) in _NEEDED,
        help=text,
    )
