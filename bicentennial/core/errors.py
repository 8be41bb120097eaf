"""Every error that the library raises on purpose.

    BicentennialError
    ├── UsageError (also ValueError)           an argument, option or combination that makes no sense; exit code 2
    │   ├── QueryError                          a SPARQL query that is wrong or not allowed
    │   │   └── AmbiguousNameError              a name that fits several things; lists them
    │   ├── UnknownNameError (also KeyError)    a name that is neither an identifier nor a label; carries suggestions
    │   └── ShapesError                         SHACL shapes that no engine may answer
    │       └── UnsupportedShapeError           a construct that the chosen engine does not cover
    ├── InputError                              something given to us that cannot be read; exit code 3
    │   ├── InputNotFoundError                  no such file
    │   ├── UnreadableInputError                broken, or of no format that we read
    │   └── LimitReachedError                   larger, deeper or slower than a limit allows; names the setting
    ├── OutputError                             the result cannot be written; exit code 3
    │   └── DatabaseError                       a registry's database is read-only, damaged or away
    │       └── DiskFullError                   there is no room for what should be kept
    ├── ConflictError                           another writer was first; exit code 4
    └── WorkerLostError (also RuntimeError)     the process that does the work was ended from outside; exit code 70

Each carries its message in every language of the catalogue, from which its sentence comes: none is typed in code.

>>> print(LimitReachedError(sentence("error", "seconds", limit=30), setting="seconds"))
this took longer than 30 seconds and was stopped; the setting is 'seconds'

>>> error = UnknownNameError("OFACC", suggestions=("OFAC",))
>>> print(error)
nothing here is called “OFACC”; did you mean OFAC?
>>> print(error.text["es"])
nada se llama aquí «OFACC»; ¿quiso decir OFAC?
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from bicentennial.core.messages import LANGUAGES, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "AmbiguousNameError",
    "BicentennialError",
    "ConflictError",
    "DatabaseError",
    "DiskFullError",
    "InputError",
    "InputNotFoundError",
    "LimitReachedError",
    "OutputError",
    "QueryError",
    "ShapesError",
    "UnknownNameError",
    "UnreadableInputError",
    "UnsupportedShapeError",
    "UsageError",
    "WorkerLostError",
]


class BicentennialError(Exception):
    """The root of the errors that the library raises on purpose.

    `text` holds the message by language (`en`, `es`); `str()` is the English one. `exit_code` is what the
    command line ends with.

    Args:
        text: the message by language, see `bicentennial.core.messages.sentence`.
    """

    exit_code: ClassVar[int] = 70

    def __init__(self, text: Mapping[str, str]) -> None:
        super().__init__(text["en"])
        self.text: Mapping[str, str] = dict(text)

    def __str__(self) -> str:
        return self.text["en"]


class UsageError(BicentennialError, ValueError):
    """An argument, an option or a combination of them that makes no sense."""

    exit_code = 2


class QueryError(UsageError):
    """A SPARQL query that is wrong, or that asks for what is not allowed (updates, SERVICE, remote graphs)."""


class AmbiguousNameError(QueryError):
    """A name that fits several things; `candidates` describe them by language, each with the id that tells it apart."""

    def __init__(self, text: Mapping[str, str], *, name: str, candidates: Mapping[str, Sequence[str]]) -> None:
        super().__init__(text)
        self.name = name
        self.candidates = candidates


class ShapesError(UsageError):
    """SHACL shapes that no engine may answer: ill-formed, recursive, with misspelt terms, or a failure as SHACL says.

    `construct` names what is wrong, in English; `shape` is the IRI or label of the shape, if it is known.
    """

    def __init__(self, text: Mapping[str, str], *, construct: str = "", shape: str | None = None) -> None:
        super().__init__(text)
        self.construct = construct or text["en"]
        self.shape = shape


class UnsupportedShapeError(ShapesError):
    """A SHACL construct that the chosen engine does not cover; `construct` names it.

    Args:
        key: how the section `[unsupported]` of the catalogue names the construct.
        shape: the IRI or label of the shape, if it is known.
        words: what fills the placeholders of the name.
    """

    def __init__(self, key: str, /, *, shape: str | None = None, **words: object) -> None:
        named = sentence("unsupported", key, **words)
        super().__init__(sentence("error", "unsupported", construct=named), construct=named["en"], shape=shape)


class UnknownNameError(UsageError, KeyError):
    """A name that is neither an identifier nor a label of anything we know.

    `name` is what was asked for, `suggestions` the nearest known names.

    Args:
        name: what was asked for.
        suggestions: the nearest known names, or those of each language where they differ.
    """

    def __init__(self, name: str, suggestions: Sequence[str] | Mapping[str, Sequence[str]] = ()) -> None:
        self.name = name
        given: Mapping[str, Sequence[str]] = (
            suggestions if isinstance(suggestions, Mapping) else dict.fromkeys(LANGUAGES, suggestions)
        )
        self.suggestions = tuple(given["en"])
        names = {language: ", ".join(each) for language, each in given.items()}
        hint = sentence("error", "did-you-mean", names=names)
        hints = {language: text if names[language] else "" for language, text in hint.items()}
        super().__init__(sentence("error", "unknown-name", name=name, hint=hints))


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

    def __init__(self, text: Mapping[str, str], *, line: int | None = None) -> None:
        super().__init__(text)
        self.line = line


class LimitReachedError(InputError):
    """The content is larger, deeper or slower to read than a limit allows; `setting` names the limit."""

    code = "limit-reached"

    def __init__(self, text: Mapping[str, str], *, setting: str) -> None:
        super().__init__(text)
        self.setting = setting


class OutputError(BicentennialError):
    """A result that cannot be written where it should go."""

    exit_code = 3


class DatabaseError(OutputError):
    """A registry's database is full, read-only, damaged or away; nothing was changed."""


class DiskFullError(DatabaseError):
    """There is no room left for what should be kept in a registry; nothing was changed."""


class ConflictError(BicentennialError):
    """Another writer was first, and trying again did not help; nothing was changed."""

    exit_code = 4


class WorkerLostError(BicentennialError, RuntimeError):
    """The process that did the work was ended from outside before it was done; the same call can be made again."""

    def __init__(self) -> None:
        super().__init__(sentence("error", "worker-lost"))
