"""What holds of any input, as hypothesis looks for a counterexample."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bicentennial.errors import BicentennialError
from bicentennial.intake.index import own
from bicentennial.intake.limits import Limits
from bicentennial.intake.mapping import Mapping
from bicentennial.intake.submission import Reader
from bicentennial.namespaces import BIC, BICD, BICSH, OWL, RDF, RDFS, SH, SKOS
from bicentennial.validation.run import Run
from bicentennial.validation.submission import findings_of
from tests.security.conftest import FAILING, GOOD, HEADER, PREFIXES

LIMITS = Limits(depth=20, statements=10_000)
RUN = Run("compiled")
# A few examples in every run; as many as one likes with the variable.
EXAMPLES = int(os.environ.get("BICENTENNIAL_EXAMPLES", "4"))
common = settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def codes(name: str, content: str | bytes) -> dict[str, tuple[str, int]]:
    """Return what is found in a file, by code; what cannot be read has one code of its own."""
    data = content if isinstance(content, bytes) else content.encode()
    try:
        submission = Reader(Path(name), own(), Mapping(), LIMITS).read(data)
    except BicentennialError as error:
        return {type(error).__name__: ("violation", 1)}
    with submission.dataset as dataset:
        return findings_of(submission, RUN(dataset), RUN.templates, 10)[1]


def fails(found: dict[str, tuple[str, int]]) -> bool:
    return any(severity == "violation" for severity, _ in found.values())


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


@common
@given(added=st.one_of(statements, rebound, st.tuples(rebound, statements).map("".join)))
def test_no_statement_about_us_makes_a_failing_submission_pass(added: str) -> None:
    assert fails(codes("a.ttl", FAILING + added))
    assert fails(codes("a.trig", FAILING + added))


@common
@given(added=statements)
def test_no_graph_of_others_makes_a_failing_submission_pass(added: str) -> None:
    good = GOOD.removeprefix(PREFIXES)
    assert fails(codes("a.trig", f"{FAILING}<urn:g> {{ {added} {good} }}"))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.one_of(
    texts, st.sampled_from(["G1", "OFAC", "A-1", "=1+1", '"', ";", "2023-02-30", "\x00", "NaN", "9" * 50])
)
headers = st.sampled_from([*HEADER.split(","), "meta", "status", "budget", "start_date", "título", "", "x"])
tables = st.tuples(st.lists(headers, min_size=1, max_size=6), st.lists(st.lists(values, max_size=7), max_size=6))


@common
@given(table=tables, delimiter=st.sampled_from(",;\t|"), encoding=st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_tables_raise_nothing_but_our_errors(table: Any, delimiter: str, encoding: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([table[0], *table[1]])
    codes("a.csv", out.getvalue().encode(encoding))


jsons = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), values, st.just("\ud800")),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.one_of(headers, texts), inner, max_size=5)),
    max_leaves=12,
)


@common
@given(document=st.one_of(jsons, st.lists(st.dictionaries(headers, jsons, max_size=6), max_size=4)))
def test_json_raises_nothing_but_our_errors(document: Any) -> None:
    text = json.dumps(document)
    codes("a.json", text)
    codes("a.json", f'{{"actions": {text}}}')
    codes("a.jsonld", f'{{"@context": {{"@vocab": "{BIC}"}}, "@graph": {text}}}')


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
def test_rdf_raises_nothing_but_our_errors(text: str) -> None:
    for name in ("a.ttl", "a.trig", "a.nt", "a.nq", "a.rdf"):
        codes(name, PREFIXES + text if name in ("a.ttl", "a.trig") else text)


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
def test_the_order_of_rows_changes_nothing(data: st.DataObject, table: Any) -> None:
    def written(lines: Any) -> str:
        out = io.StringIO()
        csv.writer(out).writerows([HEADER.split(","), *lines])
        return out.getvalue()

    shuffled = data.draw(st.permutations(table))
    assert codes("a.csv", written(table)) == codes("a.csv", written(shuffled))


@common
@given(labels=st.lists(st.from_regex(r"\A[a-z][a-z0-9]{0,6}\Z"), min_size=3, max_size=3, unique=True))
def test_labels_of_blank_nodes_change_nothing(labels: list[str]) -> None:
    text = (
        FAILING.replace("ex:a ", "_:ONE ")
        + "_:ONE bic:hasQuantity _:TWO . _:TWO a bic:Quantity ; bic:numericValue 'x' ."
    )
    plain = codes("a.ttl", text)
    assert codes("a.ttl", text.replace("ONE", labels[0]).replace("TWO", labels[1])) == plain
    assert fails(plain)


literals = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)


@common
@given(
    said=st.lists(
        st.tuples(
            st.integers(0, 3), literals, st.sampled_from(["", "@es", "^^<http://www.w3.org/2001/XMLSchema#decimal>"])
        ),
        min_size=1,
        max_size=8,
    )
)
@pytest.mark.parametrize("name", ["turtle", "ntriples", "jsonld", "rdfxml"])
def test_what_is_written_reads_as_it_was(said: Any, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    import rdflib
    from rdflib.compare import isomorphic

    from bicentennial.exchange.conversion import ENDINGS, convert

    graph = rdflib.Graph()
    for subject, text, kind in said:
        if name == "rdfxml" and any((c < " " and c not in "\t\n\r") or c in "\ufffe\uffff" for c in text):
            continue  # XML has no way to write these
        datatype = rdflib.XSD.decimal if kind.startswith("^^") else None
        value = rdflib.Literal(text, lang="es" if kind == "@es" else None, datatype=datatype, normalize=False)
        graph.add((rdflib.URIRef(f"http://example.org/{subject}"), rdflib.URIRef("http://example.org/p"), value))
    if not len(graph):
        return
    folder = tmp_path_factory.mktemp("round")
    source = folder / "a.nt"
    source.write_bytes(graph.serialize(format="nt", encoding="utf-8"))
    suffix = next(each for each, kind in ENDINGS.items() if kind == name)
    convert(source, folder / f"b{suffix}", isolated=False)
    convert(folder / f"b{suffix}", folder / "c.nt", isolated=False)
    assert isomorphic(rdflib.Graph().parse(folder / "c.nt", format="nt"), graph)
