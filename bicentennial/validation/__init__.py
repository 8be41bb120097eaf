"""Validation: the engines, and what they find."""
