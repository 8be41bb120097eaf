"""An argument parser that speaks English and Spanish, raises instead of exiting, and knows `--lang`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol

from bicentennial.core.errors import UsageError
from bicentennial.core.messages import LANGUAGES, entry, environment_language, render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["COMMANDS", "Commands", "Parser", "add_command", "add_output", "input_formats", "language_of"]

COMMANDS: Final = (
    "validate",
    "shacl",
    "explain",
    "template",
    "mapping",
    "convert",
    "export",
    "query",
    "show",
    "sources",
    "examples",
    "registry",
    "serve",
    "version",
)
"""The commands, in the order in which the help lists them."""

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
        if (value != argument or argument == "--lang") and value in LANGUAGES:
            return value
    return environment_language(environment)


def _usage_error(key: str, *, prog: str = "", **words: object) -> UsageError:
    """Return the error of `[cli.wrong]` for wrong usage; `prog` is the command whose help says more."""
    text = render(entry("cli", "wrong")[key], **words)
    if prog:
        more = render(entry("cli", "see-help"), prog=prog)
        text = {language: f"{_ended(text[language])} {more[language]}" for language in LANGUAGES}
    return UsageError(text)


def _did_you_mean(word: str, known: Iterable[str]) -> dict[str, str]:
    """Return how a sentence ends: “; did you mean …?” in each language for the nearest of the known words, or a dot.

    >>> _did_you_mean("validat", ["validate", "version"])["en"], _did_you_mean("x", ["validate"])["en"]
    ('; did you mean validate?', '.')
    """
    from bicentennial.core.similar import similar

    near = similar(word, known, limit=1)
    return render(entry("cli", "wrong")["near"], word=near[0]) if near else dict.fromkeys(LANGUAGES, ".")


def _ended(text: str) -> str:
    return text if text.endswith(("?", ".")) else f"{text}."


class _Formatter(argparse.HelpFormatter):
    """Help in lines of a steady width, with the word for “usage” in the language of the parser."""

    def __init__(self, prog: str, *, usage: str) -> None:
        super().__init__(prog, max_help_position=28, width=_WIDTH)
        self._usage_word = usage

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, f"{self._usage_word}: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser whose help and errors are in one of our languages; `lang` says in which.

    `words` returns what the placeholders of the description stand for; it is asked only when help is shown.
    """

    def __init__(self, *, lang: str, words: Callable[[], Mapping[str, str]] | None = None, **options: Any) -> None:
        self.lang = lang
        self.words = words
        usage = entry("cli", "usage")[lang]
        super().__init__(
            **{
                "add_help": False,
                "allow_abbrev": False,
                "exit_on_error": False,
                "conflict_handler": "resolve",
                "formatter_class": lambda prog: _Formatter(prog, usage=usage),
                **options,
            }
        )
        self._positionals.title = entry("cli", "arguments")[lang]
        self._optionals.title = entry("cli", "options")[lang]
        self.add_argument("-h", "--help", action="help", help=entry("cli", "help")[lang])
        self.add_argument("--lang", choices=LANGUAGES, default=lang, help=entry("cli", "lang")[lang])

    def format_help(self) -> str:
        """Return the help, its description filled in."""
        if self.words is not None and self.description:
            self.description = self.description.format(**self.words())
            self.words = None
        return super().format_help()

    def options(self) -> list[str]:
        """Return the options as they are written."""
        return [name for action in self._actions for name in action.option_strings]

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        # Before argparse would say so in English.
        if action.choices is not None and value not in action.choices:
            words = {
                "given": value,
                "known": ", ".join(action.choices),
                "near": _did_you_mean(str(value), action.choices),
            }
            if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - there is no public name for it
                words |= {"known": ", ".join(COMMANDS), "near": _did_you_mean(str(value), COMMANDS)}
                raise _usage_error("command", prog=self.prog, **words)
            raise _usage_error("choice", prog=self.prog, name=_name(action), **words)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse the arguments.

        Raises:
            UsageError: one is unknown, missing or makes no sense.
        """
        found, unknown = self.parse_known_args(args, namespace)
        if unknown:
            asked = self._asked(found)
            wrong = next((each for each in unknown if each.startswith("-")), unknown[0])
            option = wrong.partition("=")[0]
            raise _usage_error("unknown", prog=asked.prog, given=wrong, near=_did_you_mean(option, asked.options()))
        return found

    def _asked(self, found: argparse.Namespace) -> Parser:
        """Return the parser of the command that was given, this one if there was none."""
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - see above
                parser = action.choices.get(getattr(found, "command", None) or "")
                if isinstance(parser, Parser):
                    return parser
        return self

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse what is known; what argparse finds wrong becomes an error of ours."""
        try:
            return super().parse_known_args(args, namespace)
        except argparse.ArgumentError as error:
            if error.argument_name is None:
                self.error(error.message)
            action = next((each for each in self._actions if _name(each) == error.argument_name), None)
            key = "no-value" if action is not None and action.nargs == 0 else "value"
            raise _usage_error(key, prog=self.prog, name=error.argument_name) from None

    def error(self, message: str) -> NoReturn:
        """Raise an error of ours for what argparse says of all arguments together: which are missing."""
        names = message.partition(": ")[2]
        raise _usage_error("missing" if names else "other", prog=self.prog, names=names, reason=message)


def _name(action: argparse.Action) -> str:
    return "/".join(action.option_strings) or str(action.metavar or action.dest)


class Commands(Protocol):
    """What a command's `register` gets: where to add its parser, and the language of its help."""

    lang: str

    def add_parser(self, name: str, *, help: str, description: str, **options: Any) -> Parser:  # noqa: A002
        """Add the parser of a command."""
        ...


def add_command(commands: Commands, name: str, words: Callable[[], Mapping[str, str]] | None = None) -> Parser:
    """Add the parser of a command, its summary and description from the entry `[cli.<name>]` of the catalogue."""
    texts = entry("cli", name)
    return commands.add_parser(
        name,
        help=texts["summary"][commands.lang],
        description=texts.get("description", texts["summary"])[commands.lang],
        words=words,
    )


def add_output(parser: Parser, formats: Iterable[str], help_format: str, help_output: str) -> None:
    """Add `-f/--format` and `-o/--output` to a command."""
    parser.add_argument("-f", "--format", choices=tuple(formats), help=help_format)
    parser.add_argument("-o", "--output", metavar=entry("cli", "path")[parser.lang], help=help_output)


def input_formats() -> dict[str, str]:
    """Return the names of the formats that are read, for help."""
    from bicentennial.formats.registry import TITLES

    return {"formats": ", ".join(TITLES.values())}
