"""What a conversion could not carry over: named, never passed over in silence.

>>> losses = Losses()
>>> losses.note("no-column", "skos:scopeNote", property="skos:scopeNote")
>>> losses.note("no-column", "skos:scopeNote", property="skos:scopeNote")
>>> [(loss.code, loss.message["en"]) for loss in losses]
[('no-column', 'skos:scopeNote: no column for it (2)')]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.messages import entry, render

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bicentennial.core.findings import Finding

__all__ = ["Loss", "Losses"]

# What reading says of values that it has read as they are: nothing is lost by it.
_REMARKS: Final = frozenset(
    {
        *("encoding-assumed", "format-differs", "value-ambiguous", "header-missing", "text-garbled", "number-long"),
        *("sheet-hidden", "rows-hidden", "columns-hidden", "year-as-date", "invisible-characters", "lines-quoted"),
        *("percentage-shown", "unit-shown", "unit-stated", "currency-shown", "amount-other-currency"),
        *("header-other-currency", "property-other", "namespace-differs", "language-other", "iri-hidden-character"),
        *("declared-by-mapping", "declared-by-mapping-more", "declare-without-column", "mapping-passed-over"),
        *("sheet-repeated", "value-spans-rows", "version-unknown", "iati-version", "iati-period-open"),
        *("iati-goals-suggested", "iati-nobody-responsible", "iati-sector-unaligned"),
    }
)
_LONG: Final = 60


@dataclass(frozen=True, slots=True)
class Loss:
    """One kind of thing that was not carried over, or not exactly.

    `code` names the kind, `count` says how often, `message` says it by language, with an example.
    """

    code: str
    count: int
    message: Mapping[str, str]


class Losses:
    """Losses counted by what they are about; iterating gives each once, in the order in which they turned up."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._words: dict[tuple[str, str], dict[str, Any]] = {}
        self._findings: list[Loss] = []

    def note(self, code: str, about: str = "", *, count: int = 1, **words: Any) -> None:
        """Count a loss; `words` fill the sentence of its code and are those of the first one about the same."""
        key = (code, about)
        self._counts[key] = self._counts.get(key, 0) + count
        self._words.setdefault(key, {name: _short(word) for name, word in words.items()})

    def add(self, findings: Iterable[Finding]) -> None:
        """Add what reading the input found, as far as it is about something that was not read."""
        self._findings += [
            Loss(finding.code, 1, finding.message) for finding in findings if finding.code not in _REMARKS
        ]

    def __iter__(self) -> Iterator[Loss]:
        yield from self._findings
        for (code, about), count in self._counts.items():
            text = render(entry("exchange", "loss")[code], count=count, **self._words[code, about])
            yield Loss(code, count, text)


def _short(word: Any) -> Any:
    from bicentennial.core.problems import excerpt

    if isinstance(word, dict):
        return word
    text = excerpt(word)
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
