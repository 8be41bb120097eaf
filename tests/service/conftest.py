"""Services to test with; see `tests/serving.py` for what they serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.serving import Filled, Service, serving

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def service(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Yield a service with a registry of its own, for the tests of one module."""
    folder = tmp_path_factory.mktemp("service")
    with serving(folder, registry=filled.copy(folder), tokens=filled.tokens) as running:
        yield running
