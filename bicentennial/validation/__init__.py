"""The check of a submission, from reading to findings, with our shapes and what we know ourselves."""
