"""What became of one thing: each accepted submission that says something of it that the one before did not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bicentennial.monitoring.questions.comparing import values_of
from bicentennial.monitoring.store import problems
from bicentennial.monitoring.store.submissions import listed

if TYPE_CHECKING:
    from bicentennial.monitoring.store.database import Database

__all__ = ["Step", "history", "stored_name"]


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a thing: by which submission, for which date, learned when, and which values it then had.

    `values` are those that differ from the step before; a property that is gone has none. `is_there` is False where
    the submission no longer speaks of the thing.
    """

    submission: str
    issued: str
    learned: str
    subject: str
    is_there: bool
    values: dict[str, list[str]]

    def to_dict(self) -> dict[str, Any]:
        """Return the step as JSON holds it."""
        return {
            "submission": self.submission,
            "issued": self.issued,
            "learned": self.learned,
            "subject": self.subject,
            "is_there": self.is_there,
            "values": self.values,
        }


def _encoded(name: str) -> str:
    """Return the name of a row's thing, `KIND/IDENTIFIER`, as it is stored: with the identifier percent-encoded.

    >>> _encoded("action/Acción 1/A"), _encoded("action/A-1")
    ('action/Acci%C3%B3n%201%2FA', 'action/A-1')
    """
    kind, slash, identifier = name.partition("/")
    return f"{kind}{slash}{quote(identifier, safe='', errors='replace')}"


def stored_name(database: Database, submitter: str, dataset: str, name: str) -> str:
    """Return the name under which a dataset knows a thing, whether it is given so or as its identifier is written."""
    known = database.all(
        "SELECT u.name FROM subject u JOIN dataset d ON d.id = u.dataset WHERE d.submitter = ? AND d.name = ?"
        " AND u.name IN (?, ?)",
        [submitter, dataset, name, _encoded(name)],
    )
    return name if (name,) in known or not known else str(known[0][0])


def history(database: Database, asked: str, *, submitter: str | None = None, dataset: str | None = None) -> list[Step]:
    """Return the steps of the things that an identifier or a name means, dataset by dataset, in the order of dates.

    Raises:
        UnknownNameError: no submission speaks of it; the nearest names are suggested.
    """
    steps: list[Step] = []
    rows = _subjects(database, asked, submitter, dataset)
    if not rows:
        raise problems.unknown(asked, _near(database, asked))
    for number, name, its_submitter, its_dataset in rows:
        said: dict[str, tuple[str, ...]] | None = None
        its = listed(database, state="accepted", submitter=its_submitter, dataset=its_dataset)
        for submission in sorted(its, key=lambda each: (each.issued_until, each.number)):
            body = database.value(
                "SELECT r.body FROM member m JOIN record r ON r.id = m.record WHERE m.submission = ? AND m.subject = ?",
                [submission.id, number],
            )
            if body == "":  # redacted: nobody knows what it said
                continue
            says = values_of(body) if body is not None else None
            if says == said:
                continue
            changed = {
                prop: list((says or {}).get(prop, ()))
                for prop in sorted({*(said or {}), *(says or {})})
                if (said or {}).get(prop) != (says or {}).get(prop)
            }
            subject = f"{its_submitter}/{its_dataset}/{name}"
            learned = submission.received_at
            steps.append(Step(submission.name, submission.issued, learned, subject, says is not None, changed))
            said = says
    return steps


def _near(database: Database, asked: str) -> list[str]:
    """Return the names nearest to one that nothing has, of those that the audience may see."""
    from rapidfuzz import process

    return [name for name, _, _ in process.extract(asked, sorted(_names(database)), limit=3, score_cutoff=60)]


def _names(database: Database) -> set[str]:
    query = "SELECT DISTINCT u.name FROM member m JOIN subject u ON u.id = m.subject WHERE m.submission IN (*)"
    return {str(name) for (name,) in database.all_in(query, [each.id for each in listed(database)])}


def _subjects(
    database: Database, asked: str, submitter: str | None, dataset: str | None
) -> list[tuple[int, str, str, str]]:
    parts = asked.split("/", 2)
    if len(parts) == 3 and database.value("SELECT 1 FROM submitter WHERE id = ?", [parts[0]]):
        submitter, dataset, asked = parts
    visible, its_values = _visible(database)
    conditions = [visible, "(u.name IN (?, ?) OR lower(u.name) LIKE ? ESCAPE '!' OR lower(u.name) LIKE ? ESCAPE '!')"]
    ways = asked, quote(asked, safe="", errors="replace")  # as identifiers are part of names
    values = [*its_values, asked, _encoded(asked), *(f"%/{_like(each.lower())}" for each in ways)]
    if submitter is not None:
        conditions.append("d.submitter = ?")
        values.append(submitter)
    if dataset is not None:
        conditions.append("d.name = ?")
        values.append(dataset)
    rows = database.all(
        "SELECT u.id, u.name, d.submitter, d.name FROM subject u JOIN dataset d ON d.id = u.dataset"  # noqa: S608 - constants
        f" WHERE {' AND '.join(conditions)} ORDER BY d.id, u.name",
        values,
    )
    return [(int(number), str(name), str(whose), str(which)) for number, name, whose, which in rows]


def _visible(database: Database) -> tuple[str, list[str]]:
    """Return the condition for subjects `u` of which a submission speaks that the audience may see."""
    if database.audience.everything:
        return "1 = 1", []
    several = [str(each.id) for each in listed(database)] or ["0"]
    # They are numbers of ours, and may be more than there may be parameters.
    spoken = f"SELECT 1 FROM member m WHERE m.subject = u.id AND m.submission IN ({', '.join(several)})"  # noqa: S608
    return f"EXISTS ({spoken})", []


def _like(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
