"""A submission's statements in a database (SQLite for small ones, DuckDB otherwise), and where each stands."""
