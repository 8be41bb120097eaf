"""Threats that are no file: addresses for paths, shapes of others, prefixes and imports in graphs."""

from __future__ import annotations

import contextlib
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.security.cases import ADDED, CONTEXT, LITERALS, WITH
from tests.security.conftest import ACTION, FAILING, GOOD, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

    from bicentennial.report import Report


def test_the_file_that_is_added_to_is_good_but_for_its_goal(judge: Callable[..., Report]) -> None:
    assert judge("a.ttl", GOOD).exit_code == 0
    assert judge("b.ttl", FAILING).by_code == {"Action-advancesGoal.unknown": 1}


def test_all_that_is_added_at_once_does_not_make_bad_data_pass(judge: Callable[..., Report]) -> None:
    report = judge("a.ttl", FAILING + "\n".join(list(ADDED.values())[::-1]))
    assert report.exit_code == 1
    assert report.by_code["Action-advancesGoal.unknown"] == 1


def test_literals_keep_their_form_for_the_other_engine(judge: Callable[..., Report]) -> None:
    said = "".join(
        f"{ACTION.replace('ex:a ', f'ex:a{n} ').replace('A-1', f'A-{n}')[:-3]} ; {name} {value} .\n"
        for n, (name, value, _) in enumerate(LITERALS.values())
    )
    compiled, reference = (judge("a.ttl", PREFIXES + said, engine=engine) for engine in ("compiled", "pyshacl"))
    assert reference.by_code == compiled.by_code
    assert compiled.by_code["Action-budgetAmount.datatype"] == 7
    assert compiled.by_code["Action-startDate.datatype"] == 2


def test_a_literal_is_reported_as_it_was_written(judge: Callable[..., Report]) -> None:
    import pyoxigraph as ox

    said = (
        'bic:budgetAmount "maybe"^^xsd:boolean ; bic:advancesGoal "urn:a-goal" , "meta"@es ; bic:advancesGoal ex:goal .'
    )
    report = judge("a.ttl", f"{PREFIXES}{WITH}{said}")
    graph = ox.parse(report.to_turtle().encode(), format=ox.RdfFormat.TURTLE)
    values = {str(each.object) for each in graph if each.predicate.value.endswith("shacl#value")}
    assert values >= {
        '"maybe"^^<http://www.w3.org/2001/XMLSchema#boolean>',
        '"urn:a-goal"',
        '"meta"@es',
        "<http://example.org/goal>",
    }
    assert "datatype" not in report.to_dict()["findings"][0]


@pytest.mark.parametrize(
    "name", ["http://127.0.0.1:9/a.ttl", "file:///etc/passwd", "data:text/plain,x", "ftp://x/a.csv"]
)
def test_a_path_is_a_path(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    from bicentennial import InputNotFoundError, query, validate
    from bicentennial.cli import main

    assert list(validate(name, isolated=False).by_code) == ["input-not-found"]
    assert main(["validate", name]) == 3
    assert main(["query", "ASK { }", "--data", name]) == 3
    with pytest.raises(InputNotFoundError):
        query("ASK { }", data=name)
    capsys.readouterr()


@pytest.mark.skipif(not Path("/proc/self/mem").is_file(), reason="not on this system")
def test_a_file_that_may_not_be_read_is_a_sentence_on_every_way_in(tmp_path: Path) -> None:
    from bicentennial import InputNotFoundError, query, validate
    from bicentennial.api import convert
    from bicentennial.intake.proposal import propose

    # Whoever tests as root may read any file; this one gives nobody anything.
    name = "/proc/self/mem"
    assert list(validate(name, isolated=False).by_code) == ["input-not-found"]
    with pytest.raises(InputNotFoundError):
        convert(name, tmp_path / "a.nt", isolated=False)
    with pytest.raises(InputNotFoundError):
        query("ASK { }", data=name, isolated=False)
    with pytest.raises(InputNotFoundError):
        propose(name, "en")


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    from bicentennial import query

    for name in ("a", "b"):
        (tmp_path / f"{name}.ttl").write_text(f'_:x <urn:name> "{name}" .', "utf-8")
    result = query(
        "SELECT ?x { GRAPH ?g { ?x <urn:name> ?n } GRAPH ?h { ?x <urn:name> ?m } FILTER(?g != ?h) }",
        data=[tmp_path / "a.ttl", tmp_path / "b.ttl"],
        isolated=False,
    )
    assert len(result) == 0


def test_shapes_of_others_run_beside_ours_and_switch_nothing_off(tmp_path: Path, judge: Callable[..., Report]) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        PREFIXES
        + "bicsh:Action sh:deactivated true . bicsh:Action-advancesGoal sh:deactivated true ; sh:path bic:none . "
        "bicsh:None a sh:NodeShape ; sh:targetClass bic:None .",
        "utf-8",
    )
    for engine in ("compiled", "pyshacl"):
        assert judge("a.ttl", FAILING, shapes=shapes, engine=engine).by_code == {"Action-advancesGoal.unknown": 1}


