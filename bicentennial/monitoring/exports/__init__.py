"""What a registry gives away: to a SPARQL server, and as files that other programs read."""
