"""The service: the validator, the explorer, the registry and the endpoints for programs, over HTTP.

    browser, program ──▶ app (middleware: hosts, rates, headers) ──▶ routes of the parts
                                                                     check · explorer · office · linked data
                                                                     sparql · api · reconciliation · feeds · health
    parts ──▶ context: settings, site, registry, pool of worker processes

A part is a module or package with `routes(context)`, which returns Starlette routes; `app.PARTS` lists them. Handlers
that touch a registry, a file or a worker are plain functions, which Starlette runs in threads.
"""

from __future__ import annotations

from bicentennial.service.app import create_app
from bicentennial.service.settings import Settings

__all__ = ["Settings", "create_app"]
