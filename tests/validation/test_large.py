"""Large submissions are checked column by column, small ones by another database, and nothing may show it.

Neither a finding nor a place nor a count.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bicentennial.storage import sizes
from bicentennial.validation.submission import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from bicentennial.validation.outcome import Outcome

    Rows = list[dict[str, str]]

EXAMPLES = Path(__file__).parents[2] / "examples" / "submissions"
DATES = ["", "2023", "2023-05", "2023-05-01", "2024-01-31", "2022-12-31", "soon"]
IDS = ["", "A-1", "A-2", "A-2 ", "ñ/1"]
ACTIONS = {
    "id": IDS,
    "title": ["", "Plant trees", "Map routes"],
    "título": ["", "Plantar árboles"],
    "goal": ["", "G1", "G2", "G1; G2", "G1;G1", "G9", ";"],
    "pillar": ["", "O1.1", "O2.2;O1.3", "Cooking"],
    "objective": ["", "O1.1a", "O3.1c"],
    "responsible_party": ["", "SRE", "OFAC; DEA", "P-1", "Nobody"],
    "partner": ["", "SRE", "UNODC", "Own office"],
    "status": ["", "planned", "ongoing", "completed"],
    "start_date": DATES,
    "due_date": DATES,
    "end_date": DATES,
    "budget": ["", "1", "1.50", "-3", "much"],
    "currency": ["", "USD", "pesos"],
    "place": ["", "Mexico", "Atlantis"],
    "source": ["", "Report 1", "https://example.org/a", "https://example.org/a; Report 2"],
    "submission_date": ["", "2023-06-01"],
}
PARTIES = {"id": ["", "P-1", "P-2"], "name": ["", "Own office", "SRE"], "parent": ["", "P-1", "P-2", "SRE"]}
INDICATORS = {"id": IDS, "name": ["", "Trees"], "measures": ["", "G1", "A-1"], "unit": ["", "kg"], "target": ["", "3"]}
MEASUREMENTS = {
    "id": IDS,
    "indicator": ["", *IDS],
    "value": ["", "3", "x"],
    "unit": ["", "kg", "t"],
    "date": DATES,
}


def rows_of(columns: dict[str, list[str]], least: int = 2, most: int = 8) -> st.SearchStrategy[Rows]:
    cells = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in columns.items()})
    return st.lists(cells, min_size=least, max_size=most)


LISTS = st.fixed_dictionaries(
    {"actions": rows_of(ACTIONS, 4, 12)},
    optional={
        "parties": rows_of(PARTIES),
        "indicators": rows_of(INDICATORS),
        "measurements": rows_of(MEASUREMENTS),
        "More actions": rows_of(ACTIONS, 1, 4),
    },
)


# What our own shapes do not ask.
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix bic: <https://w3id.org/bicentennial/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<urn:none> sh:targetClass bic:Action ; sh:property <urn:none-of> .
<urn:none-of> sh:path bic:dueDate ; sh:maxCount 0 .
<urn:ends> sh:targetSubjectsOf bic:startDate ; sh:property <urn:end> .
<urn:end> sh:path bic:endDate ; sh:minCount 1 .
<urn:is> sh:targetObjectsOf bic:measures , bic:isPartOf ; sh:property <urn:id> .
<urn:id> sh:path dcterms:identifier ; sh:minCount 1 .
<urn:late> sh:targetClass bic:Action ; sh:property <urn:before> , <urn:back> ; sh:not <urn:two> .
<urn:before> sh:path bic:startDate ; sh:lessThan bic:dueDate .
<urn:back> sh:path ( [ sh:inversePath bic:measures ] bic:unit ) ; sh:maxCount 0 .
<urn:two> sh:property <urn:two-of> .
<urn:two-of> sh:path bic:hasPartner ; sh:minCount 2 .
"""


def judged(path: Path, *shapes: Path, **thresholds: int) -> Outcome:
    with pytest.MonkeyPatch.context() as patch:
        for name, number in thresholds.items():
            patch.setattr(sizes, name, number)
        return check(path, shapes=shapes, coverage=True)


@pytest.fixture
def judge_each_way(tmp_path: Path) -> Callable[[Path], None]:
    shapes = tmp_path / "further.ttl"
    shapes.write_text(SHAPES, "utf-8")
    return partial(_judge_each_way, shapes)


