"""Lexical spaces of datatypes, and regular expressions of XPath for RE2 and Python."""
