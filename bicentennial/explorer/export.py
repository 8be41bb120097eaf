"""The explorer as files: a static site that works from a disk and from any web server."""

from __future__ import annotations

import contextlib
import os
import shutil
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import UsageError
from bicentennial.core.files.output import unwritten
from bicentennial.core.messages import LANGUAGES, entry, render, section
from bicentennial.explorer.pages import Explorer
from bicentennial.explorer.view import View
from bicentennial.html.assets import STATIC
from bicentennial.html.frame import Site, page
from bicentennial.html.markup import element

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["SITE", "export_site"]

SITE: Final = Site(files=True, sections=("explore",))
"""A site of files: the explorer alone, for what asks a server needs one."""

_LOADED: Final = ("base.css", "theme.css", "explorer.css", "explorer.js", "icon.svg")
"""The files that pages of the explorer load; others belong to parts that need a server."""


def export_site(folder: str | os.PathLike[str], *, base: str | None = None) -> int:
    """Write the explorer as a static site and return how many pages it has.

    The pages are those of the service, in both languages; they link to each other by relative paths. `index.html`
    leads to the languages, `{lang}/all.html` lists every page; `sitemap.xml`, where a base is known, is for search
    engines.

    Args:
        folder: a folder that is new or empty.
        base: the address at which the site will be reached, such as `https://example.org/bicentennial`.

    Raises:
        UsageError: the folder has something in it, or is a file.
        OutputError: a file cannot be written; the folder is then as it was.
    """
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise UsageError(render(entry("explorer", "site")["not-folder"], folder=os.fspath(folder)))
    if target.is_dir() and any(target.iterdir()):
        raise UsageError(render(entry("explorer", "site")["not-empty"], folder=os.fspath(folder)))
    count, folders, names, is_new = 0, set[Path](), set[str](), not target.exists()
    try:
        for path, content in _files(base):
            file = target / path.removeprefix("/")
            names.add(path.split("/")[1])
            if file.parent not in folders:
                file.parent.mkdir(parents=True, exist_ok=True)
                folders.add(file.parent)
            file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
            count += path.endswith(".html")
    except BaseException as error:
        _take_back([target / name for name in names], target if is_new else None)
        if isinstance(error, OSError):
            raise unwritten(folder, error) from None
        raise
    return count


def _take_back(written: Iterable[Path], folder: Path | None) -> None:
    """Remove files and folders that were written, and the folder that was made for them: a part of a site is none."""
    with contextlib.suppress(OSError):
        for path in written:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        if folder is not None:
            folder.rmdir()


def _files(base: str | None) -> Iterator[tuple[str, str | bytes]]:
    """Yield path and content of every file of the site."""
    explorer = Explorer(SITE)
    paths = list(explorer.paths())
    for path in paths:
        text = explorer.render(path)
        assert text is not None, path
        yield SITE.file(path), text
    for lang in LANGUAGES:
        yield f"/{lang}/index.html", _moved("explore.html", section("explorer")["title"][lang], lang)
        yield f"/{lang}/all.html", _all(lang, [path for path in paths if path.startswith(f"/{lang}/")])
    yield "/index.html", _languages()
    yield from explorer.scripts()
    for name in _LOADED:
        yield f"/static/{name}", (STATIC / name).read_bytes()
    if base:
        yield "/sitemap.xml", _sitemap(base.rstrip("/"), paths)


def _all(lang: str, paths: list[str]) -> str:
    """Return the page that lists every page, by where they lie."""
    view = View(SITE, lang, f"/{lang}/all")  # type: ignore[arg-type]
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault("/".join(path.split("/")[:3]), []).append(path)
    blocks = [
        element(
            "details",
            element("summary", element("strong", group), element("span", f" · {len(listed)}", class_="count")),
            element("ul", *(element("li", element("a", path.split("/", 2)[2], href=SITE.href(view.here, path)))
                            for path in listed), class_="columned bullets"),
        )
        for group, listed in groups.items()
    ]  # fmt: skip
    title = view.word("site", "title")
    return view.page(title, view.crumbs(("/explore", view.word("explore"))), element("h1", title), *blocks)


def _languages() -> str:
    """Return the page from which one chooses a language."""
    words = section("explorer")
    cards = [
        element(
            "article",
            element("h2", element("a", entry("report", "language")[lang], href=f"{lang}/explore.html"), lang=lang),
            element("p", words["title"][lang], lang=lang),
            class_="card",
        )
        for lang in LANGUAGES
    ]
    first = LANGUAGES[0]
    return page(SITE, first, "/index", section("site")["name"][first], element("div", *cards, class_="cards"),
                other="/{lang}/explore")  # fmt: skip


def _moved(to: str, title: str, lang: str) -> str:
    """Return a page that leads to another, by itself where the browser does that."""
    link = element("a", title, href=to)
    refresh = element("meta", http_equiv="refresh", content=f"0; url={to}")
    head = element("head", element("meta", charset="utf-8"), refresh, element("title", title))
    return f"<!doctype html>\n{element('html', head, element('body', element('p', link)), lang=lang)}\n"


def _sitemap(base: str, paths: list[str]) -> str:
    urls = "".join(f"<url><loc>{escape(base + SITE.file(path))}</loc></url>\n" for path in paths)
    start = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{start}{urls}</urlset>\n"
