"""Threads that help: with what comes next while what there is already is being used, or with several things at once."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

__all__ = ["both", "prefetch", "run_threads"]

Item = TypeVar("Item")
Tool = TypeVar("Tool")
One = TypeVar("One")
Other = TypeVar("Other")


def both(one: Callable[[], One], other: Callable[[], Other]) -> tuple[One, Other]:
    """Return what two functions return, of which the first runs in another thread; of two errors, raise the first's.

    It pays where either leaves the interpreter alone.

    >>> both(lambda: 1, lambda: 2)
    (1, 2)
    """
    from threading import Thread  # a small file needs none

    made: list[One] = []
    errors: list[Exception] = []

    def aside() -> None:
        try:
            made.append(one())
        except Exception as error:
            errors.append(error)

    thread = Thread(target=aside)
    thread.start()
    try:
        found = other()
    finally:
        thread.join()
        if errors:
            raise errors[0]
    return made[0], found


def prefetch(items: Iterator[Item]) -> Generator[Item, None, None]:
    """Yield what there is, while another thread gets the next item; it pays where either leaves the interpreter alone.

    >>> list(prefetch(iter("abc")))
    ['a', 'b', 'c']
    """
    from concurrent.futures import ThreadPoolExecutor  # takes longer than reading a small file

    with ThreadPoolExecutor(1) as aside:
        coming = aside.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = aside.submit(next, items, None)
            yield item


def run_threads(work: Callable[[Tool, Item], None], items: Iterable[Item], tools: Sequence[Tool]) -> None:
    """Do some work on each item, as many at a time as there are tools, such as connections; raise the first error.

    >>> done = []
    >>> run_threads(lambda tool, item: done.append((item, tool)), "abc", ["x"])
    >>> done
    [('a', 'x'), ('b', 'x'), ('c', 'x')]
    """
    waiting = deque(items)
    errors: list[Exception] = []

    def use(tool: Tool) -> None:
        with suppress(IndexError):
            while not errors:
                item = waiting.popleft()
                try:
                    work(tool, item)
                except Exception as error:
                    errors.append(error)

    first, *further = tools
    others = []
    if further:
        from threading import Thread  # a small file needs none

        others = [Thread(target=use, args=(tool,)) for tool in further]
    for other in others:
        other.start()
    use(first)
    for other in others:
        other.join()
    if errors:
        raise errors[0]
