"""One Spark for all tests of this folder: it takes longer to start than most of them."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

# For so few rows, generating code and compiling it well is nearly all of the time.
_JAVA = (
    "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=160m -XX:+UseSerialGC"
    " -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
)
_SETTINGS = (
    "spark.ui.enabled=false",
    "spark.ui.showConsoleProgress=false",
    "spark.log.level=ERROR",
    "spark.buffer.pageSize=1m",
    "spark.sql.codegen.wholeStage=false",
    "spark.sql.codegen.factoryMode=NO_CODEGEN",
    # Neither changes what a statement finds, and both take a tenth of planning it.
    "spark.sql.constraintPropagation.enabled=false",
    "spark.sql.lightweightPlanChangeValidation=false",
)
_ARGUMENTS = (
    f"--master local[2] --driver-memory 1g --driver-java-options '{_JAVA}'"
    f" {' '.join(f'--conf {each}' for each in _SETTINGS)} pyspark-shell"
)


@pytest.fixture(scope="session")
def spark() -> Iterator[None]:
    """Let Spark run in this process as long as tests need it."""
    missing = [name for name in ("pyspark", "pyarrow") if find_spec(name) is None]
    missing += [] if shutil.which("java") else ["java"]
    if missing:
        said = f"{', '.join(missing)}: not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    from pyspark.sql import SparkSession

    before = os.environ.get("PYSPARK_SUBMIT_ARGS")
    os.environ["PYSPARK_SUBMIT_ARGS"] = _ARGUMENTS
    session = SparkSession.builder.getOrCreate()
    yield
    session.stop()
    if before is None:
        del os.environ["PYSPARK_SUBMIT_ARGS"]
    else:
        os.environ["PYSPARK_SUBMIT_ARGS"] = before
