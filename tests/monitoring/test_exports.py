"""What a registry gives away: DCAT as portals want it, graphs that say what SQL says, and files for other programs."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pyoxigraph
import pytest
import rdflib
from rdflib.namespace import RDF

import bicentennial as bic
from bicentennial.cli import main
from bicentennial.core.errors import UsageError
from bicentennial.core.namespaces import DCTERMS
from bicentennial.monitoring.exports.stratml import NAMESPACE
from bicentennial.monitoring.integrity.verifying import proves
from bicentennial.monitoring.registry import Registry, open_registry
from bicentennial.monitoring.workflow.parties import dataset_number
from bicentennial.monitoring.workflow.receiving import Handed, receive

from .conftest import GOOD, Table
from .test_example import SCRIPT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHAPES = sorted((SCRIPT.parents[2] / "tests" / "monitoring" / "dcat_ap").glob("*.ttl"))


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """Yield the registry of the example year."""
    import runpy

    url = str(tmp_path_factory.mktemp("year") / "r.sqlite")
    runpy.run_path(str(SCRIPT))["play"](url)
    with open_registry(url) as registry:
        registry.set_base("https://example.org/registry")
        yield registry


@pytest.mark.parametrize("engine", ["auto", "pyshacl"])
def test_the_catalogue_conforms_to_dcat_ap(year: Registry, tmp_path: Path, engine: str) -> None:
    year.export("dcat", tmp_path / "catalogue.nt")
    shapes = []
    for each in SHAPES:
        # As published they say `sh:shape`, which is no term of SHACL; what is meant is `sh:node`.
        shapes.append(tmp_path / each.name)
        shapes[-1].write_text(each.read_text(encoding="utf-8").replace("sh:shape ", "sh:node "), encoding="utf-8")
    report = bic.shacl([tmp_path / "catalogue.nt"], shapes, engine=engine)
    assert report.conforms, report
    # Those that are published beside the specification ask for the class of the algorithm, too.
    graph = rdflib.Graph().parse(tmp_path / "catalogue.nt")
    algorithms = set(graph.objects(None, rdflib.URIRef("http://spdx.org/rdf/terms#algorithm")))
    assert algorithms
    assert algorithms == set(graph.subjects(RDF.type, rdflib.URIRef("http://spdx.org/rdf/terms#ChecksumAlgorithm")))
    # The same shapes notice what is missing.
    lines = (tmp_path / "catalogue.nt").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "less.nt").write_text("".join(line for line in lines if "/description>" not in line), encoding="utf-8")
    assert not bic.shacl([tmp_path / "less.nt"], shapes, engine=engine).conforms


def test_sparql_over_all_versions_counts_what_sql_counts(year: Registry) -> None:
    of_status = year.query(
        "SELECT ?g ?status (COUNT(DISTINCT ?a) AS ?n) { GRAPH ?g { ?a a bic:Action ; bic:hasStatus ?status } }"
        " GROUP BY ?g ?status",
        versions="all",
    )
    base = f"{year.base}/"
    asked = {(row.g.removeprefix(base), f"bicd:{row.status.rpartition('/')[2]}"): int(row.n) for row in of_status}
    rows = year.database.all(
        "SELECT d.submitter || '/' || d.name || '/' || s.number, a.status, count(*) FROM member m"
        " JOIN action a ON a.record = m.record JOIN submission s ON s.id = m.submission"
        " JOIN dataset d ON d.id = s.dataset WHERE a.status IS NOT NULL GROUP BY 1, 2"
    )
    told = {(name, status): number for name, status, number in rows}
    assert {key: number for key, number in asked.items() if key[0].count("/") == 2} == told
    counted: Counter[str] = Counter()
    for (name, status), number in asked.items():
        counted[status] += number if name.count("/") == 1 else 0
    assert {row.id: row.actions for row in year.progress(by="status")} == {k: n for k, n in counted.items() if n}


def test_trig_says_what_nquads_say(year: Registry, tmp_path: Path) -> None:
    year.export("trig", tmp_path / "a.trig")
    year.export("nquads", tmp_path / "a.nq")
    several = [
        set(pyoxigraph.parse(path=str(tmp_path / name), format=kind))
        for name, kind in (("a.trig", pyoxigraph.RdfFormat.TRIG), ("a.nq", pyoxigraph.RdfFormat.N_QUADS))
    ]
    assert several[0] == several[1]


def test_the_archive_proves_itself_and_is_the_same_each_time(year: Registry, tmp_path: Path) -> None:
    year.export("zip", tmp_path / "a.zip")
    year.export("zip", tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        for each in year.submissions():
            receipt = json.loads(archive.read(f"submissions/{each.name}/receipt.json"))
            assert proves(receipt, archive.read(f"submissions/{each.name}/file/{each.file}"))
            assert "findings" in json.loads(archive.read(f"submissions/{each.name}/report.json"))
        quads = archive.read("registry.nq")
    with open_registry(tmp_path / "copy.sqlite", create=True) as copy:
        assert copy.import_quads(quads) == len(year.submissions())
        assert [each.root for each in copy.submissions()] == [each.root for each in year.submissions()]
        assert [each.state for each in copy.submissions()] == [each.state for each in year.submissions()]
        assert copy.verify() == []


def test_the_archive_can_be_unpacked_on_windows(tmp_path: Path) -> None:
    with open_registry(tmp_path / "r.sqlite", create=True) as registry:
        for month, name in enumerate(('Avance: "T1" <final?>.csv', "avance ..."), start=1):
            registry.submit(GOOD.read_bytes(), name=name, submitter="UNODC", dataset="ccp", issued=f"2024-0{month}")
        assert registry.submission(1).file == 'Avance: "T1" <final?>.csv', "it is kept as it was called"
        registry.export("zip", tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        files = [each.rpartition("/")[2] for each in archive.namelist() if "/file/" in each]
    assert files == ["Avance_ _T1_ _final__.csv", "avance_"]


def test_an_export_carries_how_datasets_are_kept_and_what_was_redacted(tmp_path: Path, table: Table) -> None:
    with open_registry(tmp_path / "r.sqlite", create=True) as registry:
        registry.add_party("ngo", name="Una ONG", kind="civil")
        registry.set_dataset(
            "ngo/a", approval=True, partial=True, cadence="quarter", title="Lo que hacemos", embargo="2031"
        )
        registry.set_dataset("ngo/b", title="ngo: b", cadence="year")
        registry.submit(table(), name="1.csv", submitter="UNODC", dataset="ccp", issued="2024-03-31")
        registry.submit(
            table({"A-001": {"due_date": "2030-01-01"}}),
            name="2.csv",
            submitter="UNODC",
            dataset="ccp",
            issued="2024-06-30",
        )
        registry.redact("UNODC/ccp/1", reason='it held "a name"')
        registry.export("nquads", tmp_path / "a.nq")
        settings = "SELECT submitter, name, approval, partial, cadence, title, embargo FROM dataset ORDER BY 1, 2"
        parties = "SELECT id, name, kind, iri FROM submitter ORDER BY id"
        kept, known = registry.database.all(settings), registry.database.all(parties)
        received = [each.received_at for each in registry.submissions()]
    with open_registry(tmp_path / "copy.sqlite", create=True) as copy:
        copy.import_quads((tmp_path / "a.nq").read_bytes())
        assert copy.database.all(settings) == kept
        assert copy.database.all(parties) == known
        with pytest.raises(UsageError, match=r'redacted on .*: it held "a name"'):
            copy.file("UNODC/ccp/1")
        assert copy.verify() == []
        assert [each.kind for each in copy.changes()] == []
        assert [each.received_at for each in copy.submissions()] == received
        receipt = copy.receipt("UNODC/ccp/2")
        assert receipt["received_at"] == receipt["events"][0]["at"] > max(received), "which is all that is proved here"
        copy.export("nquads", tmp_path / "b.nq")
        with open_registry(tmp_path / "third.sqlite", create=True) as third:
            third.import_quads((tmp_path / "b.nq").read_bytes())
            assert third.database.all(settings) == kept
            assert [each.received_at for each in third.submissions()] == received


def test_of_statements_that_do_not_give_their_root_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_registry(tmp_path / "r.sqlite", create=True) as registry:
        for issued in ("2024-03", "2024-06"):
            registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued=issued)
        registry.export("nquads", tmp_path / "a.nq")
        root = registry.submission(2).root
    lines = (tmp_path / "a.nq").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "#budgetAmount>" not in line or "/ccp/2>" not in line]
    assert len(kept) < len(lines)
    for name, quads, said in (
        ("same", lines, []),
        ("less", kept, [f"UNODC/ccp/2: the statements of the export {root}"]),
    ):
        (tmp_path / f"{name}.nq").write_text("".join(quads), encoding="utf-8")
        monkeypatch.setenv("BICENTENNIAL_REGISTRY", str(tmp_path / f"{name}.sqlite"))
        assert main(["registry", "init"]) == main(["registry", "import", str(tmp_path / f"{name}.nq")]) == 0
        found = [line.removeprefix("bicentennial: ") for line in capsys.readouterr().err.splitlines()]
        assert [f"{line.partition(' do not')[0]} {line.partition('says, ')[2][:64]}" for line in found] == said
        with open_registry(tmp_path / f"{name}.sqlite") as copy:
            assert copy.verify() == []


@pytest.mark.parametrize(
    ("written", "changed", "why"),
    [
        ("ccp/2>", "ccp/two>", "no N-Quads"),
        ("ccp/2>", "ccp/2/3>", "no N-Quads"),
        ("/state/accepted>", "/state/approved>", "no N-Quads"),
        ('"2024-06"', '"June"', "is no date"),
    ],
)
def test_of_an_export_that_was_changed_nothing_is_brought_in(
    url: str, tmp_path: Path, written: str, changed: str, why: str
) -> None:
    with open_registry(tmp_path / "r.sqlite", create=True) as registry:
        for issued in ("2024-03", "2024-06"):
            registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued=issued)
        registry.export("nquads", tmp_path / "a.nq")
    quads = (tmp_path / "a.nq").read_text(encoding="utf-8")
    with open_registry(url, create=True) as copy:
        with pytest.raises(UsageError, match=why):
            copy.import_quads(quads.replace(written, changed).encode())
        assert (copy.submissions(), copy.log()) == ([], [])
        assert copy.import_quads(quads.encode()) == 2


@pytest.mark.parametrize("said", ["9999-01-01T00:00:00Z", "soon", "0001-01-01T00:00:00+14:00"])
def test_a_moment_that_cannot_be_is_not_taken_over(tmp_path: Path, said: str) -> None:
    with open_registry(tmp_path / "r.sqlite", create=True) as registry:
        registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024")
        registry.export("nquads", tmp_path / "a.nq")
        at = registry.submission(1).received_at
    with open_registry(tmp_path / "copy.sqlite", create=True) as copy:
        copy.import_quads((tmp_path / "a.nq").read_text(encoding="utf-8").replace(at, said).encode())
        assert copy.submission(1).received_at[:4] == copy.log(1)[0].at[:4]
        assert copy.verify() == []


def test_what_was_not_checked_yet_is_returned_where_it_is_imported(tmp_path: Path) -> None:
    with open_registry(tmp_path / "r.sqlite", create=True) as registry:
        with registry.database.transaction():
            dataset = dataset_number(registry.database, "UNODC", "ccp")
            handed = Handed(data=b"id", name="a.csv", dataset=dataset, issued="2024", sent_by="UNODC")
            receive(registry.database, handed)
        registry.export("nquads", tmp_path / "a.nq")
    with open_registry(tmp_path / "copy.sqlite", create=True) as copy:
        assert copy.import_quads((tmp_path / "a.nq").read_bytes()) == 1
        assert [each.state for each in copy.submissions()] == ["returned"]
        assert any("hand it in again" in event.reason for event in copy.log())
        assert (copy.work(), copy.verify()) == ([], [])


def test_iati_reads_back_as_what_was_current(tmp_path: Path, table: Table) -> None:
    with open_registry(tmp_path / "r.sqlite", create=True) as registry:
        registry.submit(GOOD.with_name("good.json"), submitter="UNODC", dataset="ccp", issued="2024-06-30")
        lost = registry.export("iati", tmp_path / "a.xml", lang="es")
        assert "unidad: 1" in lost
        registry.submit(tmp_path / "a.xml", submitter="UNODC", dataset="again", issued="2024-06-30")
        for question in ("goal", "agency", "status"):
            rows = registry.progress(by=question)
            assert {row.id: row.actions % 2 for row in rows} == {row.id: 0 for row in rows}
            assert rows
        one, other = (
            {(each.latest, each.target, each.baseline) for each in registry.indicators() if name in each.subject}
            for name in ("/ccp/", "/again/")
        )
        assert (len(one), other < one) == (2, True)
        assert "indicadores que no miden ninguna acción del mismo conjunto: 1" in lost
        due = Counter((each.subject.rpartition("A-")[2], each.due) for each in registry.deadlines())
        assert set(due.values()) <= {1, 2}


def test_stratml_has_each_action_under_its_goals_with_what_was_measured(year: Registry, tmp_path: Path) -> None:
    year.export("stratml", tmp_path / "a.xml")
    root = ET.parse(tmp_path / "a.xml").getroot()
    name = f"{{{NAMESPACE}}}"
    assert root.tag == f"{name}PerformancePlanOrReport"
    counted = {
        goal.findtext(f"{name}Identifier"): sum(
            (each.findtext(f"{name}Identifier") or "").startswith("_") for each in goal.iter(f"{name}Objective")
        )
        for goal in root.iter(f"{name}Goal")
    }
    assert {f"bicd:{goal}": number for goal, number in counted.items() if number} == {
        row.id: row.actions for row in year.progress(by="goal")
    }
    values = [each.findtext(f"{name}NumberOfUnits") for each in root.iter(f"{name}ActualResult")]
    assert values == ["3", "5"]
    identifiers = [each.text for each in root.iter(f"{name}Identifier")]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("what", ["iati", "stratml"])
def test_no_character_of_a_partner_makes_an_export_ill_formed(tmp_path: Path, table: Table, what: str) -> None:
    with open_registry(tmp_path / "registry.sqlite", create=True) as registry:
        data = table({"A-001": {"title": "one\x0btwo\x07"}})
        done = registry.submit(data, name="a.csv", submitter="UNODC", dataset="a", issued="2024-03")
        assert done.submission is not None
        assert done.submission.state == "accepted"
        registry.export(what, tmp_path / "export.xml")
    assert "one\ufffdtwo\ufffd" in [each.text for each in ET.parse(tmp_path / "export.xml").iter()]


@pytest.mark.parametrize("address", ["http://[", "http://a:b/", "https://example.org/%zz", "https://example.org/a[b"])
def test_what_only_looks_like_an_address_is_a_text_in_graphs(registry: Registry, tmp_path: Path, address: str) -> None:
    head, rest = "id,title,goal,responsible_party,source\n", "A-2,Teach,G1,DEA,https://example.org/\n"
    table = f"{head}A-1,Train,G1,DEA,{address}\n{rest}"
    registry.submit(table.encode(), name="a.csv", submitter="UNODC", dataset="d", issued="2024-03-31")
    for what, kind in (("nquads", pyoxigraph.RdfFormat.N_QUADS), ("trig", pyoxigraph.RdfFormat.TRIG)):
        registry.export(what, tmp_path / "graphs")
        quads = pyoxigraph.parse(path=str(tmp_path / "graphs"), format=kind)
        said = {str(each.object) for each in quads if each.predicate.value == DCTERMS.source}
        assert said == {f'"{address}"', "<https://example.org/>"}
    found = registry.query("SELECT ?source { GRAPH ?graph { ?action dcterms:source ?source } }")
    assert {row.source for row in found} == {address, "https://example.org/"}


ODD = """
@prefix bic: <https://w3id.org/bicentennial/ontology#> .
@prefix bicd: <https://w3id.org/bicentennial/id/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<urn:x-bicentennial:action:A-1> a bic:Action ; dcterms:identifier "A-1" ; skos:prefLabel "Talk \\u0007 \\u202E"@en ;
    bic:advancesGoal bicd:goal-protect-our-people ; bic:startDate "2023-01-01"^^xsd:date ;
    bic:dueDate "2024-12-31"^^xsd:date ; bic:budgetAmount "diez millones" ; bic:budgetCurrency "USD" ;
    dcterms:source <https://example.org/a> , "https://example.org/a b" .
