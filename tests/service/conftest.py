"""Services to test with; see `tests/serving.py` for what they serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.serving import Filled, Service, fill, serving

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """Return a registry that has something in every state; copy it, do not write to it."""
    path = tmp_path_factory.mktemp("filled") / "registry.sqlite"
    return Filled(path, fill(path))


@pytest.fixture(scope="module")
def service(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Yield a service with a registry of its own, for the tests of one module."""
    folder = tmp_path_factory.mktemp("service")
    with serving(folder, registry=filled.copy(folder), tokens=filled.tokens) as running:
        yield running
