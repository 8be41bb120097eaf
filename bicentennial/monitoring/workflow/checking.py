"""Checking: bytes through a worker, and verdicts that are kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core import worker
from bicentennial.core.errors import InputError, OutputError, UsageError
from bicentennial.core.files.workspace import Workspace
from bicentennial.core.reasons import is_full
from bicentennial.core.resources import COMPILED, version
from bicentennial.monitoring.store import blobs, chain, problems
from bicentennial.monitoring.store.dates import now
from bicentennial.monitoring.workflow.receiving import safe_name
from bicentennial.validation.outcome import Outcome, unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.limits import Limits
    from bicentennial.monitoring.store.database import Database
    from bicentennial.report.profile import Profile

__all__ = ["Checked", "add_check", "check", "check_again", "current_rules"]

_CHECK: Final = "bicentennial.validation.submission:check_in_worker"


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking bytes gave: the outcome, the records as a worker wrote them, and the date that the file states."""

    outcome: Outcome
    lines: Sequence[str] = field(default_factory=list)
    places: str = "{}"
    issued: str | None = None


def check(
    data: bytes, name: str, mapping: bytes | None, limits: Limits, *, mapping_name: str = "mapping.toml"
) -> Checked:
    """Check bytes in a worker process with limits and without network; the records are written in the same pass.

    Args:
        data: what was handed in.
        name: how it is called.
        mapping: the mapping file to read it with.
        limits: of the worker.
        mapping_name: how that is called, which is said if it cannot be used; what is stored has no name.

    Raises:
        DiskFullError: there is no room for the files that checking needs.
    """
    try:
        return _checked(data, name, mapping, limits, mapping_name)
    except (OutputError, OSError) as error:  # the worker's, or ours
        if not isinstance(error, OutputError) and not is_full(error):
            raise
        raise problems.full("no-room") from error


def _checked(data: bytes, name: str, mapping: bytes | None, limits: Limits, mapping_name: str) -> Checked:
    with Workspace() as folder:
        place = folder.path / "submission"
        place.mkdir()
        file, records = place / safe_name(name), folder.path / "records.jsonl"
        file.write_bytes(data)
        options: dict[str, Any] = {"coverage": True, "records": str(records), "limits": limits.changed()}
        if mapping is not None:
            rules = folder.path / "mapping" / safe_name(mapping_name)
            rules.parent.mkdir()
            rules.write_bytes(mapping)
            options["mapping"] = str(rules)
        try:
            found = worker.call(_CHECK, str(file), options, limits=limits.of_worker())
        except InputError as error:
            return Checked(replace(unreadable(str(file), error), file=name))
        outcome = replace(Outcome.from_dict({**found.plain, "findings": found.text}), file=name)
        if not records.exists():
            return Checked(outcome)
        with records.open(encoding="utf-8", errors="surrogatepass", newline="\n") as stream:
            head, lines = json.loads(stream.readline()), stream.readlines()
    return Checked(outcome, lines, json.dumps(head["places"], ensure_ascii=False), head["issued"])


def check_again(database: Database, submission: int, limits: Limits) -> Checked | None:
    """Check the stored bytes of a submission, or return None where they were redacted."""
    row = database.one("SELECT file_name, file_sha, mapping_sha FROM submission WHERE id = ?", [submission])
    assert row is not None
    name, sha, mapping = row
    data = blobs.get(database, sha)
    if data is None:
        return None
    try:
        return check(data, name, blobs.get(database, mapping) if mapping else None, limits)
    except UsageError as error:  # a mapping that this version refuses
        return Checked(replace(unreadable(name, InputError(error.text)), file=name))


def add_check(
    database: Database, submission: int, outcome: Outcome, *, rules: str | None = None, profile: Profile | None = None
) -> dict[str, Any]:
    """Add the verdict of one set of rules, inside the caller's transaction; return what the event says of it."""
    from bicentennial.report import Report

    report = Report.of(outcome, "violation", profile)
    body = json.dumps(outcome.to_dict(), ensure_ascii=False).encode("utf-8", "surrogatepass")
    row = {
        "submission": submission,
        "at": now(),
        "rules": rules or current_rules(),
        "version": version(),
        "engine": outcome.engine,
        "conforms": int(report.conforms),
        "exit_code": report.exit_code,
        "counts": chain.canonical(report.counts),
        "report_sha": blobs.put(database, body),
    }
    marks = ", ".join("?" * len(row))
    number = database.value(
        f'INSERT INTO "check"({", ".join(row)}) VALUES ({marks}) RETURNING id',  # noqa: S608 - constants
        list(row.values()),
    )
    return {
        "row": chain.digest([number, *row.values()]),
        "conforms": report.conforms,
        "violations": report.counts["violation"],
    }


def current_rules() -> str:
    """Return what names the rules that submissions are checked by: the start of the hash of the compiled plan."""
    return hashlib.sha256((COMPILED / "plan.json").read_bytes()).hexdigest()[:16]
