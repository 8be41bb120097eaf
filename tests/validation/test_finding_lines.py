"""Findings are encoded as `json` encodes what they hold."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bicentennial.core.findings import SEVERITIES, Finding, Location
from bicentennial.validation.finding_lines import lines
from bicentennial.validation.outcome import LazyFindings, Outcome

# Few texts, so that parts recur: with what JSON escapes, what no encoding has, and empty ones.
TEXTS = st.sampled_from(
    ["", "goal", "meta «propia»", 'a "quoted" \\ text', "two\nlines\t\x00\x7f", "\ud800", "\U0001f600"]
)
MAYBE = st.none() | TEXTS
NUMBERS = st.none() | st.integers(0, 10**9)
BY_LANGUAGE = st.dictionaries(st.sampled_from(["en", "es", "fr"]), TEXTS)
LISTS = st.lists(TEXTS, max_size=3).map(tuple)
FINDINGS = st.lists(
    st.builds(
        Finding,
        code=TEXTS,
        severity=st.sampled_from(SEVERITIES),
        problem=BY_LANGUAGE,
        location=st.builds(Location, MAYBE, MAYBE, NUMBERS, MAYBE, MAYBE, NUMBERS, MAYBE),
        shape=MAYBE,
        constraint=MAYBE,
        focus=MAYBE,
        path=MAYBE,
        value=MAYBE,
        suggestions=LISTS,
        datatype=MAYBE,
        suggested=st.dictionaries(st.sampled_from(["en", "es"]), LISTS),
        remedy=BY_LANGUAGE,
        aside=BY_LANGUAGE,
    ),
    max_size=6,
)


@given(FINDINGS)
def test_lines_are_what_json_writes(findings: list[Finding]) -> None:
    """Byte for byte, whatever the findings hold and share."""
    written = [json.dumps(each.to_dict(), ensure_ascii=False) for each in findings]
    assert lines(findings) == ",\n    ".join(written)


@given(FINDINGS)
def test_findings_pass_between_processes(findings: list[Finding]) -> None:
    """Their number is known before they are made of the text."""
    plain = json.loads(json.dumps(Outcome("a.csv", findings=findings).to_dict()))
    passed = Outcome.from_dict(plain).findings
    assert isinstance(passed, LazyFindings)
    assert len(passed) == len(findings)
    assert [each.to_dict() for each in passed] == [each.to_dict() for each in findings]
