"""What can be given to be validated, and how each kind becomes a file that is read as any other.

Paths stay paths. Everything else becomes the bytes of a file in a format that says the same: tables CSV, records JSON,
models and graphs N-Triples or N-Quads. So the same data gets the same verdict, whichever way it comes in.

>>> import datetime as dt
>>> collected = collect([{"id": "A-1", "start_date": dt.date(2024, 2, 1)}])
>>> collected.inputs[0].name, collected.inputs[0].content
('<records>', b'[{"id": "A-1", "start_date": "2024-02-01"}]')
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import InputError, InputNotFoundError, UnreadableInputError, UsageError
from bicentennial.core.files.paths import is_folder
from bicentennial.core.messages import entry, render
from bicentennial.core.problems import excerpt
from bicentennial.core.reasons import reason
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.records import field, record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.limits import Limits

__all__ = ["Collected", "Input", "collect", "files_in"]

_JUNK: Final = frozenset({"thumbs.db", "desktop.ini", "__macosx", "__pycache__"})
_TEMPORARY: Final = ("~$", ".", "~")


@record(frozen=True)
class Input:
    """One submission to read: a file, or the bytes of one.

    Args:
        name: what reports call it; the path, unless another name was given.
        path: the file.
        content: the bytes, where there is no file.
        suffix: the ending of the format that the bytes are in, where that is known.
        error: why it cannot be read, where that is known already.
    """

    name: str
    path: str | None = None
    content: bytes | None = field(default=None, repr=False)
    suffix: str = ""
    error: InputError | None = None

    def placed(self, folder: Path) -> str:
        """Return the path to read it from; bytes are put into a file in the folder first."""
        if self.path is not None:
            return self.path
        place = folder / f"submission{self.suffix}"
        place.write_bytes(self.content or b"")
        return str(place)


class Collected(NamedTuple):
    """What was given: the submissions, whether they were given as several, and which files were passed over."""

    inputs: list[Input]
    several: bool
    skipped: tuple[str, ...] = ()


def collect(
    source: Any,
    *,
    name: str | None = None,
    input_format: str | None = None,
    limits: Limits | None = None,
    apart: Sequence[str] = (),
) -> Collected:
    """Return the submissions that a source stands for.

    Args:
        source: a path, a folder, bytes, a file object, a table of pandas, polars or pyarrow, an rdflib graph, records
            (mappings), models, or an iterable of any of these.
        name: what reports call it, where there is only one.
        input_format: the format of bytes and file objects that do not say it themselves.
        limits: of which `file_bytes` counts for file objects.
        apart: files that are no submissions although they lie in a folder that is given: mappings, profiles, shapes.

    Raises:
        UsageError: it is of no kind that is taken, or one name is given to several.
    """
    suffix = _suffix_of(input_format)
    found = _single(source, suffix, limits, apart)
    if found is None:
        parts = list(_each(source))
        if (whole := _of_records(parts)) is not None:
            found = Collected([whole], False)
    if found is None:
        each = [_single(part, suffix, limits, apart) for part in parts]
        if any(one is None for one in each):
            raise _not_taken(next(part for part, one in zip(parts, each, strict=True) if one is None))
        inputs = [given for one in each if one for given in one.inputs]
        found = Collected(inputs, True, tuple(path for one in each if one for path in one.skipped))
    if name is None:
        return found
    if found.several:
        raise _usage("one-name")
    return Collected([_called(found.inputs[0], name, suffix)], False)


def _single(source: Any, suffix: str, limits: Limits | None, apart: Sequence[str]) -> Collected | None:
    """Return what a source other than an iterable of sources stands for; None if it is none."""
    if isinstance(source, (str, os.PathLike)):
        return _of_path(os.fspath(source), apart)
    one = _of_records(source) if isinstance(source, (list, tuple)) else _of_value(source, suffix, limits)
    return Collected([one], False) if one is not None else None


def files_in(folder: str, apart: Sequence[str] = ()) -> tuple[list[str], list[str]]:
    """Return the files in a folder and the folders in it, sorted, and those that are passed over.

    Passed over are hidden files, files that programs keep while something is open (`~$x.xlsx`), and those of systems.
    Links to folders are not followed.
    """
    files: list[str] = []
    skipped: list[str] = []
    known = [Path(each) for each in apart]
    for where, folders, names in os.walk(folder):
        place = Path(where)
        skipped += [f"{place / name}{os.sep}" for name in folders if _is_passed_over(name)]
        skipped += [str(place / name) for name in names if _is_passed_over(name)]
        folders[:] = [name for name in folders if not _is_passed_over(name)]
        paths = [str(place / name) for name in names if not _is_passed_over(name)]
        files += [path for path in paths if not any(_is_same(path, each) for each in known)]
    return sorted(files), sorted(skipped)


def _is_passed_over(name: str) -> bool:
    return name.startswith(_TEMPORARY) or name.lower() in _JUNK or name.endswith((".tmp", "~"))


def _is_same(path: str, other: Path) -> bool:
    try:
        return other.samefile(path)
    except (OSError, ValueError):
        return False


def _of_path(path: str | bytes, apart: Sequence[str]) -> Collected:
    path = os.fsdecode(path)
    if not is_folder(path):
        return Collected([Input(path, path)], False)
    files, skipped = files_in(path, apart)
    if not files:
        text = render(entry("inputs", "empty-folder"), folder=path)
        error = InputNotFoundError(text)
        return Collected([Input(path, path, error=error)], True, tuple(skipped))
    return Collected([Input(file, file) for file in files], True, tuple(skipped))


def _of_value(source: Any, suffix: str, limits: Limits | None) -> Input | None:
    """Return a single submission that is no path; None if the source is none."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return Input("<bytes>", content=bytes(source), suffix=suffix)
    if callable(getattr(source, "read", None)) and not hasattr(source, "namelist"):  # an archive reads by name
        return _of_stream(source, suffix, limits)
    if _is_frame(type(source)):
        return _of_frame(source)
    if callable(getattr(source, "serialize", None)) and hasattr(source, "triples"):
        return _of_graph(source)
    if isinstance(source, Mapping):
        return _of_json(source)
    if _is_model(source):
        return _of_models([source])
    return None


