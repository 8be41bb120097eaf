"""The page that shows the program interface to people, made from its OpenAPI document: no script, nothing foreign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException

from bicentennial.core.messages import LANGUAGES, section
from bicentennial.html.markup import Markup, element
from bicentennial.service.api.application import described
from bicentennial.service.http.requests import context_of, language_of
from bicentennial.service.http.responses import page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    from bicentennial.core.messages import Language

__all__ = ["shown"]

_ROOT: Final = "/api/v1"
_STYLE: Final = "/static/api.css"
_WITH: Final = "-H 'Authorization: Bearer bic_…'"
_EXAMPLES: Final = {
    "check": "curl -H 'Prefer: wait=10' --data-binary @{file} '{root}/check?name={file}'",
    "hand_in": f"curl {_WITH} --data-binary @{{file}} '{{root}}/submissions?dataset={{dataset}}&name={{file}}'",
    "give_back": f"curl {_WITH} --json '{{{{\"reason\": \"…\"}}}}' '{{root}}/submissions/7/return'",
    "progress": "curl '{root}/progress?by=agency&as_of=2024-06'",
    "changes": "curl '{root}/changes?kind=moved-deadline&kind=dropped&since=2024-03'",
    "search": "curl '{root}/search?q=ofac'",
    "thing": "curl '{root}/things/A6?lang={lang}'",
}
"""How a command line asks; the names of the file and the dataset are filled in."""


def shown(request: Request, api: FastAPI) -> Response:
    """Return the page in the language of the request."""
    lang, words = language_of(request), section("api")
    if request.path_params.get("lang", lang) not in LANGUAGES:
        raise HTTPException(404)
    document = described(api, lang)
    operations = [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    index = element(
        "ul",
        *(
            element("li", element("a", element("code", f"{method.upper()} {path}"), href=f"#{each['operationId']}"))
            for method, path, each in operations
        ),
        class_="api-index",
    )
    address = f"{context_of(request).site.base}{_ROOT}/openapi.json?lang={lang}"
    base = context_of(request).settings.base or f"{request.url.scheme}://{request.url.netloc}"
    root = f"{base.rstrip('/')}{_ROOT}"
    return page(
        request,
        words["title"][lang],
        element("h1", words["title"][lang]),
        element("p", words["description"][lang]),
        element("p", element("a", words["document"][lang], href=address)),
        element("h2", words["operations-title"][lang]),
        index,
        *(_operation(method, path, each, lang, root) for method, path, each in operations),
        element("h2", words["schemas-title"][lang]),
        *(_schema(name, each, lang) for name, each in sorted(document["components"]["schemas"].items())),
        styles=(_STYLE,),
        other="/{lang}/docs",
    )


def _operation(method: str, path: str, operation: Mapping[str, Any], lang: Language, root: str) -> Markup:
    words = section("api")
    parts = [
        element("h3", element("span", method.upper(), class_="api-method"), " ", element("code", f"{_ROOT}{path}")),
        element("p", operation["description"]),
    ]
    if example := _EXAMPLES.get(operation["operationId"]):
        names = {name: text[lang] for name, text in words["example-names"].items()}
        parts.append(element("pre", element("code", example.format(root=root, lang=lang, **names))))
    parameters = operation.get("parameters", [])
    if parameters:
        fields: list[tuple[str, ...]] = [
            (
                element("code", each["name"]),
                words["places"][each["in"]][lang] + (f", {words['required'][lang]}" if each.get("required") else ""),
                _type(each["schema"]),
                each["description"],
            )
            for each in parameters
        ]
        parts += _table(
            words["parameters-title"][lang],
            f"{method.upper()} {path}",
            ("name", "where", "type", "meaning"),
            fields,
            lang,
        )
    if "requestBody" in operation:
        kinds = ", ".join(operation["requestBody"]["content"])
        parts.append(element("p", element("strong", words["body-title"][lang]), ": ", element("code", kinds)))
    rows: list[tuple[str, ...]] = [
        (element("code", status), _contents(answer)) for status, answer in operation["responses"].items()
    ]
    parts += _table(words["answers-title"][lang], f"{method.upper()} {path}", ("status", "type"), rows, lang)
    return element("section", *parts, id=operation["operationId"], class_="api-operation")


def _contents(answer: Mapping[str, Any]) -> Markup:
    """Return the media types of an answer, and what each holds."""
    lines: list[Markup] = []
    for kind, content in answer.get("content", {}).items():
        schema = content.get("schema", {})
        lines.append(element("li", element("code", kind), *([" ", _type(schema)] if _is_named(schema) else [])))
    return element("ul", *lines)


def _is_named(schema: Mapping[str, Any]) -> bool:
    return "$ref" in schema


def _schema(name: str, schema: Mapping[str, Any], lang: Language) -> Markup:
    rows: list[tuple[str, ...]] = [
        (element("code", each), _type(its)) for each, its in schema.get("properties", {}).items()
    ]
    caption = element("h3", element("code", name))
    body = _table(name, "", ("name", "type"), rows, lang) if rows else []
    return element("section", caption, *body, id=f"schema-{name}", class_="api-operation")


def _table(
    caption: str, of: str, columns: tuple[str, ...], rows: list[tuple[str, ...]], lang: Language
) -> Iterator[Markup]:
    words = section("api")["columns"]
    head = element("tr", *(element("th", words[each][lang], scope="col") for each in columns))
    body = [element("tr", *(element("td", cell) for cell in row)) for row in rows]
    table = element(
        "table", element("caption", caption), element("thead", head), element("tbody", *body), class_="api-table"
    )
    yield element("div", table, class_="scroll", tabindex="0", role="region", aria_label=f"{caption} {of}".strip())


def _type(schema: Mapping[str, Any]) -> Markup:
    """Return what a value may be, with links to what is described further below."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return element("a", name, href=f"#schema-{name}")
    several = schema.get("anyOf")
    if several:
        return Markup(" | ".join(_type(each) for each in several))
    if "enum" in schema:
        return element("code", " | ".join(map(str, schema["enum"])))
    if "const" in schema:
        return element("code", str(schema["const"]))
    if schema.get("type") == "array":
        return Markup(f"[{_type(schema.get('items', {}))}]")
    if isinstance(schema.get("additionalProperties"), dict):
        return Markup(f"{{… {_type(schema['additionalProperties'])}}}")
    said = str(schema.get("type", "…"))
    pattern = schema.get("pattern")
    return element("code", f"{said} {pattern}" if pattern else said)
