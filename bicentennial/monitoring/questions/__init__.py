"""What an office asks: changes, progress, deadlines, indicators, gaps, history, and the views that show answers."""
