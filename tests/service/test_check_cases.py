"""Every file of the security suite through the form: what the command line says, and never a fault of the service."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.security.cases import CASES, Case, validated
from tests.service.checking import HTML, report_of, send
from tests.serving import serving

if TYPE_CHECKING:
    import httpx

_DONE = re.compile(r"_:[0-9a-f]+")


class Answer(NamedTuple):
    """What a file got: the page, the report in JSON, and the statuses of what else is offered."""

    page: str
    report: Any
    statuses: dict[str, int]


def _answer(client: httpx.Client, case: Case) -> Answer:
    sent = send(client, case.name, case.data)
    assert sent.status_code == 303, sent.text
    address = sent.headers["location"]
    page = report_of(client, address)
    others = ("report/xlsx", "report/html", "mapping")
    statuses = {each: client.get(f"{address}/{each}", headers=HTML).status_code for each in others}
    report = json.loads(client.get(f"{address}/report/json").content)
    client.post(f"{address}/delete", data={"a": ""})
    return Answer(page, report, statuses)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """Return what each file got through the form."""
    with (
        serving(tmp_path_factory.mktemp("cases")) as running,
        running.client() as client,
        ThreadPoolExecutor(3) as threads,
    ):
        found = dict(zip(CASES, threads.map(lambda case: _answer(client, case), CASES.values()), strict=True))
        assert client.get("/healthz").status_code == 200
        assert '"error"' not in running.logged()
    return found


@pytest.fixture(scope="module")
def command_line(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what the command line says of each file."""
    return validated(tmp_path_factory).reports


def _same(report: Any) -> Any:
    """Return a report without its file's path and the names that parsers make up for nodes."""
    plain = json.loads(_DONE.sub("_:", json.dumps(report)))
    return {**plain, "submission": {**plain["submission"], "file": ""}}


@pytest.mark.parametrize("threat", CASES)
def test_the_form_says_what_the_command_line_says(
    threat: str, answers: dict[str, Answer], command_line: dict[str, Any]
) -> None:
    case, answer = CASES[threat], answers[threat]
    assert _same(answer.report) == _same(command_line[threat])
    assert answer.report["submission"]["file"] == case.name
    assert answer.report["conforms"] == (case.exit == 0)
    assert "<script>alert" not in answer.page
    assert "/tmp" not in answer.page
    # Whatever cannot be had is refused with a sentence.
    assert set(answer.statuses.values()) <= {200, 400, 404, 413}
    assert answer.statuses["report/html"] == 200
