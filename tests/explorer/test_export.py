"""The static site says what the service says, and works from a disk."""

from __future__ import annotations

import errno
import os
import posixpath
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

import bicentennial as bic
from bicentennial.cli import main as command
from bicentennial.core.errors import OutputError, UsageError
from bicentennial.html.frame import Site
from tests.explorer.conftest import links, main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LINKS = re.compile(r' (?:href|src|action|data-root|data-suffix)="[^"]*"| hidden(?=[ >])|<div class="data">.*?</div>')
"""Links, that a form waits for its script where nothing could answer it, and links to data that a server makes."""


def test_the_pages_are_those_that_are_served_but_for_links(pages: dict[str, str], exported: Path) -> None:
    site = Site(files=True)
    different = []
    for path, page in pages.items():
        text = (exported / site.file(path).removeprefix("/")).read_text(encoding="utf-8")
        if _LINKS.sub("", main(text)) != _LINKS.sub("", main(page)):
            different.append(path)
    assert different == []


def test_every_link_holds_on_disk(exported: Path) -> None:
    files = {str(path.relative_to(exported)) for path in exported.rglob("*") if path.is_file()}
    html = sorted(each for each in files if each.endswith(".html"))
    broken = []
    for name in html:
        text = (exported / name).read_text(encoding="utf-8")
        for link in links(text):
            if link.startswith(("https://", "http://", "#")):
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), link.partition("#")[0]))
            if target not in files or target.startswith("..") or link.startswith("/"):
                broken.append((name, link))
    assert broken == []
    assert len(html) > 6_800
    # On file systems that know no case, no page may take another's place.
    assert len({each.lower() for each in files}) == len(files)


def test_its_index_and_map_name_every_page(exported: Path, pages: dict[str, str]) -> None:
    start = (exported / "index.html").read_text(encoding="utf-8")
    assert 'href="en/explore.html"' in start
    assert 'href="es/explore.html"' in start
    site = Site(files=True)
    for lang in ("en", "es"):
        listed = set(links((exported / lang / "all.html").read_text(encoding="utf-8")))
        wanted = {site.file(path).removeprefix(f"/{lang}/") for path in pages if path.startswith(f"/{lang}/")}
        assert wanted <= listed
    tree = ET.parse(exported / "sitemap.xml")
    found = [each.text for each in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert sorted(found, key=str) == sorted(f"https://example.org/framework{site.file(path)}" for path in pages)


def test_a_folder_with_something_in_it_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert command(["export", "site", str(tmp_path), "--lang", "es"]) == 2
    assert capsys.readouterr().err == (
        f"bicentennial: {tmp_path} no está vacía; indique una carpeta nueva o vacía, "
        "para que nada suyo se sobrescriba\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(UsageError, match=r"mine\.txt is a file; give a folder"):
        bic.export("site", tmp_path / "mine.txt")


def test_where_the_site_begins_is_said_when_it_is_written(exported: Path) -> None:
    out, _, error = exported.with_suffix(".said").read_text(encoding="utf-8").partition("|")
    assert out == ""
    assert re.fullmatch(r"Se escribió el sitio; abra \S+index\.html en un navegador\.\n", error)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="file"):
        bic.export("site", tmp_path / "file" / "below")


@pytest.mark.parametrize("is_new", [True, False])
def test_a_part_of_a_site_does_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_new: bool) -> None:
    def files(_: str | None) -> Iterator[tuple[str, str]]:
        yield "/en/index.html", "one"
        yield "/index.html", "two"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    target = tmp_path / "site"
    if not is_new:
        target.mkdir()
    monkeypatch.setattr("bicentennial.explorer.export._files", files)
    with pytest.raises(OutputError, match="there is no room left on the disk"):
        bic.export("site", target)
    assert target.exists() is not is_new
    assert is_new or list(target.iterdir()) == []
