"""HTML and SVG, built element by element so that text can never become markup: reports, the explorer, the service."""
