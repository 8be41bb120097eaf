"""What cells mean: headers to properties, texts to values and things, rows to statements."""
