"""The sheet that lists the findings, each with a link to its cell.

Everything in it is text: a value that looks like a formula is none, here or after its cell is edited.
"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

from bicentennial.core.escape import plain
from bicentennial.core.findings import column_letter
from bicentennial.core.messages import entry
from bicentennial.report.codes.titles import title, written
from bicentennial.report.words import number, place
from bicentennial.report.workbook.markup import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bicentennial.core.findings import Finding
    from bicentennial.core.messages import Language
    from bicentennial.report.workbook.styles import Styles

__all__ = ["listing", "notes_on"]

_LINKS: Final = 60_000
"""How many links a sheet gets; spreadsheet programs take no more than 65,530."""

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_COLUMNS: Final = (("severity", 15), ("where", 17), ("header", 18), ("what", 34), ("message", 62), ("value", 26),
                   ("suggestions", 30), ("code", 36))  # fmt: skip
_MOST: Final = 32_000


def listing(
    findings: Sequence[Finding],
    targets: Sequence[str | None],
    notes: Sequence[str],
    lang: Language,
    styles: Styles,
) -> Iterator[bytes]:
    """Yield the XML of the sheet.

    Args:
        findings: what to list.
        targets: for each, the address of its cell (`'actions'!D3`) or None.
        notes: sentences over the list: the verdict, then how many are listed.
        lang: the language of it all.
        styles: those of the workbook.
    """
    texts = entry("report", "workbook")
    start = len(notes) + 2
    yield (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}">'
        '<sheetPr><tabColor rgb="FF9C2B2E"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0" showGridLines="0">'
        f'<pane ySplit="{start}" topLeftCell="A{start + 1}" activePane="bottomLeft" state="frozen"/>'
        '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>'
    ).encode()
    for at, (_, width) in enumerate(_COLUMNS, start=1):
        yield f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'.encode()
    yield b"</cols><sheetData>"
    for at, note in enumerate(notes, start=1):
        yield _row(at, [(note, styles.bold if at == 1 else styles.plain)])
    yield _row(start, [(texts[name][lang], styles.head) for name, _ in _COLUMNS])
    names = entry("report", "severity")
    for at, (finding, target) in enumerate(zip(findings, targets, strict=True), start=start + 1):
        cells = {
            "severity": (names[finding.severity]["one"][lang], styles.severity[finding.severity]),
            "where": (place(finding.location, lang), styles.link if target else styles.text),
            "header": (plain(finding.location.header or ""), styles.text),
            "what": (title(finding)[lang], styles.text),
            "message": (finding.message[lang], styles.text),
            "value": (plain(written(finding, lang)), styles.text),
            "suggestions": ("; ".join(map(plain, finding.suggestions_in(lang))), styles.text),
            "code": (finding.code, styles.text),
        }
        yield _row(at, [cells[name] for name, _ in _COLUMNS], wrapped=True)
    last = start + len(findings)
    yield f'</sheetData><autoFilter ref="A{start}:{column_letter(len(_COLUMNS))}{last}"/>'.encode()
    links = [(at, target) for at, target in enumerate(targets, start=start + 1) if target][:_LINKS]
    if links:
        yield b"<hyperlinks>"
        for at, target in links:
            yield b'<hyperlink ref="B%d" location="%s"/>' % (at, escaped(target))
        yield b"</hyperlinks>"
    yield (
        b'<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        b'<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _row(at: int, cells: Sequence[tuple[str, int]], *, wrapped: bool = False) -> bytes:
    written = [
        b'<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'
        % (column_letter(column).encode(), at, style, escaped(text[:_MOST]))
        for column, (text, style) in enumerate(cells, start=1)
        if text
    ]
    high = b' ht="%d" customHeight="1"' % _height([text for text, _ in cells]) if wrapped else b""
    return b'<row r="%d"%s>%s</row>' % (at, high, b"".join(written))


def _height(texts: Sequence[str]) -> int:
    """Return how high a row is in points; not every program works that out by itself.

    >>> _height(["warning"] + [""] * 7), _height([""] * 4 + ["word " * 30] + [""] * 3)
    (20, 50)
    """
    widths = [width for _, width in _COLUMNS]
    lines = max(len(wrap(text[:2_000], width + width // 10)) for text, width in zip(texts, widths, strict=True))
    return min(15 * max(lines, 1) + 5, 400)


def notes_on(totals: Mapping[str, int], listed: Mapping[str, int], lang: Language) -> list[str]:
    """Return a sentence on the codes of which not all findings are listed and marked, if there are any."""
    cut = [(code, listed[code], total) for code, total in totals.items() if total > listed.get(code, 0)]
    if not cut:
        return []
    each = [f"{code} ({number(few, lang)}/{number(all_, lang)})" for code, few, all_ in cut]
    text: str = entry("report", "workbook")["cut"][lang]
    return [text.format(codes=", ".join(each))]
