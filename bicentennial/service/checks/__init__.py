"""The page that checks a file: a form, the queue, the report in the page, and what is offered with it.

    /{l}/ ──POST──▶ job ──303──▶ /{l}/check/{id}: waits, then the report
                                  ├─ /report/{format}   every format to save, the marked workbook among them
                                  ├─ /mapping           what the columns mean, proposed and confirmed; the file to keep
                                  ├─ /keep              a link for some days ──▶ /{l}/link/{secret}, /{l}/shared/{key}
                                  └─ /delete            forgets everything at once

A file and its report are kept for some minutes in a private folder and then dropped. Knowing the address of a
check sees it; the addresses cannot be guessed and are in no log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.service.checks import blanks, form, links, mapping, result

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from bicentennial.service.context import Context

__all__ = ["routes"]


def routes(context: Context) -> list[BaseRoute]:
    """Return the routes of the form, of checks and of kept reports."""
    return [each for part in (form, result, mapping, links, blanks) for each in part.routes(context)]
