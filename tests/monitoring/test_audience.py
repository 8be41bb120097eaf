"""Who may see what: a registry that is opened for an audience answers as if there were nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bicentennial.core.errors import UnknownNameError, UsageError
from bicentennial.monitoring.store.audience import EVERYTHING, Audience

if TYPE_CHECKING:
    from bicentennial.monitoring.registry import Registry

DAY = "2025-06-30"


@pytest.fixture
def filled(registry: Registry, table) -> Registry:  # type: ignore[no-untyped-def]
    """Return a registry with something accepted, returned, waiting, and under embargo until a day."""
    registry.add_party("other", name="Other NGO (fictitious)")
    registry.set_dataset("fundacion/waiting", approval=True)
    registry.set_dataset("fundacion/early", embargo="2025-06")
    for submitter, dataset, data in (
        ("fundacion", "open", table()),
        ("fundacion", "waiting", table({"A-001": {"id": "A-771"}})),
        ("fundacion", "early", table({"A-001": {"id": "A-772"}})),
        ("other", "open", table({"A-001": {"id": "A-773"}})),
    ):
        registry.submit(data, name=f"{dataset}.csv", submitter=submitter, dataset=dataset, issued="2025-03-31")
    registry.submit(b"id,title\nA-774,x\n", name="r.csv", submitter="fundacion", dataset="open", issued="2025-06-30")
    return registry


def seen(registry: Registry, audience: Audience) -> set[str]:
    registry.database.audience = audience
    return {each.name for each in registry.submissions()}


PUBLIC = {"fundacion/open/1", "other/open/1"}
OWN = {"fundacion/open/1", "fundacion/open/2", "fundacion/waiting/1", "fundacion/early/1"}


@pytest.mark.parametrize(
    ("audience", "names"),
    [
        (Audience(day=DAY), PUBLIC),
        (Audience(day="2025-07-01"), PUBLIC | {"fundacion/early/1"}),
        (Audience(names=frozenset({"fundacion"}), day=DAY), PUBLIC | OWN),
        (Audience(names=frozenset({"fundacion/waiting"}), day=DAY), PUBLIC | {"fundacion/waiting/1"}),
        (Audience(names=frozenset({"fund", "fundacion/wait", "%"}), day=DAY), PUBLIC),
        (EVERYTHING, PUBLIC | OWN),
    ],
)
def test_submissions_are_those_that_may_be_seen(filled: Registry, audience: Audience, names: set[str]) -> None:
    assert seen(filled, audience) == names


def test_every_answer_keeps_to_it(filled: Registry) -> None:
    seen(filled, Audience(day=DAY))
    subjects = {subject for row in filled.progress(by="status") for subject in row.subjects}
    assert subjects
    assert {subject.rpartition("/action")[0] for subject in subjects} == {"fundacion/open", "other/open"}
    assert {(each.submitter, each.dataset, each.returned) for each in filled.submitters()} == {
        ("fundacion", "open", 0),
        ("fundacion", "waiting", 0),  # that it is due is public, what came of it is not
        ("other", "open", 0),
    }
    text = "".join(filled.quads())
    for hidden in ("A-771", "A-772", "A-774", "waiting", "early"):
        assert hidden not in text
    for name in ("fundacion/waiting/1", "fundacion/early/1", "fundacion/open/2"):
        with pytest.raises(UsageError):
            filled.submission(name)
    for name in ("A-771", "A-772"):
        with pytest.raises(UnknownNameError) as caught:
            filled.history(name)
        assert not {"action/A-771", "action/A-772"} & set(caught.value.suggestions)
    assert [each.subject for each in filled.gaps() if "A-77" in each.subject and "A-773" not in each.subject] == []
    assert {each.submission for each in filled.actions()} == PUBLIC


def test_a_difference_is_from_what_may_be_seen(filled: Registry, table) -> None:  # type: ignore[no-untyped-def]
    seen(filled, EVERYTHING)
    data = table({"A-001": {"status": "completed"}})
    filled.submit(data, name="c.csv", submitter="fundacion", dataset="open", issued="2025-09-30")
    before = filled.before(filled.submission("fundacion/open/3"))
    assert before is not None
    assert before.name == "fundacion/open/2"  # what was returned is what the submitter compares with
    seen(filled, Audience(day=DAY))
    public = filled.before(filled.submission("fundacion/open/3"))
    assert public is not None
    assert public.name == "fundacion/open/1"
    assert {each.subject for each in filled.diff("fundacion/open/3")} == {"action/A-001"}
