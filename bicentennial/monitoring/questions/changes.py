"""What changed from one state of a dataset to the next: added, dropped without a word, moved, reopened, lowered.

Only what both governments' offices asked about is a change of its own kind; every other difference is in `diff`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from bicentennial.core.findings import Finding, Location
from bicentennial.core.messages import LANGUAGES, entry, render
from bicentennial.core.namespaces import BIC
from bicentennial.monitoring.questions.comparing import Difference, compare, long, readable
from bicentennial.monitoring.store.dates import FOREVER, day_of
from bicentennial.monitoring.store.submissions import emptied, listed, redacted
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bicentennial.core.findings import Severity
    from bicentennial.monitoring.store.database import Database
    from bicentennial.monitoring.store.submissions import Submission
    from bicentennial.report.profile import Profile

__all__ = ["KINDS", "Change", "between", "brought", "changes", "judged", "versions"]

KINDS: Final = ("added", "dropped", "moved-deadline", "reopened", "retargeted", "rebudgeted", "status")
"""The kinds of changes."""
_OVER: Final = frozenset({"bicd:status-completed", "bicd:status-cancelled"})
_PROPERTIES: Final = {
    "bic:dueDate": "moved-deadline",
    "bic:targetValue": "retargeted",
    "bic:budgetAmount": "rebudgeted",
    "bic:budgetCurrency": "rebudgeted",
}
_WATCHED: Final = ("action", "indicator")


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one thing between two submissions of a dataset."""

    kind: str
    submitter: str
    dataset: str
    subject: str
    title: dict[str, str]
    path: str | None
    before: str | None
    after: str | None
    first: str
    second: str
    issued: tuple[str, str]
    places: tuple[Location | None, Location | None]
    last: str = ""
    """Of something added that had been there before: for which date it was there last."""
    level: Severity | None = None

    @property
    def code(self) -> str:
        """The code by which profiles and `explain` name this kind of change."""
        return f"version-{self.kind}"

    @property
    def severity(self) -> Severity:
        """How grave it is: as a profile says, or as usual."""
        usual: Severity = entry("change", self.kind)["severity"]
        return self.level or usual

    def message(self) -> dict[str, str]:
        """Return what changed, as a sentence in each language."""
        form = "currency" if self.path == BIC.budgetCurrency else "again" if self.last else "message"
        texts = entry("change", self.kind)[form]
        before = {language: _shown(self.before, language) for language in LANGUAGES}
        after = {language: _shown(self.after, language) for language in LANGUAGES}
        return render(
            texts, subject=readable(self.subject.rpartition("/")[2]), title=self.title, before=before, after=after,
            first=self.issued[0], second=self.issued[1], last=self.last,
        )  # fmt: skip

    def finding(self) -> Finding:
        """Return the change as a finding, whose code profiles can switch off or grade otherwise."""
        texts = entry("change", self.kind)
        return Finding(
            code=self.code,
            severity=self.severity,
            problem=self.message(),
            remedy=texts["remedy"],
            location=self.places[1] or self.places[0] or Location(),
            focus=self.subject,
            path=self.path,
            value=self.after,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the change as JSON holds it."""
        return {
            "kind": self.kind,
            "code": self.code,
            "severity": self.severity,
            "submitter": self.submitter,
            "dataset": self.dataset,
            "subject": self.subject,
            "title": self.title,
            "property": self.path,
            "before": self.before,
            "after": self.after,
            "from": self.first,
            "to": self.second,
            "issued": list(self.issued),
            "places": [place.to_dict() if place else None for place in self.places],
            "message": self.message(),
        }


def versions(
    database: Database, *, as_of: str = FOREVER, known: str, submitter: str | None = None, dataset: str | None = None
) -> dict[tuple[str, str], list[Submission]]:
    """Return the accepted submissions of each dataset in the order of the dates for which they report."""
    found: dict[tuple[str, str], list[Submission]] = {}
    for each in listed(database, submitter=submitter, dataset=dataset, state="accepted", known=known):
        if each.issued_until <= as_of:
            found.setdefault((each.submitter, each.dataset), []).append(each)
    return {key: sorted(several, key=lambda each: (each.issued_until, each.number)) for key, several in found.items()}


def changes(
    database: Database,
    *,
    since: str = "",
    as_of: str = FOREVER,
    known: str,
    kinds: frozenset[str] = frozenset(KINDS),
    submitter: str | None = None,
    dataset: str | None = None,
) -> Iterator[Change]:
    """Return the changes, dataset by dataset and in the order of time; see `brought` for what was redacted.

    Args:
        database: where.
        since: only what changed in submissions issued after this day; everything if empty.
        as_of: only submissions issued up to this day.
        known: only what was known at this moment.
        kinds: which kinds.
        submitter: only those of a submitter's datasets.
        dataset: only those of datasets of this name.
    """
    for accepted in versions(database, as_of=as_of, known=known, submitter=submitter, dataset=dataset).values():
        for place, each in enumerate(accepted):
            if each.issued_until > since:
                found = brought(database, accepted[:place], each)
                yield from (change for change in found if change.kind in kinds)


def brought(database: Database, before: Sequence[Submission], submission: Submission) -> Iterator[Change]:
    """Yield what a submission changed against what was said before it.

    A thing that was redacted in the last of those is held against what was said of it last. Of what was redacted in
    the submission itself nothing is known; a later one tells how that changed.

    Args:
        database: where.
        before: the accepted ones of its dataset before it, in the order of the dates for which they report.
        submission: which.
    """
    unknown = redacted(database)
    hidden = emptied(database, submission) if submission.id in unknown else set()
    unsaid: set[str] | None = None  # at first, all
    for each in reversed(before):
        silent = emptied(database, each) if each.id in unknown else set()
        for change in between(database, each, submission, before):
            if change.subject not in hidden | silent and (unsaid is None or change.subject in unsaid):
                yield change
        unsaid = silent if unsaid is None else unsaid & silent
        if not unsaid:
            return


def judged(found: Iterable[Change], profile: Profile) -> Iterator[Change]:
    """Yield changes as a profile grades them, without those that it switches off."""
    for change in found:
        level = profile.level(change.code)
        if level != "off":
            yield replace(change, level=cast("Severity | None", level))


def between(
    database: Database, first: Submission, second: Submission, accepted: Iterable[Submission] = ()
) -> Iterator[Change]:
    """Return what changed from one submission to another.

    Args:
        database: where.
        first: the earlier one.
        second: the later one.
        accepted: submissions of the dataset; what was in one of those before `first` has come back, and is not new.
    """
    differences = compare(database, first.id, second.id)
    came = [each.subject for each in differences if _kind_of_whole(each) == "added"]
    seen = _last_seen(database, came, [each for each in accepted if _order(each) < _order(first)])
    titles = _titles(database, second.id, {each.subject for each in differences})
    titles |= _titles(database, first.id, {each.subject for each in differences} - set(titles))
    for each in differences:
        for kind in _kinds(each):
            yield Change(
                kind=kind,
                submitter=second.submitter,
                dataset=second.dataset,
                subject=each.subject,
                title=titles.get(each.subject, dict.fromkeys(LANGUAGES, each.subject)),
                path=long(each.property) if each.property else None,
                before="; ".join(each.before) or None,
                after="; ".join(each.after) or None,
                first=first.name,
                second=second.name,
                issued=(first.issued, second.issued),
                places=each.places,
                last=seen.get(each.subject, "") if kind == "added" else "",
            )


def _order(submission: Submission) -> tuple[str, int]:
    return submission.issued_until, submission.number


def _last_seen(database: Database, subjects: Iterable[str], before: Iterable[Submission]) -> dict[str, str]:
    """Return for which date each subject was there last, of those that were."""
    missing, seen = set(subjects), dict[str, str]()
    for each in sorted(before, key=_order, reverse=True):
        if not missing:
            break
        rows = database.all(
            "SELECT u.name FROM member m JOIN subject u ON u.id = m.subject WHERE m.submission = ?", [each.id]
        )
        found = missing.intersection(name for (name,) in rows)
        seen.update(dict.fromkeys(found, each.issued))
        missing -= found
    return seen


def _kind_of_whole(difference: Difference) -> str | None:
    """Return whether a whole thing that is watched came or went."""
    if difference.property is not None or difference.kind not in _WATCHED:
        return None
    if all(difference.places):  # it is in both, and one of them was redacted
        return None
    return "dropped" if difference.places[1] is None else "added"


def _kinds(difference: Difference) -> Iterator[str]:
    if difference.kind not in _WATCHED:
        return
    if whole := _kind_of_whole(difference):
        yield whole
    elif difference.property == "bic:dueDate" and _same_day(difference):
        return
    elif difference.property in _PROPERTIES:
        yield _PROPERTIES[difference.property]
    elif difference.property == "bic:hasStatus":
        reopened = _OVER.intersection(difference.before) and not _OVER.intersection(difference.after)
        yield "reopened" if reopened else "status"


def _same_day(difference: Difference) -> bool:
    """Return whether a deadline was only written more or less precisely: `2024`, `2024-12`."""
    before, after = ({day_of(value) for value in side} for side in (difference.before, difference.after))
    return before == after and None not in before


def _titles(database: Database, submission: int, subjects: set[str]) -> dict[str, dict[str, str]]:
    rows = database.all_in(
        "SELECT u.name, coalesce(a.title_en, i.title_en), coalesce(a.title_es, i.title_es) FROM submission s"
        " JOIN subject u ON u.dataset = s.dataset JOIN member m ON m.submission = s.id AND m.subject = u.id"
        " LEFT JOIN action a ON a.record = m.record LEFT JOIN indicator i ON i.record = m.record"
        " WHERE s.id = ? AND u.name IN (*)",
        subjects,
        [submission],
    )
    return {name: {"en": en or es or name, "es": es or en or name} for name, en, es in rows}


def _shown(value: str | None, language: str) -> str:
    if value is None:
        return "–"
    return "; ".join(default_index().label(long(one), language) if ":" in one else one for one in value.split("; "))
