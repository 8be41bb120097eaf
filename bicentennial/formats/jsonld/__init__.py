"""JSON-LD 1.1, read without fetching anything and without dropping anything in silence."""
