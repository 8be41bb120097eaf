"""Terms as N-Triples: any text comes back as it was."""

from __future__ import annotations

import pyoxigraph
from hypothesis import example, given
from hypothesis import strategies as st

from bicentennial.core.namespaces import XSD
from bicentennial.shacl_engine.results import LITERAL, Term


@example('a\r\n\t\x00\x1f\x7f"\\')
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_term_is_ntriples(text: str) -> None:
    line = f"<urn:a> <urn:p> {Term(text, LITERAL, XSD.string)} ."
    (quad,) = pyoxigraph.parse(line.encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert quad.object.value == text
