"""What concerns HTTP alone: connections, limits, headers, negotiation, errors, logs, metrics."""
