"""Threads that help: what they are asked for, and what becomes of errors."""

from __future__ import annotations

from threading import Event, get_ident
from typing import TYPE_CHECKING

import pytest

from bicentennial.core.concurrency import Aside, run_threads

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize("tools", [1, 2])
def test_an_error_among_the_items_is_raised_and_what_came_before_is_done(tools: int) -> None:
    done: list[int] = []

    def items() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        run_threads(lambda _, item: done.append(item), items(), range(tools))
    assert done == [1]


def test_an_item_is_looked_for_while_another_one_is_worked_on() -> None:
    begun, found = Event(), Event()

    def items() -> Iterator[str]:
        yield "first"
        assert begun.wait(60)
        found.set()
        yield "second"

    def work(_: int, item: str) -> None:
        if item == "first":
            begun.set()
            assert found.wait(60)

    run_threads(work, items(), range(2))


def test_what_runs_aside_runs_in_another_thread_and_its_error_is_raised_when_asked_for() -> None:
    assert Aside(get_ident).result() != get_ident()
    failing = Aside(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        failing.result()
