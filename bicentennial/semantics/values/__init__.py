"""What the text of a cell means: a value of a datatype, or a thing by its name; and what else it may be meant for."""
