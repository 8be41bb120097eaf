"""The page of a code, as text and as HTML: what it demands, why, and examples, those in tables first.

>>> from bicentennial.report.codes.explanation import explain
>>> print(to_text(explain("header-misspelt")[0], "es").splitlines()[1])
Columna obligatoria mal escrita (incumplimiento)
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import entry, render
from bicentennial.html.markup import Markup, element, lines
from bicentennial.knowledge.tables import html_page
from bicentennial.report.codes.table_examples import in_language, table_examples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bicentennial.report.codes.explanation import Explanation
    from bicentennial.report.codes.table_examples import ExampleSheet

__all__ = ["article", "example_table", "listing", "to_html", "to_text", "written_examples"]

_WIDTH: Final = 100


def listing(explained: Sequence[Explanation], lang: str) -> str:
    """Return the codes with their titles, one a line."""
    width = max(len(each.code) for each in explained)
    return "".join(f"{each.code:{width}}  {each.title[lang]}\n" for each in explained)


def to_text(explanation: Explanation, lang: str) -> str:
    """Return the page of a code as text: rows of tables first, RDF after them."""
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
    shown = table_examples(explanation.code, lang)
    if shown:
        rows = entry("explain", "row")
        for key, sheets in (("breaks", shown.breaks), ("keeps", shown.keeps)):
            lines += [f"{rows[key][lang]}:", *(line for sheet in sheets for line in _lines(sheet, lang)), ""]
    for heading, example in written_examples(explanation, lang, after_table=shown is not None):
        lines += [f"{heading[lang]}:", textwrap.indent(example.rstrip(), "    "), ""]
    return "\n".join(lines)


def written_examples(explanation: Explanation, lang: str, *, after_table: bool) -> Iterator[tuple[dict[str, str], str]]:
    """Yield the examples in RDF, or as parts of files, each with its heading.

    Args:
        explanation: the code.
        lang: the language of what is in no RDF.
        after_table: whether they follow examples in tables, so that they show the same in RDF or nothing.
    """
    if after_table and not explanation.shape:
        return  # the table is the example itself
    words = entry("explain", "row") if after_table else entry("cli", "explain")
    ending = "-rdf" if after_table else ""
    for key, example in (("breaks", explanation.breaks), ("keeps", explanation.keeps)):
        if example:
            yield words[key + ending], example if explanation.shape else in_language(example, lang)


def _lines(sheet: ExampleSheet, lang: str) -> list[str]:
    """Return the lines of a sheet: a block of columns that fits the width, and what did not fit below it."""
    words = entry("explain", "row")
    cells = [list(sheet.header), *map(list, sheet.rows)]
    for row, column in sheet.marked:
        cells[row + 1][column] = f"[{cells[row + 1][column] or words['empty'][lang]}]"
    widths = [max(len(row[number]) if number < len(row) else 0 for row in cells) for number in range(len(sheet.header))]
    lines = [f"    {render(words['sheet'], sheet=sheet.name)[lang]}"]
    start = 0
    while start < len(widths):
        end, used = start + 1, widths[start]
        while end < len(widths) and used + 2 + widths[end] <= _WIDTH - 6:
            used += 2 + widths[end]
            end += 1
        for each in cells:
            line = "  ".join(f"{cell:{width}}" for cell, width in zip(each[start:end], widths[start:end], strict=False))
            lines.append(f"      {line}".rstrip())
        start = end
        lines += [""] if start < len(widths) else []
    if sheet.marked:
        lines.append(f"    [ ] {words['marked'][lang]}")
    return lines


def _wrapped(text: str, *, hanging: int = 0) -> list[str]:
    lines = textwrap.wrap(
        text, _WIDTH - 4, subsequent_indent=" " * hanging, break_long_words=False, break_on_hyphens=False
    )
    return [f"    {line}" for line in lines]


def to_html(explained: Sequence[Explanation], lang: str, *, brief: bool = False) -> str:
    """Return a page of HTML that loads nothing.

    Args:
        explained: the codes.
        lang: the language.
        brief: whether it is only a list of them.
    """
    if brief:
        rows = [
            element("tr", element("td", element("code", each.code)), element("td", each.title[lang]))
            for each in explained
        ]
        return html_page("explain", element("table", element("tbody", *rows)), lang)
    body = Markup("".join(article(each, lang) for each in explained))
    return html_page(explained[0].title[lang], body, lang)


def article(explanation: Explanation, lang: str, *, level: int = 1) -> Markup:
    """Return the page of a code as an element, to be put into any page; its first heading is of the given level."""
    words, rows = entry("cli", "explain"), entry("explain", "row")
    severity = entry("report", "severity")[explanation.severity]["one"][lang]
    first, below = f"h{level}", f"h{level + 1}"
    parts = [
        element(first, explanation.title[lang]),
        element("p", element("code", explanation.code), f" · {severity}"),
    ]
    for key, said in (("why", explanation.why), ("says", explanation.says), ("remedy", explanation.remedy)):
        if said:
            parts += [element(below, words[key][lang]), element("p", said[lang])]
    shown = table_examples(explanation.code, lang)
    if shown:
        for key, sheets in (("breaks", shown.breaks), ("keeps", shown.keeps)):
            parts += [element(below, rows[key][lang]), *(example_table(sheet, lang) for sheet in sheets)]
    for heading, example in written_examples(explanation, lang, after_table=shown is not None):
        parts += [element(below, heading[lang]), element("pre", element("code", lines(example.strip("\n"))))]
    if explanation.sources:
        from bicentennial.knowledge.sources import cited_at

        cited = [element("li", cited_at(source, lang)) for source in explanation.sources]
        parts += [element(below, words["sources"][lang]), element("ul", *cited)]
    return element("article", *parts, class_="code")


def example_table(sheet: ExampleSheet, lang: str) -> Markup:
    """Return a sheet of an example as a table, in which the cells that a finding names are marked, and say so."""
    words = entry("explain", "row")
    rows = [
        element("tr", *(_cell(text, lang, marked=(number, place) in sheet.marked) for place, text in enumerate(row)))
        for number, row in enumerate(sheet.rows)
    ]
    caption = [render(words["sheet"], sheet=sheet.name)[lang]]
    caption += [words["abridged"][lang]] if sheet.abridged else []
    legend = [" · ", element("mark", words["marked"][lang])] if sheet.marked else []
    return element(
        "table",
        element("caption", " · ".join(caption), *legend),
        element("thead", element("tr", *(element("th", each, scope="col") for each in sheet.header))),
        element("tbody", *rows),
    )


def _cell(text: str, lang: str, *, marked: bool) -> Markup:
    if not marked:
        return element("td", text)
    return element("td", element("mark", text or entry("explain", "row")["empty"][lang]))
