"""A profile grades codes otherwise, in every format alike, and never lowers what guards the verdict."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bicentennial import api
from bicentennial.cli import main
from bicentennial.core.errors import UsageError
from bicentennial.core.findings import SEVERITIES
from bicentennial.core.resources import directory
from bicentennial.report.codes.explanation import codes
from bicentennial.report.profile import GUARDED, Profile

ROOT = Path(__file__).resolve().parents[2]
STRICT = ROOT / "examples" / "profiles" / "strict.toml"
HEAD = "id,title,goal,responsible_party,status,end_date,source\n"
DONE = HEAD + "A-1,Train,G2,SRE,completed,2023-01-31,\n"


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def profile(tmp_path: Path, *lines: str) -> Path:
    return written(tmp_path, "mine.toml", "\n".join(["[codes]", *lines]))


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_a_graver_code_decides_the_verdict(tmp_path: Path, engine: str) -> None:
    path = written(tmp_path, "a.csv", DONE)
    plain = api.validate(path, engine=engine, isolated=False)
    assert plain.exit_code == 0
    assert plain.outcome.totals["Action-completedCitesEvidence"] == ("info", 1)
    strict = api.validate(path, engine=engine, isolated=False, profile=STRICT)
    assert strict.exit_code == 1
    assert not strict.conforms
    assert strict.outcome.totals["Action-completedCitesEvidence"] == ("violation", 1)
    assert [each.severity for each in strict.of_code("Action-completedCitesEvidence")] == ["violation"]
    assert strict.profile is not None
    assert strict.profile.changed == (("Action-completedCitesEvidence", "info", "violation", 1),)


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_codes_switched_off_or_milder(tmp_path: Path, engine: str) -> None:
    path = written(tmp_path, "a.csv", "id,title,goal,responsible_party\nA-1,Train,Nowhere,SRE\nA-2,,G1,SRE\n")
    assert (
        api.validate(path, engine=engine, isolated=False).by_code.items()
        >= {
            "Action-advancesGoal.unknown": 1,
            "Action-prefLabel.missing": 1,
        }.items()
    )
    lax = profile(tmp_path, '"Action-*.unknown" = "info"', '"Action-prefLabel.missing" = "off"')
    report = api.validate(path, engine=engine, isolated=False, profile=lax)
    assert report.exit_code == 0
    assert report.outcome.totals["Action-advancesGoal.unknown"] == ("info", 1)
    assert not report.of_code("Action-prefLabel.missing")
    assert report.counts["violation"] == 0


def test_totals_and_listed_findings_agree_on_every_example() -> None:
    for path in sorted(directory("submissions").glob("faulty.*")):
        report = api.validate(path, isolated=False, profile=STRICT)
        for finding in report.findings:
            assert report.outcome.totals[finding.code][0] == finding.severity


@pytest.mark.parametrize("level", ["off", "info", "warning"])
@pytest.mark.parametrize(
    ("content", "code", "exit_code"),
    [
        ("id,title,goal,responsible_party\n", "nothing-checked", 3),
        ("nothing,that,is,ours\n1,2,3,4\n", "input-unreadable", 3),
        ("id,title,responsible_party\nA-1,Train,SRE\n", "header-missing", 1),
    ],
)
def test_everything_off_never_makes_a_pass_of_nothing(
    tmp_path: Path, level: str, content: str, code: str, exit_code: int
) -> None:
    path = written(tmp_path, "a.csv", content)
    report = api.validate(path, isolated=False, profile=profile(tmp_path, f'"*" = "{level}"'))
    assert report.exit_code == exit_code
    assert report.outcome.totals[code] == ("violation", 1)


def test_what_cannot_be_read_stays_so(tmp_path: Path) -> None:
    report = api.validate(tmp_path / "no.csv", profile=profile(tmp_path, '"*" = "off"'))
    assert (report.exit_code, report.by_code) == (3, {"input-not-found": 1})


def test_a_code_goes_before_patterns_and_the_last_pattern_first() -> None:
    made = Profile("p", {}, {"Action-hasStatus.unknown": "off", "Action-*": "info", "*.unknown": "warning"})
    assert made.level("Action-hasStatus.unknown") == "off"
    assert made.level("Action-hasTheme.unknown") == "warning"
    assert made.level("Action-stoppedSaysWhy") == "info"
    assert made.level("Party-nameIsUnique") is None


def test_every_guard_is_a_violation_that_there_is() -> None:
    from fnmatch import filter as matching

    for pattern in GUARDED:
        assert {codes()[code].severity for code in matching(codes(), pattern)} == {SEVERITIES[0]}, pattern


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"Action-saysHowFarItis" = "off"', "which is no code; the nearest: Action-saysHowFarItIs"),
        ('"Action-hasStatus" = "off"', "the nearest: Action-hasStatus.repeated, Action-hasStatus.unknown"),
        ('"zzzzzzzz" = "off"', "which is no code; “bicentennial explain” lists them all"),
        ('"zzz*" = "off"', "which matches no code"),
        ('"Action-saysHowFarItIs" = "error"', "a code can be: violation, warning, info, off"),
        ('"Action-saysHowFarItIs" = 1', "a code can be"),
        ('"Action-saysHowFarItIs" = ["off"]', "a code can be"),
        ('"nothing-checked" = "off"', "cannot switch off or lower “nothing-checked”"),
        ('"input-*" = "info"', "cannot switch off or lower “input-*”"),
        ('"limit-reached" = "warning"', "cannot switch off or lower"),
        ('"reserved-subject" = "off"', "cannot switch off or lower"),
        ('"closed-class" = "off"', "cannot switch off or lower"),
        ('"schema-statement" = "off"', "cannot switch off or lower"),
        ('"header-missing" = "off"', "cannot switch off or lower"),
        ("[other]", "has no place for “other”"),
        ("[profile]\nsize = 1", "has no place for “size”"),
        ('[profile]\nname = ""', "“name” must be a text"),
        ('[profile]\ntitle.fr = "x"', "“title” must be a text"),
        ("[codes", "cannot be read"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        Profile.read(profile(tmp_path, text))


def test_no_table_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=re.escape("must be a table: [codes]")):
        Profile.read(written(tmp_path, "p.toml", "codes = 1"))
    with pytest.raises(UsageError, match="cannot be read"):
        Profile.read(tmp_path / "no.toml")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="not on this system")
def test_a_file_that_never_ends() -> None:
    with pytest.raises(UsageError, match="bytes"):
        Profile.read("/dev/zero")


def test_a_guard_may_be_named_as_the_violation_that_it_is(tmp_path: Path) -> None:
    assert Profile.read(profile(tmp_path, '"closed-class" = "violation"')).codes == {"closed-class": "violation"}


def test_every_format_says_which_profile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "a.csv", DONE)

    def out(*arguments: str) -> str:
        assert main(["validate", str(path), "--profile", str(STRICT), *arguments]) == 1
        return capsys.readouterr().out

    text = " ".join(out().split())
    assert (
        "Judged by the profile “What a final report must hold” (strict):"
        " Action-completedCitesEvidence (1) → violation." in text
    )
    spanish = " ".join(out("--lang", "es").split())
    assert "Evaluado con el perfil «Lo que debe tener un informe final» (strict):" in spanish
    assert "Action-completedCitesEvidence (1) → incumplimiento." in spanish
    document = json.loads(out("--format", "json"))
    assert document["profile"]["name"] == "strict"
    assert document["profile"]["codes"]["Indicator-has*"] == "violation"
    change = {"code": "Action-completedCitesEvidence", "from": "info", "to": "violation", "findings": 1}
    assert document["profile"]["changed"] == [change]
    assert document["summary"]["violation"] == 1
    run = json.loads(out("--format", "sarif"))["runs"][0]
    assert run["tool"]["driver"]["properties"]["profile"]["changed"] == [change]
    assert [each["level"] for each in run["results"] if each["ruleId"] == change["code"]] == ["error"]
    page = out("--format", "html")
    assert "Judged by the profile “What a final report must hold”" in page
    assert "Evaluado con el perfil «Lo que debe tener un informe final»" in page
    turtle = out("--format", "turtle")
    assert "sh:conforms false" in turtle
    assert "sh:resultSeverity sh:Violation" in turtle
    assert ",violation," in out("--format", "csv")


def test_without_a_profile_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(directory("submissions") / "good.csv"), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["profile"] is None


def test_a_report_is_never_written_over_the_profile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = profile(tmp_path, '"header-unknown" = "off"')
    before = mine.read_bytes()
    good = str(directory("submissions") / "good.csv")
    assert main(["validate", good, "--profile", str(mine), "--output", str(mine)]) == 2
    assert mine.read_bytes() == before
    assert capsys.readouterr().err
