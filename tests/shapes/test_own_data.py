"""We are our own first submitter: the Framework's data passes every shape that a partner's must."""

from __future__ import annotations

import pyoxigraph

from bicentennial.core.resources import files
from bicentennial.intake.submission import Submission
from bicentennial.storage.duckdb.dataset import DuckDBDataset
from bicentennial.storage.origins import Origins
from bicentennial.validation.run import Run
from bicentennial.validation.submission import findings_of


def test_own_data_has_neither_violation_nor_warning() -> None:
    run = Run("compiled")
    with DuckDBDataset() as dataset:
        for path in [*files("ontology", "framework/*.ttl"), *files("ontology", "vocabularies/*.ttl")]:
            dataset.load_quads(pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE))
        submission = Submission("framework", "turtle", dataset, [], Origins("framework"))
        findings, _ = findings_of(submission, run(dataset), run.templates)
    assert not [(each.code, each.focus) for each in findings if each.severity != "info"]
