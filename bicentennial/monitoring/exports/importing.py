"""A registry made of what another has exported as N-Quads: the same submissions with the same roots.

What was handed in is then the graph of each submission, since the files themselves are not in the export, nor are the
reports on them; for a copy with everything use `registry backup`. How each dataset is kept comes with it, when each
submission was received, and what was redacted is redacted. Events are of the import, as are receipts: what was known on
an earlier day was not known here. Where statements give another root than the export says, as after a change by
hand, or where a value was no IRI and is a text in graphs, the event says which root that was.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.messages import sentence
from bicentennial.core.namespaces import BIC, DCAT, DCTERMS, PROV, RDF, SKOS, local_name
from bicentennial.monitoring.exports.provenance import SETTINGS, STATUS, Terms
from bicentennial.monitoring.store import chain, problems
from bicentennial.monitoring.store.dates import past
from bicentennial.monitoring.store.submissions import STATES, listed
from bicentennial.monitoring.workflow.checking import Checked
from bicentennial.monitoring.workflow.deciding import redact
from bicentennial.monitoring.workflow.judging import adopt
from bicentennial.monitoring.workflow.parties import dataset_number, keep_party, set_dataset
from bicentennial.monitoring.workflow.receiving import Handed, receive
from bicentennial.validation.outcome import Outcome
from bicentennial.validation.records import SPACE, line_of, relative

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bicentennial.monitoring.store.database import Database

__all__ = ["import_quads"]

Statements = dict[str, list[tuple[str, Any]]]
_NUMBERED: Final = re.compile(r"([^/]+)/([^/]+)/(\d{1,9})", re.ASCII)


def import_quads(database: Database, data: bytes, *, registry: str, actor: str) -> int:
    """Bring the submissions of an export into a registry that has none, all or none, and return how many there are.

    Raises:
        UsageError: there are submissions already, or the data is no export of a registry.
    """
    import pyoxigraph

    if listed(database):
        raise problems.usage("not-empty", registry=registry)
    graphs: dict[str, Statements] = defaultdict(lambda: defaultdict(list))
    try:
        for quad in pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_QUADS):
            graphs[_name(quad.graph_name)][_name(quad.subject)].append((quad.predicate.value, quad.object))
    except SyntaxError as error:
        raise problems.usage("no-export") from error
    known = next((name for name in graphs if name.endswith("/provenance")), None)
    if known is None:
        raise problems.usage("no-export")
    base, facts = known.removesuffix("/provenance"), graphs[known]
    terms = Terms(base)
    submissions = [subject for subject, its in facts.items() if _one(its, RDF.type, BIC.Submission)]
    with database.transaction():
        for subject, its in facts.items():
            if _one(its, RDF.type, BIC.Party):
                name, kind = _value(its, SKOS.prefLabel), _value(its, terms.kind)
                keep_party(database, local_name(subject), name=name or None, kind=kind or None, actor=actor)
        for dataset in (value.value for prop, value in facts[base] if prop == DCAT.dataset):
            _keep(database, dataset.removeprefix(f"{base}/"), facts[dataset], terms, actor)
        for subject in sorted(submissions, key=lambda each: str(_value(facts[each], PROV.generatedAtTime))):
            _bring(database, terms, subject, facts, graphs.get(subject, {}), actor)
    return len(submissions)


def _keep(database: Database, dataset: str, its: list[tuple[str, Any]], terms: Terms, actor: str) -> None:
    """Keep a dataset as it was kept where it comes from."""
    said = {name: _value(its, terms[name]) for name in SETTINGS}
    if any(said.values()):
        set_dataset(
            database, dataset, approval=bool(said["approval"]), partial=bool(said["partial"]),
            cadence=said["cadence"] or None, title=said["title"] or None, embargo=said["embargo"] or None, actor=actor,
        )  # fmt: skip


def _bring(database: Database, terms: Terms, subject: str, facts: Statements, said: Statements, actor: str) -> None:
    its, base = facts[subject], str(terms).removesuffix("#")
    issued, state = _value(its, DCTERMS.issued), _value(its, STATUS).rpartition("/")[2]
    named = _NUMBERED.fullmatch(subject.removeprefix(f"{base}/"))
    if named is None or state not in STATES:
        raise problems.usage("no-export")
    submitter, dataset, number = named.groups()
    space = f"{base}/{submitter}/{dataset}/"
    lines = list(_records(said, space))
    # Of what was redacted nothing is left but that it was there.
    emptied = [_name(value) for prop, value in its if prop == terms.emptied]
    lines += [json.dumps([name, [], "", None, None]) for name in emptied]
    source = "".join(f"{line}\n" for line in sorted(lines)).encode()
    with database.transaction():
        where = dataset_number(database, submitter, dataset)
        handed = Handed(
            data=source or subject.encode(), name=_value(its, DCTERMS.title), dataset=where, issued=issued,
            sent_by=submitter, note="",
        )  # fmt: skip
        received_at = _value(its, PROV.generatedAtTime)
        new, _ = receive(database, handed, number=int(number), received_at=past(received_at))
        outcome = Outcome(handed.name, "nquads", 0, sum(map(len, said.values())), None, checked=bool(said))
        unchecked = state == "received"  # and cannot be checked, for its file is not here
        reason = " / ".join(sentence("registry", "not-checked").values()) if unchecked else ""
        given = "returned" if unchecked else state
        root = adopt(database, new, Checked(outcome, lines), state=given, actor=actor, reason=reason)
        data = {"received_at": received_at, "state": state}
        stated = _value(its, terms.root)
        if stated != (root or "") and not emptied:
            data["root"] = stated
        chain.append(database, "imported", actor=actor, submission=new, data=data)
        if redaction := _value(its, terms.redacted):
            redact(database, new, actor=actor, reason=redaction)


def _records(said: Statements, space: str) -> Iterator[str]:
    def local(iri: str) -> str:
        kind, _, name = iri.removeprefix(space).partition("/")
        return f"{SPACE}{kind}:{name}" if iri.startswith(space) else iri

    for subject, its in said.items():
        body = "\n".join(sorted({_line(prop, value, local) for prop, value in its}))
        classes = sorted(local_name(value.value) for prop, value in its if prop == RDF.type)
        yield json.dumps([relative(local(subject)), classes, body, None, None], ensure_ascii=False)


def _line(prop: str, value: Any, local: Callable[[str], str]) -> str:
    datatype = getattr(value, "datatype", None)
    if datatype is None:
        return line_of(prop, local(value.value), 0, "", "")
    return line_of(prop, value.value, 2, datatype.value, value.language or "")


def _name(term: Any) -> str:
    return str(getattr(term, "value", ""))


def _one(its: list[tuple[str, Any]], prop: str, value: str) -> bool:
    return any(each == prop and _name(term) == value for each, term in its)


def _value(its: list[tuple[str, Any]], prop: str) -> str:
    return next((_name(term) for each, term in its if each == prop), "")