def _judge_each_way(shapes: Path, path: Path) -> None:
    expected = judged(path, shapes, TABLE_CELLS=10**9, PLANNED_STATEMENTS=10**9)
    assert expected.engine == "compiled"
    # Some sheets as tables and some as statements: one sheet alone is a table with either number, and RDF is none.
    some = () if path.suffix in (".csv", ".ttl") else (20,)
    for cells in (0, *some, 10**9):
        assert judged(path, shapes, TABLE_CELLS=cells, TABLE_CHARACTERS=cells, PLANNED_STATEMENTS=0) == expected
    assert judged(path) == judged(path, SQLITE_STATEMENTS=-1)


def test_values_of_one_property_in_two_columns(tmp_path: Path, judge_each_way: Callable[[Path], None]) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(f"A-{n},Plant trees,Plantar árboles,G1,SRE,2023-05-01,2022-01-01\n" for n in range(3))
    path.write_text(f"id,title,título,goal,responsible_party,start_date,end_date\n{rows}", "utf-8")
    judge_each_way(path)
    found = judged(path, TABLE_CELLS=0, TABLE_CHARACTERS=0, PLANNED_STATEMENTS=0).totals
    assert found["Action-isReportedOnce"] == ("warning", 6)
    assert found["Action-endsAfterItStarts"] == ("violation", 3)


def test_what_stands_in_neither_of_two_columns(tmp_path: Path, judge_each_way: Callable[[Path], None]) -> None:
    path = tmp_path / "a.csv"
    reasons = ("", ""), ("No money", ""), ("", "Sin dinero"), ("No money", "Sin dinero")
    rows = "".join(f"A-{n},Plant trees,G1,SRE,suspended,{en},{es}\n" for n, (en, es) in enumerate(reasons))
    path.write_text(f"id,title,goal,responsible_party,status,description,descripción\n{rows}", "utf-8")
    judge_each_way(path)
    found = judged(path, TABLE_CELLS=0, TABLE_CHARACTERS=0, PLANNED_STATEMENTS=0).totals
    assert found["Action-stoppedSaysWhy"] == ("info", 1)


@pytest.mark.parametrize("second", [("A-2", "A-3"), ("A-3", "A-4"), ("", "A-1")])
def test_two_sheets_of_one_kind(
    second: tuple[str, str], tmp_path: Path, judge_each_way: Callable[[Path], None]
) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, identifiers in (("actions", ("A-1", "A-2")), ("More actions", second)):
        sheet = book.create_sheet(name)
        sheet.append(["id", "title", "goal", "start_date", "end_date", "status"])
        for number, identifier in enumerate(identifiers):
            sheet.append([identifier, f"{name} {number}", "G1", "2023-05-01", "2022-01-01", ["", "completed"][number]])
    path = tmp_path / "a.xlsx"
    book.save(path)
    judge_each_way(path)
    found = judged(path, TABLE_CELLS=0, PLANNED_STATEMENTS=0).totals
    assert found["Action-endsAfterItStarts"] == ("violation", 4)
    assert found["Action-completedCitesEvidence"] == ("info", 2)
    assert found.get("Action-identifier.missing") == (("violation", 1) if "" in second else None)
    shared = {"A-1", "A-2"}.intersection(second)
    assert found.get("Action-identifierIsUnique") == (("violation", 2 * len(shared)) if shared else None)


# Planning, not the number of rows, is what a check takes: few examples, and many rows in each.
several_ways = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@several_ways
@given(rows=rows_of(ACTIONS, 4, 20), identified=st.booleans())
def test_a_table(rows: Rows, identified: bool, tmp_path: Path, judge_each_way: Callable[[Path], None]) -> None:
    names = [name for name in ACTIONS if identified or name != "id"]
    path = tmp_path / "a.csv"
    path.write_text(
        "\n".join(",".join(row) for row in [names, *([row[each] for each in names] for row in rows)]), "utf-8"
    )
    judge_each_way(path)


@pytest.mark.parametrize("of", [".json", ".xlsx"])
@settings(several_ways, max_examples=4)
@given(lists=LISTS)
def test_several_lists(of: str, lists: dict[str, Rows], tmp_path: Path, judge_each_way: Callable[[Path], None]) -> None:
    path = tmp_path / f"a{of}"
    if of == ".json":
        path.write_text(json.dumps(lists), "utf-8")
    else:
        _book(lists, path)
    judge_each_way(path)


