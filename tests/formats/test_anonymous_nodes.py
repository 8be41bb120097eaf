"""Nodes without a name in Turtle and TriG: what they are called, and where they are found."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bicentennial as bic
from bicentennial.core.namespaces import BIC, RDF
from bicentennial.formats.rdf import turtletext
from bicentennial.intake import read

if TYPE_CHECKING:
    from collections.abc import Iterator

# A thing is whether it has a name, and things without one that are values of it.
Thing = tuple[bool, list[Any]]
_inner: st.SearchStrategy[list[Any]] = st.just([])
_nested = st.recursive(_inner, lambda inner: st.lists(inner, max_size=3), max_leaves=8)
things = st.lists(st.tuples(st.booleans(), _nested), min_size=1, max_size=6)


@pytest.mark.parametrize("sqlite", [True, False])
@pytest.mark.parametrize("name", ["a.ttl", "a.trig"])
def test_names_are_in_the_order_of_the_text(reads: Any, name: str, sqlite: bool) -> None:
    # The parser says what is within brackets before it says whose value that is.
    submission = reads(name, "@prefix e: <urn:e:> . [] e:p [ e:p 1 ] , ( 2 ) . e:a e:p _:c , [] .", sqlite=sqlite)
    assert sorted(each[:2] for each in submission.said(":p")) == [
        ("_:b0", "1"), ("_:b1", "_:b0"), ("_:b1", "_:b2"), ("a", "_:b3"), ("a", "_:c"),
    ]  # fmt: skip


@pytest.mark.parametrize("sqlite", [True, False])
def test_nodes_of_a_partner_keep_their_names(reads: Any, sqlite: bool) -> None:
    # As serializers write them whose nodes had none.
    label = "_:a28ca1220b8d16447d87393830e591d"
    submission = reads("a.ttl", f"{label} <urn:p> _:b0 . _:b1 <urn:p> [] . [] <urn:p> {label} .", sqlite=sqlite)
    assert sorted(each[:2] for each in submission.said(":p")) == sorted(
        [(label, "_:b0"), ("_:b1", "_:bb0"), ("_:bb1", label)]
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ttl", f"@prefix bic: <{BIC}> .\n[] a bic:Action .\n[] a bic:Action .\n"),
        ("a.trig", f"@prefix bic: <{BIC}> .\n<urn:g> {{ [] a bic:Action .\n[] a bic:Action . }}\n"),
        ("a.jsonld", f'[{{"@type": "{BIC.Action}"}},\n{{"@type": "{BIC.Action}"}},\n{{"@type": "{BIC.Action}"}}]'),
        ("a.rdf", f'<r:RDF xmlns:r="{RDF}">\n<Action xmlns="{BIC}"/>\n<Action xmlns="{BIC}"/>\n</r:RDF>'),
        ("a.nt", f"_:x <{RDF.type}> <{BIC.Action}> .\n_:y <{RDF.type}> <{BIC.Action}> .\n"),
    ],
)
def test_reports_are_the_same_each_time(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    reports = [bic.validate(path, isolated=False) for _ in range(2)]
    assert reports[0].to_json() == reports[1].to_json()
    lines = {finding.location.line for finding in reports[0] if finding.focus and finding.focus.startswith("_:")}
    assert len(lines) == len({finding.focus for finding in reports[0] if finding.focus})


@pytest.mark.parametrize("long", [False, True])
@settings(max_examples=60)
@given(things)
def test_each_value_is_found_on_its_line(long: bool, things: list[Thing]) -> None:
    lines, numbers = ["@prefix e: <urn:e:> ."], count()
    for is_named, values in things:
        lines.append(f"e:s{len(lines)}" if is_named else "[]")
        lines += [*_written(values, numbers), "."]
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        if long:
            patch.setattr(turtletext, "LONG", 0)
        path = Path(folder) / "a.ttl"
        path.write_text("\n".join(lines))
        submission = read(path, sqlite=True)
        with submission.dataset as dataset:
            rows = dataset.connection.execute("SELECT s, p, o FROM statements WHERE p = 'urn:e:p'").fetchall()
            found = {o: submission.origins.locate(s, p, o).line for s, p, o in rows}
    assert found == {line.split('"')[1]: number for number, line in enumerate(lines, start=1) if '"' in line}


def _written(values: list[Any], numbers: Iterator[int]) -> Iterator[str]:
    yield f'  e:p "{next(numbers)}" ;'
    for each in values:
        yield "  e:q ["
        yield from _written(each, numbers)
        yield "  ] ;"


def test_nodes_of_several_files_are_found_in_their_own() -> None:
    shapes = (
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n<urn:S> sh:targetSubjectsOf <urn:p> ; sh:property <urn:P> ."
        " <urn:P> sh:path <urn:p> ; sh:datatype <http://www.w3.org/2001/XMLSchema#string> ."
    )
    data = ["\n[] <urn:p> 1 .", "\n\n[] <urn:p> 2 .\n_:a <urn:p> 3 ."]
    found = bic.shacl(data, shapes, locate=True).results
    assert sorted((str(each.value), each.location.line) for each in found) == [("1", 2), ("2", 3), ("3", 4)]
