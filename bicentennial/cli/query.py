"""`bicentennial query`: a question in SPARQL to the Framework and to files of one's own."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.cli.output import write
from bicentennial.cli.parser import Commands, add_command
from bicentennial.core.errors import UsageError
from bicentennial.core.messages import entry, render
from bicentennial.core.output_files import never_over

if TYPE_CHECKING:
    import argparse

    from bicentennial.knowledge.results import QueryResult

__all__ = ["register", "run"]

_FORMATS: Final = ("table", "csv", "tsv", "json", "turtle")
_SUFFIXES: Final = {".csv": "csv", ".tsv": "tsv", ".json": "json", ".srj": "json", ".ttl": "turtle"}
_MEGABYTE: Final = 1 << 20


def register(commands: Commands) -> None:
    """Describe the command and its options."""
    parser = add_command(commands, "query")
    words, lang = entry("cli", "query"), commands.lang
    file, path = entry("cli", "file")[lang], entry("cli", "path")[lang]
    parser.add_argument("query", nargs="?", metavar=words["query-name"][lang], help=words["query"][lang])
    parser.add_argument("--list", action="store_true", help=words["list"][lang])
    parser.add_argument(
        "--param", action="append", default=[], metavar=words["param-name"][lang], help=words["param"][lang]
    )
    parser.add_argument(
        "--data", nargs="+", action="extend", default=[], metavar=file, help=words["data"][lang].format()
    )
    parser.add_argument("--format", choices=_FORMATS, help=words["format"][lang])
    parser.add_argument("--output", metavar=path, help=words["output"][lang])
    parser.add_argument("--limit", action="append", default=[], metavar="NAME=N", help=words["limit"][lang])
    for option in ("timeout", "memory", "rows", "depth"):
        parser.add_argument(f"--{option}", metavar="N", help=words[option][lang])


def run(arguments: argparse.Namespace) -> int:
    """Answer the query and write the answer."""
    from bicentennial.cli.validate import limits_of
    from bicentennial.knowledge.guard import QueryLimits
    from bicentennial.querying import MEMORY, TIMEOUT, query

    lang, output, usual = arguments.lang, arguments.output, QueryLimits()
    if arguments.list:
        print(_listing(lang))
        return 0
    if arguments.query is None:
        raise _usage("no-query")
    asked = sys.stdin.read() if arguments.query == "-" else arguments.query
    if not isinstance(asked, str) or (arguments.query != "-" and _is_file(asked)):
        asked = Path(asked)
    never_over(output, [*arguments.data, *([str(asked)] if isinstance(asked, Path) else [])])
    result = query(
        asked,
        params=_params(arguments.param),
        data=arguments.data,
        lang=lang,
        timeout=_number("timeout", arguments.timeout, TIMEOUT),
        memory=int(_number("memory", arguments.memory, MEMORY / _MEGABYTE) * _MEGABYTE),
        rows=int(_number("rows", arguments.rows, usual.rows)),
        depth=int(_number("depth", arguments.depth, usual.depth)),
        limits=limits_of(arguments.limit),
    )
    named = _SUFFIXES.get(Path(output).suffix.lower(), "") if output else ""
    name = arguments.format or named or ("turtle" if result.kind == "graph" else "table")
    write(_written(result, name, lang, terminal=output is None and sys.stdout.isatty()), output)
    return 0


def _written(result: QueryResult, name: str, lang: str, *, terminal: bool) -> str:
    if name == "table":
        width = shutil.get_terminal_size((100, 24)).columns if terminal else None
        return result.to_table(lang, width=width) + "\n"
    text: str = getattr(result, f"to_{name}")()
    return text if text.endswith("\n") else text + "\n"


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # too long to be a path, or with a NUL
        return False


def _params(given: list[str]) -> dict[str, list[str]]:
    params: dict[str, list[str]] = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign or not name:
            raise _usage("bad-param", given=one)
        params.setdefault(name.lstrip("?$"), []).append(value)
    return params


def _number(option: str, given: str | None, otherwise: float) -> float:
    if given is None:
        return otherwise
    try:
        number = float(given)
    except ValueError:
        number = 0
    if not 0 < number < float("inf"):
        raise _usage("bad-limit", option=option, given=given)
    return number


def _usage(key: str, **words: object) -> UsageError:
    text = render(entry("cli", "query")[key], **words)
    return UsageError(text["en"], text["es"])


def _listing(lang: str) -> str:
    from bicentennial.knowledge.library import all_queries
    from bicentennial.knowledge.text import aligned

    heads = [head[lang] for head in entry("cli", "query")["headings"].values()]
    rows = [
        [query.name, query.title[lang], ", ".join(f"{name}=" for name in query.parameters)] for query in all_queries()
    ]
    width = shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else None
    return aligned(heads, rows, width=width)
