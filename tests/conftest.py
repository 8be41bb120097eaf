"""What all tests share: the list of those that are known to fail, each with what is known about it."""

from __future__ import annotations

from typing import Final

import pytest

KNOWN: Final = {
    "test_engines_agree": "pySHACL takes more than a minute for the examples together; to be split by rule",
    "test_what_becomes_of_one_touches_none_of_the_others": "fails on a loaded machine; the cause is not known yet",
    "test_control_c_ends_everything[mark a workbook]": "fails on a loaded machine; the cause is not known yet",
    "test_where_nothing_can_be_written_nothing_is": "not yet followed up",
    "test_each_limit_acts_on_every_way_in[statements a.ods]": "not yet followed up",
    "test_in_python[prefix rebound]": "not yet followed up",
    "test_what_goes_with_a_submission_is_no_pipe_or_device[mapping]": "fails now and then on a loaded machine",
}
"""Names of tests that are not run until they are mended, and why. The aim is that this is empty."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for name in (item.name, item.name.partition("[")[0]):
            if name in KNOWN:
                item.add_marker(pytest.mark.xfail(reason=KNOWN[name], run=False))
                break
