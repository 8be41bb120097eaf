"""Every shape has a file that breaks it and one that keeps it; the file's name is the expectation."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest

from bicentennial.core.namespaces import BICSH, DCTERMS, RDF, SH, SKOS
from bicentennial.core.resources import files
from bicentennial.intake.submission import Submission
from bicentennial.storage.duckdb.dataset import DuckDBDataset
from bicentennial.storage.origins import Origins
from bicentennial.validation.codes import code as code_of
from bicentennial.validation.run import Run
from bicentennial.validation.submission import findings_of, structural_shapes

HERE = Path(__file__).parent
SUBJECT = "subject"
VALID = sorted((HERE / "valid").glob("*.ttl"))
INVALID = sorted((HERE / "invalid").glob("*.ttl"))
# pySHACL takes longer for each file the more there are of them: in parts.
PARTS = [frozenset([*VALID, *INVALID][part::16]) for part in range(16)]
UNFILLED = re.compile(r"[{}]")
# Parameters of constraint components by which a shape demands something; the codes of its findings follow from them.
COMPONENTS = {
    "minCount": "MinCount", "maxCount": "MaxCount", "class": "Class", "in": "In", "datatype": "Datatype", "or": "Or",
    "pattern": "Pattern", "minInclusive": "MinInclusive", "minLength": "MinLength", "uniqueLang": "UniqueLang",
}  # fmt: skip


def expectation(path: Path) -> str:
    """Return the code in a file's name, which may end in a note: `Action-prefLabel.empty.es`."""
    return ".".join(path.stem.split(".")[:2])


@cache
def shapes() -> dict[str, dict[str, set[str]]]:
    """Return what is said of each named property or rule shape: predicates and their objects by local name."""
    found: dict[str, dict[str, set[str]]] = {}
    for path in [*files("shapes", "structural/*.ttl"), *files("shapes", "rules/*.ttl")]:
        triples = list(pyoxigraph.parse(path=str(path)))
        inner = {
            (triple.subject, str(triple.predicate.value)): str(triple.object)
            for triple in triples
            if isinstance(triple.subject, pyoxigraph.BlankNode)
        }
        for triple in triples:
            subject = triple.subject
            if not isinstance(subject, pyoxigraph.NamedNode) or not subject.value.startswith(str(BICSH)):
                continue
            said = found.setdefault(subject.value.removeprefix(str(BICSH)), {})
            name = triple.predicate.value.removeprefix(str(SH))
            values = said.setdefault(name, set())
            values.add(str(triple.object))
            if name == "or" and inner.get((triple.object, RDF.first), "").startswith("_:"):
                option = pyoxigraph.BlankNode(inner[triple.object, RDF.first][2:])
                values |= {predicate.removeprefix(str(SH)) for (node, predicate) in inner if node == option}
    return {name: said for name, said in found.items() if name and ("path" in said or is_rule(name))}


def is_rule(name: str) -> bool:
    return BICSH[name] not in structural_shapes()


def codes_of(name: str) -> set[str]:
    """Return the codes that findings of a shape may have."""
    if is_rule(name):
        return {name}
    said = shapes()[name]
    return {
        code_of(name, "Class" if parameter == "or" and "class" in said["or"] else component, is_rule=False)
        for parameter, component in COMPONENTS.items()
        if parameter in said
    }


def groups() -> list[list[Path]]:
    """Return the files that may be read as one: what states its date says something about all that stands with it."""
    dated: dict[tuple[bool, Path | None], list[Path]] = defaultdict(list)
    for path in [*VALID, *INVALID]:
        text = path.read_text(encoding="utf-8")
        states_date = "bic:Submission" in text
        alone = states_date and any(f" a bic:{each} " in text for each in ("Action", "Measurement", "Milestone"))
        dated[states_date, path if alone else None].append(path)
    return [*dated.values()]