_FRAMES: Final = {
    "pandas": ("DataFrame",),
    "polars": ("DataFrame",),
    "pyarrow": ("Table", "RecordBatch"),
}


def _is_frame(kind: type) -> bool:
    """Return whether a class is one of tables, or derived from one, as those of geopandas are."""
    return any(each.__name__ in _FRAMES.get(each.__module__.partition(".")[0], ()) for each in kind.__mro__)


def _of_frame(frame: Any) -> Input:
    from bicentennial.frames import delimited

    name = f"<{type(frame).__name__}>"
    try:
        return Input(name, content=delimited(frame), suffix=".csv")
    except UnicodeEncodeError as error:
        return Input(name, error=_halved(name, error))


def _halved(name: str, error: UnicodeEncodeError) -> UnreadableInputError:
    """Return the error that a text holds half of a pair of surrogates; quietly replaced, it would be another text."""
    near = error.object[max(0, error.start - 20) : error.end]
    return UnreadableInputError(render(entry("inputs", "halved"), name=name, near=excerpt(near)))


def _of_stream(stream: Any, suffix: str, limits: Limits | None) -> Input:
    given = getattr(stream, "name", None)
    name = Path(given).name if isinstance(given, str) and given else "<stream>"
    # What a text stream has decoded already was decoded by a guess; its bytes say more.
    source = getattr(stream, "buffer", stream)
    most = limits.file_bytes if limits is not None else -1
    try:
        content = source.read(most + 1) if limits is not None else source.read()
        content = content.encode() if isinstance(content, str) else bytes(content)
        if limits is not None:
            limits.check("file_bytes", len(content))
    except InputError as error:
        return Input(name, error=error)
    except UnicodeEncodeError as error:
        return Input(name, error=_halved(name, error))
    except (OSError, ValueError, TypeError) as error:  # closed, not readable, or no stream of bytes or text
        text = render(entry("inputs", "stream"), name=name, reason=reason(error))
        return Input(name, error=UnreadableInputError(text))
    return Input(name, content=content, suffix=suffix or Path(name).suffix)


