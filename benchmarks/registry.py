"""What a registry costs: accepting submissions beside validating them, its size, its answers, and how all that grows.

    python -m benchmarks.registry                       1,000 submissions of 100 actions
    python -m benchmarks.registry --submissions 10000
    python -m benchmarks.registry --submissions 2 --actions 100000 --url postgresql://…
    python -m benchmarks.registry --kills 200           rounds of `submit` that are killed, in place of measuring

Seconds are those of the processor (user and system), which other programs on the machine do not change; of PostgreSQL
they are this process's alone. Twenty quarters of one partner are checked, and other partners get the same with other
titles, since only what comes after the check is measured: statuses move on, and a tenth of the budgets change
from quarter to quarter.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.tables import Table
from bicentennial.limits import Limits
from bicentennial.monitoring.registry import Registry, open_registry
from bicentennial.monitoring.store import is_postgres
from bicentennial.monitoring.workflow.checking import Checked, check
from bicentennial.monitoring.workflow.judging import judge
from bicentennial.monitoring.workflow.receiving import Handed, receive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["figures"]

HEADERS: Final = (
    "id", "title", "goal", "responsible_party", "status", "start_date", "due_date", "budget", "currency",
)  # fmt: skip
PARTIES: Final = ("SRE", "SSPC", "FGR", "DEA", "UNODC")
QUARTERS: Final = 20
_TITLE: Final = "as a partner might call it"
_KILLS: Final = "tests/monitoring/test_durability.py"


@dataclass(frozen=True, slots=True)
class Quarter:
    """What one partner reports for a quarter, and what checking it gave."""

    issued: str
    data: bytes
    checked: Checked

    def of(self, partner: int) -> Quarter:
        """Return the same of another partner, who says each action otherwise."""
        title = f"of partner {partner}, {_TITLE}"
        lines = [line.replace(_TITLE, title) for line in self.checked.lines]
        data = self.data.replace(_TITLE.encode(), title.encode())
        return Quarter(self.issued, data, replace(self.checked, lines=lines))


def tables(actions: int, quarters: int, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield the date and the table of each quarter of one partner."""
    rows = [
        [f"A-{n}", f"Action {n}, {_TITLE}", chance.choice(("G1", "G2", "G3")), chance.choice(PARTIES),
         "planned", "2019-01-01", f"202{chance.randint(4, 8)}-06-30", str(chance.randint(1_000, 900_000)), "MXN"]
        for n in range(actions)
    ]  # fmt: skip
    for quarter in range(quarters):
        for row in rows:
            if chance.random() < 0.1:
                row[7] = str(chance.randint(1_000, 900_000))
            if row[4] == "planned" and chance.random() < 0.05:
                row[4] = "ongoing"
        out = io.StringIO()
        csv.writer(out).writerows([HEADERS, *rows])
        yield f"{2020 + quarter // 4}-{quarter % 4 * 3 + 3:02d}", out.getvalue().encode()


def taken(call: Callable[[], Any]) -> float:
    """Return the seconds of the processor that a call takes."""
    before = time.process_time()
    call()
    return time.process_time() - before


def whole(*arguments: str) -> float:
    """Return the seconds of the processor that a whole process of the command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "bicentennial", *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def fill(registry: Registry, submissions: int, actions: int) -> list[float]:
    """Hand everything in, and return what accepting each submission took beside validating it."""
    quarters = min(submissions, QUARTERS)
    own = [
        Quarter(issued, data, check(data, "quarter.csv", None, Limits()))
        for issued, data in tables(actions, quarters, random.Random(7))
    ]
    seconds = []
    for partner in range(-(-submissions // quarters)):
        name = f"partner-{partner}"
        registry.add_party(name, name=f"Partner {partner} (fictitious)")
        for each in own:
            quarter = each.of(partner)
            seconds.append(taken(lambda name=name, quarter=quarter: accept(registry, name, quarter)))  # type: ignore[misc]
    return seconds


def accept(registry: Registry, name: str, quarter: Quarter) -> None:
    """Receive and judge what was checked already."""
    with registry.database.transaction():
        dataset = registry.dataset_number(name, "actions")
        handed = Handed(data=quarter.data, name="quarter.csv", dataset=dataset, issued=quarter.issued, sent_by=name)
        number, _ = receive(registry.database, handed)
    judge(registry.database, number, quarter.checked, actor=name)


def figures(submissions: int, actions: int, url: str | None = None) -> Table:
    """Return what was measured, beside what is wanted of 1,000 submissions of 100 actions."""
    with tempfile.TemporaryDirectory(prefix="bicentennial-bench-") as folder:
        where = url or str(Path(folder) / "registry.sqlite")
        with open_registry(where, create=True) as registry:
            seconds = fill(registry, submissions, actions)
            tenth = max(len(seconds) // 10, 1)
            rows = [
                ["accept, beside validating (median)", "0.030", f"{sorted(seconds)[len(seconds) // 2]:.4f}"],
                ["accept, the first tenth (mean)", "", f"{sum(seconds[:tenth]) / tenth:.4f}"],
                ["accept, the last tenth (mean)", "", f"{sum(seconds[-tenth:]) / tenth:.4f}"],
                ["accept, the slowest", "20 for 100,000 actions", f"{max(seconds):.4f}"],
            ]
            questions: dict[str, tuple[str, Callable[[], Any]]] = {
                "progress by goal, now": ("", registry.progress),
                "progress by goal over all quarters": ("0.5", registry.progress_over_time),
                "deadlines": ("", registry.deadlines),
                "changes": ("", registry.changes),
                "difference of two": ("0.010", lambda: registry.diff(1, 2)),
                "history of one action": ("0.010", lambda: registry.history("A-1", submitter="partner-0")),
                "looking for work": ("", registry.work),
                "verify everything": ("", registry.verify),
            }
            rows += [
                [name, wanted, f"{min(taken(call), taken(call)):.4f}"] for name, (wanted, call) in questions.items()
            ]
        listing = min(whole("registry", "list", "--registry", where) for _ in range(3))
        few = min(whole("registry", "list", "--registry", where, "--submitter", "partner-0") for _ in range(3))
        rows += [
            ["`registry list`, whole process", "0.15", f"{listing:.3f}"],
            ["`registry list --submitter`, whole process", "0.15", f"{few:.3f}"],
        ]
        if not is_postgres(where):
            size = sum(path.stat().st_size for path in Path(folder).iterdir())
            rows.append(["MB on disk", "150", f"{size / 1e6:.1f}"])
    title = f"Registry: {len(seconds):,} submissions of {actions:,} actions (seconds of the processor)"
    return Table(title, ["what", "at most", "measured"], rows)


def kills(rounds: int) -> int:
    """Run the tests that kill processes in the midst of their work, with more rounds and larger submissions."""
    environment = {**os.environ, "BICENTENNIAL_KILL_ROUNDS": str(rounds), "BICENTENNIAL_KILL_ACTIONS": "5000"}
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-s", _KILLS, "-k", "killed"]
    return subprocess.run(command, check=False, env=environment).returncode


def main() -> int:
    """Print a table of what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=1_000)
    parser.add_argument("--actions", type=int, default=100)
    parser.add_argument("--url", help="an empty database of PostgreSQL; a new SQLite file if absent")
    parser.add_argument("--kills", type=int, metavar="ROUNDS", help="kill processes instead")
    given = parser.parse_args()
    if given.kills:
        return kills(given.kills)
    print(figures(given.submissions, given.actions, given.url).text())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
