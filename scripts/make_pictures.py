"""Make the pictures of README.md, LÉEME.md and the documentation from the examples; never by hand.

    python scripts/make_pictures.py        # needs Chromium and the packages of [dev]

Three pictures in each language: the report of a faulty table, the marked workbook, and the dashboard of a registry in
which the example year was played. No spreadsheet program is needed: the workbook's cells, colours and comments are read
and drawn as a page.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bicentennial as bic
from bicentennial.core.findings import column_letter
from bicentennial.html.markup import Markup, element

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parent.parent
PICTURES: Final = ROOT / "docs" / "assets" / "pictures"
SUBMISSIONS: Final = {"en": "faulty.csv", "es": "defectuosa.csv"}
CHROMIUM: Final = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
SIZE: Final = (1120, 640)
LOW: Final = (1120, 390)
WHOLE: Final = (1240, 935)
"""The size of a picture in pixels, of one that shows a few rows, and of one that shows a page from head to table."""
COLUMNS: Final = 12
GOAL: Final = 4
STYLE: Final = """
body{margin:0;font:13px 'Liberation Sans',Arial,sans-serif;background:#fff;color:#111}
table{border-collapse:collapse;table-layout:fixed}
td,th{border:1px solid #d0d0d0;height:22px;padding:1px 5px;width:112px;min-width:112px;max-width:112px}
td,th{overflow:hidden;white-space:nowrap;text-overflow:ellipsis;position:relative;font-weight:400;text-align:left}
thead th,tbody th{background:#f0f0f0;color:#444;text-align:center}
tbody th,thead th:first-child{width:28px;min-width:28px}
.note::after{content:"";position:absolute;top:0;right:0;border-top:7px solid #c00;border-left:7px solid transparent}
aside{position:absolute;width:380px;background:#ffffe1;border:1px solid #888;padding:10px;line-height:1.35}
aside{box-shadow:3px 3px 6px #0003}
nav{position:absolute;bottom:0;left:0;right:0;background:#f0f0f0;border-top:1px solid #bbb;padding:6px 10px}
nav span{padding:6px 14px;border-right:1px solid #bbb}nav .now{background:#fff;font-weight:700}
"""


def marked_workbook(lang: str, folder: Path) -> str:
    """Return the first sheet of a marked workbook as a page: cells, colours, comments, and the tabs below."""
    from openpyxl import load_workbook

    path = folder / f"marked-{lang}.xlsx"
    bic.validate(ROOT / "examples" / "submissions" / SUBMISSIONS[lang]).to_workbook(path, lang=lang)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows(max_col=COLUMNS))
    heads = element("tr", element("th", ""), *(element("th", column_letter(n + 1)) for n in range(COLUMNS)))
    body = [element("tr", element("th", str(number)), *map(_cell, row)) for number, row in enumerate(rows, start=1)]
    noted = [cell for row in rows for cell in row if cell.comment]
    tabs = [element("span", each.title, class_="now" if each is sheet else "") for each in book.worksheets]
    shown = next(cell for cell in noted if cell.column == GOAL and cell.value)
    place = f"left:{28 + shown.column * 123}px;top:{(shown.row + 1) * 25 + 8}px"
    lines = [element("div", line) for line in shown.comment.text.splitlines()]
    parts = [
        element("table", element("thead", heads), element("tbody", *body)),
        element("aside", *lines, style=place),
        element("nav", *tabs),
    ]
    return f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><style>{STYLE}</style>{"".join(parts)}</html>'


def _cell(cell: Any) -> Markup:
    filled = cell.fill.fgColor.rgb if cell.fill.fill_type else ""
    color = f"background:#{filled[-6:]}" if isinstance(filled, str) and filled else ""
    return element("td", str(cell.value or ""), class_="note" if cell.comment else "", style=color)


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the name of each picture with the address of the page that it shows."""
    for lang, name in SUBMISSIONS.items():
        report = folder / f"report-{lang}.html"
        report.write_text(
            bic.validate(ROOT / "examples" / "submissions" / name, name=name).to_html(lang), encoding="utf-8"
        )
        yield f"report-{lang}", report.as_uri()
        workbook = folder / f"workbook-{lang}.html"
        workbook.write_text(marked_workbook(lang, folder), encoding="utf-8")
        yield f"workbook-{lang}", workbook.as_uri()


def shot(browser: Any, address: str, size: tuple[int, int]) -> bytes:
    """Return a page as a small PNG."""
    from PIL import Image

    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    answer = page.goto(address)
    if address.startswith("http") and not answer.ok:
        raise SystemExit(f"{address}: {answer.status}")
    page.wait_for_timeout(300)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    made = io.BytesIO()
    picture.quantize(96, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()


def main() -> int:
    """Make all pictures anew."""
    from playwright.sync_api import sync_playwright

    chromium = next((path for path in CHROMIUM if Path(path).exists()), None)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shown = list(pages(folder))
        registry = folder / "year.sqlite"
        subprocess.run(
            [sys.executable, "examples/registry/play.py", registry], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
        served = subprocess.Popen(
            [sys.executable, "-m", "bicentennial", "serve", "--port", "0", "--registry", str(registry)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
        )  # fmt: skip
        try:
            address = re.sub(r"/$", "", served.stdout.readline().strip())  # type: ignore[union-attr]
            shown += [(f"dashboard-{lang}", f"{address}/{lang}/progress") for lang in SUBMISSIONS]
            for title, page in shown:
                sizes = {"report": SIZE, "workbook": LOW, "dashboard": WHOLE}
                data = shot(browser, page, sizes[title.partition("-")[0]])
                (PICTURES / f"{title}.png").write_bytes(data)
                print(f"{title}.png {len(data) // 1024} KB")
        finally:
            served.terminate()
            served.wait(20)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
