"""Large tables: what each distinct value means is found out once, and DuckDB does the rest.

Each record becomes one line of a private file: its subject, its row, and for each column either the text itself or the
number of the distinct value. What the distinct values mean goes into a second file, and one join a column turns both
into statements. So Python touches each cell once, and never a statement.
"""

# ruff: noqa: S608 -- nothing that a partner wrote is ever part of the text of a query

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, cast

from bicentennial.intake.dataset import IRI, LITERAL
from bicentennial.intake.records import Reader, ambiguous, splits
from bicentennial.namespaces import DCTERMS, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bicentennial.findings import Finding
    from bicentennial.intake.dataset import Dataset
    from bicentennial.intake.limits import Limits
    from bicentennial.intake.mapping import Mapping
    from bicentennial.intake.records import Cell, Field, Records
    from bicentennial.intake.resolve import Resolver

__all__ = ["WORTHWHILE", "load_records"]

WORTHWHILE: Final = 20_000
"""From about so many cells on, this way is the faster one."""

_SPECIAL: Final = re.compile(r"[\\\x00-\x1f]")
_OPTIONS: Final = (
    "auto_detect=false, header=false, delim='\t', quote='', escape='', comment='', nullstr='\x02', new_line='\\n',"
    " max_line_size=16777216"
)


def load_records(
    dataset: Dataset, records: Records, resolver: Resolver, limits: Limits, mapping: Mapping, findings: list[Finding]
) -> None:
    """Load what the records of a sheet say, and add what could not be told to `findings`.

    It does what `records.statements` and `Dataset.load` do together.
    """
    lines, meanings = dataset.spool / "records", dataset.spool / "meanings"
    columns: list[Iterable[str]] = [records.subjects, map(str, records.numbers)]
    texts: list[tuple[Field, str, str]] = []
    coded: list[tuple[Field, int]] = []
    try:
        with meanings.open("w", encoding="utf-8", newline="\n") as out:
            for each in records.fields:
                reader = Reader(each.heading, records.language, resolver, limits, mapping)
                if plain := _plain(each, reader):
                    columns.append(plain)
                    texts.append((each, *reader.plain))
                    continue
                codes = _meanings(each.values, reader, len(coded), out)
                columns.append(map(codes.__getitem__, each.values))
                coded.append((each, len(columns) - 1))
                if reader.problems:
                    findings += ambiguous(records, each, reader, resolver)
        with lines.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(map("{}\n".format, map("\t".join, zip(*columns, strict=True))))
        _insert(dataset, records, lines, meanings, texts, coded, len(columns))
    finally:
        lines.unlink(missing_ok=True)
        meanings.unlink(missing_ok=True)


def _plain(each: Field, reader: Reader) -> Sequence[str] | None:
    # Texts and identifiers differ from row to row and mean what they say, so they are passed on as they are.
    column = each.heading.column
    if reader.renames or splits(column) or not (column.is_text or column.iri == DCTERMS.identifier):
        return None
    if not set(map(type, each.values)) <= {str}:
        return None
    values = cast("Sequence[str]", each.values)
    return list(map(_escaped, values)) if _SPECIAL.search("".join(values)) else values


def _meanings(values: Sequence[Cell], reader: Reader, number: int, out: Any) -> dict[Cell, str]:
    codes: dict[Cell, str] = {}
    for code, value in enumerate(dict.fromkeys(values)):
        codes[value] = str(code)
        if value:
            for o, kind, dt, language, item in reader.read(value):
                place = "\x02" if item is None else item
                out.write(f"{number}\t{code}\t{_escaped(o)}\t{kind}\t{dt}\t{language}\t{place}\n")
    return codes


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1] if _SPECIAL.search(text) else text


def _insert(
    dataset: Dataset,
    records: Records,
    lines: Path,
    meanings: Path,
    texts: list[tuple[Field, str, str]],
    coded: list[tuple[Field, int]],
    width: int,
) -> None:
    connection = dataset.connection
    kinds = {2 + position: "VARCHAR" for position in range(width - 2)} | {place: "INTEGER" for _, place in coded}
    named = "'s': 'VARCHAR', 'row': 'INTEGER'" + "".join(f", 'c{place}': '{kind}'" for place, kind in kinds.items())
    connection.execute(
        f"CREATE TEMP TABLE record AS FROM read_csv($1, {_OPTIONS}, columns={{{named}}})",
        [str(lines)],
    )
    connection.execute(
        "CREATE TEMP TABLE meaning AS SELECT field, code, "
        + _unescaped("o")
        + f" AS o, kind, dt, lang, item FROM read_csv($1, {_OPTIONS}, columns={{'field': 'INTEGER', 'code': 'INTEGER',"
        " 'o': 'VARCHAR', 'kind': 'UTINYINT', 'dt': 'VARCHAR', 'lang': 'VARCHAR', 'item': 'SMALLINT'})",
        [str(meanings)],
    )
    connection.execute(
        f"INSERT INTO statements SELECT s, $1, $2, {IRI}, '', '', $3, row, NULL, NULL FROM record",
        [RDF.type, records.table.iri, records.sheet],
    )
    taken = {place for _, place in coded}
    plain = iter(texts)
    for place in range(2, width):
        if place in taken:
            continue
        each, dt, language = next(plain)
        connection.execute(
            f"INSERT INTO statements SELECT s, $1, {_unescaped(f'c{place}')}, {LITERAL}, $2, $3, $4, row, $5, NULL"
            f" FROM record WHERE c{place} <> ''",
            [each.iri, dt, language, records.sheet, each.heading.number],
        )
    for number, (each, place) in enumerate(coded):
        connection.execute(
            "INSERT INTO statements SELECT s, $1, o, kind, dt, lang, $2, row, $3, item"
            f" FROM record JOIN meaning ON field = $4 AND code = c{place}",
            [each.iri, records.sheet, each.heading.number, number],
        )
    connection.execute("DROP TABLE record; DROP TABLE meaning")


def _unescaped(column: str) -> str:
    return (
        f"CASE WHEN contains({column}, '\\') THEN json_extract_string('\"' || {column} || '\"', '$') ELSE {column} END"
    )