def _book(lists: dict[str, Rows], path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in lists.items():
        sheet = book.create_sheet(name)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
    book.save(path)


@pytest.mark.parametrize("name", ["faulty.csv", "faulty.json", "faulty.xlsx", "good.xlsx", "good.ttl", "faulty.xml"])
def test_the_examples(name: str, judge_each_way: Callable[[Path], None]) -> None:
    judge_each_way(EXAMPLES / name)


_BIC, _BICD = "https://w3id.org/bicentennial/ontology#", "https://w3id.org/bicentennial/id/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
THINGS = [f"<urn:ex:{name}>" for name in ("a1", "a2", "a3", "i1", "m1", "p1")]
TYPES = [f"<{_BIC}{name}>" for name in ("Action", "Action", "Indicator", "Measurement", "Agency")]
DAYS = [
    f'"{day}"^^<{_XSD}{kind}>' for day, kind in (("2024-01-31", "date"), ("2023-05", "gYearMonth"), ("soon", "date"))
]
OBJECTS = {
    "http://www.w3.org/2004/02/skos/core#prefLabel": ['"Plant trees"@en', '"Plantar"@es', '"Plant trees"', "_:b0"],
    "http://purl.org/dc/terms/identifier": ['"A-1"', '"A-2"', '"A-1"@en', '""'],
    "http://purl.org/dc/terms/source": ["<https://example.org/a>", '"Report"', "_:b0"],
    "http://purl.org/dc/terms/issued": DAYS,
    f"{_BIC}advancesGoal": [f"<{_BICD}goal-protect-our-people>", f"<{_BICD}goal-pursue-criminal-networks>", '"Goal"'],
    f"{_BIC}advancesPillar": [f"<{_BICD}pillar-public-health>", f"<{_BICD}pillar-reduce-arms-trafficking>"],
    f"{_BIC}hasResponsibleParty": [f"<{_BICD}agency-sre>", "<urn:ex:p1>", "<urn:ex:none>"],
    f"{_BIC}hasStatus": [f"<{_BICD}status-completed>", f"<{_BICD}status-ongoing>", '"done"'],
    f"{_BIC}startDate": DAYS,
    f"{_BIC}endDate": DAYS,
    f"{_BIC}dueDate": DAYS,
    f"{_BIC}budgetAmount": [f'"1.50"^^<{_XSD}decimal>', f'"-3"^^<{_XSD}integer>', '"much"'],
    f"{_BIC}budgetCurrency": ['"USD"', '"XXZ"'],
    f"{_BIC}measures": ["<urn:ex:a1>", f"<{_BICD}goal-protect-our-people>"],
    f"{_BIC}dependsOn": ["<urn:ex:a1>", "<urn:ex:a2>"],
    f"{_BIC}isPartOf": ["<urn:ex:a1>", "<urn:ex:p1>"],
    f"{_BIC}noSuchTerm": ['"x"'],
    "urn:ex:it's": ['"x"', "<urn:ex:a1>"],
}  # fmt: skip
SAID = st.one_of(
    [
        st.tuples(st.sampled_from(THINGS), st.just(f"<{p}>"), st.sampled_from(objects)).map(" ".join)
        for p, objects in OBJECTS.items()
    ]
)


@several_ways
@given(
    types=st.lists(st.sampled_from(TYPES), min_size=6, max_size=6),
    said=st.lists(SAID, min_size=10, max_size=40),
    also=st.sampled_from(["", f"<urn:ex:a1> a <{_BIC}Agency> .\n", f"<{_BICD}agency-sre> a <{_BIC}Agency> .\n"]),
)
def test_a_graph(types: list[str], said: list[str], also: str, tmp_path: Path) -> None:
    """Whether its things are rows of tables, or its statements sorted, or neither."""
    shapes, path = tmp_path / "further.ttl", tmp_path / "a.ttl"
    shapes.write_text(SHAPES, "utf-8")
    typed = (f"{thing} a {of}" for thing, of in zip(THINGS, types, strict=True))
    path.write_text(also + "".join(f"{line} .\n" for line in [*typed, *said]), "utf-8")
    expected = judged(path, shapes, PLANNED_STATEMENTS=10**9)
    for things, planned in ((0, 0), (1, 0), (10**9, 0), (0, 10**9)):
        ways = {"SORTED_STATEMENTS": -1, "TABULATED_THINGS": things, "PLANNED_STATEMENTS": planned}
        assert judged(path, shapes, **ways) == expected
    alone = {"SQLITE_STATEMENTS": -1, "SORTED_STATEMENTS": -1, "TABULATED_THINGS": 0, "PLANNED_STATEMENTS": 0}
    assert judged(path, **alone) == judged(path)
