"""Workbooks whose packages are laid out otherwise than usual are read like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bicentennial.core.errors import UnreadableInputError
from tests.books import HEADER, ROW, SPREADSHEET, content, ods_parts, ods_table, packed, xlsx_parts, xlsx_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Parts = dict[str, str | bytes]


def parts() -> Parts:
    return xlsx_parts({"actions": xlsx_sheet([HEADER, ROW]), "notes": xlsx_sheet([["Only a note"]])})


def renamed(given: Mapping[str, str | bytes], change: Callable[[str], str]) -> Parts:
    return {change(name): text for name, text in given.items()}


def edited(given: Mapping[str, str | bytes], name: str, old: str, new: str) -> Parts:
    text = given[name]
    assert isinstance(text, str)
    assert old in text
    return {**given, name: text.replace(old, new)}


def at_the_root(given: Parts) -> Parts:
    given = edited(given, "_rels/.rels", "xl/workbook.xml", "workbook.xml")
    return renamed(given, lambda name: name.removeprefix("xl/"))


def numbered(given: Parts) -> Parts:
    given = edited(given, "_rels/.rels", "xl/workbook.xml", "/xl/workbook2.xml")
    return renamed(given, lambda name: name.replace("workbook.xml", "workbook2.xml"))


def other_styles(given: Parts) -> Parts:
    given = edited(given, "xl/_rels/workbook.xml.rels", "styles.xml", "formats/look.xml")
    return renamed(given, lambda name: name.replace("xl/styles.xml", "xl/formats/look.xml"))


def elsewhere(given: Parts) -> Parts:
    given = edited(given, "xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "/data/first.xml")
    return renamed(given, lambda name: name.replace("xl/worksheets/sheet1.xml", "data/first.xml"))


def in_utf16(given: Parts) -> Parts:
    """Some programs write parts in UTF-16, with a declaration."""
    return {
        name: f'<?xml version="1.0" encoding="utf-16"?>{text!s}'.encode("utf-16") if name.endswith(".xml") else text
        for name, text in given.items()
    }


def in_latin1(given: Parts) -> Parts:
    return {
        name: f'<?xml version="1.0" encoding="ISO-8859-1"?>{text!s}'.encode("latin-1") if "sheet1" in name else text
        for name, text in given.items()
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda given: renamed(given, lambda name: name.replace("/", "\\")),
        lambda given: renamed(given, str.upper),
        at_the_root,
        numbered,
        other_styles,
        elsewhere,
        in_utf16,
        in_latin1,
        lambda given: in_utf16(at_the_root(given)),
    ],
    ids=[
        *("backslashes", "capitals", "at the root", "numbered", "styles", "elsewhere", "UTF-16", "Latin-1"),
        "UTF-16 at the root",
    ],
)
def test_other_layouts_are_read(reads: Any, change: Callable[[Parts], Parts]) -> None:
    given = edited(parts(), "xl/worksheets/sheet1.xml", "Train", "Capacitación")
    submission = reads("a.xlsx", packed(change(given)))
    assert submission.found() == [("sheet-not-read", None)]
    assert submission.values("prefLabel") == ["Capacitación"]


def test_a_date_is_one_wherever_the_styles_are(reads: Any) -> None:
    row = [*ROW[:5], (' s="1"><v>44941</v></c>',)]
    given = xlsx_parts({"actions": xlsx_sheet([HEADER, row])})
    assert reads("a.xlsx", packed(other_styles(given))).values("startDate") == ["2023-01-15"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("customXml/item1.xml", '<?xml version="1.0" encoding="utf-16"?><DataMashup/>'.encode("utf-16")),
        ("xl/media/image1.svg", '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><svg/>'),
        ("docProps/app.xml", "<!DOCTYPE a><Properties/>"),
    ],
)
def test_parts_without_cells_are_not_looked_at(reads: Any, name: str, text: str | bytes) -> None:
    assert reads("a.xlsx", packed({**parts(), name: text})).found() == [("sheet-not-read", None)]
    assert reads("a.ods", packed({**ods_parts(ods_table([HEADER, ROW])), name: text})).findings == []


def test_a_manifest_of_old_with_a_doctype_is_read(reads: Any) -> None:
    given = ods_parts(ods_table([HEADER, ROW]))
    manifest = given["META-INF/manifest.xml"]
    given["META-INF/manifest.xml"] = f'<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD" "M.dtd">{manifest!s}'
    assert reads("a.ods", packed(given)).findings == []


@pytest.mark.parametrize("encode", [str.encode, lambda text: text.encode("utf-16")], ids=["UTF-8", "UTF-16"])
def test_a_doctype_in_a_part_with_cells_is_refused_for_what_it_is(reads: Any, encode: Callable[[str], bytes]) -> None:
    given = parts()
    given["xl/workbook.xml"] = encode(
        f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>{given["xl/workbook.xml"]!s}'
    )
    with pytest.raises(UnreadableInputError, match="DOCTYPE"):
        reads("a.xlsx", packed(given))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": "x", "xl/worksheets/sheet1.bin": "x"}, "xlsb"),
        ({"mimetype": SPREADSHEET, "META-INF/manifest.xml": "<m:encryption-data/>", "content.xml": "?"}, "password"),
        ({"mimetype": SPREADSHEET, "META-INF/manifest.xml": "<m/>", "encrypted-package": "?"}, "password"),
        ({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}, "text document"),
        ({"word/document.xml": "<w/>"}, "text document"),
        ({"Index/Document.iwa": "x", "Metadata/Properties.plist": "x"}, "Numbers"),
        ({"actions.csv": "id,title"}, "compressed archive"),
        ({"data.bin": "x"}, "no workbook"),
    ],
)
def test_packages_that_are_not_read_are_called_what_they_are(reads: Any, given: Parts, words: str) -> None:
    with pytest.raises(UnreadableInputError, match=words) as caught:
        reads("a.xlsx", packed(given))
    assert caught.value.text["es"] != caught.value.text["en"]


def test_flat_ods_is_read_as_ods_is(reads: Any) -> None:
    flat = content(
        ods_table([HEADER, [*ROW[:7], 12.5, "MXN"]]), root="document", more=f' office:mimetype="{SPREADSHEET}"'
    )
    submission = reads("a.fods", flat)
    assert submission.submission.format == "ods"
    assert submission.findings == []
    assert submission.values("budgetAmount") == ["12.5"]
    assert reads("a.xml", flat).found() == [("format-differs", None)]
    with pytest.raises(UnreadableInputError, match="text document"):
        reads("a.fodt", flat.replace(SPREADSHEET, "application/vnd.oasis.opendocument.text"))
