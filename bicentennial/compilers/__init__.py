"""Compilers from ontology and models to SHACL, JSON Schema and the index that programs read at run time."""
