"""The registry's answers as views: which columns each has, what JSON says, and what is plotted."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.messages import LANGUAGES
from bicentennial.monitoring.questions.changes import KINDS
from bicentennial.monitoring.questions.progress import DEADLINE_STATES
from bicentennial.monitoring.questions.views import About, Bar, Count, Parts, View, money, state_label
from bicentennial.monitoring.store.dates import FOREVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bicentennial.core.messages import Language
    from bicentennial.monitoring.access.tokens import Token
    from bicentennial.monitoring.integrity.verifying import Fault
    from bicentennial.monitoring.questions.changes import Change
    from bicentennial.monitoring.questions.comparing import Difference
    from bicentennial.monitoring.questions.gaps import Gap, SubmitterState
    from bicentennial.monitoring.questions.history import Step
    from bicentennial.monitoring.questions.indicators import IndicatorState
    from bicentennial.monitoring.questions.progress import ActionState, Deadline, ProgressRow
    from bicentennial.monitoring.store.chain import Event
    from bicentennial.monitoring.store.submissions import Submission

__all__ = [
    "INDICATOR_STATES",
    "SUBMITTER_STATES",
    "counted_by_state",
    "indicator_state",
    "of_actions",
    "of_changes",
    "of_counts",
    "of_deadlines",
    "of_differences",
    "of_events",
    "of_faults",
    "of_gaps",
    "of_history",
    "of_indicators",
    "of_progress",
    "of_submissions",
    "of_submitters",
    "of_tokens",
    "property_label",
    "submitter_state",
    "value_label",
]


INDICATOR_STATES: Final = ("reached", "on-the-way", "behind", "not-measured", "no-target")
SUBMITTER_STATES: Final = ("late", "never", "on-time", "no-cadence")


def _states(state: str) -> dict[str, str]:
    return {lang: state_label(state, lang) for lang in LANGUAGES}


def _to_the_second(moment: str) -> str:
    return f"{moment[:19]}Z"


def of_submissions(found: Sequence[Submission]) -> View:
    """Return the view of a list of submissions."""
    rows = [
        (
            each.id, each.submitter, each.dataset, each.number, each.issued, _states(each.state),
            _to_the_second(each.received_at), each.file,
        )
        for each in found
    ]  # fmt: skip
    columns = ("id", "submitter", "dataset", "number", "issued", "state", "received", "file")
    return View("submissions", columns, rows, {"submissions": [each.to_dict() for each in found]})


def of_events(found: Sequence[Event], names: dict[int, str]) -> View:
    """Return the view of the log; `names` are those of submissions by id."""
    rows = [
        (each.id, each.at, each.actor, _event(each.what), names.get(each.submission or 0, ""), each.reason)
        for each in found
    ]
    columns = ("id", "at", "actor", "event", "submission", "reason")
    return View("log", columns, rows, {"events": [each.to_dict() for each in found]})


def _event(what: str) -> dict[str, str] | str:
    from bicentennial.core.messages import entry

    words = entry("registry", "states")
    return dict(words[what]) if what in words else what


def of_differences(found: Sequence[Difference]) -> View:
    """Return the view of what two submissions say differently."""
    from bicentennial.monitoring.questions.comparing import long
    from bicentennial.vocabulary.index import default_index

    index = default_index()

    def value(several: Sequence[str]) -> dict[str, str]:
        return {
            lang: "; ".join(index.label(long(one), lang) if one.startswith("bicd:") else one for one in several) or "–"
            for lang in LANGUAGES
        }

    rows = []
    for each in found:
        whole = "redacted" if all(each.places) else "came" if each.places[1] else "went"
        labels: Any = index.labels(long(each.property)) if each.property else _states(whole)
        places = [_place(place) for place in each.places]
        rows.append((each.subject, labels, value(each.before), places[0], value(each.after), places[1]))
    columns = ("subject", "property", "before", "before-at", "after", "after-at")
    return View("diff", columns, rows, {"differences": [each.to_dict() for each in found]})


def _place(place: Any) -> str:
    if place is None:
        return ""
    where = place.cell or place.pointer or (place.row and f"{place.row}") or (place.line and f"{place.line}") or ""
    return f"{place.sheet}!{where}" if place.sheet else str(where)


def of_changes(found: Sequence[Change]) -> View:
    """Return the view of changes from one state to the next."""
    rows = []
    for each in found:
        dataset = f"{each.submitter}/{each.dataset}"
        rows.append((each.issued[1], _states(each.kind), dataset, About(each.message(), f"{dataset}/{each.subject}")))
    plain = {"changes": [each.to_dict() for each in found]}
    bars = _bars((each.kind for each in found), KINDS)
    return View("changes", ("issued", "change", "dataset", "what"), rows, plain, bars)


def of_progress(found: Sequence[ProgressRow], *, by: str, as_of: str, known: str, points: Sequence[Any] = ()) -> View:
    """Return the view of actions counted by something, with the list behind each number in JSON."""
    rows = []
    for row in found:
        name = row.id or "-"
        states = counted_by_state(
            {status: Count(n, id=name, part=f"status-{status}") for status, n in sorted(row.by_status.items())}
        )
        overdue = Count(row.overdue, id=name, part="overdue")
        watched = Count(row.with_indicator, id=name, part="with-indicator")
        budget = ", ".join(money(amount, currency) for currency, amount in sorted(row.budget.items()))
        actions = Count(row.actions, id=name, part="actions")
        rows.append((row.label, actions, states, overdue, watched, budget, row.id or ""))
    plain: dict[str, Any] = {
        "as_of": None if as_of == FOREVER else as_of,
        "known": None if known.startswith(FOREVER) else known,
        "by": by,
        "rows": [_plain(row) for row in found],
    }
    if points:
        plain["over_time"] = list(points)
    bars = [Bar(row.label, row.by_status) for row in found]
    columns = (by, "actions", "by-status", "overdue", "with-indicator", "budget", "id")
    return View("progress", columns, rows, plain, bars)


def counted_by_state(counts: Mapping[str, Count]) -> Parts:
    """Return the cell that says how many there are in each state."""
    return Parts(counts, {state: _states(state) for state in counts})


def of_over_time(points: Sequence[Any], *, by: str) -> View:
    """Return the view of actions counted for each date for which anything was reported."""
    rows, bars = [], []
    for point in points:
        for row in point["rows"]:
            states = counted_by_state({status: Count(n) for status, n in sorted(row["by_status"].items())})
            rows.append((point["as_of"], row["label"], row["actions"], states))
            label: dict[str, str] = {lang: f"{point['as_of']} · {row['label'][lang]}" for lang in LANGUAGES}
            bars.append(Bar(label, row["by_status"]))
    plain = {"by": by, "over_time": list(points)}
    return View("progress", ("issued", by, "actions", "by-status"), rows, plain, bars)


def of_actions(found: Sequence[ActionState]) -> View:
    """Return the view of a list of actions."""
    rows = [
        (
            each.subject, each.title, _states(each.status or "not-stated"), each.due,
            _states(each.state) if each.state else "",
            money(each.budget, each.currency) if each.budget is not None else "",
        )
        for each in found
    ]  # fmt: skip
    columns = ("subject", "title", "status", "due", "deadline", "budget")
    return View("actions", columns, rows, {"actions": [_plain(each) for each in found]})


def of_counts(view: View) -> View:
    """Return how many of each kind an answer has: what its bars show, each number with the list behind it."""
    rows = []
    for bar in view.bars:
        [(key, count)] = bar.parts.items()
        rows.append((bar.label, Count(int(count), state=key)))
    counts = {next(iter(bar.parts)): int(sum(bar.parts.values())) for bar in view.bars}
    kind = {"changes": "change", "gaps": "gap"}.get(view.name, "state")
    return View(view.name, (kind, "how-many"), rows, {"counts": counts}, view.bars)


def _bars(keys: Iterable[str], order: Sequence[str] = ()) -> list[Bar]:
    """Return a bar for each kind and how many there are of it, in an order."""
    counts = Counter(keys)
    ranked = [*(key for key in order if key in counts), *(key for key in counts if key not in order)]
    return [Bar(_states(key), {key: counts[key]}) for key in ranked]


def of_deadlines(found: Sequence[Deadline]) -> View:
    """Return the view of deadlines."""
    rows = [
        (
            each.subject,
            each.title,
            each.due,
            _states(each.state),
            each.days_late or "",
            each.first if each.moved else "",
            each.moved or "",
        )
        for each in found
    ]
    bars = _bars((each.state for each in found), DEADLINE_STATES)
    columns = ("subject", "title", "due", "state", "days-late", "first-due", "moved")
    return View("deadlines", columns, rows, {"deadlines": [_plain(each) for each in found]}, bars)


def of_indicators(found: Sequence[IndicatorState]) -> View:
    """Return the view of indicators against their targets."""
    rows = [
        (
            each.subject, each.title, each.baseline, each.latest, each.latest_date, each.target, each.due,
            _percent(each.share), _percent(each.time_share),
        )
        for each in found
    ]  # fmt: skip
    columns = ("subject", "title", "baseline", "latest", "latest-date", "target", "due", "share", "time-share")
    bars = _bars(map(indicator_state, found), INDICATOR_STATES)
    return View("indicators", columns, rows, {"indicators": [_plain(each) for each in found]}, bars)


def indicator_state(each: IndicatorState) -> str:
    """Return how an indicator does: `reached`, `on-the-way`, `behind`, `not-measured` or without a target.

    It is behind where less of the way than of the time lies behind it.
    """
    if each.target is None:
        return "no-target"
    if each.share is None:
        return "not-measured"
    if each.share >= 1:
        return "reached"
    return "behind" if each.time_share is not None and each.share < each.time_share else "on-the-way"


def _percent(share: float | None) -> str:
    """Return a share in whole percent; what is not all of the way is never called 100%.

    >>> _percent(0.5), _percent(0.996), _percent(1.0), _percent(None)
    ('50%', '99%', '100%', '')
    """
    if share is None:
        return ""
    return "99%" if 0.99 < share < 1 else f"{share:.0%}"


def of_gaps(found: Sequence[Gap]) -> View:
    """Return the view of what is missing."""
    bars = _bars(gap.kind for gap in found)
    rows = [(_states(gap.kind), gap.subject, gap.title) for gap in found]
    return View("gaps", ("gap", "subject", "title"), rows, {"gaps": [gap.to_dict() for gap in found]}, bars)


def of_submitters(found: Sequence[SubmitterState]) -> View:
    """Return the view of who reports."""
    rows = [
        (
            each.submitter, each.name, each.dataset, each.last_issued, each.accepted, each.returned,
            each.next_due, each.days_late or "",
        )
        for each in found
    ]  # fmt: skip
    columns = ("id", "submitter", "dataset", "last-issued", "accepted-count", "returned-count", "next-due", "late")
    bars = _bars(map(submitter_state, found), SUBMITTER_STATES)
    return View("submitters", columns, rows, {"submitters": [each.to_dict() for each in found]}, bars)


def submitter_state(each: SubmitterState) -> str:
    """Return whether a dataset was reported in time: `late`, `on-time`, `never`, or due at no certain time."""
    if each.last_issued is None:
        return "never"
    if each.cadence is None:
        return "no-cadence"
    return "late" if each.days_late else "on-time"


def of_history(found: Sequence[Step]) -> View:
    """Return the view of what became of a thing."""
    from bicentennial.monitoring.questions.comparing import long
    from bicentennial.vocabulary.index import default_index

    index = default_index()
    rows = []
    for step in found:
        values = {
            lang: "; ".join(
                f"{index.label(long(name), lang)}: "
                + (", ".join(index.label(long(v), lang) if v.startswith("bicd:") else v for v in several) or "–")
                for name, several in step.values.items()
                if name not in ("rdf:type", "dcterms:identifier")
            )
            for lang in LANGUAGES
        }
        rows.append((step.issued, step.submission, step.subject, values if step.is_there else _states("went")))
    columns = ("issued", "submission", "subject", "values")
    return View("history", columns, rows, {"history": [step.to_dict() for step in found]})


def of_tokens(found: Sequence[Token]) -> View:
    """Return the view of tokens, which never shows a secret."""
    rows = [
        (
            each.id,
            each.submitter,
            " ".join(each.scopes),
            _to_the_second(each.created_at),
            each.expires,
            each.used,
            each.revoked,
        )
        for each in found
    ]
    columns = ("id", "submitter", "scopes", "made", "expires", "used", "revoked")
    return View("tokens", columns, rows, {"tokens": [each.to_dict() for each in found]})


def of_faults(found: Sequence[Fault]) -> View:
    """Return the view of what a verification found."""
    rows = [(each.table, each.row, _states(each.kind)) for each in found]
    return View("faults", ("table", "row", "fault"), rows, {"faults": [each.to_dict() for each in found]})


def property_label(name: str, lang: Language) -> str:
    """Return what a property of a record is called."""
    from bicentennial.monitoring.questions.comparing import long
    from bicentennial.vocabulary.index import default_index

    return default_index().label(long(name), lang)


def value_label(value: str, lang: Language) -> str:
    """Return a value of a record for people: the label of a thing that we know, any other as it is."""
    from bicentennial.monitoring.questions.comparing import long
    from bicentennial.vocabulary.index import default_index

    return default_index().label(long(value), lang) if value.startswith("bicd:") else value


def _plain(row: ActionState | Deadline | IndicatorState | ProgressRow) -> dict[str, Any]:
    """Return a row as JSON holds it."""
    return {name: value for name, value in asdict(row).items() if name != "behind"}
