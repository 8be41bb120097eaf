"""A file that was checked, in a private folder for as long as it is kept, and reports that are rendered from it."""

from __future__ import annotations

import contextlib
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from bicentennial.core.file_formats import Family, of_family
from bicentennial.core.files.output import atomic_path
from bicentennial.core.files.workspace import Workspace
from bicentennial.core.worker import WorkerLimits, processors
from bicentennial.report.formats import BINARY, FORMATS
from bicentennial.report.stored import EMBEDDED, store, stored
from bicentennial.service.jobs import QueueFullError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bicentennial.core.messages import Language
    from bicentennial.core.worker import Pool
    from bicentennial.report.model import Report
    from bicentennial.service.context import Context
    from bicentennial.service.settings import Settings

__all__ = ["Checked", "Given", "check"]

_OUTCOME: Final = "outcome.json"
_RENDER: Final = "bicentennial.report.stored:render_in_worker"
_SECONDS: Final = 60
_MAPPABLE: Final = frozenset(of_family(Family.DELIMITED, Family.WORKBOOK, Family.JSON))
_PATIENCE: Final = 10.0
_AGAIN: Final = 10
# Rendering is quick, but each takes a processor while it goes on.
_room: Final = threading.BoundedSemaphore(2 * processors())


@contextlib.contextmanager
def _taken(lock: threading.Lock | threading.BoundedSemaphore, patience: float) -> Iterator[None]:
    """Hold a lock, once it is free: those who wait for one keep a thread from all other visitors."""
    if not (lock.acquire(timeout=patience) if patience >= 0 else lock.acquire()):
        raise QueueFullError(_AGAIN)
    try:
        yield
    finally:
        lock.release()


@dataclass(slots=True)
class Given:
    """A file to be checked, in a private folder that goes with it.

    Args:
        name: what the visitor's file is called.
        path: where it is kept.
        folder: the private folder.
        mapping: the mapping file to read it with.
    """

    name: str
    path: Path
    folder: Workspace
    mapping: Path | None = None

    def copy(self) -> Given:
        """Return the same file in a folder of its own, without a mapping."""
        folder = Workspace()
        place = folder.path / "submission"
        place.mkdir()
        path = place / self.path.name
        try:
            path.hardlink_to(self.path)  # neither is ever written to
        except OSError:
            shutil.copyfile(self.path, path)
        return Given(self.name, path, folder)


@dataclass(slots=True)
class Checked:
    """What came of a file; of the findings only their numbers are kept in memory.

    Args:
        given: the file.
        conforms: the verdict.
        by_code: how many findings there are of each code.
        format: the format of the file; None if it could not be read.
    """

    given: Given
    conforms: bool
    by_code: dict[str, int]
    format: str | None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def name(self) -> str:
        """What the visitor's file is called."""
        return self.given.name

    @property
    def is_mappable(self) -> bool:
        """Whether the file has columns or keys of its own that a mapping can speak of."""
        return self.format in _MAPPABLE

    @property
    def outcome(self) -> Path:
        """The file that holds the outcome."""
        return self.given.folder.path / _OUTCOME

    def kept(self, name: str, make: Callable[[], str], *, patience: float = _PATIENCE) -> str:
        """Return a text that is made once and kept beside the file, all of it or nothing.

        Args:
            name: that of the file in which it is kept.
            make: makes it.
            patience: how many seconds to wait where others are being made; -1 for as long as it takes.

        Raises:
            QueueFullError: it took longer.
            OutputError: there is no room for it.
        """
        path = self.given.folder.path / name
        with _taken(self._lock, patience):
            if not path.exists():
                with _taken(_room, patience):
                    text = make()
                with atomic_path(path) as part:
                    part.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
        return path.read_bytes().decode("utf-8", "surrogatepass")

    def text(self, form: str, lang: Language, pool: Pool, *, patience: float = _PATIENCE) -> str:
        """Return the report in a format of text, or as a part of a page; each is rendered once.

        Raises:
            LimitReachedError: that takes too long, or too much memory.
            QueueFullError: others are rendered meanwhile, for longer than the patience.
        """

        def rendered() -> str:
            limits = WorkerLimits(memory=1 << 30, seconds=_SECONDS)
            text: str = pool.call(_RENDER, str(self.outcome), form, lang, limits=limits).text
            return text

        return self.kept(f"report.{form}.{lang}", rendered, patience=patience)

    def workbook(self, lang: Language, settings: Settings) -> bytes:
        """Return the file as a workbook with its faulty cells marked.

        Raises:
            InputError: the file cannot be read again within the limits.
            QueueFullError: others are made meanwhile, for long.
        """
        path = self.given.folder.path / f"marked.{lang}{PurePath(self.saved_as('xlsx')).suffix}"
        with _taken(self._lock, _PATIENCE):
            if not path.exists():
                with _taken(_room, _PATIENCE):
                    self.report(settings).to_workbook(path, lang)
        return path.read_bytes()

    def report(self, settings: Settings) -> Report:
        """Return the report with all its findings."""
        from bicentennial.inputs import Input
        from bicentennial.report.model import Report

        mapping = str(self.given.mapping) if self.given.mapping else None
        limits = settings.limits
        source = Input(self.name, str(self.given.path))
        return Report(stored(self.outcome), source=source, mapping=mapping, limits=limits)

    def saved_as(self, form: str) -> str:
        """Return the name of the file in which a report is saved: a marked workbook is called as the workbook was.

        >>> given = Given("Avance 2024.XLSM", Path("x"), None)
        >>> [Checked(given, True, {}, "xlsm").saved_as(form) for form in ("xlsx", "json")]
        ['Avance 2024.xlsm', 'Avance 2024.report.json']
        """
        stem, suffix = PurePath(self.name).stem, PurePath(self.name).suffix.lower()
        if form in BINARY:
            return f"{stem}{suffix if suffix in FORMATS[form] and suffix[1:] == self.format else FORMATS[form][0]}"
        return f"{stem}.report{(*FORMATS[form], '.txt')[0]}"


def check(given: Given, context: Context, lang: Language) -> Checked:
    """Check a file; the report for the page is rendered as well, so that its turn in the queue is all it costs.

    Raises:
        UsageError: the mapping file makes no sense.
    """
    from bicentennial.api import validate

    report = validate(given.path, name=given.name, mapping=given.mapping, limits=context.settings.limits)
    done = Checked(given, report.conforms, report.by_code, report.outcome.format)
    store(report.outcome, done.outcome)
    done.text(EMBEDDED, lang, context.checks, patience=-1)
    return done
