"""What is current, by a model of thirty lines in Python: SQLite and PostgreSQL agree with it, whatever the order."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bicentennial.monitoring.registry import Registry, open_registry
from bicentennial.monitoring.store.dates import now
from bicentennial.monitoring.workflow.checking import Checked
from bicentennial.monitoring.workflow.judging import judge
from bicentennial.monitoring.workflow.receiving import Handed, receive
from bicentennial.validation.outcome import Outcome

from .conftest import new_database

DATES = ("2024-03-31", "2024-06-30", "2024-09-30")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("submit"), st.sampled_from(["a", "b"]), st.sampled_from(DATES), st.booleans()),
        st.tuples(st.just("withdraw"), st.integers(0, 9), st.just(""), st.just(True)),
    ),
    max_size=9,
)


@dataclass
class Model:
    """What the registry should say: of what was handed in for a date and not withdrawn since, the last holds."""

    done: list[dict[str, object]] = field(default_factory=list)

    def submit(self, dataset: str, issued: str, *, conforms: bool) -> None:
        number = sum(each["dataset"] == dataset for each in self.done) + 1
        state = "conforms" if conforms else "returned"
        self.done.append({"dataset": dataset, "issued": issued, "number": number, "state": state})

    def withdraw(self, place: int) -> bool:
        if place >= len(self.done) or self.done[place]["state"] == "withdrawn":
            return False
        self.done[place]["state"] = "withdrawn"
        return True

    def current(self, as_of: str) -> dict[object, object]:
        found = {}
        for each in sorted(self.done, key=lambda e: (e["issued"], e["number"])):
            if each["state"] == "conforms" and str(each["issued"]) <= as_of:
                found[each["dataset"]] = each["number"]
        return found


def _hand_in(registry: Registry, dataset: str, issued: str, serial: int, *, conforms: bool) -> None:
    with registry.database.transaction():
        number = registry.dataset_number("UNODC", dataset)
        handed = Handed(data=f"{serial}".encode(), name="a.csv", dataset=number, issued=issued, sent_by="x")
        submission, _ = receive(registry.database, handed)
    totals = {} if conforms else {"Action-advancesGoal.missing": ("violation", 1)}
    line = f'["action/A-{serial}", ["Action"], "dcterms:identifier \\"A-{serial}\\"\\nrdf:type bic:Action", 1, 2]'
    checked = Checked(Outcome("a.csv", "csv", 1, 1, "compiled", totals=totals), [line])
    judge(registry.database, submission, checked, actor="x")


def _play(registry: Registry, steps: list[tuple[str, object, str, bool]], model: Model) -> list[tuple[str, object]]:
    seen: list[tuple[str, object]] = []
    for serial, (what, which, issued, conforms) in enumerate(steps):
        if what == "submit":
            _hand_in(registry, str(which), issued, serial, conforms=conforms)
            model.submit(str(which), issued, conforms=conforms)
        elif model.withdraw(int(str(which))):
            registry.withdraw(int(str(which)) + 1, reason="because")
        for day in DATES:
            found: dict[object, object] = {each.dataset: each.number for each in registry.current(as_of=day)}
            assert found == model.current(day)
            seen.append((now(), found))
    # What was known at each moment is known at that moment for ever.
    for place, (at, then) in enumerate(seen):
        day = DATES[place % len(DATES)]
        assert {each.dataset: each.number for each in registry.current(as_of=day, known=at)} == then
    assert registry.verify() == []
    return [(day, found) for (_, found), day in zip(seen, DATES * len(steps), strict=True)]


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_sqlite_agrees_with_the_model(steps: list[tuple[str, object, str, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_registry(Path(folder) / "r.sqlite", create=True) as registry:
        _play(registry, steps, Model())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_postgres_agrees_with_the_model(server: str, steps: list[tuple[str, object, str, bool]]) -> None:
    with open_registry(new_database(server), create=True) as registry:
        _play(registry, steps, Model())
