"""What holds of any input, as hypothesis looks for a counterexample."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
from pathlib import Path  # noqa: TC003 - hypothesis looks up what the tests take
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bicentennial import validate
from bicentennial.api import convert, query
from bicentennial.core.errors import BicentennialError
from bicentennial.core.namespaces import BIC, BICD, BICSH, OWL, RDF, RDFS, SH, SKOS
from bicentennial.exchange.conversion import ENDINGS
from bicentennial.semantics.values.typed import language_tag
from tests.security.conftest import FAILING, GOOD, HEADER, PREFIXES, ods, ods_row, row, xlsx
from tests.security.test_output import UNWRITABLE

# A few examples in every run; as many as one likes with the variable.
EXAMPLES = int(os.environ.get("BICENTENNIAL_EXAMPLES", "4"))
common = settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
# The other engine takes its time.
few = settings(common, max_examples=max(1, EXAMPLES // 4))
LIMITS = {"depth": 20, "statements": 10_000}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("properties")


def _lines(turtle: str) -> str:
    import pyoxigraph as ox

    text = ox.serialize(ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES)
    assert text is not None
    return text.decode()


LINES = _lines(FAILING)


class Verdict(NamedTuple):
    """What comes of a file: its exit code, and how many findings there are of each code."""

    exit: int
    codes: dict[str, int]


def verdict(folder: Path, name: str, content: str | bytes, engine: str = "compiled") -> Verdict:
    """Judge a file in this process: whatever is raised is a fault."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    report = validate(path, isolated=False, coverage=False, engine=engine, limits=LIMITS)
    assert report.exit_code in (0, 1, 3)
    return Verdict(report.exit_code, report.by_code)


def taken_over(folder: Path, name: str) -> None:
    """Take the file that was judged over in the other two ways."""
    with contextlib.suppress(BicentennialError):
        convert(folder / name, folder / "out.ttl", isolated=False, limits=LIMITS)
    with contextlib.suppress(BicentennialError):
        query("ASK { }", data=folder / name, isolated=False, limits=LIMITS)


terms = st.sampled_from(
    [
        *(BIC.Goal, BIC.Action, BIC.advancesGoal, BICD["goal-protect-our-people"], BICD["agency-ofac"], BICSH.Action),
        *(BICSH["Action-advancesGoal"], RDFS.subClassOf, RDFS.range, RDFS.domain, RDFS.Class, OWL.sameAs, OWL.Ontology),
        *(OWL.imports, OWL.equivalentClass, OWL.Class, RDF.type, RDF.Property, SH.deactivated, SH.targetClass),
        *(SH.NodeShape, SH.severity, SH.Info, SKOS.prefLabel, SKOS.Concept, "http://example.org/a-goal-of-mine"),
    ]
)
foreign = st.tuples(terms, terms, terms).filter(
    lambda each: (
        each[0].startswith(tuple(map(str, (BIC, BICD, BICSH))))
        or each[1].startswith((RDFS.subClassOf, RDFS.range, RDFS.domain, str(OWL), str(SH)))
        or (each[1] == RDF.type and each[2].startswith((str(OWL), str(SH), str(RDFS), BIC.Goal)))
    )
)
statements = st.lists(foreign, min_size=1, max_size=6).map(
    lambda rows: "".join(f"<{s}> <{p}> <{o}> .\n" for s, p, o in rows)
)
rebound = st.sampled_from(["bic", "bicd", "bicsh", "sh", "rdf", "rdfs", "skos"]).flatmap(
    lambda prefix: st.sampled_from([BIC, BICD, SH, "urn:x:", "http://example.org/"]).map(
        lambda iri: f"@prefix {prefix}: <{iri}> .\n"
    )
)


added_to = st.one_of(statements, rebound, st.tuples(rebound, statements).map("".join))


@common
@given(added=added_to)
def test_no_statement_about_us_makes_a_failing_submission_pass(added: str, folder: Path) -> None:
    for name in ("a.ttl", "a.trig"):
        assert verdict(folder, name, FAILING + added).exit != 0


@few
@given(added=added_to)
def test_nor_for_the_other_engine(added: str, folder: Path) -> None:
    assert verdict(folder, "a.ttl", FAILING + added, "pyshacl").exit == 1


@common
@given(added=statements)
def test_no_graph_of_others_makes_a_failing_submission_pass(added: str, folder: Path) -> None:
    good = GOOD.removeprefix(PREFIXES)
    assert verdict(folder, "a.trig", f"{FAILING}<urn:g> {{ {added} {good} }}").exit == 1
    quads = "".join(f"{line[:-2]} <urn:g> .\n" for line in added.splitlines())
    assert verdict(folder, "a.nq", LINES + added + quads).exit == 1


