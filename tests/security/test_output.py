"""What we write is safe to open, and is there whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bicentennial.cli import main
from bicentennial.report import render
from tests.security.conftest import HEADER, TABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from bicentennial.report import Report

EVIL = [
    '=HYPERLINK("http://x")',
    "＝1+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a\x1b[2J\x1b[31mb",
    "a\u202eb\u2066c\u200bd",
    "a\x9bb\x85c",
    "a\nConforms: True\n✓ a.csv conforms",
    "tag\U000e0041end",
]
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]")


@pytest.fixture
def report(judge: Callable[..., Report]) -> Report:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER.split(","))
    for value in EVIL:
        writer.writerow([value, value, value, value])
    found = judge("a<b>&.csv", out.getvalue(), coverage=True)
    assert found.by_code["Action-advancesGoal.unknown"] == len(EVIL)
    return found


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", ["text", "json", "csv", "html", "turtle", "sarif"])
def test_no_value_acts_in_a_report(report: Report, name: str, lang: str) -> None:
    text = render([report], name, lang)  # type: ignore[arg-type]
    assert not ACTS.search(text.replace("\r\n", "\n")), ACTS.findall(text)
    assert not re.search(r"^(?:Conforms: True|✓ a\.csv)", text, re.MULTILINE)
    if name == "json":
        assert [
            each["value"] for each in json.loads(text)["findings"] if each["code"] == "Action-advancesGoal.unknown"
        ] == EVIL
    if name == "csv":
        cells = [each for line in csv.reader(io.StringIO(text)) for each in line]
        assert not [each for each in cells if each.startswith(("=", "+", "-", "@", "＝", "\t"))]
    if name == "html":
        assert "<script>alert" not in text
        assert "<img" not in text
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
        assert policy is not None
        assert policy[1].startswith("default-src &#x27;none&#x27;")
        assert "unsafe" not in policy[1]
    if name == "turtle":
        import rdflib

        assert (None, None, rdflib.Literal(EVIL[0])) in rdflib.Graph().parse(data=text)


def test_tables_that_are_written_hold_no_formula(tmp_path: Path) -> None:
    from bicentennial.api import convert

    source = tmp_path / "a.json"
    source.write_text(
        json.dumps([{"id": value, "title": value, "goal": "G1", "responsible_party": "OFAC"} for value in EVIL[:3]]),
        "utf-8",
    )
    convert(source, tmp_path / "b.csv", isolated=False)
    cells = [each for line in csv.reader((tmp_path / "b.csv").open(encoding="utf-8-sig")) for each in line]
    assert not [each for each in cells if each.startswith(("=", "@", "＝"))]
    convert(source, tmp_path / "b.xlsx", isolated=False)
    import openpyxl

    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert {each.data_type for sheet in book for line in sheet.iter_rows() for each in line if each.value} <= {"s", "n"}


def test_a_message_cannot_forge_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = str(tmp_path / "a\x1b[2J\nforged.csv")
    assert main(["validate", name]) == 3
    assert main(["query", "ASK {}", "--data", name]) == 3
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err
    assert not re.search("^forged", told.out + told.err, re.MULTILINE)


def test_an_output_is_never_an_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TABLE, "utf-8")
    (tmp_path / "link.csv").symlink_to(path)
    os.link(path, tmp_path / "hard.csv")
    for output in ("a.csv", "link.csv", "hard.csv", "./a.csv"):
        where = f"{tmp_path}/{output}"
        assert main(["validate", str(path), "--output", where]) == 2
        assert main(["query", "ASK {}", "--data", str(path), "--output", where]) == 2
        assert main(["convert", str(path), where]) == 2
    assert path.read_text("utf-8") == TABLE
    assert len(list(tmp_path.iterdir())) == 3
    capsys.readouterr()


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TABLE, "utf-8")
    target = tmp_path / "out.json"
    target.write_text("before", "utf-8")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))
    try:  # as when the disk is full
        from bicentennial import OutputError
        from bicentennial.cli.output import write

        with pytest.raises(OutputError):
            write("x" * 5_000, str(target))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert main(["validate", str(path), "--output", str(tmp_path / "none" / "out.json")]) == 3
    assert main(["validate", str(path), "--output", str(tmp_path)]) == 3
    assert main(["convert", str(path), "/proc/out.json"]) == 3
    assert target.read_text("utf-8") == "before"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv", "out.json"]
    assert "cannot" in capsys.readouterr().err


def test_a_link_stays_and_a_device_is_written_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, target, link = tmp_path / "a.csv", tmp_path / "out.json", tmp_path / "link.json"
    path.write_text(TABLE, "utf-8")
    target.write_text("", "utf-8")
    link.symlink_to(target)
    assert main(["validate", str(path), "--output", str(link)]) == 0
    assert link.is_symlink()
    assert json.loads(target.read_text("utf-8"))["conforms"]
    assert main(["validate", str(path), "--output", os.devnull]) == 0
    assert not Path(os.devnull).is_file()
    assert main(["convert", str(path), str(link)]) == 0
    assert link.is_symlink()
    capsys.readouterr()


def test_a_full_device_and_a_closed_pipe() -> None:
    command = [sys.executable, "-m", "bicentennial", "show"]
    if Path("/dev/full").exists():
        with open("/dev/full", "w") as full:  # noqa: PTH123
            ended = subprocess.run(
                [*command[:-1], "validate", "examples/submissions/good.csv"], stdout=full, stderr=subprocess.PIPE
            )
        assert ended.returncode == 3, ended.stderr
    piped = subprocess.Popen(
        [*command[:-1], "query", "SELECT * { ?s ?p ?o }"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert piped.stdout is not None
    piped.stdout.close()
    assert piped.stderr is not None
    assert piped.stderr.read() == b""
    assert piped.wait() in (141, -signal.SIGPIPE)


def test_killed_while_writing_the_old_content_stays(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("before", "utf-8")
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom bicentennial.cli import output\n"
        "Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"output.write('after' * 100_000, {str(target)!r})\n"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == -signal.SIGKILL
    assert target.read_text("utf-8") == "before"
