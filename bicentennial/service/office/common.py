"""What the pages of the registry share: the submission that an address names, and the way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bicentennial.core.errors import UsageError
from bicentennial.core.messages import sentence
from bicentennial.html.markup import Markup, element
from bicentennial.service import access
from bicentennial.service.http.requests import language_of
from bicentennial.service.office.components import (
    link,
    say,
    submission_path,
)

if TYPE_CHECKING:
    from starlette.requests import Request

    from bicentennial.monitoring.registry import Registry
    from bicentennial.monitoring.store.submissions import Submission

__all__ = ["crumbs", "find"]


def find(request: Request, registry: Registry) -> Submission:
    """Return the submission that a path names.

    Raises:
        HTTPException: 404 if there is none, or the one who asks may not see it.
    """
    path = request.path_params
    asked = path.get("id") or f"{path['submitter']}/{path['dataset']}/{path['number']}"
    try:
        return registry.submission(asked)
    except UsageError:
        raise access.refusal(404, "no-submission") from None


def crumbs(request: Request, submitter: str, dataset: str, this: Submission | None = None) -> Markup:
    """Return the way from the registry to where one is."""
    lang = language_of(request)
    links = [link(request, say("registry", lang), f"/{lang}/registry")]
    links.append(link(request, f"{submitter}/{dataset}", f"/{lang}/registry/{quote(submitter)}/{quote(dataset)}"))
    if this is not None:
        links.append(link(request, str(this.number), submission_path(lang, this)))
    items = element("ol", *(element("li", each) for each in links))
    return element("nav", items, aria_label=sentence("office", "words", "you-are-here")[lang], class_="crumbs")
