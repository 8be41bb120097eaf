"""Everything of a registry in one ZIP file that people can open: files, reports, receipts, events, and all as N-Quads.

    submissions.csv                          the list
    submissions/SUBMITTER/DATASET/NUMBER/    receipt.json, report.json, and in file/ what was handed in
    log.json                                 the events, a chain
    registry.nq                              for `registry import`

The same registry gives the same bytes.
"""

from __future__ import annotations

import contextlib
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import UsageError
from bicentennial.core.messages import sentence
from bicentennial.monitoring.exports import graphs
from bicentennial.monitoring.questions.answers import of_submissions
from bicentennial.monitoring.store import chain
from bicentennial.monitoring.store.submissions import listed
from bicentennial.monitoring.workflow.receiving import receipt
from bicentennial.monitoring.workflow.stored import file_of, outcome_of
from bicentennial.report import Report

if TYPE_CHECKING:
    from pathlib import Path

    from bicentennial.monitoring.store.database import Database

__all__ = ["write"]

_TIME: Final = (1980, 1, 1, 0, 0, 0)
_UNFIT: Final = re.compile(r'[<>:"|?*]|[. ]+$')
"""What Windows allows in no name of a file; a file with one could not be unpacked there."""
_MODE: Final = 0o644 << 16


def write(database: Database, path: Path, lang: str) -> None:
    """Write the archive; what was redacted is missing in it."""
    with zipfile.ZipFile(path, "w") as archive, database.snapshot():
        texts = sentence("registry", "archive")
        _add(archive, "README.txt", "\n\n".join(texts.values()) + "\n")
        several = listed(database)
        _add(archive, "submissions.csv", of_submissions(several).to_csv("es" if lang == "es" else "en"))
        _add(archive, "log.json", _json([event.to_dict() for event in chain.events(database)]))
        for each in several:
            folder = f"submissions/{each.name}"
            _add(archive, f"{folder}/receipt.json", _json(receipt(database, each.id)))
            outcome = outcome_of(database, each.id)
            with contextlib.suppress(UsageError):  # it was redacted
                _add(archive, f"{folder}/file/{_UNFIT.sub('_', each.file)}", file_of(database, each))
            if outcome is not None:
                _add(archive, f"{folder}/report.json", Report.of(outcome, "violation", None).to_json())
        with archive.open(_info("registry.nq"), "w", force_zip64=True) as stream:
            for line in graphs.quads(database):
                stream.write(line.encode("utf-8", "replace"))


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, _MODE
    return info


def _add(archive: zipfile.ZipFile, name: str, content: str | bytes) -> None:
    archive.writestr(_info(name), content)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
