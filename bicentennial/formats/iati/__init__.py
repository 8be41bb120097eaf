"""IATI activity files: each activity becomes an action.

What the codes of the standard stand for here is said by the ontology's alignments, not by this module. An activity
names its goals and pillars itself, by a sector or tag whose `vocabulary-uri` is ours; what the alignments have near its
other sectors and tags is suggested, never stated. What there is no place for is reported by kind, with how often.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import Finding, Location
from bicentennial.core.messages import LANGUAGES, entry
from bicentennial.core.namespaces import BIC, DCTERMS, RDF, SKOS, XSD, make_iri
from bicentennial.core.problems import make_finding
from bicentennial.formats.iati.aims import Aims
from bicentennial.formats.iati.budgets import budget_of
from bicentennial.formats.iati.codes import Codes
from bicentennial.formats.iati.origins import IatiOrigins, pointer
from bicentennial.formats.iati.results import address, dated, results
from bicentennial.formats.iati.things import Things
from bicentennial.formats.iati.unread import Unread
from bicentennial.formats.xmltext import elements
from bicentennial.semantics.values.typed import decimal_type, language_tag
from bicentennial.storage.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bicentennial.core.limits import Limits
    from bicentennial.formats.xmltext import Element
    from bicentennial.semantics.mapping import MappingFile
    from bicentennial.semantics.records import Object
    from bicentennial.semantics.values.resolver import Resolver
    from bicentennial.vocabulary.index import Index

__all__ = ["Activities", "IatiOrigins"]

_LANG: Final = "xml:lang"


class Activities:
    """Reads the activities of one file.

    Args:
        file: its name.
        index: the compiled index.
        resolver: what names mean.
        limits: see `Limits`.
        mapping: what a mapping file says; its `[values.sector]` gives sector codes of one's own a meaning here.
        constants: objects that hold for every activity, by property.
    """

    def __init__(
        self,
        file: str,
        index: Index,
        resolver: Resolver,
        limits: Limits,
        mapping: MappingFile,
        constants: Sequence[tuple[str, Object]] = (),
    ) -> None:
        self._file = file
        self._limits = limits
        self._resolver = resolver
        self._constants = constants
        self._codes = Codes(index)
        self._things = Things(self._codes, resolver)
        given = any(p in (BIC.advancesGoal, BIC.advancesPillar) for p, _ in constants)
        self._aims = Aims(self._codes, index, resolver, mapping, given=given)
        self._root: dict[str, str] = {}
        self._seen: set[str] = set()
        self._path_numbers: dict[str, int] = {}
        self.paths: list[str] = [""]
        """The paths within an activity that statements come from; a statement's `col` is the place in this list."""
        self.subjects: dict[str, int] = {}
        """The number of the activity that each thing comes from."""
        self.lost: set[tuple[str, str]] = set()
        """Subjects and properties whose code is none, which is told: that there is no value only follows from it."""
        self._unread = Unread(self.at)
        self._suggested: Counter[str] = Counter()
        self._strange: dict[tuple[str, str], tuple[Location, int]] = {}
        self._aimless: dict[tuple[str, str], tuple[Location, int]] = {}
        self._noted: dict[str, tuple[Location, int]] = {}

    @property
    def generated(self) -> str:
        """When the file was generated, as it says itself; empty before it is read, and where it does not say so."""
        return self._root.get("generated-datetime", "")

    # ---- one activity after the other -------------------------------------------------------------------------------

    def statements(self, text: str) -> Iterator[Statement]:
        """Yield what the activities of a file say."""
        for element in elements(text, "iati-activity", self._limits, self._root):
            self._limits.check("rows", element.number)
            yield from self._activity(element)

    def _activity(self, activity: Element) -> Iterator[Statement]:
        identifier = activity.text_of("iati-identifier")
        subject = make_iri(BIC.Action, identifier)
        if not identifier or subject in self._seen:
            subject += f":row:{activity.number or 1}"
        self._seen.add(subject)
        self.subjects[subject] = activity.number
        yield self._placed(Statement.iri(subject, RDF.type, BIC.Action), activity)
        said: dict[Statement, Element] = {}
        for element, statement in self._said(activity, subject, identifier):
            said.setdefault(statement, element)
        # A party that is responsible for an action is not listed as a partner too.
        answering = {each.o for each in said if each.p == BIC.hasResponsibleParty}
        for statement, element in said.items():
            if not (statement.p == BIC.hasPartner and statement.o in answering):
                yield self._placed(statement, element)
        for element, statement in self._things.made:
            self.subjects.setdefault(statement.s, activity.number)
            yield self._placed(statement, element)
        self._things.made.clear()
        self._look_back(activity, subject, said)

    def _said(self, activity: Element, subject: str, identifier: str) -> Iterator[tuple[Element, Statement]]:
        for p, (o, kind, dt, language, _) in self._constants:
            yield activity, Statement(subject, p, o, kind, dt, language)
        if identifier:
            element = activity.first("iati-identifier")
            assert element is not None
            yield element, Statement.literal(subject, DCTERMS.identifier, identifier)
        yield from self._texts(activity, subject, "title", SKOS.prefLabel)
        yield from self._texts(activity, subject, "description", DCTERMS.description)
        yield from self._parties(activity, subject)
        yield from self._status(activity, subject)
        yield from self._dates(activity, subject)
        yield from self._aims.of(activity, subject)
        yield from self._budget(activity, subject)
        yield from self._where(activity, subject)
        for element in [*activity.all("document-link"), *activity.all("activity-website")]:
            if url := element.get("url") or (element.text if element.name == "activity-website" else ""):
                yield element, address(subject, url, self._limits)
            else:
                self._unread.lack(element, "address")
        today = self.generated.partition("T")[0]
        said = results(activity, subject, identifier, self._codes, self.texts, self._limits, self._unread, today)
        for element, statement in said:
            self.subjects.setdefault(statement.s, activity.number)
            yield element, statement

    def _placed(self, statement: Statement, element: Element) -> Statement:
        path = element.path
        number = self._path_numbers.get(path)
        if number is None and len(self.paths) < 32_000:  # what the column holds; beyond, the line must do
            number = self._path_numbers[path] = len(self.paths)
            self.paths.append(path)
        return statement._replace(row=element.line, col=number)

    def texts(self, element: Element) -> dict[str, str]:
        """Return the texts of an element by language, those of one language joined; the language may be unknown."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for each in [*element.all("narrative"), element]:
            if each.text:
                found[self._language(each)].append(each.text)
        return {language: "\n\n".join(texts) for language, texts in found.items()}

    def _language(self, element: Element) -> str:
        around: Element | None = element
        while around is not None:
            if language := around.get(_LANG):
                return language_tag(language)
            around = around.parent
        return language_tag(self._root.get(_LANG, ""))

    def at(self, element: Element) -> Location:
        """Return the place of an element."""
        activity = element
        while activity.parent is not None:
            activity = activity.parent
        return Location(file=self._file, line=element.line, pointer=pointer(activity.number, element.path))

    # ---- what an activity says --------------------------------------------------------------------------------------

    def _texts(self, activity: Element, subject: str, name: str, p: str) -> Iterator[tuple[Element, Statement]]:
        # Version 2 has one description of each type, which together say what an action is.
        joined: dict[str, tuple[Element, list[str]]] = {}
        for element in activity.all(name):
            for language, text in self.texts(element).items():
                joined.setdefault(language, (element, []))[1].append(text)
        for language, (element, texts) in joined.items():
            yield element, Statement.literal(subject, p, "\n\n".join(texts), XSD.string, language)

    def _parties(self, activity: Element, subject: str) -> Iterator[tuple[Element, Statement]]:
        for element in activity.all("participating-org"):
            if not (party := self._things.party(element, element.get("ref"), self.texts(element))):
                self._unread.lack(element, "organisation")
            elif not element.get("role"):
                self._unread.lack(element, "role")
            for _, p in self._matches("OrganisationRole", element, "role"):
                if party:
                    yield element, Statement.iri(subject, p, party)

    def _status(self, activity: Element, subject: str) -> Iterator[tuple[Element, Statement]]:
        for element in activity.all("activity-status"):
            if not element.get("code"):
                self._unread.lack(element, "code")
            for _, iri in self._matches("ActivityStatus", element, "code"):
                yield element, Statement.iri(subject, BIC.hasStatus, iri)

    def _dates(self, activity: Element, subject: str) -> Iterator[tuple[Element, Statement]]:
        found: defaultdict[str, list[tuple[str, Element]]] = defaultdict(list)
        for element in activity.all("activity-date"):
            if not (element.get("iso-date") or element.text):
                self._unread.lack(element, "date")
                continue
            if not element.get("type"):
                self._unread.lack(element, "type")
            for grade, p in self._matches("ActivityDateType", element, "type"):
                found[p].append((grade, element))
        for p, graded in found.items():
            best = "closeMatch" if any(grade == "closeMatch" for grade, _ in graded) else graded[0][0]
            for grade, element in graded:
                if grade != best:
                    self._unread.leave(element, f"activity-date (type {element.get('type')})")
                else:
                    yield element, dated(subject, p, element.get("iso-date") or element.text)

    def _where(self, activity: Element, subject: str) -> Iterator[tuple[Element, Statement]]:
        for element in activity.children:
            if element.name in ("recipient-country", "recipient-region"):
                code = element.get("code") if element.name == "recipient-country" else ""
                texts = self.texts(element) or ({"": code} if code else {})
                if not texts and element.get("code"):  # whose codes no list here has, so that it would be called 489
                    self._unread.leave(element, "recipient-region (without a name)")
                    continue
            elif element.name == "location":
                named = element.first("name")
                code, texts = "", self.texts(named) if named is not None else {}
            else:
                continue
            if place := self._things.place(element, code, texts):
                yield element, Statement.iri(subject, BIC.takesPlaceIn, place)
            elif element.name == "location":
                self._unread.leave(element, "location")
            else:
                self._unread.lack(element, "place")

    def _budget(self, activity: Element, subject: str) -> Iterator[tuple[Element, Statement]]:
        budget = budget_of(activity, self._limits.digits, self._resolver.currency)
        for element in activity.all("budget"):
            if (value := element.first("value")) is None or not value.text:
                self._unread.lack(element, "value")
        for element in budget.replaced:
            self._unread.leave(element, "budget (replaced)")
        if budget.value is None:
            return
        if budget.problem:
            self._note(budget.problem, budget.value)
            return
        if budget.parts > 1:
            self._note("iati-budgets-added", budget.value)
        dt = decimal_type(budget.amount, self._limits.digits) or XSD.string
        yield budget.value, Statement.literal(subject, BIC.budgetAmount, budget.amount, dt)
        if budget.currency:
            yield budget.value, Statement.literal(subject, BIC.budgetCurrency, budget.currency)

    # ---- what there is to say about the file ------------------------------------------------------------------------

    def _matches(self, notation: str, element: Element, attribute: str) -> list[list[str]]:
        code = element.get(attribute)
        found = self._codes.matches(notation, code)
        if not found and code:
            place, count = self._strange.get((notation, code), (self.at(element), 0))
            self._strange[notation, code] = place, count + 1
        return found

    def _look_back(self, activity: Element, subject: str, said: dict[Statement, Element]) -> None:
        properties = {statement.p for statement in said}
        if BIC.hasStatus not in properties and activity.all("activity-status"):
            self.lost.add((subject, BIC.hasStatus))
        roles = [each.get("role") for each in activity.all("participating-org")]
        # Of a role that is none, that is told.
        if BIC.hasResponsibleParty not in properties and all(self._codes.matches("OrganisationRole", r) for r in roles):
            self._note("iati-nobody-responsible", activity)
        has_goal = BIC.advancesGoal in properties
        for element in self._aims.unstated(activity):
            # Of an activity without a goal, what follows says it.
            self._unread.leave(element, element.name if has_goal or element.name == "tag" else "")
        if not has_goal:
            self._suggest(activity)
        self._unread.look_at(activity)

    def _suggest(self, activity: Element) -> None:
        if suggested := self._aims.suggested(activity):
            self._suggested.update(dict.fromkeys(suggested, 1))
            self._note("iati-goals-suggested", activity)
            return
        for element in activity.all("sector"):
            key = (element.get("code"), next(iter(self.texts(element).values()), ""))
            place, count = self._aimless.get(key, (self.at(element), 0))
            self._aimless[key] = place, count + 1

    def _note(self, code: str, element: Element) -> None:
        place, count = self._noted.get(code, (self.at(element), 0))
        self._noted[code] = place, count + 1

    def findings(self) -> Iterator[Finding]:
        """Yield what is to be said once all activities are read."""
        whole = Location(file=self._file)
        version = self._root.get("version", "")
        if not version.startswith("2"):
            yield make_finding("iati-version", whole, version=version or "–", value=version or None)
        for (notation, code), (place, count) in self._strange.items():
            codes = {each: self._codes.label(notation, each) for each in self._codes.known(notation)}
            known = {
                language: [f"{each} ({label[language]})" for each, label in codes.items()] for language in LANGUAGES
            }
            yield make_finding(
                "iati-code-unknown", place, value=code, quoted=code, list=notation, count=count, known=known
            )
        for code, (place, count) in self._noted.items():
            yield self._noticed(code, place, count)
        if self._unread.open is not None:
            place, count = self._unread.open
            yield make_finding("iati-period-open", place, count=count, day=self.generated.partition("T")[0])
        if self._aimless:
            ranked = sorted(self._aimless.items(), key=lambda item: -item[1][1])
            named = [" ".join(filter(None, key)) or "?" for key, _ in ranked]
            yield make_finding("iati-sector-unaligned", ranked[0][1][0], sectors=named, count=len(named))
        for (name, what), (place, count) in self._unread.lacking.items():
            lacking = entry("intake", "iati-says-nothing")["lacking"][what]
            yield make_finding("iati-says-nothing", place, value=name, element=name, lacking=lacking, count=count)
        for kind, place, count in self._unread:
            label = entry("iati", "elements").get(kind) or dict.fromkeys(LANGUAGES, kind)
            yield make_finding("iati-not-read", place, value=kind, element=kind, label=label, count=count)

    def _noticed(self, code: str, place: Location, count: int) -> Finding:
        if code != "iati-goals-suggested":
            return make_finding(code, place, count=count)
        near = {language: [self._codes.named(iri, language) for iri in self._suggested] for language in LANGUAGES}
        return make_finding(code, place, count=count, near=near, suggestions=map(self._codes.code, self._suggested))
