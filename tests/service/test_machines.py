"""Services on two machines that share a registry: what is done on one holds on the other, also after a cut cable."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial.monitoring.registry import open_registry
from tests.network import ADDRESSES, DATABASE, FIRST, SECOND, FromMachine, cut, inside, machines
from tests.serving import EXAMPLES, Service
from tests.visiting import Visitor
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

PORT = 8642
_TOKEN = re.compile(r"bic_([0-9a-f]+)_[0-9a-f]{64}")


@dataclass(slots=True)
class Machine(Service):
    """A service on a machine, and where its visitors sit: on the machine of the database, or at the machine itself."""

    seen_from: str = DATABASE

    def client(self, token: str | None = None, **options: Any) -> httpx.Client:
        return super(Machine, self).client(token, transport=FromMachine(self.seen_from), **options)

    def itself(self) -> Machine:
        """Return the service as one sees it who sits at the machine."""
        url = f"http://127.0.0.1:{PORT}"
        return Machine(url, self.process, self.log, self.registry, self.tokens, self.machine)

    @property
    def machine(self) -> str:
        return next(name for name, address in ADDRESSES.items() if address in self.url)


@contextlib.contextmanager
def served(machine: str, url: str, folder: Path, tokens: dict[str, str]) -> Iterator[Machine]:
    """Run a service on a machine for the length of the block."""
    names = json.dumps([ADDRESSES[machine], "127.0.0.1"])
    config, log = folder / f"{machine}.toml", folder / f"{machine}.log"
    config.write_text(f"rate = 1000000\ncheck_rate = 1000000\nhosts = {names}\n", encoding="utf-8")
    command = [*inside(machine), sys.executable, "-m", "bicentennial", "serve", "--host", "0.0.0.0"]
    command += ["--port", str(PORT), "--registry", url, "--config", str(config)]
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stream, text=True, env={**os.environ})
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http"), log.read_text(encoding="utf-8")
        yield Machine(f"http://{ADDRESSES[machine]}:{PORT}", process, log, None, tokens)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    """Yield the services of two machines, with an administrator's and a reviewer's token made before."""
    with machines() as (here, there):
        with open_registry(here, create=True) as registry:
            registry.add_party("fundacion", name="Fundación Ejemplo (ficticia)")
            registry.set_dataset("fundacion/acciones", approval=True)
            tokens = {name: registry.add_token([name])[1] for name in ("admin", "review")}
        with served(FIRST, there, tmp_path, tokens) as first, served(SECOND, there, tmp_path, tokens) as second:
            yield first, second


def new_token(admin: Visitor, rights: list[str], of: str) -> tuple[str, str]:
    """Make a token by the page of administrators, and return its id and its text."""
    form = {"task": "add-token", "holder": "fundacion", "may": rights, "of": of}
    found = _TOKEN.search(admin.send("/en/admin", "/en/admin", form).text)
    assert found is not None
    return found[1], found[0]


def send(partner: Visitor, issued: str, file: str = "buena.csv") -> int:
    """Hand a file in by the form, and return the id of the submission."""
    form = {"submitter": "fundacion", "dataset": "acciones", "issued": issued}
    content = (EXAMPLES / file).read_bytes()
    answer = partner.send("/es/send", "/es/send", form, {"file": ("informe.csv", content)})
    assert answer.status_code == 303, answer.text
    with partner.service.client("review") as client:
        return int(client.get("/api/v1/submissions").json()["items"][-1]["id"])


def state(service: Machine, ident: int, token: str | None = "review") -> tuple[int, str | None]:
    """Return the status of an answer about a submission, and the submission's state."""
    with service.client(token) as client:
        answer = client.get(f"/api/v1/submissions/{ident}")
        return answer.status_code, answer.json().get("state")


def counted(service: Machine) -> int:
    """Return how many actions the public dashboard counts."""
    with service.client() as client:
        rows = client.get("/api/v1/progress?by=status").json()["rows"]
        return sum(row["actions"] for row in rows)


def test_what_is_done_on_one_machine_holds_on_the_other(two: tuple[Machine, Machine]) -> None:
    first, second = two
    with contextlib.ExitStack() as stack:

        def visitor(service: Machine, token: str) -> Visitor:
            made = Visitor(service)
            stack.callback(made.close)
            assert made.sign_in(token).status_code == 303
            return made

        # A token that is made on the first machine opens the second.
        admin = visitor(first, "admin")
        ident, text = new_token(admin, ["submit", "read"], "fundacion")
        partner, elsewhere = visitor(first, text), visitor(second, text)

        # What is sent to the first machine is decided on the second: returned, sent again, accepted.
        reviewer = visitor(second, "review")
        sent = send(partner, "2024-06-30")
        assert state(first, sent) == state(second, sent) == (200, "pending")
        assert f"/en/review/{sent}" in reviewer.page("/en/review")
        reason = "Falta el distrito."
        where = f"/en/review/{sent}"
        assert reviewer.send("/en/review", where, {"decision": "return", "reason": reason}).status_code == 303
        assert state(first, sent) == (200, "returned")
        assert reason in partner.page("/es/mine")
        before = counted(first)
        again = send(elsewhere, "2024-09-30")  # on the second machine, and decided on the first
        assert (
            visitor(first, "review").send("/en/review", f"/en/review/{again}", {"decision": "accept"}).status_code
            == 303
        )
        assert state(second, again) == (200, "accepted")
        assert counted(first) == counted(second) > before

        # One session serves on both, as behind a balancer that chooses a machine for each request.
        with second.client(cookies=dict(partner.client.cookies)) as client:
            assert client.get("/es/mine").status_code == 200

        # The cable of the second is pulled: it checks and explains; the first goes on, and the token is revoked there.
        cut(SECOND, off=True)
        alone = second.itself()
        with alone.client() as client:
            until(lambda: client.get("/readyz").status_code == 503, 120)
            assert client.get("/es/explore").status_code == 200
            checked = client.post(
                "/api/v1/check?name=buena.csv",
                content=(EXAMPLES / "buena.csv").read_bytes(),
                headers={"Prefer": "wait=60"},
            )
            assert checked.json()["conforms"] is True
            refused = client.get("/api/v1/submissions")
            assert refused.status_code == 503
            assert refused.headers["content-type"] == "application/problem+json"
            assert ADDRESSES[DATABASE] not in refused.text
        late = send(partner, "2024-12-31")
        assert admin.send("/en/admin", "/en/admin", {"task": "revoke-token", "id": ident}).status_code == 303

        # It is put back: nothing has to be started again, what happened meanwhile is there, the token opens nothing.
        cut(SECOND, off=False)
        with second.client() as client:
            until(lambda: client.get("/readyz").status_code == 200, 120)
        assert state(second, late) == (200, "pending")
        assert elsewhere.client.get("/es/mine").status_code == 303
        assert Visitor(second).sign_in(text).status_code != 303
        with second.client(headers={"Authorization": f"Bearer {text}"}) as client:
            assert client.get("/api/v1/submissions").status_code == 401
        assert reviewer.send("/en/review", f"/en/review/{late}", {"decision": "accept"}).status_code == 303
        assert state(first, late) == (200, "accepted")
