"""`bicentennial explain`: what a code means."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from bicentennial.cli.output import write
from bicentennial.cli.parser import Commands, add_command
from bicentennial.core.messages import entry

if TYPE_CHECKING:
    import argparse

    from bicentennial.report.explanation import Explanation

__all__ = ["register", "run"]

_WIDTH: Final = 100


def register(commands: Commands) -> None:
    """Describe the command."""
    parser = add_command(commands, "explain")
    words, lang = entry("cli", "explain"), commands.lang
    parser.add_argument("code", nargs="?", metavar=words["metavar"][lang], help=words["code"][lang])


def run(arguments: argparse.Namespace) -> int:
    """Print what a code means, or the list of all codes."""
    from bicentennial.report.explanation import codes, explain

    lang = arguments.lang
    if arguments.code:
        text = "\n".join(_page(each, lang) for each in explain(arguments.code))
    else:
        width = max(map(len, codes()))
        text = "".join(f"{code:{width}}  {each.title[lang]}\n" for code, each in codes().items())
    write(text, None)
    return 0


def _page(explanation: Explanation, lang: str) -> str:
    words = entry("cli", "explain")
    severity = entry("report", "severity")[explanation.severity]["one"][lang]
    lines = [explanation.code, f"{explanation.title[lang]} ({severity})", ""]
    for key, said in (("why", explanation.why), ("says", explanation.says), ("remedy", explanation.remedy)):
        if said:
            lines += [f"{words[key][lang]}:", *_wrapped(said[lang]), ""]
    if explanation.sources:
        from bicentennial.knowledge.sources import cited_at

        cited = (line for source in explanation.sources for line in _wrapped(cited_at(source, lang), hanging=2))
        lines += [f"{words['sources'][lang]}:", *cited, ""]
    for key, example in (("breaks", explanation.breaks), ("keeps", explanation.keeps)):
        if example:
            lines += [f"{words[key][lang]}:", textwrap.indent(example.rstrip(), "    "), ""]
    return "\n".join(lines)


def _wrapped(text: str, *, hanging: int = 0) -> list[str]:
    lines = textwrap.wrap(
        text, _WIDTH - 4, subsequent_indent=" " * hanging, break_long_words=False, break_on_hyphens=False
    )
    return [f"    {line}" for line in lines]
