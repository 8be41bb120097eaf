"""What the columns of a file mean: proposed from headers and values, confirmed in a form, applied, and kept as a file.

Nothing is decided without the visitor: what is proposed is preselected and can be changed, what is not known is left as
it is unless a choice is made.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bicentennial.html.markup import Markup, element
from bicentennial.service.checks.form import submitted
from bicentennial.service.checks.result import checked_of
from bicentennial.service.checks.texts import SCRIPT, STYLES, each_language, href, say
from bicentennial.service.forms import check_origin, read
from bicentennial.service.http.requests import context_of, language_of
from bicentennial.service.http.responses import attachment, page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from bicentennial.core.messages import Language
    from bicentennial.service.checks.checked import Checked
    from bicentennial.service.context import Context

__all__ = ["routes"]

_ANSWERS: Final = "answers.json"
_PROPOSE: Final = "bicentennial.intake.proposal:outline_in_worker"
_MOST_FIELDS: Final = 4_000
_FORM: Final = 1 << 20
_NO_STORE: Final = {"Cache-Control": "no-store"}


def routes(context: Context) -> list[BaseRoute]:  # noqa: ARG001 - each part takes it
    """Return the routes of the mapping of a check."""
    return [
        *each_language("/check/{id}/mapping", _page),
        *each_language("/check/{id}/mapping", _apply, methods=["POST"], max_body_size=_FORM),
        *each_language("/check/{id}/mapping.toml", _save),
    ]


def _ready(request: Request) -> Checked:
    checked = checked_of(request)
    if checked is None or not checked.is_mappable:
        raise HTTPException(404)
    return checked


def _proposed(request: Request, checked: Checked, lang: Language, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outline of a proposal and its text, made by a worker.

    Raises:
        InputError: the file cannot be read within the limits.
    """
    context = context_of(request)
    limits = context.settings.limits
    path = str(checked.given.path)
    found: dict[str, Any] = context.checks.call(
        _PROPOSE, path, lang, limits.changed(), answers, limits=limits.of_worker()
    )
    return found


def _outline(request: Request, checked: Checked, lang: Language) -> Any:
    """Return the outline of the proposal that the form is made of, as far as it was confirmed before; made once.

    Raises:
        InputError: the file cannot be read within the limits.
        QueueFullError: others are made meanwhile, for long.
    """

    def made() -> str:
        return json.dumps(_proposed(request, checked, lang, _said_before(checked, lang))["outline"])

    return json.loads(checked.kept(f"outline.{lang}.json", made))


def _said_before(checked: Checked, lang: Language) -> dict[str, Any]:
    """Return what was confirmed for the check at hand, in the language in which headers are named; else nothing."""
    path = checked.given.folder.path / _ANSWERS
    if not path.exists():
        return {}
    said = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
    answers: dict[str, Any] = said["answers"] if said["lang"] == lang else {}
    return answers


def _page(request: Request) -> Response:
    checked, lang = _ready(request), language_of(request)
    said = _said_before(checked, lang)
    outline = _outline(request, checked, lang)
    here = f"/{lang}/check/{request.path_params['id']}"
    body = [
        element("p", element("a", say("back", lang), href=href(request, here))),
        element("h1", say("map-title", lang, file=checked.name)),
        element("p", say("map-lead", lang), class_="lead"),
        element(
            "form",
            *(_sheet(number, sheet, lang) for number, sheet in enumerate(outline["sheets"])),
            _constants(outline["constants"], said.get("constants", {}), lang),
            _values(outline["values"], said.get("values", {}), lang),
            _dates(outline["dates"], said.get("date_format", ""), lang),
            _declared(outline["declared"], said.get("declared", ()), lang),
            element("p", element("button", say("map-apply", lang), type="submit"), class_="buttons"),
            element("p", say("map-keep", lang), class_="hint"),
            method="post",
            action=href(request, f"{here}/mapping"),
            class_="form mapping",
        ),
    ]
    options: dict[str, Any] = {"section_name": "check", "styles": STYLES[:1], "scripts": [SCRIPT]}
    title = say("map-title", lang, file=checked.name)
    return page(request, title, *body, private=True, headers=_NO_STORE, **options)


def _sheet(number: int, sheet: Mapping[str, Any], lang: Language) -> Markup:
    """Return the table of a sheet's columns, each with what it means."""
    rows = []
    for place, column in enumerate(sheet["columns"]):
        name = f"column-{number}-{place}"
        choices = [("", say("left-out", lang)), *((each, each.replace("_", " ")) for each in sheet["choices"])]
        examples = [each for example in column["examples"] for each in (element("bdi", example), " ")]
        rows.append(
            element(
                "tr",
                element("th", element("label", column["header"], for_=name), scope="row"),
                element("td", *examples),
                element("td", _select(name, choices, column["ours"])),
            )
        )
    heads = [element("th", say(key, lang), scope="col") for key in ("your-column", "examples-of", "means")]
    caption = say("sheet", lang, name=sheet["name"]) if sheet["name"] else say("columns", lang)
    table = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *heads)),
        element("tbody", *rows),
    )
    return element("div", table, class_="scroll", tabindex="0", role="region", aria_label=caption)


def _select(name: str, choices: Sequence[tuple[str, str]], chosen: str = "") -> Markup:
    options = [
        element("option", text, value=value, selected=value == chosen and value != "") for value, text in choices
    ]
    return element("select", *options, name=name, id=name)


