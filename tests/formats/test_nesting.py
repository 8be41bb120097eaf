"""JSON nests as deep as the limit says, not one level deeper; however high that is, what is too deep is a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bicentennial.api import validate
from bicentennial.core.errors import LimitReachedError, UnreadableInputError
from bicentennial.core.limits import DEFAULT
from bicentennial.intake import Limits, read
from bicentennial.intake.proposal import propose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONTEXT = '"@context": {"p": "urn:x:p"}, "@id": "urn:x:a"'


def cells(depth: int) -> str:
    """Return a list of actions with an array in a cell: three levels around it."""
    return '{"actions": [{"id": "A", "goal": ' + "[" * (depth - 3) + '"G1"' + "]" * (depth - 3) + "}]}"


def rows(depth: int) -> str:
    """Return a list whose only row is an array of arrays."""
    return '{"actions": [{"id": "A"}, ' + "[" * (depth - 2) + "]" * (depth - 2) + "]}"


def lines(depth: int) -> str:
    """Return an object on a line of its own, with an array in a cell."""
    return '{"id": "A", "title": "x", "goal": ' + "[" * (depth - 1) + '"G1"' + "]" * (depth - 1) + "}"


def objects(depth: int) -> str:
    """Return a node within a node within a node."""
    return f'{{{CONTEXT}, "p": ' + '{"p": ' * (depth - 1) + "1" + "}" * depth


def arrays(depth: int) -> str:
    """Return a node with an array of arrays."""
    return f'{{{CONTEXT}, "p": ' + "[" * (depth - 1) + "1" + "]" * (depth - 1) + "}"


def nodes(depth: int) -> str:
    """Return a list of nodes, of which the second is not in flattened form: it has an array of arrays."""
    flat = '{"@id": "urn:x:a", "urn:x:p": [{"@id": "urn:x:b"}]}'
    return f'[{flat}, {{"@id": "urn:x:b", "urn:x:p": ' + "[" * (depth - 2) + '"1"' + "]" * (depth - 2) + f"}}, {flat}]"


SHAPES = [("a.json", cells), ("a.json", rows), ("a.jsonl", lines), ("a.jsonld", objects), ("a.jsonld", arrays)]


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text + "\n", "utf-8")
    return path


def refusal(call: Callable[..., object], *arguments: object, **options: object) -> UnreadableInputError | None:
    """Return the error of a call that refuses to go so deep, if it does; any other error is one of ours."""
    try:
        call(*arguments, **options)
    except UnreadableInputError as error:
        if "nests more deeply than can be read, whatever the settings" in error.text["en"]:
            return error
        raise
    return None


@pytest.mark.parametrize("depth", [DEFAULT.depth, 200])
@pytest.mark.parametrize(("name", "nested"), [*SHAPES, ("a.jsonld", nodes)])
def test_the_limit_is_the_deepest_that_is_read(
    tmp_path: Path, name: str, nested: Callable[[int], str], depth: int
) -> None:
    limits = Limits(depth=depth)
    with read(written(tmp_path, name, nested(depth)), limits=limits).dataset as dataset:
        assert len(dataset) > 0
    with pytest.raises(LimitReachedError) as caught:
        read(written(tmp_path, name, nested(depth + 1)), limits=limits)
    assert caught.value.setting == "depth"
    assert f"more deeply than is read: {depth + 1}, and the limit is {depth}." in caught.value.text["en"]
    assert str(depth + 1) in caught.value.text["es"]


@pytest.mark.parametrize("depth", [400, 600, 900, 990, 5_000, 200_000])
@pytest.mark.parametrize(("name", "nested"), SHAPES)
def test_a_raised_limit_ends_in_values_or_in_a_sentence(
    tmp_path: Path, name: str, nested: Callable[[int], str], depth: int
) -> None:
    path, limits = written(tmp_path, name, nested(depth)), Limits(depth=1_000_000)
    error = refusal(read, path, limits=limits)
    assert error is None or error.line == 1
    assert error is None or "con cualquier ajuste" in error.text["es"]
    # How deep an interpreter goes depends on its version.
    assert (error is not None) if depth > 100_000 else (error is None or depth > 400)


@pytest.mark.parametrize(("name", "nested"), [*SHAPES, ("a.jsonld", nodes)])
def test_the_worker_says_so_too(tmp_path: Path, name: str, nested: Callable[[int], str]) -> None:
    path = written(tmp_path, name, nested(100_000))
    for limits, code in (({}, "limit-reached"), ({"depth": 1_000_000}, "input-unreadable")):
        report = validate(path, limits=limits)
        assert (report.exit_code, [finding.code for finding in report.findings]) == (3, [code])


@pytest.mark.parametrize("nested", [cells, rows])
def test_a_proposal_keeps_the_limit(tmp_path: Path, nested: Callable[[int], str]) -> None:
    assert '"id"' in propose(str(written(tmp_path, "a.json", nested(DEFAULT.depth))), "en")
    with pytest.raises(LimitReachedError):
        propose(str(written(tmp_path, "a.json", nested(DEFAULT.depth + 1))), "en")
    for depth in (600, 900, 5_000, 200_000):
        path = written(tmp_path, "a.json", nested(depth))
        error = refusal(propose, str(path), "en", Limits(depth=1_000_000))
        assert error is not None or depth < 100_000


@pytest.mark.parametrize(
    "after",
    ["", ', {"@id": 1}]', ', {"@id": "urn:x:c", "urn:x:p": 1e999}]', "] x"],
    ids=["cut off", "no identifier", "a number that is none", "more"],
)
@pytest.mark.parametrize("before", ["", '"urn:x:p": "a", '], ids=["once", "given twice"])
def test_what_is_too_deep_is_said_before_all_else_that_is_wrong(tmp_path: Path, before: str, after: str) -> None:
    deep = f'{{"@id": "urn:x:a", {before}"urn:x:p": {"[" * DEFAULT.depth}{"]" * DEFAULT.depth}, "urn:x:p": "b"}}'
    for text in (f"[{deep}{after or ','}", f'[{{"@id": "urn:x:b", "urn:x:p": ["a"]}}, {deep}{after or ","}'):
        with pytest.raises(LimitReachedError) as caught:
            read(written(tmp_path, "a.jsonld", text))
        assert caught.value.setting == "depth"