<urn:x-bicentennial:action:A%2F1> a bic:Action ; dcterms:identifier "A/1" ; skos:prefLabel "Two"@en ;
    bic:advancesGoal bicd:goal-protect-our-people ; bic:startDate "2023-01-01"^^xsd:date ;
    bic:dueDate "2024-12-31"^^xsd:date ; bic:budgetAmount 10 , 20 ; bic:budgetCurrency "USD" , "MXN" .
<urn:x-bicentennial:action:Acci%C3%B3n> a bic:Action ; dcterms:identifier "Acción" ; skos:prefLabel "Three"@en ;
    bic:advancesGoal bicd:goal-protect-our-people ; bic:startDate "2023-01-01"^^xsd:date ;
    bic:dueDate "2024-12-31"^^xsd:date ; bic:budgetAmount 30 ; bic:budgetCurrency "pesos" .
<urn:x-bicentennial:indicator:A-1> a bic:Indicator ; dcterms:identifier "A-1" ; skos:prefLabel "Talks"@en ;
    bic:measures <urn:x-bicentennial:action:A-1> , <urn:x-bicentennial:action:A%2F1> ;
    bic:targetValue "many" ; bic:dueDate "2024-12-31"^^xsd:date .
<urn:x-bicentennial:measurement:M> a bic:Measurement ; bic:observes <urn:x-bicentennial:indicator:A-1> ;
    bic:numericValue 3 ; dcterms:date "2024-03-31"^^xsd:date .
