"""What a registry costs: accepting submissions beside validating them, its size, and its answers.

    python -m benchmarks.registry --partners 50 --quarters 20 --actions 100
    python -m benchmarks.registry --partners 1 --quarters 2 --actions 100000 --url postgresql://…

Submissions are made anew for each run: statuses move on, and a tenth of the budgets change from quarter to quarter.
CPU seconds are those of this process; what PostgreSQL's server does is in the wall time alone.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.monitoring import workflow
from bicentennial.monitoring.database import is_postgres
from bicentennial.monitoring.registry import Registry, open_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEADERS: Final = (
    "id", "title", "goal", "responsible_party", "status", "start_date", "due_date", "budget", "currency",
)  # fmt: skip
PARTIES: Final = ("SRE", "SSPC", "FGR", "DEA", "UNODC")


def submissions(actions: int, quarters: int, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield the date and the table of each quarter of one partner."""
    rows = [
        [f"A-{n}", f"Action {n}, as a partner might call it", chance.choice(("G1", "G2", "G3")), chance.choice(PARTIES),
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


def timed(call: Callable[[], Any]) -> tuple[float, float]:
    """Return the CPU and wall seconds that a call takes."""
    cpu, wall = time.process_time(), time.perf_counter()
    call()
    return time.process_time() - cpu, time.perf_counter() - wall


def fill(registry: Registry, partners: int, quarters: int, actions: int) -> list[tuple[float, float]]:
    """Hand everything in, and return what accepting each submission took beside validating it."""
    taken = []
    for partner in range(partners):
        name = f"partner-{partner}"
        registry.add_party(name, name=f"Partner {partner} (fictitious)")
        for issued, data in submissions(actions, quarters, random.Random(partner)):
            checked = workflow.check(data, "quarter.csv")

            def accept(name: str = name, issued: str = issued, data: bytes = data, checked: Any = checked) -> None:
                with registry.database.transaction():
                    dataset = registry.dataset_number(name, "actions")
                    handed = workflow.Handed(
                        data=data, name="quarter.csv", dataset=dataset, issued=issued, sent_by=name
                    )
                    number, _ = workflow.receive(registry.database, handed)
                workflow.judge(registry.database, number, checked, actor=name)

            taken.append(timed(accept))
    return taken


def main() -> None:
    """Print a table of what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partners", type=int, default=10)
    parser.add_argument("--quarters", type=int, default=20)
    parser.add_argument("--actions", type=int, default=100)
    parser.add_argument("--url", help="an empty database of PostgreSQL; a new SQLite file if absent")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.url or str(Path(folder) / "registry.sqlite")
        with open_registry(url, create=True) as registry:
            taken = sorted(fill(registry, given.partners, given.quarters, given.actions))
            print(f"| {len(taken)} submissions of {given.actions} actions | CPU s | wall s |\n| --- | --- | --- |")
            cpu, wall = taken[len(taken) // 2]
            print(f"| accept, beside validating (median) | {cpu:.4f} | {wall:.4f} |")
            questions: dict[str, Callable[[], Any]] = {
                "progress by goal, now": registry.progress,
                "progress by goal over time": registry.progress_over_time,
                "deadlines": registry.deadlines,
                "list": registry.submissions,
                "difference of two": lambda: registry.diff(1, 2),
                "history of one action": lambda: registry.history("A-1", submitter="partner-0"),
                "verify everything": registry.verify,
            }
            for name, call in questions.items():
                cpu, wall = timed(call)
                print(f"| {name} | {cpu:.4f} | {wall:.4f} |")
            if not is_postgres(url):
                print(f"\n{sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6:.1f} MB on disk")


if __name__ == "__main__":
    main()
