"""What became of a submission, kept in a file as JSON, and reports that are rendered from it in a worker.

An outcome that was kept can be rendered in any format and language later, without the findings passing through its own
memory; the file is data, and what is rendered of it is escaped like any other.

>>> import tempfile
>>> from bicentennial.validation.outcome import Outcome
>>> with tempfile.TemporaryDirectory() as folder:
...     store(Outcome(file="a.csv", actions=2, engine="compiled"), Path(folder) / "outcome.json")
...     stored(Path(folder) / "outcome.json").actions
2
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from bicentennial.core.worker import WithText
from bicentennial.validation.outcome import Outcome

if TYPE_CHECKING:
    from bicentennial.core.messages import Language
    from bicentennial.report.judged import JudgedOutcome

__all__ = ["EMBEDDED", "preload", "render_in_worker", "store", "stored"]

EMBEDDED = "embedded"
"""The name by which a report as a part of another page is asked for, beside those of `report.FORMATS`."""


def store(outcome: Outcome, path: Path) -> None:
    """Write an outcome to a file."""
    path.write_text(json.dumps(outcome.to_dict(), ensure_ascii=False), encoding="utf-8", errors="surrogatepass")


def stored(path: Path) -> Outcome:
    """Return the outcome that a file holds."""
    return Outcome.from_dict(json.loads(path.read_text(encoding="utf-8", errors="surrogatepass")))


def render_in_worker(path: str, name: str, lang: Language) -> WithText:
    """Return the report on the outcome in a file, in a format of text or as a part of a page."""
    from bicentennial.report.judged import JudgedOutcome

    return WithText({}, _rendered(JudgedOutcome(stored(Path(path))), name, lang))


def preload() -> None:
    """Load what rendering needs, in a process that forks a worker for each: see `core.worker.pool`."""
    from bicentennial.core.resources import directory
    from bicentennial.report.judged import JudgedOutcome
    from bicentennial.validation.submission import check

    report = JudgedOutcome(check(directory("submissions") / "faulty.csv", coverage=True))
    for name in (EMBEDDED, "html", "json"):
        _rendered(report, name, "en")


def _rendered(report: JudgedOutcome, name: str, lang: Language) -> str:
    if name == EMBEDDED:
        from bicentennial.report.html.embedded import embedded

        return str(embedded(report))
    from bicentennial.report.formats import render

    return render([report], name, lang)