def _of_graph(graph: Any) -> Input:
    quads = bool(getattr(graph, "context_aware", False))
    try:
        content = graph.serialize(format="nquads" if quads else "nt", encoding="utf-8")
    except Exception as error:  # rdflib has no error of its own for terms that cannot be written
        text = render(entry("inputs", "graph"), reason=_unwritable(graph) or str(error))
        return Input("<Graph>", error=UnreadableInputError(text))
    return Input("<Graph>", content=content, suffix=".nq" if quads else ".nt")


def _unwritable(graph: Any) -> str:
    """Return the first term of a graph that cannot be written, empty if each can."""
    for statement in graph:
        for term in statement:
            try:
                term.n3()
            except Exception:  # as above
                return excerpt(term)
    return ""


def _is_model(value: object) -> bool:
    return callable(getattr(value, "class_iri", None)) and not isinstance(value, type)


def _of_models(models: Iterable[Any]) -> Input:
    import pyoxigraph as ox

    from bicentennial.rdf import to_triples

    content = ox.serialize(to_triples(models), format=ox.RdfFormat.N_TRIPLES)
    return Input("<models>", content=content, suffix=".nt")


def _of_records(parts: Sequence[Any]) -> Input | None:
    """Return records or models as one submission; None if the parts are something else, or there are none."""
    if parts and all(isinstance(part, Mapping) for part in parts):
        return _of_json(parts)
    if parts and all(_is_model(part) for part in parts):
        return _of_models(parts)
    return None


def _of_json(document: Any) -> Input:
    import json

    try:
        text = json.dumps(document, ensure_ascii=False, default=_plain)
        if "NaN" in text:
            text = json.dumps(_present(document), ensure_ascii=False, default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        raise _usage("records", reason=str(error)) from None
    # Half of a pair of surrogates becomes the escape that JSON has for it, and is told as in any JSON.
    return Input("<records>", content=text.encode("utf-8", "backslashreplace"), suffix=".json")


def _present(value: Any) -> Any:
    """Return a value with None for each float that is no number, by which tables mark what is missing."""
    if isinstance(value, Mapping):
        return {key: _present(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_present(each) for each in value]
    return None if isinstance(value, float) and value != value else value


def _plain(value: Any) -> Any:
    """Return what JSON can hold for a value of Python that it cannot."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (Mapping, set, frozenset)):
        return dict(value) if isinstance(value, Mapping) else sorted(value)
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray)):
        return list(value)
    if _is_model(value):
        return value.id
    from bicentennial.frames import cell

    return cell(value)


def _each(source: Any) -> Iterator[Any]:
    if isinstance(source, (set, frozenset)):
        yield from sorted(source, key=str)
    elif isinstance(source, Iterable) and not isinstance(source, type):
        library = type(source).__module__.partition(".")[0]
        if library in {"pandas", "polars", "pyarrow", "numpy", "rdflib"}:
            raise _not_taken(source)
        yield from source
    else:
        raise _not_taken(source)


def _called(given: Input, name: str, suffix: str) -> Input:
    if not name.strip():
        raise _usage("blank-name")
    ending = given.suffix or suffix or Path(name).suffix
    return Input(name, given.path, given.content, ending, given.error)


def _suffix_of(input_format: str | None) -> str:
    if input_format is None:
        return ""
    from bicentennial.core.file_formats import FORMAT_OF_SUFFIX
    from bicentennial.formats.registry import TITLES

    asked = input_format.lower().lstrip(".")
    found = next((suffix for suffix, known in FORMAT_OF_SUFFIX.items() if asked in (known, suffix[1:])), None)
    if found is None and asked != "iati":
        raise _usage("input-format", given=input_format, known=", ".join(TITLES))
    return found or ".xml"


def _not_taken(source: object) -> UsageError:
    kind = type(source)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__.partition('.')[0]}.{kind.__name__}"
    return _usage("not-taken", kind=name)


def _usage(key: str, **words: object) -> UsageError:
    text = render(entry("inputs", key), **words)
    return UsageError(text)
