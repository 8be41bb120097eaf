"""Who may do what over the network: tokens, sessions, links to reports; only hashes of secrets are stored."""
