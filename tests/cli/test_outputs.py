"""What a command writes, and what it refuses to write, by the name of the output."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from bicentennial.cli import main
from bicentennial.core.resources import directory

if TYPE_CHECKING:
    from pathlib import Path

SUBMISSIONS = directory("submissions")
GOOD, FAULTY = str(SUBMISSIONS / "good.csv"), str(SUBMISSIONS / "faulty.csv")
COMMANDS = {
    "validate": ["validate", FAULTY],
    "query": ["query", "actions-by-goal"],
    "show": ["show", "OFAC"],
    "mapping": ["mapping", "init", GOOD],
    "shacl": [
        "shacl",
        GOOD.replace(".csv", ".ttl"),
        "--shapes",
        str(directory("shapes") / "structural" / "Action.ttl"),
    ],
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("ending", [".ods", ".pdf", ".docx", ".xls", ".jsonld", ".xyz"])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_an_ending_of_no_format_is_refused(
    command: str, ending: str, lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / f"out{ending}"
    assert main([*COMMANDS[command], "--output", str(target), "--lang", lang]) == 2
    said = "must end in one of" if lang == "en" else "debe terminar en una de"
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["validate", FAULTY, "-o", "{}.html"],
        ["validate", FAULTY, "-o", "{}.xlsx"],
        ["validate", FAULTY, "-o", "{}"],
        [
            "shacl",
            str(SUBMISSIONS / "good.ttl"),
            "--shapes",
            str(directory("shapes") / "structural" / "Action.ttl"),
            "--output",
            "{}.json",
        ],
        ["query", "actions-by-goal", "-o", "{}.csv"],
        ["show", "OFAC", "-o", "{}.html"],
        ["explain", "Action-endsAfterItStarts", "-o", "{}.html"],
        ["mapping", "init", GOOD, "-o", "{}.toml"],
        ["template", "{}.xlsx"],
        ["template", "{}.ods"],
        ["template", "{}.csv"],
        ["template", "{}.json"],
        ["convert", GOOD, "{}.ttl"],
        ["convert", GOOD, "{}.xlsx"],
        ["convert", GOOD, "{}.json"],
        ["export", "ontology", "{}.ttl"],
        ["export", "diagram", "{}.svg"],
        ["export", "stratml", "{}.xml"],
    ],
    ids=" ".join,
)
def test_a_folder_that_is_not_there_is_named(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "no" / "such"
    assert main([*(each.format(folder / "out") for each in arguments), "--lang", "es"]) == 3
    assert f" no se puede escribir: no existe la carpeta {folder}; " in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["template"], ["convert", GOOD], ["export", "ontology"], ["export", "diagram"]])
def test_so_do_those_that_name_the_output_alone(arguments: list[str], tmp_path: Path) -> None:
    assert main([*arguments, str(tmp_path / "out.docx")]) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "options", "starts"),
    [
        ("a.html", [], "<!doctype html>"),
        ("a.HTM", [], "<!doctype html>"),
        ("a.json", [], '{\n  "conforms"'),
        ("a.sarif", [], '{\n  "$schema"'),
        ("a.sarif.json", [], '{\n  "$schema"'),
        ("a.json", ["-f", "sarif"], '{\n  "$schema"'),
        ("a.txt", [], "✗ "),
        ("a", [], "✗ "),
        ("a.log", ["-f", "concise"], FAULTY),
        ("a.ttl", [], "@prefix"),
    ],
)
def test_the_ending_says_the_format(name: str, options: list[str], starts: str, tmp_path: Path) -> None:
    assert main(["validate", FAULTY, "-o", str(tmp_path / name), *options, "--lang", "en"]) == 1
    assert (tmp_path / name).read_text("utf-8").startswith(starts)


@pytest.mark.parametrize(
    ("name", "asked"), [("a.html", "json"), ("a.ods", "xlsx"), ("a.txt", "xlsx"), ("a.csv", "text")]
)
def test_an_ending_that_says_otherwise_is_refused(name: str, asked: str, tmp_path: Path) -> None:
    assert main(["validate", FAULTY, "-o", str(tmp_path / name), "-f", asked]) == 2
    assert list(tmp_path.iterdir()) == []


def test_concise_lines_and_annotations(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", FAULTY, "-f", "concise", "--lang", "en"]) == 1
    *lines, last = capsys.readouterr().out.splitlines()
    assert all(re.match(rf"{re.escape(FAULTY)}:[A-Z]+\d+: [\w.-]+ \S", line) for line in lines)
    assert (len(lines), last) == (19, "1 file: 0 conform; 12 violations, 4 warnings, 3 notes.")
    assert main(["validate", FAULTY, "-f", "github", "--lang", "en"]) == 1
    *lines, _ = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"::error file={FAULTY},line=2,title=Action-identifierIsUnique::A2: Action A-001 ")
    assert {line.split()[0] for line in lines} == {"::error", "::warning", "::notice"}


def test_quiet_says_nothing_and_keeps_the_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", FAULTY, "-q"]) == 1
    assert main(["validate", GOOD, "-q"]) == 0
    assert main(["validate", FAULTY, "-q", "-o", str(tmp_path / "a.json")]) == 1
    assert capsys.readouterr() == ("", "")
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["conforms"] is False


def test_several_files_have_one_overview(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", GOOD, FAULTY, "no-such.csv", "--lang", "es"]) == 3
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "✗ 2 de 3 archivos no son conformes: 13 incumplimientos, 4 advertencias, 3 notas en 12 acciones."
    )
    assert lines[2].split() == ["archivo", "incumplimientos", "advertencias", "notas", "acciones"]
    assert [line.split() for line in lines[4:7]] == [
        ["✓", GOOD, "0", "0", "0", "5"],
        ["✗", FAULTY, "12", "4", "3", "7"],
        ["?", "no-such.csv", "1", "0", "0", "–"],
    ]


@pytest.mark.parametrize(
    ("arguments", "english", "spanish"),
    [
        (["validat"], "no command “validat”; did you mean validate?", "el comando «validat»; ¿quiso decir validate?"),
        (["validate", GOOD, "--formt", "x"], "; did you mean --format?", "; ¿quiso decir --format?"),
        (["validate", GOOD, "--format", "jsn"], "; did you mean json? It can be", "; ¿quiso decir json? Puede ser"),
        (["validate", GOOD, "--mapping"], "--mapping needs a value.", "--mapping necesita un valor."),
        (["query", "--list=5"], "--list takes no value.", "--list no lleva valor."),
        (["convert", GOOD], "this is missing: OUT.", "falta esto: SALIDA."),
    ],
)
def test_mistakes_come_with_what_was_meant(
    arguments: list[str], english: str, spanish: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang, said in (("en", english), ("es", spanish)):
        assert main([*arguments, "--lang", lang]) == 2
        err = capsys.readouterr().err
        assert said in err
        assert len(err.splitlines()) == 1


@pytest.mark.parametrize("command", ["validate", "convert"])
def test_help_names_every_format(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    from bicentennial.formats.registry import TITLES

    assert main([command, "--help"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert ", ".join(TITLES.values()) in words


def test_examples_are_copied_and_never_over_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "ejemplos"
    assert main(["examples", str(target), "--lang", "es"]) == 0
    assert f"bicentennial validate {target / 'submissions' / 'defectuosa.csv'}" in capsys.readouterr().err
    assert (target / "profiles" / "strict.toml").is_file()
    assert (target / "queries" / "sources.rq").is_file()
    assert main(["examples", str(target)]) == 2
    assert main(["validate", str(target / "submissions" / "good.csv")]) == 0


def test_mapping_init_takes_limits(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mapping", "init", GOOD, "--limit", "rows=1"]) == 3
    assert "“rows”" in capsys.readouterr().err


def test_rules_of_sarif_say_what_a_code_means(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", FAULTY, "-f", "sarif", "--lang", "es"]) == 1
    rules = json.loads(capsys.readouterr().out)["runs"][0]["tool"]["driver"]["rules"]
    assert all({"shortDescription", "fullDescription", "help", "defaultConfiguration"} <= set(rule) for rule in rules)
    ends = next(rule for rule in rules if rule["id"] == "Action-endsAfterItStarts")
    assert ends["shortDescription"]["text"] == "Una acción termina después de empezar"
    assert ends["defaultConfiguration"] == {"level": "error"}
