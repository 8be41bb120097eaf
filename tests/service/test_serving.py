"""The service as a process: its address, its answers while nothing is wrong, its end."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

import pytest

from bicentennial.cli import main
from bicentennial.service.settings import Settings
from tests.serving import Filled, Service, serving

if TYPE_CHECKING:
    from pathlib import Path


def test_it_runs_and_is_ready(service: Service) -> None:
    with service.client() as client:
        assert client.get("/healthz").text == "ok\n"
        assert client.get("/readyz").text == "ok\n"


def test_the_address_is_the_only_line_and_sigterm_ends_it(filled: Filled, tmp_path: Path) -> None:
    with serving(tmp_path, registry=filled.copy(tmp_path), fresh=True) as running:
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(60) == 0
        assert running.process.stdout is not None
        assert running.process.stdout.read() == ""


def test_without_a_registry_it_is_ready_too(tmp_path: Path) -> None:
    with serving(tmp_path, fresh=True) as running, running.client() as client:
        assert client.get("/readyz").text == "ok\n"


@pytest.mark.parametrize("registry", ["none.sqlite", "mysql://office@host/registry"])
def test_what_is_no_registry_is_not_served(
    registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["serve", "--registry", registry, "--port", "0"]) == 2
    out, err = capsys.readouterr()
    assert (out, "registry" in err, "Ctrl-C" in err) == ("", True, False), err


def test_a_registry_that_does_not_answer_yet_is_told_and_served(tmp_path: Path) -> None:
    with serving(tmp_path, registry="postgresql://office@127.0.0.1:1/registry") as running:
        assert "does not answer" in running.logged()
        with running.client() as client:
            assert client.get("/en/").status_code == 200


def test_small_answers_are_not_held_back() -> None:
    from bicentennial.service.server import _listen

    with _listen(Settings(port=0)) as listening:
        # By this asyncio knows that the delay for small packets may be switched off.
        assert listening.proto == socket.IPPROTO_TCP
