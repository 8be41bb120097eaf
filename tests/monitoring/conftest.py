"""Registries to test with: SQLite files, and databases of a PostgreSQL server that the tests start themselves."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from bicentennial.monitoring.registry import Registry, open_registry

GOOD = Path(__file__).parents[2] / "examples" / "submissions" / "good.csv"
FAULTY = GOOD.with_name("faulty.csv")


def _binaries() -> Path | None:
    """Return the folder of PostgreSQL's server programs, which distributions keep off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def program(name: str) -> Path | None:
    """Return a server program, on the path or where distributions keep such."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/bin:/usr/sbin:/sbin")
    return Path(found) if found else None


def missing(what: str) -> NoReturn:
    """Skip where a part of the full tests is not installed; in continuous integration that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is needed in continuous integration; .ci/run installs it")
    pytest.skip(f"{what} is not installed")


@contextlib.contextmanager
def postgres(before: tuple[str, ...] = (), listen: str = "", trusted: str = "") -> Iterator[str]:
    """Start a private server that listens on a socket in a folder of its own, and yield its address.

    Args:
        before: what stands before its commands, such as those that put it into a network namespace.
        listen: an address on which it listens besides.
        trusted: the network that may connect there.
    """
    binaries = _binaries() or missing("PostgreSQL")
    if importlib.util.find_spec("psycopg") is None:
        missing("psycopg")
    # PostgreSQL refuses to run as root; whoever runs these tests as root has the user that its package makes.
    as_user = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups") if os.geteuid() == 0 else ()
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        if as_user:
            shutil.chown(folder, "postgres", "postgres")

        def run(program: str, *arguments: str) -> None:
            command = [*before, *as_user, str(binaries / program), *arguments]
            subprocess.run(command, check=program != "pg_ctl" or "start" in arguments, capture_output=True, cwd=folder)

        data = f"{folder}/data"
        run("initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        if trusted:
            with Path(data, "pg_hba.conf").open("a", encoding="utf-8") as stream:
                stream.write(f"host all all {trusted} trust\n")
        options = f"-k {folder} -c listen_addresses='{listen}' -c unix_socket_permissions=0777 -c max_connections=60"
        control = ("-D", data, "-w", "-l", f"{folder}/log", "-o", f"{options} -c fsync=off")
        run("pg_ctl", *control, "start")
        try:
            yield f"postgresql://tester@/postgres?host={folder}"
        finally:
            run("pg_ctl", *control, "stop", "-m", "immediate")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Yield the address of a server for all tests."""
    with postgres() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where a registry may be made: a path, or an empty database of the server."""
    if request.param == "sqlite":
        return str(tmp_path / "registry.sqlite")
    address: str = request.getfixturevalue("server")
    return new_database(address)


def new_database(address: str) -> str:
    """Return the address of a new, empty database of a server."""
    import psycopg

    name = f"registry_{uuid.uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return address.replace("/postgres?", f"/{name}?")


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    """Yield a registry with two submitters, on each of the databases."""
    with open_registry(url, create=True) as made:
        made.add_party("fundacion", name="Fundación Ejemplo (ficticia)")
        yield made


Table = Callable[..., bytes]


@pytest.fixture
def table() -> Table:
    """Return what makes a submission of the rows of the good example, some of them changed."""

    def make(changes: dict[str, dict[str, str]] | None = None, without: tuple[str, ...] = ()) -> bytes:
        import csv
        import io

        rows = list(csv.DictReader(io.StringIO(GOOD.read_text(encoding="utf-8"))))
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            if row["id"] not in without:
                writer.writerow({**row, **(changes or {}).get(row["id"], {})})
        return out.getvalue().encode()

    return make