"""


@pytest.fixture
def odd(tmp_path: Path) -> Iterator[Registry]:
    """Yield a registry in which a reviewer has accepted what does not conform."""
    with open_registry(tmp_path / "r.sqlite", create=True) as registry:
        registry.submit(ODD.encode(), name="a.ttl", submitter="UNODC", dataset="ccp", issued="2024-06-30")
        registry.accept("UNODC/ccp/1", reason="as it is")
        yield registry


def test_iati_says_of_odd_records_what_it_can_and_names_the_rest(odd: Registry, tmp_path: Path) -> None:
    lost = odd.export("iati", tmp_path / "a.xml")
    assert {"budget amount: 3", "budget currency: 1", "target value: 2", "source: 1"} <= set(lost)
    assert "\u202e" not in (tmp_path / "a.xml").read_text(encoding="utf-8")
    activities = ET.parse(tmp_path / "a.xml").getroot().findall("iati-activity")
    assert [each.findtext("iati-identifier") for each in activities] == [
        "UNODC-ccp-A%2F1", "UNODC-ccp-A-1", "UNODC-ccp-Acción",
    ]  # fmt: skip
    assert [each.findtext("title/narrative") for each in activities] == ["Two", "Talk \ufffd \u202e", "Three"]
    budgets = [(value.text, value.get("currency")) for each in activities for value in each.iterfind("budget/value")]
    assert budgets == [("30", None)]
    assert [link.get("url") for each in activities for link in each.iterfind("document-link")] == [
        "https://example.org/a"
    ]
    assert [value.get("value") for each in activities for value in each.iter("actual")] == ["3", "3"]


def test_stratml_of_odd_records_is_well_formed_and_names_each_thing_once(odd: Registry, tmp_path: Path) -> None:
    odd.export("stratml", tmp_path / "a.xml")
    name = f"{{{NAMESPACE}}}"
    root = ET.parse(tmp_path / "a.xml").getroot()
    identifiers = [each.text or "" for each in root.iter(f"{name}Identifier")]
    assert len(identifiers) == len(set(identifiers))
    assert sum(each.startswith("__") for each in identifiers) == 5
    assert "Talk \ufffd \u202e" in [each.text for each in root.iter(f"{name}Name")]
