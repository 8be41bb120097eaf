"""RDF in its usual syntaxes, and the lines on which statements stand."""
