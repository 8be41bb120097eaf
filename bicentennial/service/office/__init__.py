"""The monitoring office in the browser: signing in, sending, reviewing, the registry's pages, dashboards.

| address | for whom |
| --- | --- |
| `/{l}/login`, `/{l}/logout` | all |
| `/{l}/send`, `/{l}/mine` | those who may submit |
| `/{l}/review` | reviewers |
| `/{l}/admin` | administrators |
| `/{l}/registry`, `/{l}/registry/SUBMITTER/DATASET[/NUMBER][/KIND/NAME]` | all, as far as each may see |
| `/{l}/progress`, `deadlines`, `indicators`, `changes`, `gaps`, `submitters` | all, as far as each may see |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from bicentennial.core.messages import LANGUAGES
from bicentennial.service.forms import posted
from bicentennial.service.office import (
    admin,
    dashboards,
    datasets,
    decisions,
    downloads,
    send,
    signin,
    submission,
    things,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from starlette.routing import BaseRoute

    from bicentennial.service.context import Context

__all__ = ["routes"]

_FORM = 1 << 18
"""How many bytes a form without a file may have."""


def routes(context: Context) -> list[BaseRoute]:
    """Return the office's routes; there are none without a registry."""
    if context.settings.registry is None:
        return []
    # The parts of a multipart body besides the file need some room too.
    file_bytes = context.settings.file_bytes + _FORM
    found: list[BaseRoute] = []
    for lang in LANGUAGES:
        found += [
            Route(f"/{lang}/login", signin.login_page),
            Route(f"/{lang}/login", posted(signin.enter), methods=["POST"], max_body_size=_FORM),
            Route(f"/{lang}/logout", posted(signin.leave), methods=["POST"], max_body_size=_FORM),
            Route(f"/{lang}/send", send.send_page),
            Route(f"/{lang}/send", posted(send.send), methods=["POST"], max_body_size=file_bytes),
            Route(f"/{lang}/mine", send.mine),
            Route(f"/{lang}/review", decisions.queue),
            Route(f"/{lang}/review/{{id}}", posted(decisions.decide), methods=["POST"], max_body_size=_FORM),
            Route(f"/{lang}/admin", admin.admin_page),
            Route(f"/{lang}/admin", posted(admin.change), methods=["POST"], max_body_size=_FORM),
            Route(f"/{lang}/registry", datasets.index_page),
            *(Route(f"/{lang}/{name}", dashboards.dashboard(name)) for name in dashboards.DASHBOARDS),
            *_of_registry(f"/{lang}", _PAGES),
        ]
    return [*found, *_of_registry("", dict.fromkeys(_PAGES, things.neutral) | _NEUTRAL)]


_PAGES: dict[str, Callable[..., Any]] = {
    "{submitter}/{dataset}/{number:int}/file": downloads.file,
    "{submitter}/{dataset}/{number:int}/report": downloads.report,
    "{submitter}/{dataset}/{number:int}/receipt": downloads.receipt,
    "{submitter}/{dataset}/{number:int}/diff": downloads.part,
    "{submitter}/{dataset}/{number:int}/{name:path}": things.thing_page,
    "{submitter}/{dataset}/{number:int}": submission.submission_page,
    "{submitter}/{dataset}/{name:path}": things.thing_page,
    "{submitter}/{dataset}": datasets.dataset_page,
}
_NEUTRAL: dict[str, Callable[..., Any]] = {
    "{submitter}/{dataset}/{number:int}/file": downloads.file,
    "{submitter}/{dataset}/{number:int}/report": downloads.report,
    "{submitter}/{dataset}/{number:int}/receipt": downloads.receipt,
    "{submitter}/{dataset}/{number:int}/diff": downloads.part,
}


def _of_registry(start: str, handlers: dict[str, Callable[..., Any]]) -> list[BaseRoute]:
    return [Route(f"{start}/registry/{path}", handler) for path, handler in handlers.items()]
