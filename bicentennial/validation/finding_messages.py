"""From results of an engine to findings that a reader without SHACL can act on.

A message says whose fault it is ("Action A-7"), what is required, and what to do; values are quoted, short and
harmless. Structural shapes speak through the catalogue of texts, rules through their own `sh:message`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.findings import Finding
from bicentennial.core.messages import LANGUAGES, entry, render
from bicentennial.core.namespaces import BICSH, RDF, compact, local_name
from bicentennial.core.problems import excerpt
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.patterns import lazy
from bicentennial.shacl_engine.results import BLANK, IRI, LITERAL, Result, Term
from bicentennial.validation.codes import code, kind, name_for, texts
from bicentennial.validation.remedies import Remedies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bicentennial.core.findings import Location, Severity
    from bicentennial.shacl_engine.result_table import CheckInfo
    from bicentennial.validation.entity_lookup import EntityLookup, Texts
    from bicentennial.validation.own_shapes import RuleTexts

__all__ = ["FindingMessages", "severity"]

_VARIABLE: Final = lazy(r"\{[?$](\w+)\}")
# What stands for a list, whose node has no name that anybody has written.
_LIST: Final = "( … )"
# What differs among the results of a shape on things of a class.
_LATER: Final = ("subject", "value", "header")


def severity(iri: str) -> Severity:
    """Return what a severity of SHACL is called in findings; a custom one counts as a violation.

    >>> severity("http://www.w3.org/ns/shacl#Warning")
    'warning'
    """
    name = local_name(iri).lower()
    return name if name in ("warning", "info") else "violation"  # type: ignore[return-value]


class _Shared(NamedTuple):
    """What findings share whose results agree in shape, component and severity."""

    code: str
    severity: Severity
    shape: str
    constraint: str
    is_rule: bool


class _Sentence(NamedTuple):
    """A text in each language with what fills its placeholders; without these once nothing in it varies any more."""

    texts: dict[str, str]
    words: Mapping[str, Mapping[str, str]] | None


class FindingMessages:
    """Makes findings of results.

    Args:
        things: what the submission says.
        structural: IRIs of the structural shapes.
        rules: the texts of our own rules by the IRI of their shape, with their variables; the shapes of others speak
            through their messages, which an engine may fill itself.
        format_name: the format of the submission, on which remedies depend.
    """

    def __init__(
        self,
        things: EntityLookup,
        structural: frozenset[str],
        rules: Mapping[str, RuleTexts],
        format_name: str | None = None,
    ) -> None:
        self.remedies = Remedies(things.index, format_name)
        self._things = things
        self._rules = rules
        self._index = things.index
        self._structural = structural
        self._shares: dict[tuple[str, ...], _Shared] = {}
        self._words: dict[tuple[str | None, ...], Mapping[str, Texts]] = {}
        self._described: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._answered: dict[tuple[object, ...], tuple[_Sentence, ...]] = {}

    def is_rule(self, result: Result | CheckInfo) -> bool:
        """Return whether a result comes from a rule, which speaks for itself, and not from a structural shape."""
        return result.shape not in self._structural

    def code(self, result: Result | CheckInfo) -> str:
        """Return the code of the finding that a result becomes."""
        component = "Class" if result.kind == "Or" and self.described(result).get("ranges") else result.kind
        return code(self._name(result), component, is_rule=self.is_rule(result))

    def _name(self, result: Result | CheckInfo) -> str:
        """Return the name of a result's shape: its IRI if it is not ours, with the class if it is structural."""
        if not result.shape.startswith(str(BICSH)):
            return result.shape
        shape = local_name(result.shape)
        return name_for(result.path, result.of) if result.of and result.path and not self.is_rule(result) else shape

    def described(self, result: Result | CheckInfo) -> Mapping[str, Any]:
        """Return what the index says of the property of a result, for the class whose shape it comes from."""
        key = (result.path or "", result.of)
        if key not in self._described:
            self._described[key] = self._index.field(*key)
        return self._described[key]

    def read(self, source: CheckInfo) -> set[str]:
        """Return the local names of the properties of its focus that a rule's results rest on."""
        texts = [text for half in self._rules.get(source.shape, ()) for text in half.values()]
        texts += [text for _, text in source.templates]
        names = {name for text in texts for name in _VARIABLE.findall(text)}
        names.update(source.variables)
        return names | ({local_name(source.path)} if source.path else set())

    def finding(
        self,
        result: Result,
        location: Location,
        suggested: Mapping[str, tuple[str, ...]],
        *,
        partly: bool = False,
        foreign: bool = False,
    ) -> Finding:
        """Return the finding that a result becomes.

        Args:
            result: the result.
            location: where it is.
            suggested: its suggestions, see `Suggestions`.
            partly: whether its value seems to hold several.
            foreign: whether its value is an amount that names another currency than the one beside it.
        """
        shared = self._shared(result)
        value = result.value if result.value != result.focus else None
        if shared.is_rule:
            problem, remedy = self._of_rule(result)
        else:
            joined = _is_joined(value, suggested[""])
            typed = next(iter(suggested[""]), "") if self.remedies.is_rdf and result.kind in ("Datatype", "Or") else ""
            is_right = value is not None and f'"{value.lexical}"' in typed
            typed = typed if is_right else ""
            ways = {"joined": joined, "partly": partly, "near": bool(suggested[""]), "foreign": foreign}
            if value is not None and (value.kind == BLANK or value == Term(RDF.nil)):
                ways["is_list" if self._things.is_list(value.lexical) else "is_blank"] = True
            problem, remedy = self._of_structure(result, location, typed, ways)
        return Finding(
            code=shared.code,
            severity=shared.severity,
            problem=problem,
            remedy=remedy,
            aside=self._things.aside(result.focus.lexical),
            location=location,
            shape=shared.shape,
            constraint=shared.constraint,
            focus=result.focus.lexical,
            path=result.path,
            value=value.lexical if value else None,
            suggestions=suggested[""],
            datatype=_datatype(value) if value else None,
            suggested={each: suggested[each] for each in LANGUAGES if suggested[each] != suggested[""]},
        )

    def _shared(self, result: Result) -> _Shared:
        key = (result.shape, result.component, result.severity, result.of)
        if key not in self._shares:
            self._shares[key] = _Shared(
                self.code(result),
                severity(result.severity),
                local_name(result.shape) if result.shape.startswith(str(BICSH)) else result.shape,
                result.constraint,
                self.is_rule(result),
            )
        return self._shares[key]

    def _of_structure(
        self, result: Result, location: Location, typed: str, ways: Mapping[str, bool]
    ) -> tuple[Texts, Texts]:
        focus = result.focus.lexical
        said = self._sentences(result, self._things.class_of(focus), typed, ways)
        subject = self._things.subject(focus)
        value: Texts = dict.fromkeys(LANGUAGES, _LIST) if "is_list" in ways else self._value(result)
        header = excerpt(location.header or self._heading(result.path))
        # As `render` does it; this is done for each finding.
        filled = [
            texts
            if words is None
            else {
                each: text.format(subject=subject[each], value=value[each], header=header, **words[each])
                for each, text in texts.items()
            }
            for texts, words in said
        ]
        return filled[0], filled[1]

    def _sentences(self, result: Result, class_iri: str, typed: str, ways: Mapping[str, bool]) -> tuple[_Sentence, ...]:
        """Return problem and remedy of all results of a shape on things of a class that have the same value.

        `typed` and `ways` are what `Remedies.of` takes by name.
        """
        lexical = result.value.lexical if result.value is not None and result.value.kind == LITERAL else ""
        of = (result.shape, result.component, result.path, result.of, class_iri)
        asked = (*of, lexical, typed, *ways.items())
        if asked not in self._answered:
            described = self.described(result)
            component = "Class" if result.kind == "Or" and described.get("ranges") else result.kind
            spoken = texts(component)
            remedy = self.remedies.of(kind(component), described, lexical, typed=typed, **ways)
            if of not in self._words:
                self._words[of] = self._shared_words(result, class_iri)
            words = self._words[of]
            advice = (
                _sentence(spoken["remedy"], words)
                if remedy is None
                else _sentence(remedy.texts, {**words, **remedy.words})
            )
            self._answered[asked] = _sentence(spoken["message"], words), advice
        return self._answered[asked]

    def _shared_words(self, result: Result, class_iri: str) -> Mapping[str, Texts]:
        """Return what all results of a shape on things of a class say alike."""
        described = self.described(result)
        either = described.get("either", {}) if result.kind == "MinCount" else {}
        noun = either.get("noun") or self._index.properties.get(result.path or "", {}).get("noun", {})
        expected = either.get("expected") or described.get("expected", {})
        return {
            "property": {each: noun.get(each) or excerpt(local_name(result.path or "")) for each in LANGUAGES},
            "expected": {each: expected.get(each, "") for each in LANGUAGES},
            "class": {each: self._index.label(class_iri, each) if class_iri else "" for each in LANGUAGES},
        }

    def _heading(self, path: str | None) -> str:
        """Return the header that a column of a property has in our form, or else the property's name."""
        columns = (column for table in self._index.tables for column in table.columns if column.iri == path)
        return next((column.header["en"] for column in columns), local_name(path or ""))

    def _value(self, result: Result) -> Texts:
        if result.value is None:
            return dict.fromkeys(LANGUAGES, "")
        value = result.value.lexical
        if result.value.kind != IRI:
            return dict.fromkeys(LANGUAGES, excerpt(value))
        return {language: excerpt(self._things.title(value, language) or value) for language in LANGUAGES}

    def _of_rule(self, result: Result) -> tuple[Texts, Texts]:
        """Return problem and remedy as a rule of ours has them, or the message of a shape of others as the problem."""
        if rule := self._rules.get(result.shape):
            return self._filled(rule.problem, result), self._filled(rule.remedy, result)
        messages = dict(result.messages)
        if any(messages.values()):
            chosen = ((each, messages.get(each), messages.get("en"), messages.get("")) for each in LANGUAGES)
            texts: dict[str, str] = {
                each: next(filter(None, (*preferred, *messages.values()))) for each, *preferred in chosen
            }
            return self._filled(texts, result), {}
        subject = self._things.subject(result.focus.lexical, article=True)
        said: dict[str, Any] = {"subject": subject, "kind": kind(result.kind)}
        if result.shape.startswith("_:") and result.path:  # a shape within another, which has no name
            noun = self._index.properties.get(result.path, {}).get("noun", {})
            said["property"] = {each: noun.get(each) or excerpt(compact(result.path)) for each in LANGUAGES}
            sentence = entry("report", "demanded-of" if result.value is not None else "demanded-at")
            return render(sentence, value=self._value(result), **said), {}
        return render(entry("report", "demanded"), shape=excerpt(local_name(result.shape)), **said), {}

    def _filled(self, texts: Mapping[str, str], result: Result) -> Texts:
        bindings = dict(result.bindings)
        subject = self._things.subject(result.focus.lexical, article=True)

        def word(name: str, language: str) -> str:
            if name == "this":
                return subject[language]
            terms = [bindings[name]] if name in bindings else self._looked_up(result, name)
            return ", ".join(self._things.term(term, language) for term in terms) or entry("report", "none")[language]

        return {
            language: _VARIABLE.sub(lambda match, language=language: word(match.group(1), language), text)  # type: ignore[misc]
            for language, text in texts.items()
        }

    def _looked_up(self, result: Result, name: str) -> list[Term]:
        if name == "value":
            return [result.value] if result.value else []
        if name == "path":
            return [Term(result.path)] if result.path else []
        return self._things.named_like(result.focus.lexical, name)


def _sentence(texts: dict[str, str], words: Mapping[str, str | Mapping[str, str]]) -> _Sentence:
    if not any(f"{{{name}}}" in text for name in _LATER for text in texts.values()):
        return _Sentence(render(texts, **words), None)
    return _Sentence(
        texts, {each: {k: w if isinstance(w, str) else w[each] for k, w in words.items()} for each in LANGUAGES}
    )


def _is_joined(value: Term | None, suggested: tuple[str, ...]) -> bool:
    return value is not None and ";" not in value.lexical and any("; " in each for each in suggested)


def _datatype(value: Term) -> str | None:
    if value.kind != LITERAL:
        return None
    return f"@{value.language}" if value.language else value.datatype
