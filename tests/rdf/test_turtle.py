"""The Turtle writer: nothing is lost, twice is the same as once, and the order is that of the house."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.resources import files
from bicentennial.rdf import format_turtle, write_turtle

PREFIXES = """@prefix bic: <https://w3id.org/bicentennial/ontology#> .
@prefix bicd: <https://w3id.org/bicentennial/id/> .
"""


def canonical(text: str) -> ox.Dataset:
    dataset = ox.Dataset(ox.parse(text, format=ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


iris = st.sampled_from(
    [
        "https://w3id.org/bicentennial/id/goal-10",
        "https://w3id.org/bicentennial/id/goal-9",
        "https://w3id.org/bicentennial/id/-odd.",
        "https://w3id.org/bicentennial/id/a/b",
        "https://w3id.org/bicentennial/ontology#advancesGoal",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#first",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest",
        "urn:x-example:1",
    ]
).map(ox.NamedNode)
blanks = st.sampled_from("abc").map(ox.BlankNode)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12) | st.sampled_from(
    ['"', '""', '"""', '\n"', '"\n', "\\\n", "a\r\nb", "'''", "²", "1.", ".5", "-7", "true"]
)
literals = st.one_of(
    st.builds(ox.Literal, texts),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), texts, st.sampled_from(["en", "es", "es-mx"])),
    st.builds(
        lambda text, name: ox.Literal(text, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}")),
        texts,
        st.sampled_from(["integer", "decimal", "boolean", "date"]),
    ),
)
triples = st.lists(st.builds(ox.Triple, iris | blanks, iris, iris | blanks | literals), max_size=12)


@settings(max_examples=150, deadline=None)
@given(triples)
def test_nothing_is_lost_and_twice_is_once(some: list[ox.Triple]) -> None:
    before = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in some)
    before.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    text = write_turtle(some)
    assert canonical(text) == before
    assert format_turtle(text) == text
    assert "\r" not in text  # which many programs take for the end of a line


@pytest.mark.parametrize("path", files("ontology", "**/*.ttl") + files("shapes", "**/*.ttl"), ids=lambda p: p.name)
def test_the_files_of_the_project_keep_their_meaning(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    once = format_turtle(text)
    assert canonical(once) == canonical(text)
    assert format_turtle(once) == once


def test_subjects_predicates_and_objects_have_their_order() -> None:
    text = PREFIXES + "bicd:p10 bic:b 2, 10, bicd:x10, bicd:x2 ; bic:a true ; a bic:Passage . bicd:p9 bic:a 1.5 ."
    assert format_turtle(text) == (
        PREFIXES
        + """
bicd:p9 bic:a 1.5 .

bicd:p10 a bic:Passage ;
    bic:a true ;
    bic:b bicd:x2 ,
        bicd:x10 ,
        2 ,
        10 .
"""
    )


def test_blank_nodes_and_lists_stay_in_brackets() -> None:
    text = PREFIXES + "bicd:x bic:a [ bic:b 1 ; bic:c 2 ] , (1 (2) [ bic:d 3 ]) , () ."
    assert (
        format_turtle(text).removeprefix(PREFIXES)
        == """
bicd:x bic:a () ,
        (
            1
            (
                2
            )
            [ bic:d 3 ]
        ) ,
        [
            bic:b 1 ;
            bic:c 2
        ] .
"""
    )


def test_a_blank_node_used_twice_keeps_a_label() -> None:
    text = PREFIXES + "bicd:x bic:a _:b ; bic:b _:b . _:b bic:c 1 ."
    assert re.search(r"\n_:\w+ bic:c 1 \.\n", format_turtle(text))


def test_only_prefixes_in_use_are_written() -> None:
    text = PREFIXES + "@prefix ex: <http://example.org/> .\n@prefix no: <http://example.org/no> .\nex:a ex:b ex:c ."
    assert format_turtle(text) == "@prefix ex: <http://example.org/> .\n\nex:a ex:b ex:c .\n"


def test_texts_of_several_lines_stay_legible() -> None:
    text = PREFIXES + 'bicd:x bic:a """one\n  "two" """ .'
    assert '"""one\n  "two" """' in format_turtle(text)


def test_head_comments_are_kept_before_and_after_the_prefixes() -> None:
    text = "# one\n" + PREFIXES + "# two\n\nbicd:x bic:a 1 ."
    assert format_turtle(text).startswith("# one\n# two\n@prefix bic:")


def test_a_comment_that_would_be_lost_is_refused_with_its_line() -> None:
    with pytest.raises(UnreadableInputError) as caught:
        format_turtle(PREFIXES + 'bicd:x bic:a "# none" .\n# lost\nbicd:y bic:a <http://example.org/#none> .')
    assert caught.value.line == 4


def test_what_is_no_turtle_is_refused_with_its_line() -> None:
    with pytest.raises(UnreadableInputError) as caught:
        format_turtle(PREFIXES + "bicd:x bic:a .")
    assert caught.value.line == 3
