"""What is published as one file says what its parts say, and the drawings can be read by people and programs."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from bicentennial.api import convert, export, validate
from bicentennial.cli import main
from bicentennial.core.errors import UsageError
from bicentennial.core.resources import COMPILED, files, version
from bicentennial.exchange.publications.owl import labelled, measured
from bicentennial.exchange.publications.publication import WHAT
from bicentennial.exchange.publications.stratml import NAMESPACE
from bicentennial.knowledge.facade import load

if TYPE_CHECKING:
    from pathlib import Path

PARTS = {
    "ontology": ["terms/*.ttl", "vocabularies/*.ttl", "tables.ttl", "alignments/*.ttl"],
    "framework": ["framework/*.ttl", "dataset.ttl"],
}
FINISH = {"ontology": labelled, "framework": measured}
FORMATS = {".nt": ox.RdfFormat.N_TRIPLES, ".rdf": ox.RdfFormat.RDF_XML, ".ttl": ox.RdfFormat.TURTLE}


def canonical(triples: list[ox.Quad]) -> set[str]:
    dataset = ox.Dataset(triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def parts(what: str) -> list[ox.Quad]:
    paths = (
        [path for pattern in PARTS[what] for path in files("ontology", pattern)]
        if what in PARTS
        else files("shapes", "structural/*.ttl") + files("shapes", "rules/*.ttl")
    )
    return [
        quad for path in paths for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]


@pytest.mark.parametrize("what", ["ontology", "shapes", "framework"])
def test_one_file_says_what_the_parts_say(tmp_path: Path, what: str) -> None:
    wanted = canonical(FINISH.get(what, list)(parts(what)))
    assert len(wanted) > 1000
    for ending in (".ttl", ".nt", ".rdf", ".jsonld"):
        assert export(what, tmp_path / f"a{ending}") == ()
        if ending == ".jsonld":
            convert(tmp_path / "a.jsonld", tmp_path / "b.nt")
        read = tmp_path / ("b.nt" if ending == ".jsonld" else f"a{ending}")
        assert canonical(list(ox.parse(path=str(read), format=FORMATS[read.suffix]))) == wanted


def test_turtle_is_the_same_each_time_and_says_its_version(tmp_path: Path) -> None:
    export("shapes", tmp_path / "a.ttl")
    export("shapes", tmp_path / "b.ttl")
    text = (tmp_path / "a.ttl").read_text("utf-8")
    assert text == (tmp_path / "b.ttl").read_text("utf-8")
    assert text.startswith(f"# bicentennial {version()}: shapes\n@prefix ")


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx", "json"])
def test_actions_of_the_framework_as_a_table_conform(tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"a.{ending}"
    losses = export("framework", out, lang="es")
    assert {loss.code for loss in losses} <= {"no-column", "no-iri"}
    report = validate(out)
    assert (report.exit_code, report.counts["violation"]) == (0, 0)
    assert report.to_dict()["submission"]["actions"] == len(load().actions)


def test_actions_stand_in_the_order_in_which_people_count(tmp_path: Path) -> None:
    export("framework", tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["id"] for row in rows] == [action.identifier for action in load().actions]
    a6 = next(row for row in rows if row["id"] == "A6")
    assert (a6["goal"], a6["partner"]) == ("Prevent transborder crime", "United Nations Office on Drugs and Crime")
    assert a6["title_es"] == load().actions["A6"].pref_label["es"]


@pytest.mark.parametrize("name", ["context.jsonld", "schema.json", "index.json"])
def test_compiled_files_go_out_as_they_are(tmp_path: Path, name: str) -> None:
    export(name.partition(".")[0], tmp_path / name)
    assert (tmp_path / name).read_bytes() == (COMPILED / name).read_bytes()
    json.loads((tmp_path / name).read_text("utf-8"))


# The children that the schema of the standard allows each element, in its order; + at least once, * any number, ? once.
SCHEMA = {
    "StrategicPlan": "Name Description? OtherInformation? StrategicPlanCore AdministrativeInformation?",
    "StrategicPlanCore": "Organization* Vision? Mission? Value* Goal+",
    "Organization": "Name? Acronym? Identifier? Description? Stakeholder*",
    "Vision": "Description? Identifier?",
    "Mission": "Description? Identifier?",
    "Value": "Name? Description?",
    "Goal": "Name Description Identifier? SequenceIndicator? Stakeholder* OtherInformation? Objective*",
    "Objective": "Name? Description? Identifier? SequenceIndicator? Stakeholder* OtherInformation?",
    "Stakeholder": "Name Description?",
    "AdministrativeInformation": "StartDate? EndDate? PublicationDate? Source? Submitter?",
}


@pytest.mark.parametrize("lang", ["en", "es"])
def test_stratml_keeps_the_schema_of_the_standard(tmp_path: Path, lang: str) -> None:
    export("stratml", tmp_path / "a.xml", lang=lang)
    root = ET.parse(tmp_path / "a.xml").getroot()
    identifiers = []
    for element in root.iter():
        namespace, name = element.tag[1:].split("}")
        assert namespace == NAMESPACE
        children = "".join(child.tag.split("}")[1] + " " for child in element)
        assert re.fullmatch(re.sub(r"(\w+)([?*+]?) ?", r"(?:\1 )\2", SCHEMA.get(name, "")), children), (name, children)
        if name == "Identifier":
            identifiers.append(element.text or "")
        if name not in SCHEMA:
            assert (element.text or "").strip(), name
    assert len(identifiers) == len(set(identifiers))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", each) for each in identifiers)  # xsd:ID
    kinds = {element.get("StakeholderTypeType") for element in root.iter(f"{{{NAMESPACE}}}Stakeholder")}
    assert kinds <= {"Person", "Organization", "Generic_Group"}


def test_stratml_says_what_the_framework_says(tmp_path: Path) -> None:
    export("stratml", tmp_path / "a.xml", lang="es")
    core = ET.parse(tmp_path / "a.xml").getroot().find(f"{{{NAMESPACE}}}StrategicPlanCore")
    assert core is not None

    def names(element: ET.Element, tag: str) -> list[str | None]:
        return [each.findtext(f"{{{NAMESPACE}}}Name") for each in element.findall(f"{{{NAMESPACE}}}{tag}")]

    fw = load()
    assert names(core, "Organization") == ["Gobierno de México", "Gobierno de los Estados Unidos"]
    assert names(core, "Value") == [each.pref_label["es"] for each in fw.commitments]
    assert names(core, "Goal") == [each.pref_label["es"] for each in fw.goals]
    pillars = [name for goal in core.findall(f"{{{NAMESPACE}}}Goal") for name in names(goal, "Objective")]
    assert pillars == [each.pref_label["es"] for each in fw.pillars]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_diagram_shows_the_framework_and_can_be_read_aloud(tmp_path: Path, lang: str) -> None:
    export("diagram", tmp_path / "a.svg", lang=lang)
    text = (tmp_path / "a.svg").read_text("utf-8")
    root = ET.fromstring(text)
    svg = "{http://www.w3.org/2000/svg}"
    assert (root.get("role"), root.get("lang"), root.get("aria-labelledby")) == ("img", lang, "title description")
    fw = load()
    assert root.findtext(f"{svg}title") == fw.framework.pref_label[lang]
    description = root.findtext(f"{svg}desc") or ""
    shown = " ".join(each.text or "" for each in root.iter(f"{svg}text"))
    for thing in (*fw.goals, *fw.pillars, *fw.commitments):
        assert thing.pref_label[lang] in description
        assert thing.pref_label[lang] in shown
        assert thing.notation[0] in shown
    assert f"{len(fw.objectives)} " in shown
    assert not re.search(r"<script|<style|href|@import|url\(", text)
    export("diagram", tmp_path / "b.svg", lang=lang)
    assert (tmp_path / "b.svg").read_text("utf-8") == text


@pytest.mark.parametrize("lang", ["en", "es"])
def test_no_text_leaves_its_box(tmp_path: Path, lang: str) -> None:
    """By widths a tenth more than those that lines were broken with: programs differ in their letters."""
    from bicentennial.exchange.publications.diagram import _wide

    export("diagram", tmp_path / "a.svg", lang=lang)
    svg = "{http://www.w3.org/2000/svg}"
    root = ET.parse(tmp_path / "a.svg").getroot()
    boxes = [tuple(float(each.get(k, 0)) for k in ("x", "y", "width", "height")) for each in root.iter(f"{svg}rect")]
    for each in root.iter(f"{svg}text"):
        x, y, size = (float(each.get(key, 0)) for key in ("x", "y", "font-size"))
        within = [box for box in boxes if box[0] <= x < box[0] + box[2] and box[1] < y < box[1] + box[3]]
        smallest = min(within, key=lambda box: box[2] * box[3])
        end = x + 1.1 * _wide(each.text or "", size, bold=each.get("font-weight") == "700")
        assert end < smallest[0] + smallest[2], each.text


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "framework", str(tmp_path / "a.csv")]) == 0
    assert "not carried over: skos:scopeNote: no column for it" in capsys.readouterr().err
    assert main(["export", "nothing", str(tmp_path / "a.ttl"), "--lang", "es"]) == 2
    assert "no hay «nothing» que exportar" in capsys.readouterr().err
    for what, endings in WHAT.items():
        with pytest.raises(UsageError, match=re.escape(" ".join(endings))):
            export(what, tmp_path / "a.png")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv"]
