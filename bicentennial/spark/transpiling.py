"""From a plan to the same plan in Spark's SQL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bicentennial.core.errors import UsageError
from bicentennial.core.messages import entry, render, sentence
from bicentennial.core.resources import GENERATED
from bicentennial.spark.transpiled import FILE, Transpiled, key_of

if TYPE_CHECKING:
    from pathlib import Path

    from bicentennial.shacl_engine.plan import Plan

__all__ = ["artefacts", "transpiled"]


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
            {key_of(sql): dialect.expression(sql) for sql in conditions},
            {key_of(sql): dialect.statement(sql, f"kept_{key_of(sql)}_") for sql in statements},
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
    return {FILE: json.dumps(plain, ensure_ascii=False, indent=1) + "\n"}