def _constants(constants: Sequence[Mapping[str, Any]], said: Mapping[str, str], lang: Language) -> Markup:
    """Return the fields for what holds for every row."""
    if not constants:
        return Markup("")
    fields = []
    for number, each in enumerate(constants):
        name = f"constant-{number}"
        known = said.get(each["header"], "")
        if each["choices"]:
            field = _select(name, [("", say("not-said", lang)), *map(_choice, each["choices"])], known)
        else:
            field = element("input", type="text", name=name, id=name, maxlength=200, value=known)
        fields.append(
            element("div", element("label", each["header"].replace("_", " "), for_=name), field, class_="field")
        )
    return element("fieldset", element("legend", say("constants", lang)), *fields)


def _values(columns: Sequence[Mapping[str, Any]], said: Mapping[str, Mapping[str, str]], lang: Language) -> Markup:
    """Return, for each value that is not known, the choice of what it stands for."""
    parts = []
    for number, each in enumerate(columns):
        fields = []
        for place, (value, near) in enumerate(each["unknown"]):
            known = [tuple(choice) for choice in each["choices"]]
            likely = [(name, name) for name in near if name not in {text for pair in known for text in pair}]
            choices = [("", say("as-it-is", lang)), *likely, *map(_choice, known)]
            if len(choices) == 1:
                continue
            name = f"value-{number}-{place}"
            # What was said before is chosen; else a guess, if there is no other.
            before = said.get(each["header"], {}).get(value, "")
            guesses = [choice for choice, label in choices if len(near) == 1 and near[0] in (choice, label)]
            chosen = before or (guesses or [""])[0]
            fields.append(
                element(
                    "div",
                    element("label", element("bdi", value), for_=name),
                    _select(name, choices, chosen),
                    class_="field",
                )
            )
        if fields:
            parts.append(element("fieldset", element("legend", say("values", lang, header=each["header"])), *fields))
    return Markup("".join(parts))


def _choice(choice: Sequence[str]) -> tuple[str, str]:
    value, label = choice
    return value, label if value == label else f"{value} – {label}"


def _dates(ways: Sequence[str], said: str, lang: Language) -> Markup:
    """Return the question whether days or months come first, where both are possible."""
    if len(ways) < 2:
        return Markup("")
    choices = [(way, _written(way)) for way in ways]
    label = element("label", say("dates", lang), for_="date_format")
    return element("div", label, _select("date_format", choices, said or ways[0]), class_="field")


def _written(way: str) -> str:
    """Return how the last day of 2024 is written in a way of writing dates.

    >>> _written("%d/%m/%Y")
    '31/12/2024'
    """
    from datetime import date

    return date(2024, 12, 31).strftime(way)


def _declared(columns: Sequence[Sequence[Any]], said: Sequence[str], lang: Language) -> Markup:
    """Return the question whether unknown names are the partner's own."""
    choices = [
        element(
            "label",
            element("input", type="checkbox", name=f"declared-{number}", value="yes", checked=header in said),
            element("span", say("declare", lang, header=header, names=", ".join(names))),
            class_="choice",
        )
        for number, (header, names) in enumerate(columns)
    ]
    if not choices:
        return Markup("")
    return element("fieldset", element("legend", say("own-names", lang)), *choices, class_="field")


async def _apply(request: Request) -> Response:
    """Write the mapping that was confirmed, and check the file by it."""
    check_origin(request)
    async with read(request, max_files=0, max_fields=_MOST_FIELDS) as form:
        return await run_in_threadpool(_applied, request, form)


def _applied(request: Request, form: FormData) -> Response:
    checked, lang = _ready(request), language_of(request)
    # The form was made of what was said before; its fields are named by their places in that.
    outline = _outline(request, checked, lang)
    answers = _answers(outline, form)
    text: str = _proposed(request, checked, lang, answers)["text"]
    given = checked.given.copy()
    said = json.dumps({"lang": lang, "answers": answers})
    (given.folder.path / _ANSWERS).write_text(said, encoding="utf-8")
    given.mapping = given.folder.path / "mapping.toml"
    given.mapping.write_text(text, encoding="utf-8", errors="surrogatepass", newline="\n")
    job = submitted(request, given)
    return RedirectResponse(href(request, f"/{lang}/check/{job.id}"), 303)


def _answers(outline: Mapping[str, Any], form: FormData) -> dict[str, Any]:
    """Return what a form says of the outline that it was made of; what the outline does not have is not looked at."""

    def said(name: str, allowed: Sequence[str] | None = None) -> str:
        value = form.get(name)
        if not isinstance(value, str) or (allowed is not None and value not in allowed):
            return ""
        return value.strip()[:200]

    columns = [
        {
            column["header"]: said(f"column-{number}-{place}", sheet["choices"])
            for place, column in enumerate(sheet["columns"])
        }
        for number, sheet in enumerate(outline["sheets"])
    ]
    values = {
        each["header"]: {
            value: said(f"value-{number}-{place}", [*near, *(name for name, _ in each["choices"])])
            for place, (value, near) in enumerate(each["unknown"])
        }
        for number, each in enumerate(outline["values"])
    }
    constants = {
        each["header"]: said(f"constant-{number}", [name for name, _ in each["choices"]] or None)
        for number, each in enumerate(outline["constants"])
    }
    return {
        "columns": columns,
        "constants": constants,
        "values": values,
        "declared": [header for number, (header, _) in enumerate(outline["declared"]) if said(f"declared-{number}")],
        "date_format": said("date_format", outline["dates"]),
    }


def _save(request: Request) -> Response:
    """Return the mapping that a file was checked by."""
    checked = _ready(request)
    if checked.given.mapping is None:
        raise HTTPException(404)
    answer = attachment(checked.given.mapping.read_bytes(), f"{checked.name}.mapping.toml")
    answer.headers.update(_NO_STORE)
    return answer
