"""What the submission tower knows of the ontology, from the compiled index: labels, types, ranges, tables."""
