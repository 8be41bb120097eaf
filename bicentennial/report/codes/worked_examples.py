"""How the examples of shapes as rows of tables are worked out, and what is stored of them.

They are the examples in RDF, converted as `convert` converts them, and then validated: an example is kept only if the
table that is to break the rule is found to do so, and the other is not. What no table can say has no example here.

Each is stored with a digest of what it was made of. Compiling makes anew those whose digest has changed; the others
stay, since all of them together take minutes.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core import resources
from bicentennial.core.findings import column_number
from bicentennial.core.messages import LANGUAGES, entry
from bicentennial.core.namespaces import BICD, DCTERMS, RDF, SKOS, compact
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.report.codes.table_examples import STORED, ExampleSheet, TableExample

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bicentennial.core.findings import Finding
    from bicentennial.exchange.source import Object
    from bicentennial.exchange.tables import Sheet
    from bicentennial.report.codes.explanation import Explanation

__all__ = ["artefacts", "work_out"]

_NAMES: Final = (DCTERMS.identifier, SKOS.prefLabel)
"""The columns that identify a row, which are always shown."""
_NAME: Final = re.compile(r"\b(?:bic|dcterms|skos|schema|prov):\w+")
_INDIVIDUAL: Final = re.compile(r"\bbicd:([\w-]+)")
_SHAPE: Final = re.compile(r"bicsh:([\w-]+)")


def work_out(explanation: Explanation, lang: str) -> TableExample | None:
    """Return the examples of a code of a shape as tables in a language, or None where no table can show it."""
    names = frozenset(_NAME.findall(_text_of_shape(explanation)))
    for pair in _pairs(explanation):
        # A language that the rule itself is about is left as it is: the second try.
        for translated in (True, False) if pair.without is None else (True,):
            broken = _made(pair.breaks, lang, pair.without, translated=translated)
            kept = _made(pair.keeps, lang, translated=translated)
            if broken and kept and broken.of(explanation) and not kept.of(explanation):
                return TableExample(
                    tuple(_shown(broken, kept, explanation, lang, names)),
                    tuple(_shown(kept, broken, explanation, lang, names)),
                )
    return None


class _Made(NamedTuple):
    sheets: list[Sheet]
    findings: Sequence[Finding]

    def of(self, explanation: Explanation) -> list[Finding]:
        """The findings of a code, or for a shape of several classes of the code that the example's class has."""
        ending = explanation.code.partition(".")[2]
        return [
            each
            for each in self.findings
            if each.code == explanation.code
            or (each.shape == explanation.shape is not None and each.code.partition(".")[2] == ending)
        ]


class _Pair(NamedTuple):
    """What may be the examples: the files, and the class and property that the one that breaks the rule is to lack."""

    breaks: Path
    keeps: Path
    without: tuple[str, str] | None = None


def _pairs(explanation: Explanation) -> Iterator[_Pair]:
    """Yield what may be the examples: the shape's own, or, for what is missing, any row of the class without it."""
    kind = explanation.code.removeprefix(explanation.code.partition(".")[0])
    breaking = _case("invalid", f"{explanation.shape}{kind}")
    keeping = _case("valid", str(explanation.shape))
    if breaking and keeping:
        yield _Pair(breaking, keeping)
    if kind == ".missing":
        class_name, _, name = explanation.code.removesuffix(kind).partition("-")
        others = sorted((resources.directory("cases") / "valid").glob(f"{class_name}-*.ttl"))
        yield from (_Pair(each, each, (class_name, name)) for each in others[:1])


def _case(kind: str, name: str) -> Path | None:
    path = resources.directory("cases") / kind / f"{name}.ttl"
    return path if path.is_file() else None


@cache
def _made(path: Path, lang: str, without: tuple[str, str] | None = None, *, translated: bool) -> _Made | None:
    """Convert an example to sheets and validate the file that they make, in this process: it is a file of ours.

    `without` are the local names of a class and of a property that things of that class are to lack.
    """
    from bicentennial.core.limits import Limits
    from bicentennial.exchange.grids import write_delimited, write_workbook
    from bicentennial.exchange.losses import Losses
    from bicentennial.exchange.source import described, open_source
    from bicentennial.exchange.tables import sheets
    from bicentennial.validation.submission import check
    from bicentennial.vocabulary.index import default_index

    if not _has_rows(path):
        return None
    words = entry("explain", "sample").get(lang, {}) if translated else {}
    losses = Losses()
    with open_source(path, mapping=None, limits=Limits()).dataset as dataset:
        things = [
            (s, {p: [_in_language(o, lang, words) for o in about[p]] for p in about if (kind, _local(p)) != without})
            for s, about in described(dataset)
            for kind in [_local(about[RDF.type][0][0])]
        ]
        made = sheets(things, default_index(), lang, losses)
    if not made:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("example.csv" if len(made) == 1 else "example.xlsx")
        if len(made) == 1:  # what reads and writes workbooks takes longer to load than all the rest
            write_delimited(path, made, losses, delimiter=",")
        else:
            write_workbook(path, made, losses, lang)
        return _Made(made, check(path, name=path.name).findings)


