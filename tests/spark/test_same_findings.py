"""Spark finds in a register what the compiled engine finds in a file that says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bicentennial.core.resources import directory
from bicentennial.spark.check import check as check_by_spark
from bicentennial.storage.dataset import Dataset
from bicentennial.validation.submission import check
from tests.spark.registers import examples, invented, written

if TYPE_CHECKING:
    from pathlib import Path

    from bicentennial.validation.outcome import Outcome

pytestmark = pytest.mark.usefixtures("spark")

_FACTS = ("format", "actions", "statements", "checked", "totals", "coverage", "made_for", "made_for_source")


def facts(outcome: Outcome, *, places: bool = True) -> dict[str, Any]:
    """Return what two outcomes must have in common, the engine aside."""
    told = [
        (each.code, each.severity, each.problem, each.remedy, each.focus, each.path, each.value, each.suggested)
        + ((each.location,) if places else ())
        for each in outcome.findings
    ]
    return {name: getattr(outcome, name) for name in _FACTS} | {"findings": sorted(told, key=repr)}


def test_examples_of_every_fault_and_random_ones(tmp_path: Path) -> None:
    whole = [*examples(), *map(invented, range(1000))]
    file = tmp_path / "register.nt"
    file.write_text("".join(map(written, whole)), encoding="utf-8")
    results = tmp_path / "results.parquet"
    expected = check(file, name=file.name, engine="compiled", coverage=True)
    found = check_by_spark([str(file)], name=file.name, coverage=True, results=results)
    assert found.engine == "spark"
    assert len(found.totals) > 200
    assert facts(found) == facts(expected)
    rows = pq.read_table(results).to_pylist()
    by_shapes = {code for code in expected.totals if code in {row["code"] for row in rows}}
    counts = {code: sum(row["code"] == code for row in rows) for code in by_shapes}
    assert counts == {code: expected.totals[code][1] for code in by_shapes}
    assert {row["file"] for row in rows} == {file.name}


def test_statements_in_parquet_and_lines_in_doubt(tmp_path: Path) -> None:
    """A line that only a parser reads, and the same statements as rows of two files."""
    text = (directory("submissions") / "faulty.nt").read_text(encoding="utf-8")
    text += r'<urn:a> <http://purl.org/dc/terms/identifier> "\U0001F600\u00e9" . # odd' + "\n\n# nothing\n"
    file = tmp_path / "register.nt"
    file.write_text(text, encoding="utf-8")
    expected = check(file, name="register", engine="compiled")
    assert facts(check_by_spark([str(file)], name="register"), places=False) == facts(expected, places=False)
    with Dataset() as dataset:
        dataset.load_quads(_parsed(text), named=False)
        rows = dataset.connection.execute("SELECT s, p, o, kind, dt, lang FROM statements").fetchall()
    (tmp_path / "parts").mkdir()
    for number, part in enumerate((rows[:9], rows[9:])):
        columns = dict(zip(("s", "p", "o", "kind", "dt", "lang"), zip(*part, strict=True), strict=True))
        pq.write_table(pa.table(columns), tmp_path / "parts" / f"{number}.parquet")
    of_parquet = check_by_spark([str(tmp_path / "parts")], name="register")
    assert facts(of_parquet, places=False) == facts(expected, places=False) | {"format": "parquet"}
    assert {each.location.file for each in of_parquet.findings} <= {"0.parquet", "1.parquet", "register"}


def _parsed(text: str) -> Any:
    import pyoxigraph

    return pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_TRIPLES)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.nt", "<urn:a> <urn:b> .\n", "a.nt, line 1"),
        ("a.csv", "id,title\nA-1,x\n", "not .csv"),
    ],
)
def test_what_is_not_read_is_refused(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content)
    found = check_by_spark([str(tmp_path / name)], name="register")
    assert not found.checked
    assert [each.code for each in found.findings] == ["input-unreadable"]
    assert said in str(found.findings[0])
