"""The command line: exit codes, languages, outputs, and how little it takes to say what there is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bicentennial.cli import COMMANDS, main
from bicentennial.core.resources import directory, ontology_version, version

SUBMISSIONS = directory("submissions")
GOOD, FAULTY = str(SUBMISSIONS / "good.csv"), str(SUBMISSIONS / "faulty.csv")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "BICENTENNIAL_DEBUG"):
        monkeypatch.delenv(name, raising=False)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LC_MESSAGES", "LANG")}
    return subprocess.run(
        [sys.executable, "-m", "bicentennial", *arguments],
        capture_output=True, text=True, encoding="utf-8", env={**clean, "PYTHONUTF8": "1", **environment},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("id,title,goal,responsible_party\nA-1,Train,G2,SRE\n", 0),
        ("id,title,goal,responsible_party\nA-1,Train,,SRE\n", 1),
        ("id,title,goal,responsible_party\n", 3),
        ("", 3),
        ("nothing,that,is,ours\n1,2,3,4\n", 3),
    ],
)
def test_exit_codes(capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str, code: int) -> None:
    path = tmp_path / "file.csv"
    path.write_text(content, encoding="utf-8")
    ended, out, _ = run(capsys, "validate", str(path), "--format", "json")
    assert ended == code
    assert json.loads(out)["conforms"] is (code == 0)
    if code == 3:
        assert json.loads(out)["summary"]["violation"] >= 1


def test_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "validate", "no-such.csv")
    assert code == 3
    assert out.splitlines()[0] == "✗ no-such.csv could not be checked."


def test_worst_code_wins(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "validate", GOOD, FAULTY, "no-such.csv", "--format", "json")
    assert code == 3
    assert [each["conforms"] for each in json.loads(out)["reports"]] == [True, False, False]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], None),
        (["validate"], "this is missing: FILE."),
        (["validate", GOOD, "--format", "docx"], "-f/--format cannot be “docx”. It can be: text, json, "),
        (["validate", GOOD, "--fail-on", "never"], "--fail-on cannot be “never”. It can be: violation, warning, info."),
        (["validate", GOOD, "--nonsense"], "“--nonsense” is not known here."),
        (["validate", GOOD, "--limit", "rows"], "--limit takes a name and a number"),
        (["validate", GOOD, "--limit", "rowz=3"], "there is no limit rowz = 3"),
        (["validate", GOOD, "--shapes", "no-such.ttl"], "the file of shapes no-such.ttl cannot be used"),
        # Shapes are read beside the data, and what is wrong with them is said first all the same.
        (["validate", "no-such.csv", "--shapes", "no-such.ttl"], "the file of shapes no-such.ttl cannot be used"),
        (["validate", GOOD, "--shapes", "no-such.ttl", "--mapping", "no-such.toml"], "shapes no-such.ttl cannot be"),
        (["validate", GOOD, "--mapping", "no-such.toml"], "no-such.toml"),
        (["validate", GOOD, "--output", GOOD], "an input is never written over"),
        (["nonsense"], "there is no command “nonsense”. There are: validate, shacl, explain"),
        (["explain", "Action-endAfterItStarts"], "did you mean Action-endsAfterItStarts"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str | None) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert said is None or said in err


def test_wrong_usage_in_spanish(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "validate", "--lang", "es")
    assert code == 2
    assert err == ("bicentennial: falta esto: ARCHIVO. «bicentennial validate --help» muestra lo que hay.\n")


def test_limit_is_named_and_can_be_raised(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "validate", GOOD, "--limit", "rows=2", "--format", "json")
    (finding,) = json.loads(out)["findings"]
    assert (code, finding["code"]) == (3, "limit-reached")
    assert "“rows”" in finding["message"]["en"]
    assert run(capsys, "validate", GOOD, "--limit", "rows=6")[0] == 0


@pytest.mark.parametrize("severity", ["violation", "warning", "info"])
def test_fail_on(capsys: pytest.CaptureFixture[str], severity: str) -> None:
    path = str(SUBMISSIONS / "good.xlsx")  # one note: the cover was not read
    assert run(capsys, "validate", path, "--fail-on", severity)[0] == (1 if severity == "info" else 0)


def test_output_is_written_whole_and_its_name_says_the_format(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / "report.json"
    code, out, err = run(capsys, "validate", FAULTY, "--output", str(target))
    assert (code, out) == (1, "")
    assert json.loads(target.read_text(encoding="utf-8"))["summary"]["violation"] == 12
    assert "does not conform: 12 violations" in err
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize(
    "arguments", [["validate"], ["validate", GOOD], ["convert", GOOD], ["mapping", "init"], ["template"]]
)
def test_a_path_that_the_system_refuses_is_no_fault_of_ours(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Too long a name is refused as a folder that may not be entered is: by raising, not by saying no."""
    ending = ".xlsx" if arguments == ["template"] else ".csv"
    code, out, err = run(capsys, *arguments, "x" * 5000 + ending)
    assert (code, "fault of ours" in err) == (3, False), out + err


