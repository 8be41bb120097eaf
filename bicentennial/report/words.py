"""Small parts of sentences that several renderings share: counts, places, verdicts.

>>> counted("violation", 1, "en"), counted("violation", 2, "es")
('1 violation', '2 incumplimientos')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.escape import plain
from bicentennial.core.findings import SEVERITIES
from bicentennial.core.messages import LANGUAGES, entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bicentennial.core.findings import Finding, Location
    from bicentennial.core.messages import Language
    from bicentennial.report.judged import JudgedOutcome

__all__ = [
    "counted",
    "counts",
    "engine",
    "guess",
    "is_guess",
    "judged_by",
    "made_for",
    "more_kinds_below",
    "number",
    "place",
    "read_as",
    "scope",
    "suggestion",
    "verdict",
    "word",
]

# What the only table may be called without a word about it.
_PLAIN: Final = (None, "", "actions", "acciones", "/actions", "/acciones")


def word(key: str, lang: Language, **values: object) -> str:
    """Return a text of the report's in a language."""
    text: str = entry("report", key)[lang]
    return text.format(**values)


def number(value: int, lang: Language) -> str:
    r"""Return a number with its thousands apart, as each language writes it in North America.

    >>> number(12345, "en"), number(12345, "es")
    ('12,345', '12\xa0345')
    """
    return f"{value:,}".replace(",", word("thousands", lang))


def counted(what: str, amount: int, lang: Language) -> str:
    """Return an amount of violations, warnings, info, actions or statements in words."""
    forms = {**entry("report", "severity"), **entry("report", "counted")}[what]
    return f"{number(amount, lang)} {forms['one' if amount == 1 else 'many'][lang]}"


def more_kinds_below(amount: int, lang: Language) -> str:
    """Return that there are more kinds of findings than a summary names.

    >>> more_kinds_below(1, "es"), more_kinds_below(2, "en")
    ('… y un tipo más de hallazgos abajo.', '… and 2 more kinds of findings below.')
    """
    return word("more-kind", lang) if amount == 1 else word("more-kinds", lang, number=number(amount, lang))


def counts(report: JudgedOutcome, lang: Language) -> str:
    """Return how many findings there are of each severity, in words."""
    return ", ".join(
        counted(severity, report.counts[severity], lang) for severity in SEVERITIES if report.counts[severity]
    )


def scope(report: JudgedOutcome, lang: Language) -> str:
    """Return how much was checked, in words: the actions, or the statements where there is no action."""
    actions = report.outcome.actions
    return counted("action", actions, lang) if actions else counted("statement", report.outcome.statements, lang)


def verdict(report: JudgedOutcome, lang: Language) -> str:
    """Return the first sentence of a report."""
    file = plain(report.file)
    if not report.outcome.checked:
        return word("empty" if report.outcome.engine else "unread", lang, file=file)
    key = "fails" if not report.conforms else "conforms-with" if report.outcome.findings else "conforms"
    return word(key, lang, file=file, checked=scope(report, lang), counts=counts(report, lang))


def made_for(report: JudgedOutcome, lang: Language) -> str:
    """Return which version the submission was made for, and how that is known; nothing if it could not be read."""
    outcome = report.outcome
    if not outcome.made_for:
        return ""
    source = entry("report", "version-sources")[outcome.made_for_source][lang]
    return word("made-for", lang, version=plain(outcome.made_for), source=source)


def engine(report: JudgedOutcome) -> Mapping[str, str]:
    """Return what ran the checks, in words by language; nothing where nothing did."""
    name = report.outcome.engine or ""
    found: Mapping[str, str] = entry("report", "engines").get(name, dict.fromkeys(LANGUAGES, name))
    return found if name else {}


def read_as(report: JudgedOutcome, lang: Language) -> str:
    """Return what each sheet or list was read as; nothing where it goes without saying: one table of actions."""
    sheets = report.outcome.sheets
    texts, tables = entry("report", "read-sheet"), entry("report", "tables")
    if len(sheets) == 1 and sheets[0]["class"] == "Action" and sheets[0]["name"] in _PLAIN:
        return ""
    said = [
        texts["unnamed" if sheet["name"] in (None, "") else "list" if sheet["header_row"] is None else "named"][
            lang
        ].format(
            name=plain(sheet["name"] or ""),
            table=tables[sheet["class"]][lang],
            rows=counted("row" if sheet["header_row"] else "object", sheet["rows"], lang),
        )
        for sheet in sheets
    ]
    return word("read-as", lang, sheets=", ".join(said)) if said else ""


def judged_by(report: JudgedOutcome, lang: Language, *, most: int = 6) -> str:
    """Return which profile was used and what it changed, naming at most so many codes; nothing without one."""
    profile = report.profile
    if profile is None:
        return ""
    texts, severities = entry("report", "profile"), entry("report", "severity")
    levels = {"off": texts["off"], **{name: forms["one"] for name, forms in severities.items()}}
    changes = [
        texts["change"][lang].format(code=plain(code), number=number(many, lang), level=levels[level][lang])
        for code, _, level, many in profile.changed
    ]
    if (more := len(changes) - most) > 0:
        changes[most:] = [texts["more"][lang].format(number=number(more, lang))]
    key = "changed" if changes else "used"
    said: str = texts[key][lang]
    return said.format(title=plain(profile.title[lang]), name=plain(profile.name), changes=", ".join(changes))


def place(location: Location, lang: Language, *, brief: bool = False) -> str:
    """Return where a finding is, as short as it can be said; a brief one leaves the pointer out after a line.

    >>> from bicentennial.core.findings import Location
    >>> place(Location(sheet="actions", row=3, column="D"), "en"), place(Location(line=7, pointer="/actions/0"), "es")
    ('actions!D3', 'línea 7 /actions/0')
    """
    sheet = f"{plain(location.sheet)}!" if location.sheet else ""
    if location.cell:
        return sheet + location.cell
    if location.row:
        return sheet + word("row", lang, row=location.row)
    if location.line:
        line = word("line", lang, line=location.line)
        return f"{line} {plain(location.pointer)}" if location.pointer and not brief else line
    if location.pointer is not None:
        return plain(location.pointer) or "/"
    return plain(location.sheet) if location.sheet else word("whole-file", lang)


def suggestion(finding: Finding, lang: Language) -> str:
    """Return the suggestions of a finding as a question, where a value is missing as a choice, or nothing.

    >>> from bicentennial.core.findings import Finding
    >>> suggestion(Finding("x", "info", {}, value="SSCP", suggestions=("SSPC", "SHCP")), "en")
    'Did you mean: SSPC, SHCP?'
    """
    key = "suggestion" if is_guess(finding) else "choice"
    suggested = finding.suggestions_in(lang)
    return word(key, lang, values=", ".join(map(plain, suggested))) if suggested else ""


def is_guess(finding: Finding) -> bool:
    """Whether its suggestions are what may have been meant, and not all that there is to choose from."""
    return finding.constraint != "MinCountConstraintComponent"


def guess(finding: Finding, lang: Language, *, most: int = 2) -> str:
    """Return an arrow and the likeliest suggestions in short, or nothing.

    >>> from bicentennial.core.findings import Finding
    >>> found = Finding("x", "info", {}, value="SSCP", suggestions=("SSPC", "SHCP", "SRE"))
    >>> guess(found, "en"), guess(found, "es")
    ('→ SSPC, SHCP?', '→ ¿SSPC, SHCP?')
    """
    suggested = finding.suggestions_in(lang)
    if not suggested or not is_guess(finding):
        return ""
    return word("guess", lang, values=", ".join(map(plain, suggested[:most])))
