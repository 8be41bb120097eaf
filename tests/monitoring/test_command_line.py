"""The command `registry` as people and programs call it: forms, languages, exit codes, the two places of --registry."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import sqlite3
from typing import TYPE_CHECKING, get_args

import pytest

from bicentennial.cli import main
from bicentennial.core.messages import section
from bicentennial.monitoring.registry import open_registry
from bicentennial.service.api.models import State

from .conftest import FAULTY, GOOD, Table

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Return what runs `registry …` on a registry of one good and one returned submission."""
    monkeypatch.setenv("BICENTENNIAL_REGISTRY", str(tmp_path / "r.sqlite"))

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(["registry", *arguments])
        out, err = capfd.readouterr()
        return code, out, err

    assert call("init")[0] == 0
    assert call("submit", str(GOOD), "--as", "UNODC", "--dataset", "ccp", "--issued", "2024-03-31")[0] == 0
    assert call("submit", str(FAULTY), "--as", "UNODC", "--dataset", "ccp", "--issued", "2024-06-30")[0] == 1
    return call


def test_submit_answers_programs_with_submission_and_report(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = run("submit", str(GOOD), "--as", "UNODC", "--dataset", "ccp", "--issued", "2024-03-31", "-f", "json")
    answer = json.loads(out)
    assert code == 0
    assert {"id", "submitter", "dataset", "number", "issued", "state", "root", "receipt"} <= set(answer["submission"])
    assert (answer["submission"]["id"], answer["submission"]["number"]) == (1, 1)
    assert answer["report"]["conforms"] is True
    receipt = tmp_path / "receipt.json"
    receipt.write_text(out, encoding="utf-8")
    assert run("verify", "--receipt", str(receipt), str(GOOD))[0] == 0
    assert run("verify", "--receipt", str(receipt), str(FAULTY))[0] == 1


def test_lists_have_the_keys_that_programs_rely_on(run) -> None:  # type: ignore[no-untyped-def]
    listed = json.loads(run("list", "-f", "json")[1])["submissions"]
    assert f"{listed[0]['received_at'][:19]}Z" in run("list", "-f", "csv")[1], "moments say that they are of UTC"
    assert [(each["id"], each["state"]) for each in listed] == [(1, "accepted"), (2, "returned")]
    progress = json.loads(run("progress", "--by", "goal", "-f", "json")[1])
    assert set(progress) == {"as_of", "known", "by", "rows"}
    assert {"id", "label", "actions", "by_status"} <= set(progress["rows"][0])
    assert all(row["actions"] == sum(row["by_status"].values()) == len(row["subjects"]) for row in progress["rows"])
    assert json.loads(run("changes", "-f", "json")[1]) == {"changes": []}


def test_a_plot_says_the_numbers_of_the_table(run) -> None:  # type: ignore[no-untyped-def]
    rows = json.loads(run("progress", "--by", "status", "-f", "json")[1])["rows"]
    for lang in ("en", "es"):
        svg = run("progress", "--by", "status", "-f", "svg", "--lang", lang)[1]
        described = re.search(r"<desc[^>]*>(.*)</desc>", svg)
        assert described is not None
        table = list(csv.reader(io.StringIO(run("progress", "--by", "status", "-f", "csv", "--lang", lang)[1])))
        assert [int(row[1]) for row in table[1:]] == [row["actions"] for row in rows]
        for row in rows:
            assert f"{row['label'][lang]}: {row['actions']}" in described[1]
        page = run("progress", "--by", "status", "-f", "html", "--lang", lang)[1]
        assert f'<html lang="{lang}"' in page
        assert "<script" not in page


def test_both_languages_have_every_word(run) -> None:  # type: ignore[no-untyped-def]
    for name in ("list", "log", "deadlines", "indicators", "gaps", "submitters", "progress", "changes"):
        english, spanish = (run(name, "--lang", lang)[1] for lang in ("en", "es"))
        assert english.splitlines()[0] != spanish.splitlines()[0] or english.strip() in ("none", "ninguno")
    for entry in ("states", "titles", "columns"):
        for word in section("registry")[entry].values():
            assert set(word) == {"en", "es"}


def test_registry_stands_before_or_after_the_subcommand(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    other = str(tmp_path / "other.sqlite")
    assert run("--registry", other, "init")[0] == 0
    assert run("--registry", other, "list")[1] == "none\n"
    assert run("list", "--registry", other)[1] == "none\n"
    assert run("list")[1] != "none\n"


def test_exit_codes(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    assert run("init")[0] == 2
    assert run("show", "9")[0] == 2
    assert run("return", "1")[0] == 2
    assert run("submit", str(GOOD), "--as", "UNODC", "--dataset", "ccp")[0] == 2
    assert run("submit", str(tmp_path / "none.csv"), "--as", "UNODC", "--dataset", "ccp", "--issued", "2024")[0] == 3
    monkeypatch.delenv("BICENTENNIAL_REGISTRY")
    code, _, err = run("list")
    assert code == 2
    assert "--registry" in err


def test_a_place_that_is_no_registry_is_not_called_one(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    other = str(tmp_path / "other.sqlite")
    with contextlib.closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    for place in (str(tmp_path), other):
        code, _, err = run("list", "--registry", place)
        assert (code, "there is no registry at" in err) == (2, True)
        code, _, err = run("init", place)
        assert (code, "If it is a registry, use it; if not, choose another place." in err) == (2, True)


@pytest.mark.parametrize("url", ["mysql://office:secret@host/registry", "postgresql+psycopg://host/r", "https://x/r"])
def test_the_address_of_another_database_is_no_path(capsys: pytest.CaptureFixture[str], url: str) -> None:
    for arguments in (["init", url], ["list", "--registry", url]):
        assert main(["registry", *arguments]) == 2
        told = capsys.readouterr().err
        assert "postgresql://HOST/DATABASE" in told, told
        assert "secret" not in told


@pytest.mark.parametrize(
    "arguments",
    [
        ["party", "add", "UNODC", "--name", "Oficina\udcf3"],
        ["dataset", "set", "UNODC/ccp", "--title", "Acci\udcf3n"],
        ["withdraw", "1", "--reason", "Correcci\udcf3n"],
        ["list", "--submitter", "Oficina\udcf3"],
        ["token", "add", "--scope", "Oficina\udcf3"],
    ],
)
def test_text_that_is_not_in_utf_8_is_said(run, arguments: list[str]) -> None:  # type: ignore[no-untyped-def]
    code, _, err = run(*arguments)
    assert (code, "not in UTF-8" in err) == (2, True), err
    assert [each["state"] for each in json.loads(run("list", "-f", "json")[1])["submissions"]] == [
        "accepted",
        "returned",
    ]


def test_a_dataset_is_whole_or_partial(run) -> None:  # type: ignore[no-untyped-def]
    assert run("dataset", "set", "UNODC/ccp", "--whole", "--partial")[0] == 2
    assert run("dataset", "set", "UNODC/ccp", "--partial")[0] == 0
    assert run("dataset", "set", "UNODC/ccp", "--whole")[0] == 0


def test_a_state_that_there_is_not_is_no_empty_list(run) -> None:  # type: ignore[no-untyped-def]
    for state in get_args(State):
        assert run("list", "--state", state)[0] == 0
    code, _, err = run("list", "--state", "aceptado")
    assert (code, "did you mean accepted?" in err) == (2, True)


def test_an_answer_is_never_written_over_the_registry_or_what_is_read(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    place, given = tmp_path / "r.sqlite", tmp_path / "q.csv"
    given.write_bytes(GOOD.read_bytes())
    hand_in = ("submit", str(given), "--as", "UNODC", "--dataset", "other", "--issued", "2024")
    for arguments in (
        ("file", "1", "-o", str(place)),
        ("report", "1", "-o", str(tmp_path / "." / "r.sqlite")),
        ("receipt", "1", "-o", str(place), "--registry", f"sqlite:///{place}"),
        ("list", "-f", "csv", "-o", str(place)),
        ("export", "trig", str(place)),
        (*hand_in, "-f", "json", "-o", str(given)),
    ):
        code, _, err = run(*arguments)
        assert (code, "is one of the inputs" in err) == (2, True), arguments
    assert given.read_bytes() == GOOD.read_bytes()
    assert run("verify")[0] == 0
    assert len(json.loads(run("list", "-f", "json")[1])["submissions"]) == 2


def test_the_name_of_the_output_says_the_form(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for ending, begins in ((".html", "<!doctype html>"), (".json", "{"), (".txt", "✓"), (".sarif", "{"), ("", "✓")):
        target = tmp_path / f"report{ending}"
        assert run("report", "1", "-o", str(target))[0] == 0
        assert target.read_text(encoding="utf-8").startswith(begins)
    target = tmp_path / "rows.csv"
    assert run("query", "SELECT ?n { VALUES ?n { 1 } }", "-o", str(target))[0] == 0
    assert target.read_text(encoding="utf-8").split() == ["n", "1"]
    for arguments in (("report", "1"), ("list",), ("accept", "2")):
        code, _, err = run(*arguments, "-o", str(tmp_path / "answer.xlsx"))
        assert (code, "its name must end in one of" in err) == (2, True)
    assert json.loads(run("show", "2", "-f", "json")[1])["submissions"][0]["state"] == "returned"


def test_a_file_without_its_receipt_is_not_said_to_be_right(run) -> None:  # type: ignore[no-untyped-def]
    code, out, err = run("verify", str(FAULTY))
    assert (code, out) == (2, "")
    assert "--receipt" in err


def test_files_come_back_as_they_were(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    target = tmp_path / "back.csv"
    assert run("file", "UNODC/ccp/2", "--output", str(target))[0] == 0
    assert target.read_bytes() == FAULTY.read_bytes()
    report = json.loads(run("report", "2", "-f", "json")[1])
    assert report["submission"]["file"] == "faulty.csv"


def test_an_export_makes_the_same_registry(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    target, copy = str(tmp_path / "all.nq"), str(tmp_path / "copy.sqlite")
    assert run("export", "nquads", target)[0] == 0
    run("--registry", copy, "init")
    assert run("--registry", copy, "import", target)[0] == 0
    roots = [
        [s["root"] for s in json.loads(run("list", "-f", "json", *at)[1])["submissions"]]
        for at in ([], ["--registry", copy])
    ]
    assert roots[0] == roots[1]
    assert run("--registry", copy, "verify")[0] == 0
    assert run("--registry", copy, "import", target)[0] == 2


def test_provenance_has_an_order_and_no_circle(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    import pyoxigraph

    run("submit", str(GOOD), "--as", "UNODC", "--dataset", "ccp", "--issued", "2024-09-30")
    target = tmp_path / "provenance.nt"
    assert run("export", "dcat", str(target))[0] == 0
    store = pyoxigraph.Store()
    store.load(path=str(target), format=pyoxigraph.RdfFormat.N_TRIPLES)
    prov = "PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX dcat: <http://www.w3.org/ns/dcat#> "
    count = "SELECT (count(*) AS ?n) { ?a prov:wasRevisionOf ?b ; prov:generatedAtTime ?t ; prov:wasAttributedTo ?w }"
    [solution] = store.query(prov + count)  # type: ignore[misc]
    assert solution["n"].value == "2"
    assert not store.query(prov + "ASK { ?a prov:wasRevisionOf+ ?a }")
    assert not store.query(prov + "ASK { ?a dcat:previousVersion ?b FILTER NOT EXISTS { ?a prov:wasRevisionOf ?b } }")


def test_tokens_are_shown_once_and_can_be_revoked(run) -> None:  # type: ignore[no-untyped-def]
    text = run("token", "add", "--as", "UNODC", "--scope", "submit:UNODC")[1].strip()
    assert re.fullmatch(r"bic_[0-9a-f]{8}_[0-9a-f]{64}", text)
    listed = run("token", "list", "-f", "json")[1]
    assert text.rpartition("_")[2] not in listed
    [token] = json.loads(listed)["tokens"]
    assert token["scopes"] == ["submit:UNODC"]
    assert run("token", "revoke", token["id"])[0] == 0
    assert run("token", "add", "--scope", "everything")[0] == 2


@pytest.mark.parametrize("lang", ["en", "es"])
def test_progress_over_time_is_plotted_as_its_table_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    url = str(tmp_path / "registry.sqlite")
    with open_registry(url, create=True) as registry:
        for issued in ("2024-03-31", "2024-06-30"):
            registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued=issued)
    command = ["registry", "progress", "--over-time", "--registry", url, "--lang", lang]
    assert main([*command, "--format", "csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))[1:]
    assert main([*command, "--format", "svg"]) == 0
    plot = capsys.readouterr().out
    assert {row[0] for row in rows} == {"2024-03-31", "2024-06-30"}
    described = "; ".join(f"{issued} · {goal}: {count} ({states})" for issued, goal, count, states in rows)
    assert f"<desc>{described}</desc>" in plot


def test_choices_are_those_of_the_answers() -> None:
    """The command line has them without loading what answers."""
    from typing import get_args

    from bicentennial.cli.registry import subcommands
    from bicentennial.monitoring.questions.changes import KINDS
    from bicentennial.monitoring.questions.progress import GROUPINGS
    from bicentennial.monitoring.store.submissions import STATES
    from bicentennial.service.api.models import State

    assert subcommands._CHOICES["progress", "by"] == tuple(GROUPINGS)
    assert subcommands._CHOICES["list", "state"] == STATES == get_args(State)
    assert set(subcommands.KINDS) == set(KINDS)


def test_who_corrects_is_told_what_later_partial_submissions_keep(run, table: Table, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    def submit(data: bytes, issued: str, *more: str) -> tuple[int, str, str]:
        (tmp_path / "a.csv").write_bytes(data)
        command = ("submit", str(tmp_path / "a.csv"), "--as", "UNODC", "--dataset", "part", "--issued", issued)
        answer: tuple[int, str, str] = run(*command, *more)
        return answer

    assert submit(table(), "2024-03")[2] == ""
    assert submit(table(without=("A-001", "A-002")), "2024-06", "--partial")[2] == ""
    changed = table({name: {"due_date": "2031-01-01"} for name in ("A-001", "A-003")})
    code, _, err = submit(changed, "2024-03", "--lang", "es")
    assert (code, err.count("\n")) == (0, 1)
    assert err.startswith("bicentennial: UNODC/part/2 dice solo lo nuevo para 2024-06;")
    assert "(elementos: 1)" in err, "A-003 is said there, though as before"
    err = run("withdraw", "UNODC/part/3", "--reason", "a slip")[2]
    assert err == "", "what held before holds again"


def test_who_redacts_is_told_what_stays(run) -> None:  # type: ignore[no-untyped-def]
    run("submit", str(GOOD), "--as", "UNODC", "--dataset", "again", "--issued", "2024-09-30")
    code, out, err = run("redact", "UNODC/again/1", "--reason", "a name", "--lang", "es")
    assert (code, "UNODC/ccp/1" in err, "Suprímalos también" in err, "again" in out) == (0, True, True, True)
    said = [run("redact", number, "--reason", "a name")[2] for number in ("1", "2")]
    assert said[-1] == "", "nobody else says it any more"
