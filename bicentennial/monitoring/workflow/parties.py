"""Who acts, who submits, and which datasets they have."""

from __future__ import annotations

import getpass
import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import sentence
from bicentennial.core.namespaces import BIC
from bicentennial.monitoring.store import chain, problems
from bicentennial.monitoring.store.dates import last_day

if TYPE_CHECKING:
    from bicentennial.monitoring.store.database import Database

__all__ = [
    "actor_of",
    "add_party",
    "dataset_number",
    "demand_submitter",
    "keep_party",
    "refuse_other_case",
    "set_dataset",
]

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def actor_of(given: str | None) -> str:
    """Return who acts: the name given, or the user of this process."""
    if given:
        return given
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"


def add_party(database: Database, party: str, *, name: str | None = None, kind: str | None = None, actor: str) -> None:
    """Add a submitter, or change what is given of it; see `Registry.add_party`.

    Raises:
        UsageError: the name cannot be one, or differs from another in capitals alone.
    """
    with database.transaction():
        _refuse_case(party, database.all("SELECT id FROM submitter WHERE lower(id) = ?", [party.lower()]))
        keep_party(database, party, name=name, kind=kind, actor=actor)


def keep_party(database: Database, party: str, *, name: str | None = None, kind: str | None = None, actor: str) -> None:
    """Add a submitter that another registry has, which once took names that differ in capitals alone, or change it."""
    _check_name(party, "submitter")
    iri = _known_party(party)
    with database.transaction():
        its_name, its_kind = database.one("SELECT name, kind FROM submitter WHERE id = ?", [party]) or (party, None)
        data = {"submitter": party, "name": name or its_name, "kind": kind or its_kind, "iri": iri}
        database.execute(
            "INSERT INTO submitter(id, name, kind, iri) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " name = excluded.name, kind = excluded.kind, iri = excluded.iri",
            list(data.values()),
        )
        chain.append(database, "party", actor=actor, data=data)


def set_dataset(
    database: Database,
    dataset: str,
    *,
    approval: bool | None = None,
    partial: bool | None = None,
    cadence: str | None = None,
    title: str | None = None,
    embargo: str | None = None,
    actor: str,
) -> None:
    """Set how a dataset, `SUBMITTER/NAME`, is treated; what is None stays as it is. See `Registry.set_dataset`."""
    from bicentennial.monitoring.questions.gaps import CADENCES

    submitter, _, name = dataset.partition("/")
    if cadence is not None and cadence not in CADENCES:
        raise problems.usage("bad-cadence", value=cadence, known=", ".join(CADENCES))
    given = {
        "approval": None if approval is None else int(approval),
        "partial": None if partial is None else int(partial),
        "cadence": cadence,
        "title": title,
        "embargo": last_day(embargo) if embargo else None,
    }
    wanted = {column: value for column, value in given.items() if value is not None}
    with database.transaction():
        refuse_other_case(database, submitter, name)
        number = dataset_number(database, submitter, name)
        for column, value in wanted.items():
            database.execute(f"UPDATE dataset SET {column} = ? WHERE id = ?", [value, number])  # noqa: S608 - names of ours
        chain.append(database, "dataset", actor=actor, data={"submitter": submitter, "dataset": name, **wanted})


def dataset_number(database: Database, submitter: str, dataset: str) -> int:
    """Return the number of a dataset, which its first submission makes, inside the caller's transaction.

    Raises:
        UsageError: the submitter is neither known nor a party of the Framework, or the name cannot be one.
    """
    _check_name(dataset, "dataset")
    if not demand_submitter(database, submitter):
        add_party(database, submitter, actor=actor_of(None))
    database.execute("INSERT INTO dataset(submitter, name) VALUES (?, ?) ON CONFLICT DO NOTHING", [submitter, dataset])
    return int(database.value("SELECT id FROM dataset WHERE submitter = ? AND name = ?", [submitter, dataset]))


def demand_submitter(database: Database, submitter: str) -> bool:
    """Return whether a submitter is there already; if not, it is a party of the Framework, which is added on demand.

    Raises:
        UsageError: it is neither.
    """
    if database.value("SELECT 1 FROM submitter WHERE id = ?", [submitter]) is not None:
        return True
    if _known_party(submitter) is None:
        known = [str(party) for (party,) in database.all("SELECT id FROM submitter ORDER BY id")]
        raise problems.usage("no-submitter", submitter=submitter, known=", ".join(known) or "–")
    return False


def refuse_other_case(database: Database, submitter: str, dataset: str) -> None:
    """Refuse names that differ from those that are there in capitals alone: what they report would count twice.

    Raises:
        UsageError: one does.
    """
    parties = database.all("SELECT id FROM submitter WHERE lower(id) = ?", [submitter.lower()])
    sets = database.all(
        "SELECT name FROM dataset WHERE submitter = ? AND lower(name) = ?", [submitter, dataset.lower()]
    )
    _refuse_case(submitter, parties)
    _refuse_case(dataset, sets)


def _refuse_case(given: str, known: list[tuple[str, ...]]) -> None:
    if known and (given,) not in known:
        raise problems.usage("other-case", given=given, known=known[0][0])


def _check_name(value: str, what: str) -> None:
    if _NAME.fullmatch(value) is None:
        raise problems.usage("bad-name", value=value, what=sentence("registry", "named", what))


def _known_party(name: str) -> str | None:
    """Return the IRI of the Framework's own party of this acronym or name, if there is one."""
    from bicentennial.semantics.values.resolver import Resolver
    from bicentennial.vocabulary.index import default_index

    return Resolver(default_index()).resolve(name, [BIC.Party]).iri
