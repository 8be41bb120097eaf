"""A shapes graph: its form as SHACL demands it, and its shapes, paths and queries as typed objects."""
