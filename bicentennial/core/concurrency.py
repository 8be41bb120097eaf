"""Threads that help: with what comes next while what there is already is being used, or with several things at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

__all__ = ["Aside", "both", "prefetch", "run_threads"]

Item = TypeVar("Item")
Tool = TypeVar("Tool")
One = TypeVar("One")
Other = TypeVar("Other")


class Aside(Generic[One]):
    """A function that runs in another thread from now on; it pays where that leaves the interpreter alone.

    >>> Aside(lambda: 1).result()
    1
    """

    def __init__(self, function: Callable[[], One]) -> None:
        from threading import Thread  # a small file needs none

        self._function = function
        self._made: list[One] = []
        self._errors: list[Exception] = []
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._made.append(self._function())
        except Exception as error:
            self._errors.append(error)

    def wait(self) -> None:
        """Wait until it has ended, however."""
        self._thread.join()

    def result(self) -> One:
        """Wait for it, and return what it returned or raise what it raised."""
        self.wait()
        if self._errors:
            raise self._errors[0]
        return self._made[0]


def both(one: Callable[[], One], other: Callable[[], Other]) -> tuple[One, Other]:
    """Return what two functions return, of which the first runs in another thread; of two errors, raise the first's.

    >>> both(lambda: 1, lambda: 2)
    (1, 2)
    """
    aside = Aside(one)
    try:
        found = other()
    finally:
        made = aside.result()
    return made, found


def prefetch(items: Iterator[Item]) -> Generator[Item, None, None]:
    """Yield what there is, while another thread gets the next item; it pays where either leaves the interpreter alone.

    >>> list(prefetch(iter("abc")))
    ['a', 'b', 'c']
    """
    # `concurrent.futures` takes longer to import than a thread for each item takes to start.
    coming = Aside(partial(next, items, None))
    try:
        while (item := coming.result()) is not None:
            coming = Aside(partial(next, items, None))
            yield item
    finally:
        coming.wait()


def run_threads(work: Callable[[Tool, Item], None], items: Iterable[Item], tools: Sequence[Tool]) -> None:
    """Do some work on each item, as many at a time as there are tools, such as connections; raise the first error.

    An item is asked for when a tool is free, which others are used meanwhile.

    >>> done = []
    >>> run_threads(lambda tool, item: done.append((item, tool)), "abc", ["x"])
    >>> done
    [('a', 'x'), ('b', 'x'), ('c', 'x')]
    """
    if len(tools) == 1:
        for item in items:
            work(tools[0], item)
        return
    from threading import Lock, Thread  # a small file needs none

    waiting, asking = iter(items), Lock()
    errors: list[Exception] = []

    def use(tool: Tool) -> None:
        try:
            while not errors:
                with asking:
                    item = next(waiting)
                work(tool, item)
        except StopIteration:
            pass
        except Exception as error:
            errors.append(error)

    threads = [Thread(target=use, args=(tool,)) for tool in tools[1:]]
    for thread in threads:
        thread.start()
    use(tools[0])
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
