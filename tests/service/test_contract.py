"""The program interface against its own description: no answer outside it, no fault, whatever is sent."""

from __future__ import annotations

import runpy
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from bicentennial.monitoring.registry import open_registry
from tests.service.test_hostile import innocent
from tests.serving import EXAMPLES, Service, serving

if TYPE_CHECKING:
    from collections.abc import Iterator


def _checks() -> list[Any]:
    """Return what is asked of each answer."""
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
        status_code_conformance,
        unsupported_method,
    )

    return [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
        unsupported_method,
    ]


def _operations() -> list[str]:
    """Return the method and path of every address, from the application itself."""
    from bicentennial.service import Settings, create_app
    from bicentennial.service.api.application import described

    [api] = [route for route in create_app(Settings()).routes if getattr(route, "name", "") == "api"]
    paths = described(api.app, "en")["paths"]  # type: ignore[attr-defined]
    return [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]


@pytest.fixture(scope="module")
def description(service: Service) -> Any:
    """Return the description as the service gives it."""
    import schemathesis

    return schemathesis.openapi.from_url(f"{service.url}/api/v1/openapi.json")


@pytest.mark.parametrize("operation", _operations())
def test_answers_are_as_described(description: Any, service: Service, operation: str) -> None:
    import schemathesis

    checks = _checks()
    method, path = operation.split(" ")
    described = description[path][method]
    seen = 0

    @hypothesis.settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(
        described.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
        | described.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
    )
    def holds(case: Any) -> None:
        nonlocal seen
        for user in ("admin", None):
            headers = {"Authorization": f"Bearer {service.tokens[user]}"} if user else {}
            answer = case.call(headers=headers, timeout=60)
            case.validate_response(answer, checks=checks)
            seen += 1

    holds()
    assert seen >= 2


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Yield a service of the example year, in which there is something of everything."""
    folder = tmp_path_factory.mktemp("year")
    path = folder / "year.sqlite"
    runpy.run_path(str(EXAMPLES.parent / "registry" / "play.py"))["play"](str(path))
    with open_registry(path) as registry:
        tokens = {"review": registry.add_token(["review"], actor="office")[1]}
    with serving(folder, registry=path, tokens=tokens) as running:
        yield running


def test_every_list_has_something_in_it_and_is_as_described(year: Service) -> None:
    """Answers with content: generated requests seldom find what is there."""
    import jsonschema

    with year.client("review") as client:
        submissions = client.get("/api/v1/submissions?dataset=salas").json()["items"]
        last = submissions[-1]["id"]
        document = client.get("/api/v1/openapi.json").json()
        for path, methods in document["paths"].items():
            if "get" not in methods or path.startswith("/checks"):
                continue
            address = path.replace("{id}", str(last)).replace("{name}", "A6")
            params = {"/search": {"q": "ofac"}, "/history": {"name": "S-1"}}.get(path, {})
            answer = client.get(f"/api/v1{address}", params=params)
            assert answer.status_code == 200, path
            innocent(answer)
            content = methods["get"]["responses"]["200"]["content"]
            kind = answer.headers["content-type"].partition(";")[0]
            assert kind in content, path
            if kind == "application/json":
                whole = {**content[kind]["schema"], "components": document["components"]}
                jsonschema.Draft202012Validator(whole).validate(answer.json())
                assert answer.json().get("items", True), path