def together(paths: list[Path]) -> DuckDBDataset:
    """Return what some files say, the things of each and their names made unlike those of all others.

    So one run checks many files, and none makes another's identifiers ambiguous.
    """
    dataset = DuckDBDataset()
    texts = (
        path.read_text(encoding="utf-8").replace("urn:x-example:", f"urn:x-example:{path.parent.name}:{path.stem}:")
        for path in paths
    )
    dataset.load_quads(quad for text in texts for quad in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE))
    dataset.connection.execute(
        "UPDATE statements SET o = concat_ws(' ', o, split_part(s, ':', 3), split_part(s, ':', 4))"
        " WHERE (p = ? AND split_part(s, ':', 3) || split_part(s, ':', 4) <> ? OR p = ? AND split_part(s, ':', 4) <> ?)"
        " AND o <> ''",
        [
            DCTERMS.identifier,
            "invalidAction-identifierTellsItApart",
            SKOS.prefLabel,
            "Action-titleSaysWhatIsDone",
        ],  # of which the identifier and the title are what is wrong
    )
    return dataset


@cache
def everything_found(engine: str, part: int | None = None) -> dict[tuple[str, str], set[tuple[str, str, str]]]:
    """Return severity, shape with the kind of the fault, and focus of all findings, by folder and file.

    Of a part, the findings in its files alone.
    """
    found: dict[tuple[str, str], set[tuple[str, str, str]]] = defaultdict(set)
    run = Run(engine)
    assert run.engine == engine
    findings = []
    kept = ([path for path in paths if part is None or path in PARTS[part]] for paths in groups())
    for paths in filter(None, kept):
        with together(paths) as dataset:
            submission = Submission("examples", "turtle", dataset, [], Origins("examples"))
            findings += findings_of(submission, run(dataset), run.templates)[0]
    for finding in findings:
        assert set(finding.message) == {"en", "es"}
        assert not UNFILLED.search(finding.message["en"] + finding.message["es"]), finding.message
        _, _, folder, stem, focus = (finding.focus or "").split(":")
        # The code of what several classes share names the class; the file is named after the shape.
        kind = finding.code.partition(".")[1:]
        found[folder, stem].add((finding.severity, f"{finding.shape}{''.join(kind)}", focus))
    return found


def found_in(path: Path) -> set[tuple[str, str, str]]:
    return everything_found("compiled").get((path.parent.name, path.stem), set())


def test_there_are_shapes_and_examples() -> None:
    assert len(shapes()) > 150
    assert len(VALID) > 150
    assert len(INVALID) > 250


@pytest.mark.parametrize("name", sorted(shapes()))
def test_shape_has_its_files(name: str) -> None:
    there = {expectation(path) for path in INVALID}
    missing = [f"invalid/{code}.ttl" for code in sorted(codes_of(name) - there)]
    if not (HERE / "valid" / f"{name}.ttl").is_file():
        missing.append(f"valid/{name}.ttl")
    assert not missing, f"{name} lacks {missing}"


def test_every_file_belongs_to_a_shape() -> None:
    codes = {code for name in shapes() for code in codes_of(name)}
    strangers = [path.name for path in INVALID if expectation(path) not in codes]
    strangers += [path.name for path in VALID if path.stem.split(".")[0] not in shapes()]
    assert not strangers


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid(path: Path) -> None:
    found = found_in(path)
    assert (expectation(path), SUBJECT) in {(code, focus) for _, code, focus in found}
    assert {code for severity, code, _ in found if severity != "info"} <= {expectation(path)}


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid(path: Path) -> None:
    found = found_in(path)
    assert not {code for severity, code, _ in found if severity != "info"}
    assert path.stem.split(".")[0] not in {code.split(".")[0] for _, code, _ in found}


@pytest.mark.parametrize("part", range(len(PARTS)))
def test_engines_agree(part: int) -> None:
    files = {(path.parent.name, path.stem) for path in PARTS[part]}
    expected = {file: found for file, found in everything_found("compiled").items() if file in files}
    assert expected
    assert everything_found("pyshacl", part) == expected