meanings = st.sampled_from(["urn:x", BIC.Goal, BIC.isPartOf, BICD["goal-protect-our-people"], "@type", "@id", "@graph"])
contexts: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.sampled_from(["bic", "Action", "Goal", "advancesGoal", "prefLabel", "type", "id", "@vocab", "@base", "mine"]),
    st.one_of(meanings, st.builds(dict, **{"@id": meanings, "@type": st.just("@id")})),
    max_size=4,
)


@common
@given(context=contexts, within=contexts)
def test_no_context_makes_a_failing_submission_pass(context: Any, within: Any, folder: Path) -> None:
    thing = {
        "@context": within,
        "@id": "http://example.org/a",
        "@type": "Action",
        "identifier": "A-1",
        "prefLabel": {"en": "Train analysts"},
        "advancesGoal": "http://example.org/a-goal-of-mine",
        "hasResponsibleParty": "https://w3id.org/bicentennial/id/agency-ofac",
    }
    ours = "https://w3id.org/bicentennial/context.jsonld"
    text = json.dumps({"@context": [ours, context], "@graph": [thing]})
    assert verdict(folder, "a.jsonld", text).exit != 0


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.one_of(
    texts, st.sampled_from(["G1", "OFAC", "A-1", "=1+1", '"', ";", "2023-02-30", "\x00", "NaN", "9" * 50])
)
headers = st.sampled_from([*HEADER.split(","), "meta", "status", "budget", "start_date", "título", "", "x"])
tables = st.tuples(st.lists(headers, min_size=1, max_size=6), st.lists(st.lists(values, max_size=7), max_size=6))


@common
@given(table=tables, delimiter=st.sampled_from(",;\t|"), encoding=st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_tables_raise_nothing_but_our_errors(table: Any, delimiter: str, encoding: str, folder: Path) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([table[0], *table[1]])
    verdict(folder, "a.csv", out.getvalue().encode(encoding))
    taken_over(folder, "a.csv")


@common
@given(table=tables, kind=st.sampled_from(["xlsx", "ods"]))
def test_workbooks_raise_nothing_but_our_errors(table: Any, kind: str, folder: Path) -> None:
    lines = [[escape(UNWRITABLE.sub("", str(each))) for each in line] for line in (table[0], *table[1])]
    made = "".join(row(number, *line) for number, line in enumerate(lines, start=1))
    content = xlsx(made) if kind == "xlsx" else ods("".join(ods_row(*line) for line in lines))
    verdict(folder, f"a.{kind}", content)
    taken_over(folder, f"a.{kind}")
    report = validate(folder / f"a.{kind}", isolated=False)
    report.to_workbook(folder / "marked.xlsx")


jsons = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), values, st.just("\ud800")),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.one_of(headers, texts), inner, max_size=5)),
    max_leaves=12,
)


@common
@given(document=st.one_of(jsons, st.lists(st.dictionaries(headers, jsons, max_size=6), max_size=4)))
def test_json_raises_nothing_but_our_errors(document: Any, folder: Path) -> None:
    text = json.dumps(document)
    for name, content in (
        ("a.json", text),
        ("a.json", f'{{"actions": {text}}}'),
        ("a.jsonl", f"{text}\n{text}\n"),
        ("a.jsonld", f'{{"@context": {{"@vocab": "{BIC}"}}, "@graph": {text}}}'),
    ):
        verdict(folder, name, content)
        taken_over(folder, name)


pieces = st.lists(
    st.sampled_from(
        [
            *"[](){}<>.;,\"'#@\\ \n",
            "ex:a",
            "a",
            "bic:Action",
            "<urn:a>",
            '"""',
            "_:b",
            "1e5",
            "true",
            "@prefix",
            "^^",
            "<<(",
        ]
    ),
    max_size=30,
).map(" ".join)


@common
@given(text=st.one_of(pieces, texts))
def test_rdf_raises_nothing_but_our_errors(text: str, folder: Path) -> None:
    for name in ("a.ttl", "a.trig", "a.nt", "a.nq", "a.rdf"):
        verdict(folder, name, PREFIXES + text if name in ("a.ttl", "a.trig") else text)
        taken_over(folder, name)


