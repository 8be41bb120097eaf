"""What the submission stack knows of the ontology, from the compiled index: labels, types, ranges, tables."""
