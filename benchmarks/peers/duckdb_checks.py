"""DuckDB on a table, with queries that say about as much as our shapes say of single rows: what one writes by hand."""

import sys

import duckdb

from benchmarks.data import CURRENCIES, GOALS, PARTIES, PILLARS, STATUSES


def _one_of(column: str, names: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{name}'" for name in names)
    return f"{column} IS NOT NULL AND {column} NOT IN ({listed})"


DAYS = ("start_date", "due_date", "end_date")
CHECKS = {
    "no id": "id IS NULL",
    "no title": "title IS NULL",
    "no goal": "goal IS NULL",
    "no party": "responsible_party IS NULL",
    "goal": _one_of("goal", GOALS),
    "pillar": _one_of("pillar", PILLARS),
    "party": _one_of("responsible_party", PARTIES),
    "status": _one_of("status", STATUSES),
    "currency": _one_of("currency", CURRENCIES),
    "date": " OR ".join(f"{day} IS NOT NULL AND TRY_CAST({day} AS DATE) IS NULL" for day in DAYS),
    "order": "TRY_CAST(end_date AS DATE) < TRY_CAST(start_date AS DATE)",
    "budget": "budget IS NOT NULL AND coalesce(TRY_CAST(budget AS DECIMAL(38, 4)), -1) < 0",
}
connection = duckdb.connect()
connection.execute("CREATE TABLE actions AS FROM read_csv(?, all_varchar=true, header=true)", [sys.argv[1]])
for name, condition in CHECKS.items():
    for (identifier,) in connection.execute(f"SELECT id FROM actions WHERE {condition}").fetchall():
        print(identifier, name)
repeated = "SELECT id FROM actions QUALIFY row_number() OVER (PARTITION BY id) > 1"
for (identifier,) in connection.execute(repeated).fetchall():
    print(identifier, "unique")
