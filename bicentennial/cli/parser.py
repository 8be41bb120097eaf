"""An argument parser that speaks English and Spanish, raises instead of exiting, and knows `--lang`."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol

from bicentennial.core.errors import UsageError
from bicentennial.core.messages import LANGUAGES, entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Commands", "Parser", "add_command", "language_of"]

_WIDTH: Final = 100


def language_of(argv: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the language to speak: that of `--lang`, else that of the environment, else English.

    >>> language_of(["show", "--lang", "es"], {}), language_of([], {"LANG": "es_MX.UTF-8"}), language_of([], {})
    ('es', 'es', 'en')
    """
    for position, argument in enumerate(argv):
        value = argument.removeprefix("--lang=")
        if argument == "--lang":
            value = argv[position + 1] if position + 1 < len(argv) else ""
        if value in LANGUAGES and (value != argument or argument == "--lang"):
            return value
    spoken = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "es" if spoken.lower().startswith("es") else "en"


class _Formatter(argparse.HelpFormatter):
    """Help in lines of a steady width, with the word for “usage” in the language of the parser."""

    def __init__(self, prog: str, *, usage: str) -> None:
        super().__init__(prog, max_help_position=28, width=_WIDTH)
        self._usage_word = usage

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, f"{self._usage_word}: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser whose help and errors are in one of our languages; `lang` says in which."""

    def __init__(self, *, lang: str, **options: Any) -> None:
        self.lang = lang
        usage = entry("cli", "usage")[lang]
        super().__init__(
            **{
                "add_help": False,
                "allow_abbrev": False,
                "conflict_handler": "resolve",
                "formatter_class": lambda prog: _Formatter(prog, usage=usage),
                **options,
            }
        )
        self._positionals.title = entry("cli", "arguments")[lang]
        self._optionals.title = entry("cli", "options")[lang]
        self.add_argument("-h", "--help", action="help", help=entry("cli", "help")[lang])
        self.add_argument("--lang", choices=LANGUAGES, default=lang, help=entry("cli", "lang")[lang])

    def error(self, message: str) -> NoReturn:
        """Raise what argparse has to say as an error of ours, in the parser's language too."""
        spanish = message
        for pattern in entry("cli", "argparse").values():
            spanish = re.sub(pattern["en"], pattern["es"], spanish)
        hint = {language: entry("cli", "see-help")[language].format(prog=self.prog) for language in LANGUAGES}
        raise UsageError(f"{message}. {hint['en']}", f"{spanish}. {hint['es']}")


class Commands(Protocol):
    """What a command's `register` gets: where to add its parser, and the language of its help."""

    lang: str

    def add_parser(self, name: str, *, help: str, description: str) -> Parser:  # noqa: A002
        """Add the parser of a command."""
        ...


def add_command(commands: Commands, name: str) -> Parser:
    """Add the parser of a command, its summary and description from the entry `[cli.<name>]` of the catalogue."""
    texts = entry("cli", name)
    return commands.add_parser(
        name,
        help=texts["summary"][commands.lang],
        description=texts.get("description", texts["summary"])[commands.lang],
    )
