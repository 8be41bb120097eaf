"""A link to a report for some days: its maker can end it at once, its holders can read until then.

The one who keeps a report gets a secret address, from which that of the link is worked out; of the link's key only a
hash is stored. So the link can be passed on, and cannot be ended by those it was passed on to. With a registry, kept
reports are in its database; without one they are in memory, and end with the service, which the page says.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import secrets
import threading
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, Protocol

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bicentennial.core.errors import DiskFullError
from bicentennial.core.files.workspace import Workspace
from bicentennial.core.messages import sentence
from bicentennial.html.markup import element
from bicentennial.monitoring.access import shares
from bicentennial.monitoring.access.shares import Shared, hashed
from bicentennial.monitoring.questions.views import moment
from bicentennial.monitoring.store.audience import EVERYTHING
from bicentennial.monitoring.store.dates import now, written
from bicentennial.service.checks.checked import Checked, Given
from bicentennial.service.checks.result import DAYS, checked_of, downloads, report_page, saved
from bicentennial.service.checks.texts import SCRIPT, STYLES, button_form, each_language, href, say
from bicentennial.service.forms import posted, text_of
from bicentennial.service.http.refusals import Refusal
from bicentennial.service.http.requests import context_of, language_of
from bicentennial.service.http.responses import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from bicentennial.service.context import Context

__all__ = ["routes"]

_MOST_IN_MEMORY: Final = 256 << 20
_FORM: Final = 1 << 16
_NO_STORE: Final = {"Cache-Control": "no-store"}


def routes(context: Context) -> list[BaseRoute]:
    """Return the routes of kept reports."""
    kept: _Kept = _InRegistry(context) if context.settings.registry is not None else _InMemory()
    pages = _Pages(kept)
    return [
        *each_language("/check/{id}/keep", posted(pages.keep, has_token=False), methods=["POST"], max_body_size=_FORM),
        *each_language("/link/{secret}", pages.own),
        *each_language(
            "/link/{secret}/delete", posted(pages.delete, has_token=False), methods=["POST"], max_body_size=_FORM
        ),
        *each_language("/shared/{key}", pages.shown),
        *each_language("/shared/{key}/report/{format}", pages.saved),
    ]


class _Kept(Protocol):
    """Where reports are kept."""

    is_lasting: bool

    def keep(self, key: str, content: bytes, days: int) -> None: ...

    def find(self, key: str) -> Shared | None: ...

    def delete(self, key: str) -> None: ...


class _InRegistry:
    """Reports in the registry's database."""

    is_lasting = True

    def __init__(self, context: Context) -> None:
        self.context = context

    def keep(self, key: str, content: bytes, days: int) -> None:
        with self.context.registry(EVERYTHING) as registry:
            shares.keep(registry.database, key, content, days=days)

    def find(self, key: str) -> Shared | None:
        with self.context.registry(EVERYTHING) as registry:
            return shares.find(registry.database, key)

    def delete(self, key: str) -> None:
        with self.context.registry(EVERYTHING) as registry:
            shares.delete(registry.database, key)


class _InMemory:
    """Reports in memory, for a service without a registry."""

    is_lasting = False

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Shared] = {}

    def keep(self, key: str, content: bytes, days: int) -> None:
        with self._lock:
            for name, each in self._kept.items():
                if each.expires <= now():
                    self._kept[name] = each._replace(content=None)
            if sum(len(each.content or b"") for each in self._kept.values()) + len(content) > _MOST_IN_MEMORY:
                raise DiskFullError(sentence("error", "disk-full"))
            self._kept[hashed(key)] = Shared(written(datetime.now(UTC) + timedelta(days=days)), content)

    def find(self, key: str) -> Shared | None:
        found = self._kept.get(hashed(key))
        return found._replace(content=None) if found and found.expires <= now() else found

    def delete(self, key: str) -> None:
        with self._lock:
            if found := self._kept.get(hashed(key)):
                self._kept[hashed(key)] = found._replace(content=None)