def test_output_that_cannot_be_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, "validate", GOOD, "--output", str(tmp_path / "no" / "report.json"))
    assert code == 3
    assert "cannot be written" in err


def test_output_never_over_an_input_by_another_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    given, link = tmp_path / "given.csv", tmp_path / "link.csv"
    given.write_bytes(Path(GOOD).read_bytes())
    link.symlink_to(given)
    assert run(capsys, "validate", str(given), "--output", str(link))[0] == 2
    assert given.read_bytes() == Path(GOOD).read_bytes()


def test_an_engine_that_does_not_cover_a_shape_is_a_wrong_choice(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:S> sh:targetNode <urn:a> ; sh:sparql"
        ' [ sh:select "SELECT $this { { SELECT $this { $this ?p ?o } GROUP BY $this } }" ] .',
        "utf-8",
    )
    code, _, err = run(capsys, "validate", GOOD, "--shapes", str(shapes), "--engine", "compiled")
    assert code == 2
    assert "pyshacl" in err


def test_further_shapes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix bic: <https://w3id.org/bicentennial/ontology#> .
        <urn:x-example:described> a sh:PropertyShape ; sh:targetClass bic:Action ; sh:path bic:hasTheme ;
            sh:minCount 1 ; sh:message "Name a theme."@en .""",
        encoding="utf-8",
    )
    code, out, _ = run(capsys, "validate", GOOD, "--shapes", str(shapes), "--format", "json")
    found = json.loads(out)
    assert code == 1
    assert found["summary"]["by_code"] == {"urn:x-example:described": 5}
    assert found["findings"][0]["message"]["es"] == "Name a theme."


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help(capsys: pytest.CaptureFixture[str], command: str, lang: str) -> None:
    code, out, _ = run(capsys, *filter(None, [command]), "--help", "--lang", lang)
    assert code == 0
    assert out.startswith("usage: bicentennial" if lang == "en" else "uso: bicentennial")
    assert ("options:" in out) is (lang == "en")
    assert ("opciones:" in out) is (lang == "es")


@pytest.mark.parametrize("arguments", [["--help"], ["registry", "--help"]])
def test_help_of_a_process_is_that_of_the_call(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    """A process replaces the translation of argparse, which is asked for texts that there are not as well."""
    out = run(capsys, *arguments)[1]
    assert "None" not in out
    assert process(*arguments).stdout == out


def test_language_of_the_environment(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "es_MX.UTF-8")
    assert "es conforme" in run(capsys, "validate", GOOD)[1]
    assert " conforms" in run(capsys, "validate", GOOD, "--lang", "en")[1]
    monkeypatch.setenv("LC_ALL", "C")
    assert " conforms" in run(capsys, "validate", GOOD)[1]


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version") == (0, f"bicentennial {version()}\n", "")
    both = f"bicentennial {version()}\nontología {ontology_version()}\n"
    assert run(capsys, "version", "--lang", "es") == (0, both, "")


def test_fault_of_ours_is_one_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bicentennial.api.validate", fail)
    code, out, err = run(capsys, "validate", GOOD)
    assert (code, out) == (70, "")
    assert err.startswith("bicentennial: this is a fault of ours (ZeroDivisionError)")
    assert len(err.splitlines()) == 1
    monkeypatch.setenv("BICENTENNIAL_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["validate", GOOD])


def test_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bicentennial.api.validate", stop)
    assert main(["validate", GOOD]) == 130


def test_reader_that_leaves() -> None:
    script = f"{sys.executable} -m bicentennial explain | head -n 1"
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["validate", "--help"], ["show", "--help"]])
def test_what_is_cheap_imports_nothing_heavy(arguments: list[str]) -> None:
    heavy = {
        "rdflib",
        "pyshacl",
        "pydantic",
        "pyoxigraph",
        "duckdb",
        "pandas",
        "openpyxl",
        "python_calamine",
        "rapidfuzz",
    }
    code = (
        "import sys; from bicentennial.cli import main; main(sys.argv[1:]);"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert done.returncode == 0
    assert not heavy & set(done.stderr.split())


def test_whole_process() -> None:
    done = process("validate", FAULTY, LANG="es_MX.UTF-8")
    assert done.returncode == 1
    assert done.stderr == ""
    assert "no es conforme: 12 incumplimientos, 4 advertencias, 3 notas en 7 acciones." in done.stdout.splitlines()[0]
