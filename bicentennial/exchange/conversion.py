"""From any format that is read to any that is written, with the word of what could not come along."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.file_formats import FILE_FORMATS
from bicentennial.core.files.output import atomic_path, check_language, descriptors, refuse_overwrite, suffix_of
from bicentennial.core.messages import entry, render
from bicentennial.core.worker import call
from bicentennial.exchange.losses import Loss, Losses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bicentennial.limits import Limits
    from bicentennial.storage.dataset import Dataset

__all__ = ["ENDINGS", "convert", "convert_in_worker", "write_dataset"]

ENDINGS: Final = {each.suffixes[0]: each.name for each in FILE_FORMATS.values() if each.is_written}
"""What is written, by the ending of the file's name."""


def convert(
    source: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    lang: str = "en",
    mapping: str | os.PathLike[str] | None = None,
    to_version: str | None = None,
    limits: Limits | Mapping[str, float] | None = None,
    strict: bool = False,
    isolated: bool = True,
    on_progress: Callable[[float], None] | None = None,
) -> tuple[Loss, ...]:
    """Write what a file says in another format, and return what that format cannot express.

    Values become what they mean: a name of ours its IRI in RDF, and the name in `lang` in a table. What means nothing
    that we know, ill-formed dates included, stays as it was written. Nothing is ever written over the input.

    Args:
        source: a file of any format that `validate` reads; named graphs are put together.
        output: where; the ending says the format: `.csv`, `.tsv` (the first table alone), `.xlsx`, `.json`, `.jsonld`,
            `.ttl`, `.trig`, `.nt`, `.nq` or `.rdf`.
        lang: the language of headers and names in tables.
        mapping: a TOML file that says which columns and values mean what.
        to_version: the version of the ontology that the result is to be for: terms that were replaced become those that
            take their place, and the version is stated.
        limits: as for `validate`.
        strict: write nothing if anything would be lost.
        isolated: read in a process of its own, as `validate` does.
        on_progress: called with the seconds passed while the work goes on in a process of its own.

    Raises:
        UsageError: the ending says nothing, the output is the input, or there is no such version.
        InputError: the file cannot be read, or holds nothing.
        OutputError: the result cannot be written.

    >>> import json
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     lost = convert("examples/submissions/good.csv", f"{folder}/good.json", lang="es")
    ...     lost, next(iter(json.loads(Path(folder, "good.json").read_text(encoding="utf-8"))))
    ((), 'acciones')
    """
    format_name = ENDINGS[suffix_of(output, ENDINGS)]
    check_language(lang)
    refuse_overwrite(output, [source, *([mapping] if mapping is not None else [])])
    if to_version is not None:
        from bicentennial.exchange.versions import known_version

        known_version(to_version)
    from bicentennial.limits import Limits

    allowed = Limits.of(limits)
    options = {
        "lang": lang,
        "mapping": os.fspath(mapping) if mapping is not None else None,
        "to_version": to_version,
        "limits": allowed.changed(),
    }
    losses: tuple[Loss, ...] = ()
    with contextlib.suppress(_Kept), atomic_path(output) as made:
        arguments = (os.fspath(source), os.fspath(made), format_name, options)
        if isolated:
            found = call(
                "bicentennial.exchange.conversion:convert_in_worker",
                *arguments,
                limits=allowed.of_worker(),
                on_progress=on_progress,
                files=descriptors(made),
            )
        else:
            found = convert_in_worker(*arguments)
        losses = tuple(Loss(code, count, message) for code, count, message in found)
        if losses and strict:
            raise _Kept
    return losses


class _Kept(Exception):  # noqa: N818 - not an error: the way out of the block that would put the file in its place
    pass


def convert_in_worker(
    source: str, output: str, format_name: str, options: Mapping[str, Any]
) -> list[tuple[str, int, dict[str, str]]]:
    """Do the work between processes: JSON in, JSON out, the result in the file that the caller made."""
    from bicentennial.exchange.source import open_source
    from bicentennial.intake import Limits

    path = Path(source)
    opened = open_source(path, mapping=options["mapping"], limits=Limits.of(options["limits"]))
    with opened.dataset as dataset:
        if not len(dataset):
            text = render(entry("exchange", "nothing"), file=path.name)
            raise UnreadableInputError(text)
        if options.get("to_version"):
            from bicentennial.exchange.versions import migrate

            migrate(dataset, options["to_version"], states=format_name not in _TABLES)
        write_dataset(Path(output), dataset, format_name, options["lang"], opened.losses)
    return [(loss.code, loss.count, dict(loss.message)) for loss in opened.losses]


_TABLES: Final = ("csv", "tsv", "xlsx", "json")


def write_dataset(path: Path, dataset: Dataset, format_name: str, lang: str, losses: Losses) -> None:
    """Write the statements of a dataset in a format, and note what it cannot express.

    Raises:
        UnreadableInputError: the format is a table, and nothing of what there is fits one.
        OutputError: the format has no way to write it.
    """
    from bicentennial.exchange.source import described

    if format_name == "jsonld":
        from bicentennial.exchange.linked import write_jsonld
        from bicentennial.exchange.statements import mend, write_rdf

        mend(dataset)
        if _is_ambiguous(dataset):
            write_rdf(path, dataset, format_name, losses)
        else:
            write_jsonld(path, described(dataset))
        return
    if format_name not in _TABLES:
        from bicentennial.exchange.statements import mend, write_rdf

        mend(dataset)
        write_rdf(path, dataset, format_name, losses)
        return
    from bicentennial.exchange import grids
    from bicentennial.exchange.tables import sheets
    from bicentennial.vocabulary.index import default_index

    one = format_name in ("csv", "tsv")
    made = sheets(described(dataset), default_index(), lang, losses, only_one=one, listed=format_name == "json")
    if not made:
        text = render(entry("exchange", "no-rows"))
        raise UnreadableInputError(text)
    if one:
        grids.write_delimited(path, made, losses, delimiter="," if format_name == "csv" else "\t")
    elif format_name == "xlsx":
        grids.write_workbook(path, made, losses, lang)
    else:
        grids.write_json(path, made, lang)


def _is_ambiguous(dataset: Dataset) -> bool:
    from bicentennial.exchange.linked import ambiguous

    rows = dataset.connection.execute(
        "SELECT DISTINCT s FROM statements UNION SELECT DISTINCT p FROM statements"
        " UNION SELECT DISTINCT o FROM statements WHERE kind = 0"
        " UNION SELECT DISTINCT dt FROM statements WHERE kind = 2"
    ).fetchall()
    return any(ambiguous(iri) for (iri,) in rows)