@pytest.mark.parametrize("argument", ["shapes", "mapping"])
def test_what_goes_with_a_submission_is_no_pipe_or_device(
    tmp_path: Path, judge: Callable[..., Report], argument: str
) -> None:
    from bicentennial import UsageError

    pipe = tmp_path / "pipe.ttl"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), tmp_path):
        with pytest.raises(UsageError, match=re.escape(path.name)):
            judge("a.ttl", GOOD, **{argument: path})


def test_shapes_without_a_name_are_called_the_same_whenever_they_are_read(
    tmp_path: Path, judge: Callable[..., Report]
) -> None:
    shapes = tmp_path / "shapes.ttl"
    paths = "[ sh:path skos:prefLabel ; sh:maxCount 0 ] , [ sh:path dcterms:identifier ; sh:maxCount 0 ]"
    shapes.write_text(f"{PREFIXES} <urn:S> sh:targetClass bic:Action ; sh:property {paths} .", "utf-8")
    reports = [judge("a.ttl", GOOD, shapes=shapes, engine=engine) for engine in ("compiled", "compiled", "pyshacl")]
    assert len([code for code in reports[0].by_code if code.startswith("_:")]) == 2
    assert reports[0].by_code == reports[1].by_code == reports[2].by_code


@pytest.mark.parametrize("context", [CONTEXT, "file:///etc/passwd"])
def test_shapes_fetch_nothing(tmp_path: Path, judge: Callable[..., Report], context: str) -> None:
    from bicentennial import UsageError

    shapes = tmp_path / "shapes.jsonld"
    shapes.write_text(json.dumps({"@context": context, "@id": "urn:S"}), "utf-8")
    with pytest.raises(UsageError, match="Nothing is fetched"):
        judge("a.ttl", GOOD, shapes=shapes)


def test_plain_shacl_follows_no_import_and_no_prefix(tmp_path: Path) -> None:
    import rdflib

    from tests.shacl_results import shacl

    data = rdflib.Graph().parse(data=f"{FAILING}<urn:o> a owl:Ontology ; owl:imports <http://127.0.0.1:9/> .")
    data.bind("bic", "http://example.org/mine#", override=True, replace=True)
    shapes = rdflib.Graph().parse(
        data=f"{PREFIXES}ex:S sh:targetClass bic:Action ; sh:sparql [ sh:prefixes ex:P ; sh:select 'SELECT $this {{ $this a bic:Action }}' ] ."
        'ex:P sh:declare [ sh:prefix "bic" ; sh:namespace "https://w3id.org/bicentennial/ontology#"^^xsd:anyURI ] .'
    )
    for engine in ("compiled", "pyshacl"):
        with contextlib.suppress(NotImplementedError):
            assert [str(each.focus) for each in shacl(data, shapes, engine=cast("Any", engine))] == [
                "<http://example.org/a>"
            ]


@pytest.mark.parametrize("engine", ["auto", "compiled", "pyshacl"])
def test_recursive_shapes_are_refused_for_they_fail_open(engine: str) -> None:
    import rdflib

    from bicentennial import BicentennialError
    from tests.shacl_results import shacl

    shapes = rdflib.Graph().parse(
        data=f"{PREFIXES}ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:node ex:S ] , [ sh:path ex:bad ; sh:maxCount 0 ] ."
    )
    data: Any = rdflib.Graph().parse(
        data=f"{PREFIXES}ex:a ex:p ex:b . ex:b ex:p ex:c . ex:c ex:p ex:d . ex:d ex:bad 1 ."
    )
    with pytest.raises(BicentennialError, match="recursive"):
        shacl(data, shapes, engine=cast("Any", engine))
