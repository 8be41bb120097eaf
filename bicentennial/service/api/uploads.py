"""A file that comes with a request: as the body itself, or as a part of a form."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import Message
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool

from bicentennial.core.files.workspace import Workspace
from bicentennial.monitoring.workflow.receiving import safe_name
from bicentennial.service.api.parameters import refuse
from bicentennial.service.forms import NAMELESS, files_of, read
from bicentennial.service.http.refusals import Refusal
from bicentennial.service.http.traffic import too_large

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.datastructures import UploadFile
    from starlette.requests import Request

__all__ = ["BODY", "Upload", "received"]

_PART: Final = 1 << 16
_FIELD_BYTES: Final = 1 << 16
_MAPPING_BYTES: Final = 1 << 20
_FIELDS: Final = ("name", "dataset", "submitter", "issued", "note")

BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "mapping": {"type": "string", "format": "binary"},
                },
            }
        },
    },
}
"""How OpenAPI describes such a request."""


@dataclass(slots=True)
class Upload:
    """A file that was received, in a private folder that goes with this object."""

    name: str
    path: Path
    mapping: Path | None = None
    fields: dict[str, str] = field(default_factory=dict)
    folder: Workspace | None = None

    def close(self) -> None:
        """Remove the file."""
        if self.folder is not None:
            self.folder.close()


_refused: Final = partial(refuse, 400)


async def received(request: Request, name: str | None, refused: Callable[[str], Refusal] = _refused) -> Upload:
    """Take the file of a request into a private folder.

    Args:
        request: the file as body, or a form of the type `multipart/form-data` with the part `file`.
        name: how the file is called; as the request's headers say if None.
        refused: returns the error for `no-file` and `several-files`.

    Raises:
        Refusal: 400 for a form without a file or with several, 413 for a file that is too large.
    """
    limit: int = request.app.state.context.settings.file_bytes
    folder = await run_in_threadpool(Workspace)
    place = folder.path / NAMELESS
    place.mkdir()
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
        shown = safe_name(name or _named(request) or NAMELESS)
        path = place / shown
        size = 0
        with path.open("wb") as stream:
            async for part in request.stream():
                size += len(part)
                if size > limit:
                    raise Refusal(413, too_large(limit))
                stream.write(part)
        return Upload(shown, path, folder=folder)
    async with read(request, max_files=2, max_fields=20, max_part_size=_FIELD_BYTES) as form:
        files = files_of(form, "file")
        if len(files) != 1:
            raise refused("several-files" if files else "no-file")
        (file,) = files
        shown = safe_name(name or file.filename or NAMELESS)
        path = place / shown
        await _copied(file, path, limit)
        rules: Path | None = None
        if chosen := files_of(form, "mapping"):
            rules = _place_of(folder, chosen[0].filename)
            await _copied(chosen[0], rules, _MAPPING_BYTES)
        elif isinstance(written := form.get("mapping"), str) and written:
            rules = _place_of(folder, None)
            rules.write_text(written, encoding="utf-8", errors="surrogatepass")
        fields = {each: value for each in _FIELDS if isinstance(value := form.get(each), str) and value}
    return Upload(shown, path, rules, fields, folder)


def _place_of(folder: Workspace, name: str | None) -> Path:
    """Return where a mapping file is kept, beside the folder of the file, under its own name: errors say that."""
    place = folder.path / "mapping" / safe_name(name or "mapping.toml")
    place.parent.mkdir()
    return place


async def _copied(file: UploadFile, path: Path, limit: int) -> None:
    size = 0
    with path.open("wb") as stream:
        while part := await file.read(_PART):
            size += len(part)
            if size > limit:
                raise Refusal(413, too_large(limit))
            stream.write(part)


def _named(request: Request) -> str | None:
    """Return the file name in the header `Content-Disposition`, if there is one."""
    given = request.headers.get("content-disposition")
    if not given:
        return None
    message = Message()
    message["Content-Disposition"] = given.replace("\r", " ").replace("\n", " ")
    return message.get_filename()
