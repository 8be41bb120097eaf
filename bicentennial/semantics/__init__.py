"""What cells mean: headers to properties, texts to values and things, rows to statements.

Three layers, each of which imports only those below it:

- the modules here: mapping files, the recognition of sheets (`tables`), rows to statements (`records`, `columns`), what
  a file declares, its date and version, and the matching of unknown columns;
- `sheets`: what a sheet is, by its header and its rows;
- `values`: what the text of one cell means.
"""
