"""pointblank on a polars table, with steps that say about as much as our shapes say of single rows."""

import sys

import pointblank as pb
import polars as pl

from benchmarks.data import CURRENCIES, GOALS, HEADER, PARTIES, PILLARS, STATUSES

DAYS = ("start_date", "due_date", "end_date")


def _date(column: str) -> pl.Expr:
    return pl.col(column).str.to_date("%Y-%m-%d", strict=False)


table = pl.read_csv(sys.argv[1], schema_overrides=dict.fromkeys(HEADER, pl.String)).with_columns(
    pl.col("budget").cast(pl.Float64, strict=False)
)
checks = pb.Validate(table).rows_distinct(columns_subset=["id"])
for column in ("id", "title", "goal", "responsible_party"):
    checks = checks.col_vals_not_null(columns=column)
for column, names in {
    "goal": GOALS,
    "pillar": PILLARS,
    "responsible_party": PARTIES,
    "status": STATUSES,
    "currency": CURRENCIES,
}.items():
    checks = checks.col_vals_expr(expr=pl.col(column).is_null() | pl.col(column).is_in(names))
for column in DAYS:
    checks = checks.col_vals_expr(expr=pl.col(column).is_null() | _date(column).is_not_null())
checks = checks.col_vals_expr(expr=~(_date("end_date") < _date("start_date")).fill_null(value=False))
checks = checks.col_vals_ge(columns="budget", value=0, na_pass=True).interrogate()
for step, count in checks.n_failed().items():
    print(step, count)
