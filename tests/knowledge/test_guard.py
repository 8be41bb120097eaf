"""Which queries are let through to the engine, and what is said of the others."""

from __future__ import annotations

import pytest

from bicentennial.core.errors import LimitReachedError, QueryError
from bicentennial.knowledge.sparql.guard import QueryLimits, inspect, tokenise

ALLOWED = {
    "select": "SELECT * { ?s ?p ?o }",
    "ask in lower case": "ask { ?s ?p ?o }",
    "after prologue": "BASE <http://example.org/>\nPREFIX load: <http://example.org/drop#>\nASK { ?s load:it ?o }",
    "word in a string": "SELECT * { ?s ?p 'SERVICE <http://x> { }' , \"LOAD\" }",
    "word in a long string": 'SELECT * { ?s ?p """a "quoted" \\""" SERVICE""" }',
    "word in a comment": "SELECT * { ?s ?p ?o } # FROM <http://example.org/> SERVICE",
    "word in an IRI": "SELECT * { <http://example.org/SERVICE> <http://example.org/#FROM> ?o }",
    "word as a variable": "SELECT ?from ?service { ?from ?load ?service }",
    "word as a prefixed name": "SELECT * { ex:service drop:from ?x . ex:LOAD ex:a.b ?y }",
    "word as a blank node": "SELECT * { _:service ?p ?o }",
    "less-than": "SELECT * { ?s ?p ?o FILTER(?o<3 && ?s>?p) }",
}
REFUSED = {
    "nothing": ("", "the query is empty"),
    "only a comment": ("# SELECT", "the query is empty"),
    "insert": ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "line 1, column 1: INSERT is not allowed"),
    "delete after a prologue": (
        "PREFIX a: <urn:a>\nDELETE WHERE { ?s ?p ?o }",
        "line 2, column 1: DELETE is not allowed",
    ),
    "load": ("LOAD <http://example.org/>", "line 1, column 1: LOAD is not allowed"),
    "update after a query": ("ASK { } ; DROP ALL", "line 1, column 11: DROP is not allowed"),
    "service": ("SELECT * { SERVICE <http://example.org/> { } }", "line 1, column 12: SERVICE is not allowed"),
    "service without white space": ("SELECT*{SERVICE<http://example.org/>{}}", "column 9: SERVICE is not allowed"),
    "service behind a comment": ("SELECT * {#'\n sErViCe <http://example.org/> {} }", "line 2, column 2: SERVICE"),
    "service behind an IRI with #": ("SELECT * { ?s <urn:p#> ?o SERVICE <urn:x> {} }", "column 27: SERVICE"),
    "service behind a string": ("SELECT * { ?s ?p '\\'' SERVICE ?x {} }", "column 23: SERVICE"),
    "service behind less-than": ("SELECT * { FILTER(?a<?b) SERVICE ?x {} }", "column 26: SERVICE"),
    "service glued to a word": ("SELECT * { ?s ?p trueSERVICE <http://x/> {} }", "column 18: SERVICE is not allowed"),
    "service glued to a name": ("PREFIX : <http://x/> ASK { SERVICE:x { } }", "column 28: SERVICE is not allowed"),
    "service glued to both": ("ASK { ?s ?p falseService:x {} }", "column 13: SERVICE is not allowed"),
    "service silent glued": ("ASK { SERVICESILENT:x {} }", "column 7: SERVICE is not allowed"),
    "from glued to a name": ("SELECT * FROM:x { }", "column 10: FROM is not allowed"),
    "from named glued to a name": ("SELECT * FROMNAMED:x { }", "column 10: FROM is not allowed"),
    "from": ("SELECT * FROM <http://example.org/> { }", "line 1, column 10: FROM is not allowed"),
    "from named": ("SELECT * FROM NAMED <http://example.org/> { }", "line 1, column 10: FROM is not allowed"),
    "no form": (
        "WHAT IS THIS",
        "line 1, column 1: a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not with “WHAT”",
    ),
    "open string": ("ASK { ?s ?p 'abc }", "line 1, column 13: a text begins here and is never closed"),
}
LONG = {
    "query_characters": ("ASK {" + " " * 100_000, "longer than 100,000 characters"),
    "query_words": ("ASK {" + "?a " * 10_000, "more than 10,000 words and marks"),
}


@pytest.mark.parametrize("text", ALLOWED.values(), ids=ALLOWED)
def test_reading_is_allowed(text: str) -> None:
    assert inspect(text).form in {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_everything_else_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        inspect(text)
    assert message in caught.value.text["en"]
    assert caught.value.text["es"] != caught.value.text["en"]
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(("setting", "text", "message"), [(setting, *case) for setting, case in LONG.items()])
def test_length_is_limited(setting: str, text: str, message: str) -> None:
    with pytest.raises(LimitReachedError, match=f"{message}.* allow more with {setting}") as caught:
        inspect(text)
    assert caught.value.setting == setting


@pytest.mark.parametrize("closing", [0, 50], ids=["at once", "with closing ones first"])
def test_depth_is_limited_and_can_be_raised(closing: int) -> None:
    text = "ASK " + "}" * closing + "{" * (QueryLimits().depth + 1)
    with pytest.raises(
        LimitReachedError, match=r"nested deeper than 20 brackets\..* allow more with query_depth"
    ) as caught:
        inspect(text)
    assert (caught.value.setting, caught.value.exit_code) == ("query_depth", 3)
    assert inspect(text, QueryLimits(depth=QueryLimits().depth + 1)).form == "ASK"


def test_tokens_cover_everything_but_blanks() -> None:
    text = "SELECT ?a { ?a bic:x 'y'@es-MX , \"1\"^^xsd:integer , 1.5e3 ; ^ex:p* _:b . }"
    assert "".join(token.text for token in tokenise(text)) == text.replace(" ", "")
    assert all(text[token.start : token.end] == token.text for token in tokenise(text))