rows = st.lists(
    st.tuples(
        st.sampled_from(["A-1", "A-2", "A-3", ""]),
        values,
        st.sampled_from(["G1", "none"]),
        st.sampled_from(["OFAC", "x"]),
    ),
    min_size=1,
    max_size=6,
)


@common
@given(data=st.data(), table=rows)
def test_the_order_of_rows_changes_nothing(data: st.DataObject, table: Any, folder: Path) -> None:
    def written(lines: Any) -> str:
        out = io.StringIO()
        csv.writer(out).writerows([HEADER.split(","), *lines])
        return out.getvalue()

    shuffled = data.draw(st.permutations(table))
    assert verdict(folder, "a.csv", written(table)) == verdict(folder, "a.csv", written(shuffled))
    records = [dict(zip(HEADER.split(","), line, strict=True)) for line in table]
    mixed = [dict(zip(HEADER.split(","), line, strict=True)) for line in shuffled]
    assert verdict(folder, "a.json", json.dumps(records)) == verdict(folder, "a.json", json.dumps(mixed))


@common
@given(data=st.data())
def test_the_order_of_statements_changes_nothing(data: st.DataObject, folder: Path) -> None:
    lines = LINES.splitlines(keepends=True)
    shuffled = "".join(data.draw(st.permutations(lines)))
    assert verdict(folder, "a.nt", LINES) == verdict(folder, "a.nt", shuffled)


labels = st.lists(st.from_regex(r"\A[a-z][a-z0-9]{0,6}\Z"), min_size=2, max_size=2, unique=True)


def _unnamed(one: str, other: str) -> str:
    said = "a bic:Quantity ; bic:numericValue 'x' ."
    return FAILING.replace("ex:a ", f"_:{one} ") + f"_:{one} bic:hasQuantity _:{other} . _:{other} {said}"


@common
@given(labels=labels)
def test_labels_of_blank_nodes_change_nothing(labels: list[str], folder: Path) -> None:
    plain = verdict(folder, "a.ttl", _unnamed("ONE", "TWO"))
    assert plain.exit == 1
    assert verdict(folder, "a.ttl", _unnamed(*labels)) == plain


@few
@given(labels=labels)
def test_nor_do_they_for_the_other_engine(labels: list[str], folder: Path) -> None:
    found = verdict(folder, "a.ttl", _unnamed(*labels), "pyshacl")
    assert found == verdict(folder, "a.ttl", _unnamed("ONE", "TWO"))


literals = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)


@common
@given(tag=st.one_of(st.from_regex(r"[a-z]{1,9}(-[A-Za-z0-9]{1,9}){0,4}", fullmatch=True), st.text(max_size=9)))
def test_what_is_taken_for_a_language_can_be_written(tag: str) -> None:
    import pyoxigraph as ox

    known = language_tag(tag)
    assert known in ("", tag.lower())
    assert not known or ox.Literal("x", language=known).language == known


things = st.one_of(
    st.integers(0, 3).map(lambda n: f"<http://example.org/{n}>"), st.integers(0, 2).map(lambda n: f"_:b{n}")
)
kinds = st.sampled_from(["", "@es", "@en-us", "^^<http://www.w3.org/2001/XMLSchema#decimal>", "^^<urn:type>", "thing"])
said = st.lists(st.tuples(things, st.integers(0, 2), literals, kinds, things), min_size=1, max_size=8)


@common
@given(said=said)
@pytest.mark.parametrize("name", ["turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml"])
def test_what_is_written_reads_as_it_was(said: Any, name: str, folder: Path) -> None:
    lines = set()
    for subject, number, text, kind, other in said:
        if name == "rdfxml" and UNWRITABLE.search(text):
            continue  # XML has no way to write these
        value = other if kind == "thing" else f"{json.dumps(text, ensure_ascii=False)}{kind}"
        lines.add(f"{subject} <http://example.org/p{number}> {value} .\n")
    if not lines:
        return
    (folder / "a.nt").write_text("".join(lines), "utf-8")
    suffix = next(each for each, kind in ENDINGS.items() if kind == name)
    convert(folder / "a.nt", folder / f"b{suffix}", isolated=False)
    convert(folder / f"b{suffix}", folder / "c.nt", isolated=False)
    before, after = (_canonical(folder / each) for each in ("a.nt", "c.nt"))
    assert before == after


def _canonical(path: Path) -> str:
    """Return a graph such that graphs that say the same are the same text."""
    import pyoxigraph as ox

    dataset = ox.Dataset(ox.parse(path.read_bytes(), format=ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return "\n".join(sorted(map(str, dataset)))
