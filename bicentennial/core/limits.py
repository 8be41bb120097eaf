"""How large, deep or long a submission may be before reading it stops.

Every limit has a name, and the error that a limit causes gives it, so that a user who trusts a file can raise it.

>>> Limits(rows=10).check("rows", 10)
>>> try:
...     Limits(rows=10).check("rows", 11)
... except LimitReachedError as error:
...     error.setting, str(error)[:64]
('rows', 'The file holds more rows than are read: 11, and the limit is 10.')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from bicentennial.core.errors import LimitReachedError, UsageError
from bicentennial.core.messages import LANGUAGES, entry, render
from bicentennial.core.startup.records import fields, record

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEFAULT", "Limits"]


@record(frozen=True, kw_only=True)
class Limits:
    """What reading a file may take; the names of the fields are the names of the settings.

    `bicentennial.limits.Limits` says what each is, and has those of workers and queries besides.
    """

    file_bytes: int = 200_000_000
    statements: int = 50_000_000
    rows: int = 2_000_000
    columns: int = 500
    cell_characters: int = 32_767
    literal_characters: int = 1_000_000
    iri_characters: int = 2_048
    depth: int = 64
    prefixes: int = 100
    digits: int = 38
    unpacked_bytes: int = 1_000_000_000
    unpacked_ratio: int = 200
    merged_cells: int = 10_000
    grid_cells: int = 40_000_000
    findings: int = 1_000

    @classmethod
    def of(cls, settings: Mapping[str, int]) -> Self:
        """Return the limits with some of them set by name.

        Raises:
            UsageError: there is no such limit, or a value makes no sense.

        >>> Limits.of({"rows": 10}).rows
        10
        """
        known = [each.name for each in fields(cls)]
        for name, value in settings.items():
            if name not in known or isinstance(value, bool) or not isinstance(value, int) or value <= 0:
                text = render(entry("cli", "no-such-limit"), name=name, value=value, known=", ".join(known))
                raise UsageError(text)
        return cls(**settings)

    def check(
        self, setting: str, found: int, place: str = "", *, row: int | None = None, line: int | None = None
    ) -> None:
        """Do nothing while `found` keeps the limit that is named.

        Args:
            setting: the name of the limit.
            found: what was counted or measured.
            place: where, by a name that the file gives, such as that of a sheet.
            row: in which row.
            line: in which line.

        Raises:
            LimitReachedError: the limit is exceeded.
        """
        allowed: int = getattr(self, setting)
        if found > allowed:
            raise reached(setting, found=found, allowed=allowed, place=place, row=row, line=line)


def reached(
    setting: str,
    *,
    found: object,
    allowed: object,
    place: str = "",
    row: int | None = None,
    line: int | None = None,
) -> LimitReachedError:
    """Return the error for a limit, for readers that notice by themselves that it is exceeded.

    >>> print(reached("columns", found=20, allowed=10, place="Hoja1", row=7).text["es"].partition(".")[0])
    El archivo tiene más columnas de las que se leen: 20, y el límite es 10 (Hoja1, fila 7)
    """
    texts = entry("intake", "limit-reached")
    counted = [(texts["places"][kind], number) for kind, number in (("row", row), ("line", line)) if number is not None]
    places = {
        language: ", ".join([*([place] if place else []), *(each[language].format(number=n) for each, n in counted)])
        for language in LANGUAGES
    }
    text = render(
        texts["message"],
        what=texts["settings"][setting],
        found=f"{found:,}" if isinstance(found, int) else found,
        allowed=f"{allowed:,}" if isinstance(allowed, int) else allowed,
        setting=setting,
        place={language: f" ({each})" if each else "" for language, each in places.items()},
    )
    return LimitReachedError(text, setting=setting)


DEFAULT: Final = Limits()
"""The limits that hold unless others are given."""
