"""`bicentennial query`: a question in SPARQL to the Framework and to files of one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.cli.output import choose_format, terminal_width, write
from bicentennial.cli.parser import Commands, add_command, add_output
from bicentennial.core.errors import UsageError
from bicentennial.core.escape import plain
from bicentennial.core.files.output import refuse_overwrite
from bicentennial.core.files.paths import is_file
from bicentennial.core.messages import entry, render

if TYPE_CHECKING:
    import argparse

    from bicentennial.knowledge.sparql.results import QueryResult

__all__ = ["parameters", "register", "run", "written"]

FORMATS: Final[dict[str, tuple[str, ...]]] = {
    "table": (".txt",),
    "csv": (".csv",),
    "tsv": (".tsv", ".tab"),
    "json": (".json", ".srj"),
    "html": (".html", ".htm"),
    "markdown": (".md", ".markdown"),
    "turtle": (".ttl",),
}
"""The formats of an answer, the usual one first, and the endings of files that hold them."""

# Those that speak to people, in one language or the other.
_SPOKEN: Final = ("html", "markdown")


def register(commands: Commands) -> None:
    """Describe the command and its options."""
    parser = add_command(commands, "query")
    words, lang = entry("cli", "query"), commands.lang
    file = entry("cli", "file")[lang]
    parser.add_argument("query", nargs="?", metavar=words["query-name"][lang], help=words["query"][lang])
    parser.add_argument("--list", action="store_true", help=words["list"][lang])
    parser.add_argument(
        "--param", action="append", default=[], metavar=words["param-name"][lang], help=words["param"][lang]
    )
    parser.add_argument(
        "--data", nargs="+", action="extend", default=[], metavar=file, help=words["data"][lang].format()
    )
    parser.add_argument("--registry", metavar="URL", help=words["registry"][lang])
    parser.add_argument("--versions", metavar=words["versions-name"][lang], help=words["versions"][lang])
    add_output(parser, FORMATS, words["format"][lang], words["output"][lang])
    parser.add_argument("-q", "--quiet", action="store_true", help=words["quiet"][lang])
    parser.add_argument("--limit", action="append", default=[], metavar="NAME=N", help=words["limit"][lang])


def run(arguments: argparse.Namespace) -> int:
    """Answer the query and write the answer; what there is to know about it goes to standard error."""
    from bicentennial.cli.validate import limits_of
    from bicentennial.querying import query

    lang, output = arguments.lang, arguments.output
    if arguments.list:
        print(_listing(lang))
        return 0
    if arguments.query is None:
        raise _usage("no-query")
    asked = sys.stdin.read() if arguments.query == "-" else arguments.query
    if not isinstance(asked, str) or (arguments.query != "-" and is_file(asked)):
        asked = Path(asked)
    refuse_overwrite(output, [*arguments.data, *([str(asked)] if isinstance(asked, Path) else [])])
    name = choose_format(arguments.format, output, FORMATS, "")
    limits = limits_of(arguments.limit)
    params = parameters(arguments.param)
    if arguments.registry or arguments.versions:
        result = _of_registry(asked, arguments, params, limits)
    else:
        result = query(asked, params=params, data=arguments.data, lang=lang, limits=limits)
    name = name or ("turtle" if result.kind == "graph" else "table")
    if not arguments.quiet:
        for note in result.notes:
            print(f"{entry('cli', 'note')[lang]}: {plain(note[lang])}", file=sys.stderr)
    write(written(result, name, lang, terminal=output is None and sys.stdout.isatty()), output)
    return 0


def _of_registry(
    asked: str | Path, arguments: argparse.Namespace, params: dict[str, list[str]], limits: dict[str, float]
) -> QueryResult:
    """Ask a registry, whose submissions are named graphs beside the Framework."""
    from bicentennial.monitoring.registry import open_registry

    if arguments.data:
        raise _usage("data-or-registry")
    versions: Any = arguments.versions or "current"
    if versions not in ("current", "all"):
        versions = versions.split(",")
    with open_registry(arguments.registry) as registry:
        return registry.query(asked, versions=versions, params=params, lang=arguments.lang, limits=limits)


def written(result: QueryResult, name: str, lang: str, *, terminal: bool) -> str:
    """Return an answer in one of `FORMATS`; at a terminal, a table is as wide as that is."""
    if name == "table":
        width = terminal_width() if terminal else None
        return result.to_table(lang, width=width) + "\n"
    text: str = getattr(result, f"to_{name}")(*([lang] if name in _SPOKEN else []))
    return text if text.endswith("\n") else text + "\n"


def parameters(given: list[str]) -> dict[str, list[str]]:
    """Return the parameters that `--param NAME=VALUE` was given, each with its values.

    Raises:
        UsageError: one is no name and value.
    """
    params: dict[str, list[str]] = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign or not name:
            raise _usage("bad-param", given=one)
        params.setdefault(name.lstrip("?$"), []).append(value)
    return params


def _usage(key: str, **words: object) -> UsageError:
    text = render(entry("cli", "query")[key], **words)
    return UsageError(text)


def _listing(lang: str) -> str:
    from bicentennial.knowledge.sparql.library import all_queries
    from bicentennial.knowledge.text import aligned

    heads = [head[lang] for head in entry("cli", "query")["headings"].values()]
    rows = [
        [query.name, query.title[lang], ", ".join(f"{name}=" for name in query.parameters)] for query in all_queries()
    ]
    width = terminal_width() if sys.stdout.isatty() else None
    return aligned(heads, rows, width=width)
