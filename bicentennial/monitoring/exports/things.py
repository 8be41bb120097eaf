"""What is current in a registry as things with values, for formats that are written thing by thing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bicentennial.core.messages import LANGUAGES
from bicentennial.monitoring.questions.comparing import long, readable
from bicentennial.monitoring.store.dates import FOREVER, moment
from bicentennial.monitoring.store.facts import parsed
from bicentennial.monitoring.store.submissions import current
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bicentennial.monitoring.store.database import Database
    from bicentennial.monitoring.store.submissions import Submission

__all__ = ["Held", "Thing", "held", "own"]


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of a dataset: its name, its kind, and its values by property, in the order of its record."""

    name: str
    kind: str
    values: dict[str, list[tuple[str, str | None]]]

    def all(self, prop: str) -> list[str]:
        """Return the values of a property."""
        return [value for value, _ in self.values.get(prop, ())]

    def one(self, prop: str) -> str | None:
        """Return the first value of a property."""
        return next(iter(self.all(prop)), None)

    def texts(self, prop: str) -> dict[str, str]:
        """Return the values of a property by language, in both languages first; `""` where none is stated."""
        found = {(kind or "").removeprefix("@") if (kind or "").startswith("@") else "": value
                 for value, kind in self.values.get(prop, ())}  # fmt: skip
        ordered = [*(language for language in LANGUAGES if language in found), *sorted(set(found) - set(LANGUAGES))]
        return {language: found[language] for language in ordered}

    def text(self, prop: str, lang: str) -> str | None:
        """Return a value of a property in a language, or else in any."""
        texts = self.texts(prop)
        return texts.get(lang) or next(iter(texts.values()), None)

    @property
    def code(self) -> str:
        """The identifier, or what stands in for it."""
        return self.one("dcterms:identifier") or readable(self.name.rpartition("/")[2])


@dataclass(slots=True)
class Held:
    """The current submission of a dataset and its things by name."""

    submission: Submission
    things: dict[str, Thing] = field(default_factory=dict)
    _pointing: dict[tuple[str, str], dict[str, list[Thing]]] = field(default_factory=dict)

    def of_kind(self, kind: str) -> Iterator[Thing]:
        """Yield the things of a kind."""
        return (each for each in self.things.values() if each.kind == kind)

    def pointing(self, kind: str, prop: str, name: str) -> Sequence[Thing]:
        """Return the things of a kind whose property names another."""
        if (kind, prop) not in self._pointing:  # asked for each of thousands of things
            found = self._pointing[kind, prop] = defaultdict(list)
            for each in self.of_kind(kind):
                for pointed in dict.fromkeys(each.all(prop)):
                    found[pointed].append(each)
        return self._pointing[kind, prop].get(name, ())

    def label(self, name: str, lang: str) -> str:
        """Return what a thing is called: one of ours, one of this dataset, or else its name."""
        if name.startswith("bicd:"):
            return default_index().label(long(name), lang)
        thing = self.things.get(name)
        return (thing.text("skos:prefLabel", lang) if thing else None) or name


def held(database: Database) -> Iterator[Held]:
    """Yield what is current, dataset by dataset, but for things whose content was redacted."""
    for submission in current(database, known=moment(FOREVER)):
        one = Held(submission)
        rows = database.all(
            "SELECT u.name, r.kind, r.body FROM member m JOIN subject u ON u.id = m.subject"
            " JOIN record r ON r.id = m.record WHERE m.submission = ? AND r.body <> '' ORDER BY u.name",
            [submission.id],
        )
        for name, kind, body in rows:
            values: dict[str, list[tuple[str, str | None]]] = {}
            for each in parsed(body):
                values.setdefault(each.property, []).append((each.value, each.kind))
            one.things[name] = Thing(name, kind, values)
        yield one


def own(name: str) -> str | None:
    """Return the local name of a thing of the Framework, or None of any other."""
    return name.removeprefix("bicd:") if name.startswith("bicd:") else None
