"""What pydantic finds wrong, without what only follows from it."""

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

__all__ = ["without_echoes"]


def without_echoes(error: ValidationError) -> ValidationError:
    """Return an error that does not say that a field has too few values where those that it has are wrong."""
    details = error.errors(include_url=False)
    wrong = {detail["loc"][0] for detail in details if len(detail["loc"]) > 1}
    kept = [each for each in details if each["type"] != "too_short" or each["loc"][0] not in wrong]
    if len(kept) == len(details):
        return error
    return ValidationError.from_exception_data(error.title, [_line(each) for each in kept])  # type: ignore[arg-type]


def _line(detail: dict[str, object]) -> InitErrorDetails:
    """Return a line of an error as it was."""
    context = dict(detail.get("ctx") or {})  # type: ignore[call-overload]
    kind: str | PydanticCustomError = str(detail["type"])
    if kind == "unknown_name":
        kind = PydanticCustomError("unknown_name", "{en} · {es}", context)
    made = InitErrorDetails(type=kind, loc=detail["loc"], input=detail["input"])  # type: ignore[typeddict-item]
    if context and isinstance(kind, str):
        made["ctx"] = context
    return made
