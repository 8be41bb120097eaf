"""Play a year of quarterly submissions of three fictitious partners into a new registry.

    python examples/registry/play.py example.sqlite

Then ask it: `bicentennial registry changes --registry example.sqlite`, `progress`, `deadlines`, `indicators`, `log`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import bicentennial as bic

HERE: Final = Path(__file__).resolve().parent
PARTNERS: Final = {
    "fundacion-ejemplo": "Fundación Ejemplo (ficticia)",
    "example-port-programme": "Example Port Programme (fictitious)",
    "instituto-ficticio": "Instituto Ficticio",
}
# In the order in which they came: the deadline of S-1 moves in June, S-3 vanishes in September, the correction of March
# comes in November, and what the port programme sent in June is returned and sent again.
SUBMISSIONS: Final = (
    ("fundacion-ejemplo", "salas", "2024-t1.csv"),
    ("example-port-programme", "ports", "2024-q1.csv"),
    ("fundacion-ejemplo", "salas", "2024-t2.csv"),
    ("example-port-programme", "ports", "2024-q2.csv"),
    ("example-port-programme", "ports", "2024-q2-again.csv"),
    ("instituto-ficticio", "estudios", "2024-06.ttl"),
    ("fundacion-ejemplo", "salas", "2024-t3.csv"),
    ("fundacion-ejemplo", "salas", "2024-t1-correccion.csv"),
    ("fundacion-ejemplo", "salas", "2024-t4.csv"),
    ("example-port-programme", "ports", "2024-q4.csv"),
    ("instituto-ficticio", "estudios", "2024-12.ttl"),
    ("instituto-ficticio", "talleres", "2024.xml"),
)


def play(url: str) -> None:
    """Make the registry and hand everything in; what waits for approval is looked at by a reviewer."""
    with bic.registry(url, create=True) as registry:
        for party, name in PARTNERS.items():
            registry.add_party(party, name=name)
        registry.set_dataset("fundacion-ejemplo/salas", cadence="quarter")
        registry.set_dataset("example-port-programme/ports", cadence="quarter", approval=True)
        for submitter, dataset, file in SUBMISSIONS:
            issued = "2024-12-31" if file.endswith(".xml") else None  # IATI files do not say for which date they report
            path = HERE / submitter / file
            result = registry.submit(path, submitter=submitter, dataset=dataset, issued=issued)
            submission = result.submission
            assert submission is not None
            if submission.state == "pending":
                if file == "2024-q1.csv":
                    reason = "P-2 names two parties: say in the description which of them answers for it."
                    registry.give_back(submission.id, reason=reason, actor="reviewer")
                registry.accept(submission.id, reason="said by telephone", actor="reviewer")
            submission = registry.submission(submission.id)
            print(f"{submission.name} ({file}, {submission.issued}): {submission.state}")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    play(sys.argv[1])
