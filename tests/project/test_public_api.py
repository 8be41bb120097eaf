"""The public surface: one sorted list, complete, and cheap to import."""

from __future__ import annotations

import importlib.metadata
import inspect
import subprocess
import sys

import bicentennial
from bicentennial.core import errors


def test_all_is_sorted_and_resolves() -> None:
    assert bicentennial.__all__ == sorted(bicentennial.__all__)
    for name in bicentennial.__all__:
        assert getattr(bicentennial, name) is not None
        assert name in dir(bicentennial)


def test_every_public_error_is_exported() -> None:
    assert set(errors.__all__) <= set(bicentennial.__all__)
    defined = {name for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, Exception)}
    assert defined == set(errors.__all__)


def test_everything_public_is_documented() -> None:
    for name in bicentennial.__all__:
        value = getattr(bicentennial, name)
        assert name == "__version__" or (inspect.getdoc(value) or "").strip(), name


def test_importing_loads_nothing_heavy() -> None:
    heavy = {
        "importlib.metadata",
        "rdflib",
        "pyshacl",
        "pydantic",
        "duckdb",
        "pyoxigraph",
        "openpyxl",
        "python_calamine",
        "rapidfuzz",
    }
    for statement in ("import bicentennial", "from bicentennial.__main__ import main; main(['--version'])"):
        script = f"{statement}\nimport sys\nprint(*sorted(sys.modules))"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert not heavy & set(done.stdout.split()), statement


def test_the_version_is_the_installed_one() -> None:
    assert bicentennial.__version__ == importlib.metadata.version("bicentennial")
