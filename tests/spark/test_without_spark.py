"""What needs no Spark: the plan in its SQL is fresh, and where Spark or Java is missing a sentence says so."""

from __future__ import annotations

import subprocess
import sys

import pytest

import bicentennial as bic
from bicentennial.core.errors import UsageError
from bicentennial.spark.transpiling import artefacts
from bicentennial.validation.own_shapes import load


def test_the_committed_statements_are_fresh() -> None:
    ((path, text),) = artefacts(load()).items()
    assert path.read_text(encoding="utf-8") == text


def test_missing_java_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    from pyspark.sql import SparkSession

    if SparkSession.getActiveSession() is not None:
        pytest.skip("Spark runs in this process already")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UsageError, match="needs Java") as caught:
        bic.validate("register.nt", engine="spark")
    assert "necesita Java" in caught.value.text["es"]


def test_missing_pyspark_is_said() -> None:
    code = (
        "import sys; sys.modules['pyspark'] = None\n"
        "import bicentennial as bic\n"
        "try:\n    bic.validate('register.nt', engine='spark')\n"
        "except bic.UsageError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'pip install "bicentennial[spark]"' in done.stdout


def test_only_paths_are_taken() -> None:
    with pytest.raises(UsageError, match="takes paths"):
        bic.validate(b"<urn:a> <urn:b> <urn:c> .", engine="spark")


def test_results_are_for_spark_alone() -> None:
    with pytest.raises(UsageError, match="--engine spark"):
        bic.validate("examples/submissions/good.csv", results="results.parquet")


def test_the_usual_way_loads_no_spark() -> None:
    code = (
        "import sys, bicentennial as bic; bic.validate('examples/submissions/good.csv', isolated=False)\n"
        "print([name for name in sys.modules if name.startswith(('pyspark', 'sqlglot', 'bicentennial.spark'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
