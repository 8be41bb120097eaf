"""JSON with the position of every record."""