class _Pages:
    """The pages of kept reports."""

    def __init__(self, kept: _Kept) -> None:
        self.kept = kept

    def keep(self, request: Request, form: FormData) -> Response:
        """Keep a report and lead to the page of who keeps it."""
        checked, days = checked_of(request), text_of(form, "days")
        if checked is None or days not in map(str, DAYS):
            raise HTTPException(400)
        secret = secrets.token_urlsafe(32)
        self.kept.keep(_key(secret), _packed(checked), int(days))
        return RedirectResponse(href(request, f"/{language_of(request)}/link/{secret}"), 303)

    def own(self, request: Request) -> Response:
        """Show the link to pass on, until when it holds, and the way to end it."""
        lang, secret = language_of(request), request.path_params["secret"]
        shared = self._found(_key(secret))
        address = f"{self._base(request)}{href(request, f'/{lang}/shared/{_key(secret)}')}"
        body = [
            element("h1", say("link-title", lang)),
            element("p", say("link-until", lang, day=moment(shared.expires)), class_="lead"),
            element("p", element("a", address, href=address, class_="share")),
            *([] if self.kept.is_lasting else [element("p", say("link-in-memory", lang), class_="notice warning")]),
            element("p", say("link-own", lang), class_="hint"),
            button_form(href(request, f"/{lang}/link/{secret}/delete"), say("delete-link", lang), class_="danger"),
        ]
        options: dict[str, Any] = {"section_name": "check", "styles": STYLES[:1], "scripts": [SCRIPT]}
        return page(request, say("link-title", lang), *body, private=True, headers=_NO_STORE, **options)

    def delete(self, request: Request, form: FormData) -> Response:  # noqa: ARG002 - it has no fields
        """End a link at once."""
        lang, key = language_of(request), _key(request.path_params["secret"])
        self._found(key)
        self.kept.delete(key)
        body = [
            element("h1", say("link-ended-title", lang)),
            element("p", say("link-ended", lang)),
            element("p", element("a", say("another", lang), href=href(request, f"/{lang}/"))),
        ]
        title = say("link-ended-title", lang)
        return page(request, title, *body, section_name="check", private=True, headers=_NO_STORE)

    def shown(self, request: Request) -> Response:
        """Show a kept report to a holder of its link."""
        lang, key = language_of(request), request.path_params["key"]
        shared = self._found(key)
        with _unpacked(shared.content or b"") as checked:
            offers = [
                downloads(request, checked, f"/{lang}/shared/{key}", lang),
                element("p", say("shared-until", lang, day=moment(shared.expires)), class_="hint"),
            ]
            return report_page(request, checked, offers)

    def saved(self, request: Request) -> Response:
        """Return a kept report as a file."""
        shared = self._found(request.path_params["key"])
        with _unpacked(shared.content or b"") as checked:
            return saved(request, checked)

    def _found(self, key: str) -> Shared:
        """Return what is kept under a key.

        Raises:
            HTTPException: 410 for what has expired or was deleted, 404 for what never was.
        """
        found = self.kept.find(key)
        if found is None:
            raise HTTPException(404)
        if found.content is None:
            raise Refusal(410, sentence("check", "link-gone"))
        return found

    @staticmethod
    def _base(request: Request) -> str:
        """Return the part of an address before its path, as visitors write it."""
        base = context_of(request).settings.base
        return "/".join(base.split("/")[:3]) if base else f"{request.url.scheme}://{request.url.netloc}"


def _key(secret: str) -> str:
    """Return the key of the link that belongs to the secret of its owner."""
    made = hashlib.sha256(f"shared:{secret}".encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def _packed(checked: Checked) -> bytes:
    """Return a check as bytes: what came of it, and the file that it was."""
    about = {
        "name": checked.name,
        "conforms": checked.conforms,
        "by_code": checked.by_code,
        "format": checked.format,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.json", json.dumps(about))
        archive.write(checked.outcome, "outcome.json")
        archive.write(checked.given.path, "file")
        if checked.given.mapping is not None:
            archive.write(checked.given.mapping, "mapping.toml")
    return packed.getvalue()


@contextlib.contextmanager
def _unpacked(content: bytes) -> Iterator[Checked]:
    """Yield the check that bytes hold, in a folder that goes with the block."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive, Workspace() as folder:
        about = json.loads(archive.read("about.json"))
        # The file keeps the ending by which it was read.
        path = folder.path / f"file{PurePath(about['name']).suffix}"
        path.write_bytes(archive.read("file"))
        mapping = None
        if "mapping.toml" in archive.namelist():
            mapping = folder.path / "mapping.toml"
            mapping.write_bytes(archive.read("mapping.toml"))
        given = Given(about["name"], path, folder, mapping)
        checked = Checked(given, about["conforms"], about["by_code"], about["format"])
        checked.outcome.write_bytes(archive.read("outcome.json"))
        yield checked
