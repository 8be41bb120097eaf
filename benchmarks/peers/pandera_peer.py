"""pandera on a polars table, with a schema that says about as much as our shapes say of single rows."""

import sys

import pandera.polars as pa
import polars as pl

from benchmarks.data import CURRENCIES, GOALS, HEADER, PARTIES, PILLARS, STATUSES

DAYS = ("start_date", "due_date", "end_date")


def _date(column: str) -> pl.Expr:
    return pl.col(column).str.to_date("%Y-%m-%d", strict=False)


def _is_date(data: pa.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(_date(data.key).is_not_null())


def _in_order(data: pa.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(~(_date("end_date") < _date("start_date")).fill_null(value=False))


def _one_of(names: tuple[str, ...], *, nullable: bool = True) -> pa.Column:
    return pa.Column(pl.String, pa.Check.isin(names), nullable=nullable)


schema = pa.DataFrameSchema(
    {
        "id": pa.Column(pl.String, unique=True),
        "title": pa.Column(pl.String),
        "goal": _one_of(GOALS, nullable=False),
        "pillar": _one_of(PILLARS),
        "responsible_party": _one_of(PARTIES, nullable=False),
        "status": _one_of(STATUSES),
        **{each: pa.Column(pl.String, pa.Check(_is_date), nullable=True) for each in DAYS},
        "budget": pa.Column(pl.Float64, pa.Check.ge(0), nullable=True, coerce=True),
        "currency": _one_of(CURRENCIES),
    },
    checks=pa.Check(_in_order),
)
table = pl.read_csv(sys.argv[1], schema_overrides=dict.fromkeys(HEADER, pl.String))
try:
    schema.validate(table, lazy=True)
except pa.errors.SchemaErrors as found:
    for column, count in found.failure_cases.group_by("column").len().sort("column").rows():
        print(column, count)
