"""dataframely on a table, with a schema that says about as much as our shapes say of single rows."""

import sys

import dataframely as dy
import polars as pl

from benchmarks.data import CURRENCIES, GOALS, HEADER, PARTIES, PILLARS, STATUSES

DAYS = ("start_date", "due_date", "end_date")


def _date(column: str) -> pl.Expr:
    return pl.col(column).str.to_date("%Y-%m-%d", strict=False)


class Actions(dy.Schema):
    """The columns that are checked, and the dates."""

    id = dy.String(primary_key=True)
    title = dy.String(nullable=False)
    goal = dy.Enum(GOALS, nullable=False)
    pillar = dy.Enum(PILLARS, nullable=True)
    responsible_party = dy.Enum(PARTIES, nullable=False)
    status = dy.Enum(STATUSES, nullable=True)
    start_date = dy.String(nullable=True)
    due_date = dy.String(nullable=True)
    end_date = dy.String(nullable=True)
    budget = dy.Float64(nullable=True, min=0)
    currency = dy.Enum(CURRENCIES, nullable=True)

    @dy.rule()
    def has_dates(cls) -> pl.Expr:  # noqa: N805 - as dataframely calls it
        """Tell of which rows all dates are dates."""
        return pl.all_horizontal(pl.col(each).is_null() | _date(each).is_not_null() for each in DAYS)

    @dy.rule()
    def ends_after_it_starts(cls) -> pl.Expr:  # noqa: N805 - as dataframely calls it
        """Tell of which rows the dates are in order."""
        return ~(_date("end_date") < _date("start_date")).fill_null(value=False)


table = pl.read_csv(sys.argv[1], schema_overrides=dict.fromkeys(HEADER, pl.String))
good, failure = Actions.filter(table, cast=True)
for name, count in failure.counts().items():
    print(name, count)
