"""The forms that an answer may have: its media types, the names of formats, and the endings of files.

>>> chosen("SELECT", "text/csv;q=0.9, application/json;q=0.8").name, chosen("CONSTRUCT", None).media_type
('csv', 'text/turtle')
>>> chosen("ASK", "text/csv") is None, named("SELECT", "tsv").media_type, named("ASK", "csv") is None
(True, 'text/tab-separated-values', True)
"""

from __future__ import annotations

from typing import Final, NamedTuple

from bicentennial.service.http.negotiation import preferred_type

__all__ = ["GRAPHS", "TABLES", "Form", "chosen", "named", "offered", "types"]


class Form(NamedTuple):
    """A form of an answer: its name, its media type, and others by which requests may ask for it."""

    name: str
    media_type: str
    alike: tuple[str, ...] = ()


TABLES: Final = (
    Form("json", "application/sparql-results+json", ("application/json", "application/x-sparql-results+json")),
    Form("xml", "application/sparql-results+xml", ("application/xml", "text/xml")),
    Form("csv", "text/csv"),
    Form("tsv", "text/tab-separated-values"),
)
"""Forms of rows; the first two are those of yes or no, too."""
GRAPHS: Final = (
    Form("ttl", "text/turtle", ("application/x-turtle",)),
    Form("nt", "application/n-triples"),
    Form("jsonld", "application/ld+json", ("application/json",)),
    Form("rdf", "application/rdf+xml", ("application/xml", "text/xml")),
)
"""Forms of graphs."""


def offered(form: str) -> tuple[Form, ...]:
    """Return the forms of the answer to a query that begins with `SELECT`, `ASK`, `CONSTRUCT` or `DESCRIBE`."""
    return TABLES if form == "SELECT" else TABLES[:2] if form == "ASK" else GRAPHS


def named(form: str, name: str) -> Form | None:
    """Return a form by its name."""
    return next((each for each in offered(form) if each.name == name), None)


def chosen(form: str, accept: str | None) -> Form | None:
    """Return the form that a header `Accept` prefers; None if it takes none of them."""
    known = types(form)
    found = preferred_type(accept, list(known))
    return None if found is None else known[found]


def types(form: str) -> dict[str, Form]:
    """Return the media types of an answer, and what is meant by them; those that are used come first."""
    forms = offered(form)
    return {
        **{each.media_type: each for each in forms},
        **{alike: each for each in forms for alike in each.alike},
    }
