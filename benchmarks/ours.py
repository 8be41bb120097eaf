"""Our engine with the shapes that every validator gets, on the same file, as a whole process."""
