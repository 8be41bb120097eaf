"""Large tables go another way, and nothing may show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bicentennial.errors import BicentennialError
from bicentennial.intake import read, submission

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
CELLS = TEXTS | st.sampled_from(
    [
        "G1",
        "meta 2; G3",
        "G9",
        "SRE",
        "OFAC;DEA",
        "2023",
        "2023-02-30",
        "1.50",
        "1,5",
        "usd",
        "a\tb",
        "a\\nb",
        'q"q',
        "x\ny",
        ";",
        " ",
    ]
)
HEADERS = [
    "id", "title", "título", "goal", "responsible_party", "status", "start_date", "budget", "currency", "source",
    "place", "Notes",
]  # fmt: skip


def table(rows: list[list[str]]) -> str:
    return "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [HEADERS, *rows])


def everything(path: Path) -> tuple[Any, ...]:
    try:
        made = read(path)
    except BicentennialError as error:
        return (type(error), str(error))
    rows = made.dataset.connection.execute("SELECT * FROM statements ORDER BY ALL").fetchall()
    return rows, [each.to_dict() for each in made.findings], made.sheets, made.suppressed


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, min_size=len(HEADERS), max_size=len(HEADERS)), min_size=1, max_size=6))
def test_both_ways_say_the_same(rows: list[list[str]], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(table(rows).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(submission, "WORTHWHILE", 10**9)
        small = everything(path)
        patch.setattr(submission, "WORTHWHILE", 0)
        patch.setattr(submission, "LARGE", 0)
        assert everything(path) == small


def test_json_goes_the_same_ways(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '[{"id": "A", "title": {"en": "a\\tb", "es": "c\\\\d"}, "goal": ["G1", "x"], "responsible_party": "SRE"},'
        ' {"id": ["B"], "title": ["e", "f"], "goal": [], "responsible_party": null, "budget": 1.50}]'
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(submission, "WORTHWHILE", 10**9)
        small = everything(path)
        patch.setattr(submission, "WORTHWHILE", 0)
        assert everything(path) == small


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=300),
    name=st.sampled_from(["a.csv", "a.xlsx", "a.json", "a.ttl", "a.jsonld", "a.rdf", "a"]),
)
def test_whatever_is_submitted_only_our_own_errors_escape(content: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    everything(path)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "title", "goal", "actions", "partes", "@id", "@context", "x"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    ),
    name=st.sampled_from(["a.json", "a.jsonl", "a.jsonld"]),
)
def test_whatever_the_json_only_our_own_errors_escape(content: Any, name: str, tmp_path: Path) -> None:
    import json

    path = tmp_path / name
    path.write_text(json.dumps(content), encoding="utf-8")
    everything(path)
