"""A user's own grading of codes: switched off, or graver or milder than we grade them, as a TOML file says.

    [profile]
    name = "strict"
    title = "What our reviewers ask for"            # or title.en and title.es

    [codes]                                         # a code, or a pattern of codes = violation, warning, info or off
    "Action-saysHowFarItIs" = "violation"
    "Action-*.unknown" = "warning"

A code that stands there itself goes before patterns, a later pattern before an earlier one. What guards the verdict
(that anything was read and checked at all, that the data leave our own space alone) no profile can lower: patterns
pass over it.

>>> profile = Profile("lax", {"en": "Lax", "es": "Laxo"}, {"Action-*": "info", "Action-identifier.missing": "off"})
>>> [profile.level(code) for code in ("Action-endsAfterItStarts", "Action-identifier.missing", "nothing-checked")]
['info', 'off', None]
"""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from bicentennial.core.errors import UsageError
from bicentennial.core.findings import SEVERITIES
from bicentennial.core.messages import LANGUAGES, entry, render
from bicentennial.core.reasons import reason
from bicentennial.core.similar import similar
from bicentennial.core.startup.records import field, record, replace
from bicentennial.core.toml_errors import toml_fault

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from bicentennial.core.findings import Finding, Severity
    from bicentennial.validation.outcome import Outcome

__all__ = ["GUARDED", "Profile"]

_LEVELS: Final = (*SEVERITIES, "off")
"""What a profile can make of a code, from the gravest on."""

GUARDED: Final = (
    "nothing-checked", "input-*", "limit-reached",
    "reserved-subject", "reserved-subjects-more", "closed-class", "schema-statement", "schema-statements-more",
    # Each stands for a whole column of missing values, which are not reported one by one as well.
    "header-missing", "header-misspelt",
)  # fmt: skip
"""The codes, as patterns, that no profile can switch off or lower: all are violations."""

_LARGEST: Final = 1 << 20
_WILD: Final = "*?["


@record(frozen=True)
class Profile:
    """What a profile file says.

    `codes` are the codes and patterns as they stand in the file, each with its level. `changed` is what the profile
    did to one submission: code, from which severity, to which level, how many findings.
    """

    name: str
    title: Mapping[str, str]
    codes: Mapping[str, str]
    changed: tuple[tuple[str, str, str, int], ...] = field(default=())

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Profile:
        """Return the profile of a file.

        Raises:
            UsageError: it cannot be read, or names a code or a level that there is not, or lowers what guards the
                verdict.
        """
        file = Path(path)
        try:
            with file.open("rb") as stream:
                content = stream.read(_LARGEST + 1)  # what a device says of its size means nothing
            if len(content) > _LARGEST:
                raise ValueError(f"> {_LARGEST} bytes")
            data = tomllib.loads(content.decode("utf-8-sig"))
        except tomllib.TOMLDecodeError as error:
            _refuse("unreadable", file=file, reason=toml_fault(error))
        except (OSError, ValueError, RecursionError) as error:
            _refuse("unreadable", file=file, reason=reason(error))
        head, codes = _table(file, data, "profile"), _table(file, data, "codes")
        for key in [*(data.keys() - {"profile", "codes"}), *(head.keys() - {"name", "title"})]:
            _refuse("key", file=file, key=key)
        for code, level in codes.items():
            if level not in _LEVELS:
                _refuse("level", file=file, key=code, level=level, levels=", ".join(_LEVELS))
            _check_code(file, code, level)
        name = _text(file, "name", head.get("name", file.stem))
        title = head.get("title", name)
        if not isinstance(title, dict):
            title = dict.fromkeys(LANGUAGES, title)
        if not title or title.keys() - set(LANGUAGES):
            _refuse("text", file=file, key="title")
        said = {language: _text(file, "title", text) for language, text in title.items()}
        return cls(name, {language: said.get(language) or next(iter(said.values())) for language in LANGUAGES}, codes)

    def level(self, code: str) -> str | None:
        """Return what the profile makes of a code; None where it leaves it as it is."""
        if _guarded(code):
            return None
        if code in self.codes:
            return self.codes[code]
        patterns = [pattern for pattern in self.codes if fnmatchcase(code, pattern)]
        return self.codes[patterns[-1]] if patterns else None

    def apply(self, outcome: Outcome) -> tuple[Outcome, Profile]:
        """Return an outcome as the profile judges it, and the profile with what it changed."""
        totals: dict[str, tuple[str, int]] = {}
        changed = []
        for code, (severity, number) in outcome.totals.items():
            level = self.level(code) or severity
            if level != severity:
                changed.append((code, severity, level, number))
            if level != "off":
                totals[code] = (level, number)
        findings = tuple(
            _graded(finding, totals[finding.code][0]) for finding in outcome.findings if finding.code in totals
        )
        return replace(outcome, findings=findings, totals=totals), replace(self, changed=tuple(sorted(changed)))

    def to_dict(self) -> dict[str, Any]:
        """Return what the JSON report says of the profile."""
        return {
            "name": self.name,
            "title": dict(self.title),
            "codes": dict(self.codes),
            "changed": [
                {"code": code, "from": severity, "to": level, "findings": number}
                for code, severity, level, number in self.changed
            ],
        }


def _guarded(code: str) -> bool:
    return any(fnmatchcase(code, pattern) for pattern in GUARDED)


def _graded(finding: Finding, severity: str) -> Finding:
    graded: Severity = severity  # type: ignore[assignment]  # a level that is not "off"
    return finding if finding.severity == graded else replace(finding, severity=graded)


def _table(file: Path, data: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = data.get(key, {})
    if not isinstance(found, dict):
        _refuse("table", file=file, key=key)
    return found


def _text(file: Path, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        _refuse("text", file=file, key=key)
    return value.strip()


def _check_code(file: Path, code: str, level: str) -> None:
    from bicentennial.report.codes.explanation import codes

    known = codes().keys()
    # The code of a further shape is its IRI; which there are is known at run time only.
    named = {each for each in known if fnmatchcase(each, code)} or ({code} if code in known or ":" in code else set())
    if not named:
        near = [each for each in known if each.startswith(f"{code}.")] or similar(code, known)
        key = "pattern" if set(_WILD) & set(code) else "code" if near else "code-unlike"
        _refuse(key, file=file, key=code, near=", ".join(near[:5]))
    if level != SEVERITIES[0] and all(map(_guarded, named)):
        _refuse("guarded", file=file, key=code)


def _refuse(what: str, **values: object) -> NoReturn:
    from bicentennial.core.escape import plain

    shown = {name: value if isinstance(value, dict) else plain(str(value))[:300] for name, value in values.items()}
    text = render(entry("report", "profile-file")[what], **shown)
    raise UsageError(text)
