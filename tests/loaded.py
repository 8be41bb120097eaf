"""What a service needs, loaded: the process that `tests/forks.py` forks imports this, which starts no thread."""

from __future__ import annotations

import gc

import uvicorn  # noqa: F401

import bicentennial.__main__
import bicentennial.cli.serve
import bicentennial.service.server  # noqa: F401
from bicentennial.service import Settings, create_app

__all__: list[str] = []

create_app(Settings())  # imports and makes what the first one needs
gc.collect()
gc.freeze()