def _has_rows(path: Path) -> bool:
    """Whether an example holds anything of a class that the form has a sheet for."""
    import pyoxigraph

    from bicentennial.vocabulary.index import default_index

    quads = pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE)
    types = {quad.object.value for quad in quads if quad.predicate.value == RDF.type}
    return not types.isdisjoint(table.iri for table in default_index().tables)


def _local(iri: str) -> str:
    return compact(iri).rpartition(":")[2]


def _in_language(value: Object, lang: str, words: dict[str, str]) -> Object:
    text, kind, datatype, language = value
    if text not in words or language not in ("", "en"):
        return value
    return words[text], kind, datatype, lang if language else ""


@cache
def _shape_texts() -> Mapping[str, str]:
    """Return what the files of shapes say of each shape, by its local name."""
    found: dict[str, str] = {}
    for path in (*resources.files("shapes", "rules/*.ttl"), *resources.files("shapes", "structural/*.ttl")):
        for part in path.read_text(encoding="utf-8").split("\n\n"):
            if match := _SHAPE.match(part):
                found[match[1]] = found.get(match[1], "") + part
    return found


def _text_of_shape(explanation: Explanation) -> str:
    return _shape_texts().get(str(explanation.shape), "")


def _shown(
    made: _Made, other: _Made, explanation: Explanation, lang: str, names: frozenset[str]
) -> Iterator[ExampleSheet]:
    marks = {
        (
            each.location.sheet or made.sheets[0].table.name[lang],
            each.location.row - 2,
            column_number(each.location.column) - 1,
        )
        for each in made.of(explanation)
        if each.location.row and each.location.column
    }
    others = {sheet.table.iri: sheet for sheet in other.sheets}
    for sheet in made.sheets:
        name, counterpart = sheet.table.name[lang], others.get(sheet.table.iri)
        filled = [bool(_values(sheet, header)) for _, header, _ in sheet.columns]
        marked = {number for where, _, number in marks if where == name}
        columns = [
            number
            for number, (column, header, _) in enumerate(sheet.columns)
            if number in marked
            or (filled[number] and column.iri in _NAMES)
            or (compact(column.iri) in names and (filled[number] or _values(counterpart, header)))
        ]
        yield ExampleSheet(
            name,
            tuple(sheet.columns[number][1] for number in columns),
            tuple(tuple("; ".join(row[number]) for number in columns) for row in sheet.rows),
            tuple((row, columns.index(number)) for where, row, number in sorted(marks) if where == name),
            abridged=any(filled[number] for number in range(len(filled)) if number not in columns),
        )


def _values(sheet: Sheet | None, header: str) -> list[tuple[str, ...]]:
    """Return what stands in the column of a header, without the empty cells."""
    if sheet is None:
        return []
    numbers = [number for number, (_, each, _) in enumerate(sheet.columns) if each == header]
    return [row[number] for row in sheet.rows for number in numbers if row[number]]


def artefacts(*, afresh: bool = False) -> dict[Path, str]:
    """Return the file of examples and its content: those whose sources have changed are worked out, the others kept.

    Args:
        afresh: work all of them out, as after a change in how files are read or converted.
    """
    from bicentennial.report.codes.explanation import codes

    stored = json.loads(STORED.read_text(encoding="utf-8"))["examples"] if STORED.is_file() and not afresh else {}
    found = {}
    for code, explanation in sorted(codes().items()):
        if not explanation.shape:
            continue
        digest, before = _digest(explanation), stored.get(code, {})
        found[code] = before if before.get("of") == digest else {"of": digest} | _by_language(explanation)
    lines = (f" {json.dumps(code)}: {json.dumps(each, ensure_ascii=False)}" for code, each in found.items())
    comment = json.dumps(resources.GENERATED)
    return {STORED: f'{{"$comment": {comment},\n"examples": {{\n' + ",\n".join(lines) + "\n}}\n"}


def _by_language(explanation: Explanation) -> dict[str, Any]:
    worked_out = {lang: work_out(explanation, lang) for lang in LANGUAGES}
    return {lang: asdict(example) for lang, example in worked_out.items() if example}


def _digest(explanation: Explanation) -> str:
    """Return a digest of what an example is made of: its files, its shape, the columns, and the names in it."""
    pairs = list(_pairs(explanation))
    texts = [path.read_text(encoding="utf-8") for pair in pairs for path in (pair.breaks, pair.keeps)]
    names = sorted({name for text in texts for name in _INDIVIDUAL.findall(text)})
    parts = [explanation.code, *texts, *(pair.without for pair in pairs), _text_of_shape(explanation), _columns()]
    parts += [_individuals().get(BICD[name]) for name in names]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


@cache
def _index() -> dict[str, Any]:
    index: dict[str, Any] = json.loads((resources.COMPILED / "index.json").read_text(encoding="utf-8"))
    return index


def _individuals() -> Mapping[str, Any]:
    return _index()["individuals"]  # type: ignore[no-any-return]


@cache
def _columns() -> str:
    return json.dumps([_index()["tables"], entry("explain", "sample")], sort_keys=True)
