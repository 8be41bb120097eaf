"""A name leads to one thing and a header to one property, when case, accents and punctuation do not count."""

from __future__ import annotations

from collections import defaultdict

from bicentennial.compilers.codelists import external_identifiers
from bicentennial.compilers.index import index
from bicentennial.vocabulary.index import default_index, names_of, normalize_key

INDEX = default_index()


def test_a_name_in_a_column_leads_to_one_thing() -> None:
    columns = [(table, column) for table in INDEX.tables for column in table.columns if column.ranges]
    assert len(columns) > 10
    clashes = {
        (table.name["en"], column.header["en"], name): sorted(set(things))
        for table, column in columns
        for name in INDEX.names
        if len(set(things := INDEX.named(name, frozenset(column.ranges)))) > 1
    }
    assert clashes == {}


def test_a_header_of_a_table_leads_to_one_property() -> None:
    clashes: dict[tuple[str, str], set[str]] = {}
    for table in INDEX.tables:
        kinds = {table.iri, *INDEX.classes[table.iri]["superclasses"]}
        stands_for: dict[str, set[str]] = defaultdict(set)
        for iri, described in INDEX.properties.items():
            if kinds & set(described["of"]):
                for name, _ in names_of(described, iri):
                    stands_for[normalize_key(name)].add(iri)
        clashes |= {(table.name["en"], name): iris for name, iris in stands_for.items() if len(iris) > 1}
    assert clashes == {}


def test_states_of_mexico_have_the_codes_of_the_statistical_office_and_are_found_by_them() -> None:
    individuals = index()["individuals"]
    codes = {code: found for code, found in external_identifiers().items() if code.startswith("INEGI:")}
    assert list(codes) == [f"INEGI:{number:02d}" for number in range(1, 33)]
    assert {len(found) for found in codes.values()} == {1}
    by_iso = {notation: iri for iri, one in individuals.items() for notation in one["notations"]}
    for code, iso in {"01": "AGU", "05": "COA", "07": "CHP", "09": "CMX", "15": "MEX", "32": "ZAC"}.items():
        assert codes[f"INEGI:{code}"] == [by_iso[f"MX-{iso}"]]
        assert f"INEGI:{code}" in individuals[by_iso[f"MX-{iso}"]]["alternatives"]["es"]
