"""A blank submission: a workbook, a header row, or the JSON Schema.

>>> header("es", ",")[1:45]
'identificador,título,descripción,meta,pilar,'
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import UsageError
from bicentennial.core.files.output import atomic_path, check_language, suffix_of
from bicentennial.core.files.paths import exists
from bicentennial.core.messages import entry, render

if TYPE_CHECKING:
    import os

__all__ = ["ENDINGS", "header", "template"]

ENDINGS: Final = (".xlsx", ".ods", ".csv", ".tsv", ".json")
"""What a template may be, by the ending of its name."""


def template(output: str | os.PathLike[str], *, lang: str = "en", force: bool = False) -> None:
    """Write a blank form for a submission.

    Args:
        output: where; the ending of the name says what: a workbook with drop-down lists, explanations and an example
            (`.xlsx`, `.ods`), the header row alone (`.csv`, `.tsv`), or the JSON Schema of a submission (`.json`).
        lang: the language of headers, lists and explanations.
        force: write over a file that is there; it may be filled in.

    Raises:
        UsageError: the ending says nothing, or the file is there.
        OutputError: it cannot be written.

    >>> template("form.docx")
    Traceback (most recent call last):
    bicentennial.core.errors.UsageError: “form.docx” does not say what to write; its name must end in one of: ...
    """
    kind = suffix_of(output, ENDINGS)
    check_language(lang)
    if not force and exists(output):
        text = render(entry("cli", "template")["there"], path=Path(output))
        raise UsageError(text)
    with atomic_path(output) as path:
        if kind == ".xlsx":
            from bicentennial.exchange.forms.workbook import form

            form(lang).save(path)
        elif kind == ".ods":
            from bicentennial.exchange.forms.ods import write_ods
            from bicentennial.exchange.forms.workbook import form

            write_ods(form(lang), path)
        elif kind == ".json":
            from bicentennial.core.resources import COMPILED

            path.write_bytes((COMPILED / "schema.json").read_bytes())
        else:
            path.write_text(header(lang, "," if kind == ".csv" else "\t"), encoding="utf-8", newline="")


def header(lang: str, delimiter: str) -> str:
    """Return the header row of the table of actions.

    It begins with a byte order mark: without one, Excel takes the accents of UTF-8 for something else.
    """
    from bicentennial.vocabulary.index import default_index

    titles = [column.header[lang] for column in default_index().tables[0].columns if column.template]
    return "\ufeff" + delimiter.join(titles) + "\r\n"
