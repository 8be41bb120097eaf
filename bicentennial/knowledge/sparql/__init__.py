"""SPARQL on the Framework: what a query must be, named queries, running one, and its answer as Python values."""
