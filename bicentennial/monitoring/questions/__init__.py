"""Questions to a registry: changes, progress, deadlines, indicators, gaps, history, and the views of answers."""
