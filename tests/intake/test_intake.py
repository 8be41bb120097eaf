from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import bicentennial
from bicentennial.core.errors import InputNotFoundError, LimitReachedError
from bicentennial.core.files.content import content
from bicentennial.core.messages import section
from bicentennial.intake import Limits, read

PACKAGES = ("core", "storage", "semantics", "formats", "intake", "shacl_engine")
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for package in PACKAGES
    for path in (Path(bicentennial.__file__).parent / package).rglob("*.py")
)
CODES = sorted(section("intake"))


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained_in_both_languages(code: str) -> None:
    texts = section("intake")[code]
    assert texts["severity"] in ("violation", "warning", "info")
    for part in ("title", "message", "remedy"):
        assert set(texts[part]) == {"en", "es"}
        assert texts[part]["en"] != texts[part]["es"]
        assert sorted(re.findall(r"\{\w+\}", texts[part]["en"])) == sorted(re.findall(r"\{\w+\}", texts[part]["es"]))
    for several in ("reasons", "settings"):
        for each in texts.get(several, {}).values():
            assert set(each) == {"en", "es"}
            assert sorted(re.findall(r"\{\w+\}", each["en"])) == sorted(re.findall(r"\{\w+\}", each["es"]))


def test_every_code_that_intake_uses_has_its_texts_and_the_other_way_round() -> None:
    used = set(re.findall(r'(?:make_finding|_say|note|self\._say)\(\s*f?"([a-z-]+)"', SOURCES))
    used |= set(re.findall(r'entry\("intake", "([a-z-]+)"\)', SOURCES))
    used |= set(re.findall(r'Problem\("([a-z-]+)"', SOURCES)) | set(re.findall(r'\("([a-z-]+)", odd\.', SOURCES))
    # Notes of readers become findings by their codes; there are elements and media types with such names too.
    used |= set(re.findall(r'"((?:iati|jsonld)-[a-z-]+)"', SOURCES)) & set(CODES)
    used |= set(re.findall(r'notes\.add\("([a-z-]+)"', SOURCES))
    used |= {
        "header-misspelt",
        "header-near",
        "reserved-subject",
        "schema-statement",
        "reserved-subjects-more",
        "schema-statements-more",
        "quote-swallows-rows",
        "value-spans-rows",
        "shapes-unread",  # of the check, where shapes are known
    }
    assert used - {"s-more"} == set(CODES)
    reasons = set(re.findall(r'(?:unreadable|broken)\(\s*"([a-z-]+)"', SOURCES)) | set(
        re.findall(r'b"[^\n]*": "([a-z-]+)"', SOURCES)
    )
    assert reasons == set(section("intake")["input-unreadable"]["reasons"])
    assert set(section("intake")["limit-reached"]["settings"]) == {each.name for each in fields(Limits)}


@pytest.mark.parametrize("name", ["none.csv", "", ".", "http://example.org/a.csv", "file:///etc/passwd", "a\x00b"])
def test_a_path_is_a_path_to_a_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputNotFoundError):
        read(name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_pipes_and_devices_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", Path("/dev/zero")):
        with pytest.raises(InputNotFoundError):
            read(path)


def test_the_size_is_limited(reads: Any) -> None:
    with pytest.raises(LimitReachedError) as caught:
        reads("a.csv", "x" * 11, limits=Limits(file_bytes=10))
    assert caught.value.setting == "file_bytes"


def test_a_small_table_needs_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,title,goal,responsible_party\nA-1,x,G1,SRE\n")
    code = (
        "import sys; from bicentennial.intake import read; read('a.csv');"
        "print([name for name in ('rdflib', 'pydantic', 'openpyxl', 'pyoxigraph', 'rapidfuzz', 'pyshacl', 'pandas',"
        " 'python_calamine') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_messages_never_carry_what_a_terminal_would_obey(reads: Any) -> None:
    submission = reads("a.csv", "id,title,goal,responsible_party,\x1b[2J\u202eevil\nA-1,x,G1,SRE,y\n")
    for text in submission.findings[0].message.values():
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_a_file_that_grows_is_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("twelve bytes", "utf-8")
    monkeypatch.setattr(os, "fstat", lambda _: SimpleNamespace(st_size=3))
    assert content(path, Limits()) == b"twelve bytes"
    with pytest.raises(LimitReachedError):
        content(path, Limits(file_bytes=11))
