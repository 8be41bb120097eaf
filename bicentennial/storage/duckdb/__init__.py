"""Submissions in DuckDB: statements one by one, and large tables as they are."""
