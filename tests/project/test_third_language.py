"""A third language is data and one line of code: a copy of the package speaks a pseudo-language, its texts in ⟦ ⟧."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LANGUAGE = "qps"
DATA = """\
id,title,goal,status,start_date,end_date,responsible_party
A-1,Plant trees,G1,completed,2023-05-01,2023-01-31,SSPC
A-2,Open a reading room,Protect our peeple,completed,2023-13-01,,SSCP
"""
_ENGLISH = re.compile(r'"((?:[^"\\]|\\.)*)"@en\b')


def _pseudo(text: Any) -> Any:
    """Return a text, or all texts of a structure, within brackets; placeholders stay."""
    if isinstance(text, str):
        return f"⟦{text}⟧"
    if isinstance(text, list):
        return [_pseudo(each) for each in text]
    return {key: _pseudo(each) for key, each in text.items()} if isinstance(text, dict) else text


def _with_third(plain: Any) -> Any:
    """Return compiled data with the pseudo-language beside English wherever Spanish stands there too."""
    if isinstance(plain, list):
        if [each[0] for each in plain if isinstance(each, list) and len(each) == 2] == ["en", "es"]:
            return [*plain, [LANGUAGE, _pseudo(dict(plain)["en"])]]
        return [_with_third(each) for each in plain]
    if not isinstance(plain, dict):
        return plain
    found = {key: _with_third(each) for key, each in plain.items()}
    return found | {LANGUAGE: _pseudo(plain["en"])} if plain.keys() >= {"en", "es"} else found


def _turtle_with_third(text: str) -> str:
    return _ENGLISH.sub(lambda match: f'{match[0]}, "⟦{match[1]}⟧"@{LANGUAGE}', text)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("third")
    for folder in ("bicentennial", "shapes", "ontology"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    for path in (root / "bicentennial" / "compiled").glob("*.json"):
        path.write_text(json.dumps(_with_third(json.loads(path.read_text("utf-8")))), "utf-8")
    for folder in ("shapes", "ontology"):
        for path in (root / folder).rglob("*.ttl"):
            path.write_text(_turtle_with_third(path.read_text("utf-8")), "utf-8")
    home = root / "bicentennial" / "core" / "messages.py"
    before, typed, after = home.read_text("utf-8").partition('Language = Literal["en", "es"]\n')
    assert typed, "the languages are typed in one line"
    home.write_text(f'{before}Language = Literal["en", "es", "{LANGUAGE}"]\n{after}', "utf-8")
    (root / "actions.csv").write_text(DATA, "utf-8")
    return root


def run(root: Path, *arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "bicentennial", *arguments, "--lang", LANGUAGE]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


def test_a_report_comes_out_in_it(copy: Path) -> None:
    code, out, err = run(copy, "validate", "actions.csv")
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert lines[0].startswith("✗ ⟦actions.csv")
    assert "  ✗ F2: ⟦⟦action⟧ A-1 ends on 2023-01-31, before it starts on 2023-05-01.⟧" in lines
    joined = re.sub(r"\s+", " ", out)
    assert "⟦Correct whichever date is wrong; the same day is fine.⟧" in joined
    assert "⟦⟦action⟧ A-1 (⟦“Plant trees”⟧) ends on 2023-01-31" in joined


@pytest.mark.parametrize("form", ["html", "json", "csv", "sarif", "turtle"])
def test_reports_of_every_format_do(copy: Path, form: str) -> None:
    code, out, err = run(copy, "validate", "actions.csv", "--format", form)
    assert (code, err) == (1, "")
    assert "ends on 2023-01-31, before it starts on 2023-05-01.⟧" in out


def test_the_page_lets_choose_it(copy: Path) -> None:
    _, out, _ = run(copy, "validate", "actions.csv", "--format", "html")
    assert f'html:has(#lang-{LANGUAGE}:checked) body [lang="en"]:not(.always) {{ display: none; }}' in out
    assert f'html:has(#lang-es:checked) body [lang="{LANGUAGE}"]:not(.always) {{ display: none; }}' in out
    assert f'id="lang-{LANGUAGE}"' in out
    assert f'data-thousands-{LANGUAGE}="⟦,⟧"' in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("validate", "actions.csv", "--format", "nothing"), 2, "⟦"),
        (("validate", "nowhere.csv"), 3, "⟦"),
        (("explain", "Action-endsAfterItStart"), 2, "⟦nothing here is called “Action-endsAfterItStart”⟦; did you mean"),
        (("show", "OFACC"), 2, "⟦nothing"),
    ],
)
def test_an_error_does(copy: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    ended, out, err = run(copy, *arguments)
    assert ended == code
    assert said in out + err
    assert "Traceback" not in err


@pytest.mark.parametrize("name", ["Action-endsAfterItStarts", "header-unknown", "Action-advancesGoal.missing"])
def test_an_explanation_does(copy: Path, name: str) -> None:
    code, out, err = run(copy, "explain", name)
    assert (code, err) == (0, "")
    assert out.count("⟦") >= 4


def test_help_does(copy: Path) -> None:
    code, out, err = run(copy, "--help")
    assert (code, err) == (0, "")
    assert "⟦" in out
