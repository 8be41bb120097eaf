"""Every error that the library raises on purpose.

    BicentennialError
    ├── UsageError (also ValueError)           an argument, option or combination that makes no sense; exit code 2
    │   ├── QueryError                          a SPARQL query that is wrong or not allowed
    │   └── UnknownNameError (also KeyError)    a name that is neither an identifier nor a label; carries suggestions
    ├── InputError                              something given to us that cannot be read; exit code 3
    │   ├── InputNotFoundError                  no such file
    │   ├── UnreadableInputError                broken, or of no format that we read
    │   └── LimitReachedError                   larger, deeper or slower than a limit allows; names the setting
    ├── OutputError                             the result cannot be written; exit code 3
    └── UnsupportedShapeError                   a SHACL construct that the compiled engine does not cover

Each carries its message in English and Spanish.

>>> error = UnknownNameError("OFACC", suggestions=("OFAC",))
>>> print(error)
nothing here is called 'OFACC'; did you mean OFAC?
>>> print(error.text["es"])
nada se llama aquí 'OFACC'; ¿quiso decir OFAC?
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "BicentennialError",
    "InputError",
    "InputNotFoundError",
    "LimitReachedError",
    "OutputError",
    "QueryError",
    "UnknownNameError",
    "UnreadableInputError",
    "UnsupportedShapeError",
    "UsageError",
]


class BicentennialError(Exception):
    """The root of the errors that the library raises on purpose.

    `text` holds the message by language (`en`, `es`); `str()` is the English one. `exit_code` is what the
    command line ends with.
    """

    exit_code: ClassVar[int] = 70

    def __init__(self, en: str, es: str) -> None:
        super().__init__(en)
        self.text: Mapping[str, str] = {"en": en, "es": es}

    def __str__(self) -> str:
        return self.text["en"]


class UsageError(BicentennialError, ValueError):
    """An argument, an option or a combination of them that makes no sense."""

    exit_code = 2


class QueryError(UsageError):
    """A SPARQL query that is wrong, or that asks for what is not allowed (updates, SERVICE, remote graphs)."""


class UnknownNameError(UsageError, KeyError):
    """A name that is neither an identifier nor a label of anything we know.

    `name` is what was asked for, `suggestions` the nearest known names.
    """

    def __init__(self, name: str, suggestions: Sequence[str] = ()) -> None:
        self.name = name
        self.suggestions = tuple(suggestions)
        hint = ", ".join(self.suggestions)
        super().__init__(
            f"nothing here is called {name!r}" + (f"; did you mean {hint}?" if hint else ""),
            f"nada se llama aquí {name!r}" + (f"; ¿quiso decir {hint}?" if hint else ""),
        )


class InputError(BicentennialError):
    """Something given to us that cannot be read; `code` is that of the finding that says so."""

    exit_code = 3
    code: ClassVar[str] = "input-unreadable"


class InputNotFoundError(InputError):
    """There is no such file, or it is not a file."""

    code = "input-not-found"


class UnreadableInputError(InputError):
    """The content is broken, or of no format that the library reads.

    `line` is the line where reading stopped, if that is known.
    """

    def __init__(self, en: str, es: str, *, line: int | None = None) -> None:
        super().__init__(en, es)
        self.line = line


class LimitReachedError(InputError):
    """The content is larger, deeper or slower to read than a limit allows; `setting` names the limit."""

    code = "limit-reached"

    def __init__(self, en: str, es: str, *, setting: str) -> None:
        super().__init__(en, es)
        self.setting = setting


class OutputError(BicentennialError):
    """A result that cannot be written where it should go."""

    exit_code = 3


class UnsupportedShapeError(BicentennialError):
    """A SHACL construct that the compiled engine does not cover, though asked for by name; `construct` names it."""

    exit_code = 2

    def __init__(self, construct: str) -> None:
        self.construct = construct
        super().__init__(
            f"the compiled engine does not cover {construct}; use engine='pyshacl' or engine='auto'",
            f"el motor compilado no cubre {construct}; use engine='pyshacl' o engine='auto'",
        )
