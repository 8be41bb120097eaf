"""A real `bicentennial serve`, on a port of its own, with a registry that has something in every state.

    service.url, service.registry, service.tokens["example-ngo"], service.client("review")

Two fictitious partners have handed something in: `example-ngo/actions` 1 is accepted, 2 was returned;
`fundacion/acciones` 1 waits for a reviewer.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from bicentennial.monitoring.registry import open_registry
from tests.forks import Fork

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["EXAMPLES", "Service", "fill", "serving"]

EXAMPLES = Path(__file__).parents[1] / "examples" / "submissions"
_START = 180
"""Seconds after which a service that has not started is given up."""
_END = 40
_NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of what speaks plain HTTP: by itself each would read all certificates of the system."""
_SCOPES = {
    "example-ngo": ("example-ngo", ("submit:example-ngo", "read:example-ngo")),
    "fundacion": ("fundacion", ("submit:fundacion", "read:fundacion")),
    "reader": (None, ("read:example-ngo",)),
    "review": (None, ("review",)),
    "admin": (None, ("admin",)),
}


@dataclass(slots=True)
class Service:
    """A service that runs: its address, its process, and what it serves."""

    url: str
    process: subprocess.Popen[str] | Fork
    log: Path
    registry: Path | str | None = None
    tokens: dict[str, str] = field(default_factory=dict)

    def client(self, token: str | None = None, **options: Any) -> httpx.Client:
        """Return a client for the service, with one of its tokens by name; it follows no redirects by itself."""
        headers = dict(options.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {self.tokens[token]}"
        options = {"timeout": 60, "trust_env": False, "verify": _NO_CERTIFICATES, **options}
        return httpx.Client(base_url=self.url, headers=headers, **options)

    def logged(self) -> str:
        """Return what the service has written to standard error so far."""
        return self.log.read_text(encoding="utf-8")


def fill(path: Path) -> dict[str, str]:
    """Make the registry of the tests, and return its tokens by name."""
    with open_registry(path, create=True) as registry:
        registry.add_party("example-ngo", name="Example NGO (fictitious)", actor="office")
        registry.add_party("fundacion", name="Fundación Ejemplo (ficticia)", actor="office")
        registry.set_dataset("fundacion/acciones", approval=True, title="Acciones", actor="office")
        for submitter, dataset, file, issued in (
            ("example-ngo", "actions", "good.csv", "2024-03-31"),
            ("example-ngo", "actions", "faulty.csv", "2024-06-30"),
            ("fundacion", "acciones", "buena.csv", "2024-06-30"),
        ):
            registry.submit(EXAMPLES / file, submitter=submitter, dataset=dataset, issued=issued)
        return {
            name: registry.add_token(scopes, submitter=submitter, actor="office")[1]
            for name, (submitter, scopes) in _SCOPES.items()
        }


@contextlib.contextmanager
def serving(
    folder: Path,
    *,
    registry: Path | str | None = None,
    tokens: dict[str, str] | None = None,
    fresh: bool = False,
    **settings: Any,
) -> Iterator[Service]:
    """Run a service for the length of the block, and end it with SIGTERM.

    Args:
        folder: where its settings and its log are written.
        registry: the file of its registry, or its address; None for a service without one.
        tokens: the tokens of that registry.
        fresh: run it in an interpreter of its own, as users do; otherwise in a fork of one that has loaded it.
        settings: fields of `bicentennial.service.Settings`; no rate limits unless they are given.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config, log = folder / "serve.toml", folder / "serve.log"
    given = {"rate": 1_000_000, "check_rate": 1_000_000, **settings}
    config.write_text("".join(f"{name} = {_toml(value)}\n" for name, value in given.items()), encoding="utf-8")
    command = ["serve", "--port", "0", "--config", str(config)]
    command += ["--registry", str(registry)] if registry is not None else []
    environment = {name: value for name, value in os.environ.items() if name != "BICENTENNIAL_REGISTRY"}
    process = (_started if fresh else Fork)(command, environment=environment, error=log)
    watch = threading.Timer(_START, process.kill)
    watch.start()
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        watch.cancel()
        assert url.startswith("http"), log.read_text(encoding="utf-8")
        yield Service(url, process, log, registry, tokens or {})
    finally:
        watch.cancel()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_END)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _started(arguments: list[str], *, environment: dict[str, str], error: Path) -> subprocess.Popen[str]:
    with error.open("w", encoding="utf-8") as stream:
        command = [sys.executable, "-m", "bicentennial", *arguments]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stream, text=True, env=environment)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {_toml(each)}" for name, each in value.items()) + "}"
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Filled:
    """A registry that every service of a run starts from as a copy."""

    path: Path
    tokens: dict[str, str]

    def copy(self, folder: Path) -> Path:
        """Return a copy of the registry in a folder, with everything that was written to it."""
        target = folder / "registry.sqlite"
        for end in ("", "-wal"):
            source = self.path.with_name(self.path.name + end)
            if source.exists():
                shutil.copy(source, target.with_name(target.name + end))
        return target
