"""The files with which the service is put to work: they hold together, and the programs that read them accept them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from bicentennial.service.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def _program(name: str) -> str:
    """Return the path of a program of the system; without it, skip, and fail in continuous integration."""
    found = shutil.which(name) or next((p for p in (f"/usr/sbin/{name}", f"/usr/bin/{name}") if Path(p).exists()), None)
    if found is None:
        reason = f"{name} is not installed"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
        raise AssertionError
    return found


def test_the_settings_can_be_read() -> None:
    path = DEPLOY / "serve.toml"
    settings = Settings.read(path)
    assert settings.proxies == ("127.0.0.1",)
    # What is commented out is right too.
    lines = path.read_text(encoding="utf-8").splitlines()
    options = "\n".join(re.sub(r'^# (?=[a-z_]+ = "|\[|"[^"]+" = )', "", line) for line in lines)
    everything = tomllib.loads(options)
    assert {"user_header", "users", "webhooks"} <= set(everything)
    assert set(everything) <= set(Settings.__dataclass_fields__)


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = (DEPLOY / "bicentennial.service").read_text(encoding="utf-8")
    assert "DynamicUser=yes" in unit
    here = tmp_path / "bicentennial.service"
    here.write_text(unit.replace("/opt/bicentennial/bin/bicentennial", "/bin/true"), encoding="utf-8")
    done = subprocess.run([_program("systemd-analyze"), "verify", "--man=no", here], capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "bicentennial.service" in line]
    assert said == []


def test_nginx_takes_the_site(tmp_path: Path) -> None:
    nginx = _program("nginx")
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=data.example.org",
    ]
    command += ["-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    site = re.sub(r"/etc/letsencrypt/\S+fullchain\.pem", str(tmp_path / "cert.pem"), site)
    site = re.sub(r"/etc/letsencrypt/\S+privkey\.pem", str(tmp_path / "key.pem"), site)
    site = (
        site.replace("80;", "18080;")
        .replace("443 ssl;", "18443 ssl;")
        .replace("    listen [::]:", "    # listen [::]:")
    )
    paths = "".join(
        f"{kind}_temp_path {tmp_path / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{paths}{site}\n}}\n"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    done = subprocess.run([nginx, "-t", "-c", tmp_path / "nginx.conf", "-p", tmp_path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_the_container_runs_as_no_administrator_and_is_watched() -> None:
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    words = [line.split() for line in lines if line and not line.startswith(("#", " "))]
    commands = [each[0] for each in words]
    known = "FROM WORKDIR COPY RUN ENV USER VOLUME EXPOSE STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD"
    assert set(commands) <= set(known.split())
    assert commands.index("USER") < commands.index("ENTRYPOINT")
    user = next(each[1] for each in words if each[0] == "USER")
    assert int(user) > 0
    assert f"--uid {user} " in "\n".join(lines)
    assert "HEALTHCHECK" in commands
    extras = re.search(r"\.\[([\w,]+)\]", "\n".join(lines))
    assert extras is not None
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(extras[1].split(",")) <= set(project["optional-dependencies"])
