"""The plan in Spark's SQL: compiled and committed for our own shapes; `transpiling` makes it of further ones."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from bicentennial.core.resources import COMPILED

if TYPE_CHECKING:
    from collections.abc import Mapping


__all__ = ["FILE", "Statement", "Transpiled", "key_of", "load"]

FILE: Final = COMPILED / "spark.json"
# Collisions among thousands of statements are negligible.
_DIGITS: Final = 16


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
        return self.conditions[key_of(sql)]

    def statement(self, sql: str) -> Statement:
        """Return the statement of a script or table."""
        return self.statements[key_of(sql)]


@cache
def load() -> Transpiled:
    """Return what is compiled for our own shapes."""
    plain = json.loads(FILE.read_text(encoding="utf-8"))
    statements = {
        key: Statement(each["sql"], tuple(each["closures"]), tuple((name, sql) for name, sql in each["steps"]))
        for key, each in plain["statements"].items()
    }
    return Transpiled(plain["conditions"], statements)


def key_of(sql: str) -> str:
    """Return the digest by which a statement or condition is found."""
    return hashlib.sha256(sql.encode()).hexdigest()[:_DIGITS]
