"""The engine that compiles shapes to SQL over a dataset's tables.

`literals` holds what SQL has to know of RDF terms, `paths` property paths, `constraints` the components of SHACL
Core, `sparql` the queries of SPARQL constraints, `checks` whole shapes, and `engine` runs what comes out of it.
"""
