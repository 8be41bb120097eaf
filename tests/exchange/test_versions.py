"""A file of a draft of 0.1 in the terms of a version: what was replaced is, everything else stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bicentennial import api
from bicentennial.core.errors import UsageError
from bicentennial.core.namespaces import BIC, BICD, DCTERMS
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from pathlib import Path

DRAFT = """@prefix bic: <https://w3id.org/bicentennial/ontology#> .
@prefix bicd: <https://w3id.org/bicentennial/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:x-example:report> a bic:SourceDocument ;
    skos:prefLabel "bicd:document-standing-primary"@en ;
    bic:hasDocumentStanding bicd:document-standing-primary .
"""


def test_what_was_replaced_is_put_and_the_version_is_stated(tmp_path: Path) -> None:
    rdflib = pytest.importorskip("rdflib")
    old, new = tmp_path / "old.ttl", tmp_path / "new.ttl"
    old.write_text(DRAFT, encoding="utf-8")
    assert api.convert(old, new, to_version="0.1.0") == ()
    graph = rdflib.Graph().parse(new)
    standing = rdflib.URIRef(str(BIC.hasDocumentStanding))
    assert [str(each) for each in graph.objects(None, standing)] == [str(BICD["document-standing-official"])]
    stated = list(graph.objects(None, rdflib.URIRef(str(DCTERMS.conformsTo))))
    assert [str(each) for each in stated] == ["https://w3id.org/bicentennial/ontology/0.1.0"]
    assert '"bicd:document-standing-primary"@en' in new.read_text(encoding="utf-8")  # a text is no name
    again = tmp_path / "again.ttl"
    api.convert(new, again, to_version="0.1.0")
    assert set(rdflib.Graph().parse(again)) == set(graph)


def test_a_table_stays_what_it_says(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    api.convert("examples/submissions/good.csv", first)
    assert api.convert("examples/submissions/good.csv", second, to_version="0.1.0") == ()
    assert first.read_bytes() == second.read_bytes()


def test_a_version_is_stated_by_the_submission_that_a_table_speaks_of(tmp_path: Path) -> None:
    rdflib = pytest.importorskip("rdflib")
    api.convert("examples/submissions/good.csv", tmp_path / "a.ttl", to_version="0.1.0")
    [said] = rdflib.Graph().parse(tmp_path / "a.ttl").subjects(rdflib.URIRef(DCTERMS.conformsTo))
    assert {str(said)} == default_index().itself


def test_a_version_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no version 9\.9 .*: 0\.1\.0"):
        api.convert("examples/submissions/good.csv", tmp_path / "a.ttl", to_version="9.9")
    assert not (tmp_path / "a.ttl").exists()


def test_what_takes_the_place_is_there_and_what_was_replaced_is_gone() -> None:
    index = default_index()
    assert index.replaced
    for old, new in index.replaced.items():
        assert old not in index.individuals
        assert old not in index.properties
        assert new in index.individuals or new in index.properties or new in index.classes
