"""One script a validator: reads data and shapes, prints its findings as `focus path component` lines, sorted."""
