"""The plan in Spark's SQL: compiled and committed for our own shapes, made when it is needed for further ones."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from bicentennial.core.errors import UsageError
from bicentennial.core.messages import entry, render, sentence
from bicentennial.core.resources import COMPILED, GENERATED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bicentennial.shacl_engine.plan import Plan

__all__ = ["Statement", "Transpiled", "artefacts", "load", "transpiled"]

_FILE: Final = COMPILED / "spark.json"
# As much of a digest as tells thousands of statements apart.
_KEY: Final = 16


class Statement(NamedTuple):
    """A statement in Spark's SQL, to go after `WITH` and the relations that it reads.

    Before it, each of `steps` is worked out and kept under its name: a relation that is read more than once, which
    Spark would work out each time. It reads the relation `cN` for each N in `closures`: what is reached by one or more
    steps of the star `sN`.
    """

    sql: str
    closures: tuple[int, ...] = ()
    steps: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Transpiled:
    """The conditions and statements of a plan in Spark's SQL, by the digest of what they are in DuckDB's."""

    conditions: Mapping[str, str]
    statements: Mapping[str, Statement]

    def condition(self, sql: str) -> str:
        """Return the condition that a check of the way `value` has as its argument."""
        return self.conditions[_key(sql)]

    def statement(self, sql: str) -> Statement:
        """Return the statement of a script or table."""
        return self.statements[_key(sql)]


@cache
def load() -> Transpiled:
    """Return what is compiled for our own shapes."""
    plain = json.loads(_FILE.read_text(encoding="utf-8"))
    statements = {
        key: Statement(each["sql"], tuple(each["closures"]), tuple((name, sql) for name, sql in each["steps"]))
        for key, each in plain["statements"].items()
    }
    return Transpiled(plain["conditions"], statements)


def transpiled(plan: Plan) -> Transpiled:
    """Return the SQL of a plan in Spark's.

    Raises:
        UsageError: Spark has no word for a part of it, or sqlglot, which does the work, is not installed.
    """
    try:
        from bicentennial.spark import dialect
    except ImportError as error:
        raise UsageError(sentence("spark", "no-sqlglot")) from error
    try:
        conditions = {each.argument: each.argument for each in plan.checks if each.way == "value"}
        statements = [*(each.sql for each in plan.scripts), *(each.sql for each in plan.tables)]
        return Transpiled(
            {_key(sql): dialect.expression(sql) for sql in conditions},
            {_key(sql): dialect.statement(sql, f"kept_{_key(sql)}_") for sql in statements},
        )
    except ValueError as error:  # sqlglot's are of that kind too
        text = render(entry("spark", "not-transpiled"), what=" ".join(str(error).split())[:200])
        raise UsageError(text) from error


def artefacts(plan: Plan) -> dict[Path, str]:
    """Return the file that is compiled from the plan of our own shapes, and its content."""
    made = transpiled(plan)
    plain = {
        "$comment": GENERATED,
        "conditions": made.conditions,
        "statements": {key: each._asdict() for key, each in made.statements.items()},
    }
    return {_FILE: json.dumps(plain, ensure_ascii=False, indent=1) + "\n"}


def _key(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()[:_KEY]
