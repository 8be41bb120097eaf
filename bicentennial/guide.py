"""The public calls that explain: what a thing of the Framework is, what a code means, what a file's columns may be.

>>> print(show("OFAC").title)
Office of Foreign Assets Control · Oficina de Control de Activos Extranjeros
>>> [each.code for each in explain("Action-endsAfterItStarts")]
['Action-endsAfterItStarts']
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bicentennial.exchange.losses import Loss
    from bicentennial.knowledge.pages import Page
    from bicentennial.knowledge.sources import SourceCheck
    from bicentennial.limits import Limits
    from bicentennial.report.codes.explanation import Explanation

__all__ = ["check_sources", "explain", "export", "propose_mapping", "show"]


def show(name: str | None = None, *, lang: str = "en") -> Page:
    """Return the Framework as a tree, or one thing with everything about it: text, HTML, Markdown or JSON.

    Args:
        name: an IRI, `bicd:` name, identifier, acronym, label or a part of one; None for the tree.
        lang: the language to write in, `"en"` or `"es"`.

    Raises:
        UnknownNameError: nothing has that name.
        AmbiguousNameError: the name fits several things.

    >>> str(show("A6")).splitlines()[1]
    'A6 · action · bicd:action-container-control-mou'
    """
    from bicentennial.core.files.output import check_language
    from bicentennial.knowledge.show import about, overview

    check_language(lang)
    return overview(lang) if name is None else about(name, lang)


def explain(code: str | None = None) -> tuple[Explanation, ...]:
    """Return what there is to say about a code of findings, or about each code of a shape; of all codes for None.

    Raises:
        UnknownNameError: there is no such code; it carries the nearest.

    >>> print(explain("Action-endsAfterItStarts")[0].title["es"])
    Una acción termina después de empezar
    """
    from bicentennial.report.codes.explanation import codes
    from bicentennial.report.codes.explanation import explain as explained

    return tuple(codes().values() if code is None else explained(code))


def export(
    artifact: str, output: str | os.PathLike[str], *, lang: str = "en", base: str | None = None
) -> tuple[Loss, ...]:
    """Write one of the things that the project publishes, as one file or, `site`, as a folder.

    Args:
        artifact: `ontology`, `shapes`, `owl` (ontology and data in OWL 2 DL, for reasoners), each as `.ttl`, `.jsonld`,
            `.nt` or `.rdf`; `framework` (those, and its actions as a table: `.csv`, `.tsv`, `.xlsx`, `.json`),
            `context`, `schema`, `index`, `stratml` (the Framework as a strategic plan by ISO 17469-1, `.xml`) or
            `diagram` (`.svg`); `site`: pages for everything, in both languages, which open from a disk.
        output: where; for a file, the ending says how, for `site` it is a folder that is new or empty.
        lang: the language of texts, where the format holds one.
        base: the address at which a site will be reached; with it, a site has a `sitemap.xml`.

    Returns:
        What the format cannot express, as for `convert`.

    Raises:
        UsageError: there is no such thing, the ending does not fit it, or the folder has something in it.
        OutputError: it cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export("stratml", os.path.join(folder, "plan.xml"))
    ()
    """
    if artifact == "site":
        from bicentennial.explorer import export_site

        export_site(output, base=base)
        return ()
    from bicentennial.exchange.publications.publication import export as as_file

    return as_file(artifact, output, lang=lang)


def propose_mapping(
    source: str | os.PathLike[str],
    *,
    lang: str = "en",
    limits: Limits | Mapping[str, float] | None = None,
    isolated: bool = True,
    on_progress: Callable[[float], None] | None = None,
) -> str:
    """Return the text of a mapping file (TOML) that says what a file's own headers and values seem to mean.

    It is for a person to look through and finish; then `validate(source, mapping=…)` reads the file by it.

    Args:
        source: a table, a workbook or a JSON file.
        lang: the language of the comments.
        limits: as for `validate`.
        isolated: read in a process of its own, as `validate` does.
        on_progress: called with the seconds passed while the work goes on in a process of its own.

    Raises:
        InputNotFoundError: there is no such file.
        UnreadableInputError: it is of a format that needs no mapping, or holds no table.
        LimitReachedError: it is larger than the limits allow.

    >>> "goal" in propose_mapping("examples/submissions/good.csv")
    True
    """
    from bicentennial.core.escape import numbered
    from bicentennial.core.files.output import check_language
    from bicentennial.limits import Limits

    check_language(lang)
    allowed = Limits.of(limits)
    path = os.fspath(source)
    if isolated:
        from bicentennial.core.worker import call

        function = "bicentennial.guide:propose_in_worker"
        text = call(function, path, lang, allowed.changed(), limits=allowed.of_worker(), on_progress=on_progress)
    else:
        text = propose_in_worker(path, lang, allowed.changed())
    return numbered(text)  # TOML has the escapes of Turtle


def propose_in_worker(path: str, lang: str, limits: Mapping[str, int]) -> str:
    """Do what `propose_mapping` does between processes: JSON in, a text out."""
    from bicentennial.core.limits import Limits as ReadingLimits
    from bicentennial.intake.proposal import propose

    return propose(path, lang, ReadingLimits.of(limits))


def check_sources(folder: str | os.PathLike[str]) -> SourceCheck:
    """Look in a folder of text files for every passage that the Framework's data cite.

    Args:
        folder: holds the documents as UTF-8 text, `.txt` or `.md`.

    Returns:
        What was found of each document; `complete` says whether all was.

    Raises:
        InputError: the folder cannot be read, or holds no text.
    """
    from bicentennial.knowledge.sources import check

    return check(folder)
