"""What runs elsewhere (workflows, action, hooks, templates) agrees with the project, as far as it can be tried here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from tests.pages import ROOT

if TYPE_CHECKING:
    from pathlib import Path

yaml = pytest.importorskip("yaml", reason="workflow files are read with PyYAML, which the extra [docs] brings")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def test_workflows_run_on_what_the_package_says_it_runs_on() -> None:
    jobs = read(".github/workflows/ci.yml")["jobs"]
    matrix = jobs["test"]["strategy"]["matrix"]
    said = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if re.search(r"Python :: 3\.\d+$", each)]
    assert matrix["python"] == said
    assert PROJECT["requires-python"] == f">={said[0]}"
    assert {each.partition("-")[0] for each in matrix["os"]} == {"ubuntu", "macos", "windows"}
    assert any("lowest-direct" in step.get("run", "") for step in jobs["lowest"]["steps"])


def test_a_release_is_attested_with_its_parts_and_published_without_a_password() -> None:
    jobs = read(".github/workflows/release.yml")["jobs"]
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    assert {step["uses"].partition("@")[0] for step in jobs["build"]["steps"] if "uses" in step} >= {
        "actions/attest-build-provenance",
        "actions/attest-sbom",
    }
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert "secrets." not in text
    assert jobs["release"]["permissions"] == {"contents": "write"}


@pytest.mark.skipif(os.name == "nt", reason="the workflow runs on Linux")
def test_the_notes_of_a_release_are_its_section_of_the_changelog(tmp_path: Path) -> None:
    """The step that takes them from CHANGELOG.md, run as a runner does."""
    steps = read(".github/workflows/release.yml")["jobs"]["release"]["steps"]
    (script,) = (step["run"] for step in steps if "CHANGELOG.md" in step.get("run", ""))
    sections = ("Unreleased\n\nlater\n", "0.2.0 (2027-01-01)\n\nnew\n\n### Fixed\n\nfault\n", "0.1.0\n\nfirst\n")
    text = "\n".join(("# Changelog\n", *(f"## {each}" for each in sections)))
    (tmp_path / "CHANGELOG.md").write_text(text, encoding="utf-8")
    for tag, notes in (("v0.2.0", "\nnew\n\n### Fixed\n\nfault\n\n"), ("v0.1.0", "\nfirst\n"), ("v0.3.0", None)):
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin", "GITHUB_REF_NAME": tag},
            check=False,
        )
        assert (done.returncode == 0) is (notes is not None)
        assert (tmp_path / "notes.md").read_text(encoding="utf-8") == (notes or "")


def test_the_licence_of_what_is_vendored_is_in_the_wheel() -> None:
    vendored = {path.parent for path in (ROOT / "bicentennial").rglob("*.min.js")}
    assert vendored
    for folder in vendored:
        licence = (folder / "LICENSE").relative_to(ROOT).as_posix()
        assert licence in PROJECT["license-files"]
        assert "MIT" in (ROOT / licence).read_text(encoding="utf-8")
    assert "MIT" in PROJECT["license"]


@pytest.mark.skipif(os.name == "nt", reason="the action's own script is for bash")
@pytest.mark.parametrize(
    ("files", "given", "code"),
    [
        ("good.csv buena.csv", {}, 0),
        ("good.csv faulty.csv", {}, 1),
        ("good.csv faulty.csv", {"SARIF": "findings.sarif"}, 1),
        ("good.csv", {"FAIL_ON": "info", "SARIF": "findings.sarif"}, 0),
        ("good.csv", {"SARIF": "findings.zip"}, 1),
        ("projects.csv", {"MAPPING": "projects.toml"}, 0),
        ("good.csv", {"PROFILE": "missing.toml"}, 2),
    ],
)
def test_the_action_by_its_own_script(tmp_path: Path, files: str, given: dict[str, str], code: int) -> None:
    """What its last step runs, run as a runner does: bash, the inputs in the environment."""
    for name in ("good.csv", "buena.csv", "faulty.csv"):
        shutil.copy(ROOT / "examples" / "submissions" / name, tmp_path)
    header = "ID,Project name,Goal,Lead agency"
    (tmp_path / "projects.csv").write_text(f"{header}\nG-1,Train inspectors,2,SEMAR\n", encoding="utf-8")
    columns = '"ID" = "id"\n"Project name" = "title"\n"Goal" = "goal"\n"Lead agency" = "responsible_party"\n'
    (tmp_path / "projects.toml").write_text(f"[columns]\n{columns}", encoding="utf-8")
    programs = tmp_path / "bin"
    programs.mkdir()
    command = programs / "bicentennial"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bicentennial "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    step = read("action.yml")["runs"]["steps"][-1]
    usual = {"FAIL_ON": "violation", "MAPPING": "", "PROFILE": "", "SARIF": ""}
    inputs = {"FILES": files, "LANGUAGE_OF_MESSAGES": "es"} | usual | given
    assert inputs.keys() == step["env"].keys()
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=tmp_path,
        env={"PATH": f"{programs}:/usr/bin:/bin", "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **inputs},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert ("::error file=faulty.csv,line=2" in done.stdout) is ("faulty.csv" in files)
    sarif = tmp_path / "findings.sarif"
    assert sarif.is_file() is (inputs["SARIF"] == sarif.name)
    if sarif.is_file():
        results = json.loads(sarif.read_text(encoding="utf-8"))["runs"][0]["results"]
        assert bool(results) is ("faulty.csv" in files)


def test_hooks_and_templates_name_what_is_there() -> None:
    for hook in read(".pre-commit-hooks.yaml"):
        assert hook["entry"].split()[0] in PROJECT["scripts"]
    for repository in read(".pre-commit-config.yaml")["repos"]:
        for hook in repository["hooks"]:
            scripts = [each for each in hook["entry"].split() if each.endswith(".py")]
            assert all((ROOT / each).is_file() for each in scripts)
    fault = (ROOT / ".github" / "ISSUE_TEMPLATE" / "fault.yml").read_text(encoding="utf-8")
    assert all((ROOT / each).is_file() for each in re.findall(r"scripts/\w+\.py", fault))


def test_the_smallest_example_shows_the_fault_and_nothing_of_the_file(tmp_path: Path) -> None:
    small = tmp_path / "small.csv"
    source = ROOT / "examples" / "submissions" / "faulty.xlsx"
    done = subprocess.run(
        [sys.executable, "scripts/minimal_example.py", source, "--code", "Action-endsAfterItStarts", "-o", small],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    from bicentennial import api

    assert list(api.validate(small).by_code) == ["Action-endsAfterItStarts"]
    text = small.read_text(encoding="utf-8")
    assert len(text.splitlines()) == 2
    assert "ballistic" not in text
