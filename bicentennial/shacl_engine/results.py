"""What an engine returns: results as the SHACL recommendation names their parts, with terms as they were written.

>>> focus = Term("https://example.org/action-1")
>>> value = Term("maybe", LITERAL, XSD.boolean)
>>> result = Result(focus, "urn:flag", value, SH.DatatypeConstraintComponent, "urn:shape")
>>> result.constraint, str(result.value)
('DatatypeConstraintComponent', '"maybe"^^<http://www.w3.org/2001/XMLSchema#boolean>')
>>> result == Result(focus, "urn:flag", value, SH.DatatypeConstraintComponent, "urn:shape", templates=(("en", "No"),))
True
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import SH, XSD, local_name
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.patterns import lazy
from bicentennial.core.startup.records import field, record
from bicentennial.storage.layout import BLANK, IRI, LITERAL

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping
    from typing import Self

__all__ = ["BLANK", "IRI", "LITERAL", "Result", "Term", "filled", "kind_of", "sort_key"]

# As N-Triples writes literals.
_ESCAPES: Final = {code: f"\\u{code:04X}" for code in (*range(32), 127)} | {
    ord(character): f"\\{name}" for character, name in zip('\t\b\n\r\f"\\', 'tbnrf"\\', strict=True)
}
_VARIABLE: Final = lazy(r"\{[?$](\w+)\}")


class Term(NamedTuple):
    """A term of RDF: `lexical` as it was written (a blank node begins with `_:`), `kind` as in a `Dataset`.

    >>> from bicentennial.core.namespaces import RDF
    >>> str(Term("meta", LITERAL, RDF.langString, "es")), str(Term("_:b0", BLANK)), str(Term("urn:a"))
    ('"meta"@es', '_:b0', '<urn:a>')
    """

    lexical: str
    kind: int = IRI
    datatype: str = ""
    language: str = ""

    @classmethod
    def decode(cls, key: str) -> Self:
        r"""Return the term that a key of the compiled engine stands for.

        A key is the IRI or the blank node itself, or a literal as `"datatype"language"lexical form`.

        >>> Term.decode('"http://www.w3.org/2001/XMLSchema#integer""07')
        Term(lexical='07', kind=2, datatype='http://www.w3.org/2001/XMLSchema#integer', language='')
        """
        if key.startswith('"'):
            _, datatype, language, lexical = key.split('"', 3)
            return cls(lexical, LITERAL, datatype, language)
        return cls(key, BLANK if key.startswith("_:") else IRI)

    @property
    def key(self) -> str:
        """The key of the term, from which `decode` makes it again."""
        return f'"{self.datatype}"{self.language}"{self.lexical}' if self.kind == LITERAL else self.lexical

    def __str__(self) -> str:
        if self.kind != LITERAL:
            return f"<{self.lexical}>" if self.kind == IRI else self.lexical
        text = f'"{self.lexical.translate(_ESCAPES)}"'
        if self.language:
            return f"{text}@{self.language}"
        return text if self.datatype == XSD.string else f"{text}^^<{self.datatype}>"


@record(frozen=True)
class Result:
    """One validation result.

    `path` is the IRI of the property, or a complex path as SPARQL writes it; None for a constraint on the focus
    node itself. `component`, `shape` and `severity` are IRIs; a shape without a name is a blank node (`_:…`).
    `templates` holds the messages of the shape as pairs of language and text, `bindings` the variables of a SPARQL
    constraint, `source` the key of its node, and `of` the class that makes the focus node a target of the shape; none
    of them takes part in comparisons.
    """

    focus: Term
    path: str | None
    value: Term | None
    component: str
    shape: str
    severity: str = SH.Violation
    templates: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    bindings: tuple[tuple[str, Term], ...] = field(default=(), compare=False)
    source: str | None = field(default=None, compare=False)
    of: str = field(default="", compare=False)

    @property
    def messages(self) -> tuple[tuple[str, str], ...]:
        """The messages as pairs of language and text, with the variables of a SPARQL constraint filled in."""
        if self.component.startswith(str(SH)) and self.kind != "SPARQL":
            return self.templates  # exactly as the shape has them, says section 2.1.5
        terms = {"this": self.focus, **dict(self.bindings)}
        if self.value is not None:
            terms.setdefault("value", self.value)
        return filled(self.templates, terms)

    @property
    def constraint(self) -> str:
        """The local name of the constraint component, such as `MinCountConstraintComponent`."""
        return local_name(self.component)

    @property
    def kind(self) -> str:
        """The local name of the constraint component without its ending, such as `MinCount`."""
        return kind_of(self.component)


@lru_cache(maxsize=256)
def kind_of(component: str) -> str:
    """Return the local name of a constraint component without its ending, such as `MinCount`.

    >>> kind_of(SH.MinCountConstraintComponent)
    'MinCount'
    """
    return local_name(component).removesuffix("ConstraintComponent")


def sort_key(result: Result) -> tuple[str, ...]:
    """Return what results are sorted by: focus, path, component, value, shape."""
    value = result.value.key if result.value else ""
    return (result.focus.key, result.path or "", result.component, value, result.shape, result.severity)


def filled(messages: tuple[tuple[str, str], ...], terms: Mapping[str, Term]) -> tuple[tuple[str, str], ...]:
    """Return messages with `{?name}` and `{$name}` replaced by the lexical form of a term; the unknown stay.

    >>> filled((("en", "{$this} ends on {?value}, not {?other}"),), {"this": Term("urn:a"), "value": Term("urn:b")})
    (('en', 'urn:a ends on urn:b, not {?other}'),)
    """

    def text(match: re.Match[str]) -> str:
        return terms[match[1]].lexical if match[1] in terms else match[0]

    return tuple((language, _VARIABLE.sub(text, message)) for language, message in messages)
