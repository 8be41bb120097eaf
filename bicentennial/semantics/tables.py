"""From the cells of a sheet to a plan of it and to records: which table it is, where its header stands, its columns."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import Finding, Location, column_letter
from bicentennial.core.namespaces import BIC
from bicentennial.core.problems import make_finding
from bicentennial.core.records import field, record, replace
from bicentennial.semantics.declarations import DeclaredColumns
from bicentennial.semantics.records import Field, Places, Records
from bicentennial.semantics.sheets.header_rows import joined_below, named_by_groups
from bicentennial.semantics.sheets.headers import Heading, Recogniser, recognise
from bicentennial.semantics.sheets.row_kinds import RowRules, explaining, not_read
from bicentennial.semantics.sheets.sheet_plan import SheetPlan
from bicentennial.semantics.submission_date import SubmissionDate
from bicentennial.semantics.versions import Versions
from bicentennial.vocabulary.index import normalize_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bicentennial.core.grid import Grid
    from bicentennial.semantics.mapping import MappingFile
    from bicentennial.semantics.sheets.body import Body, GridBody
    from bicentennial.vocabulary.index import Index, Table

__all__ = ["Reading", "Tables", "headers_at", "is_tagged", "of_other_length"]

_WITHIN: Final = 20
_FURTHER: Final = 200
_HEADERS: Final = 2
_MANY: Final = 4
_WHOLE: Final = 0.8
_NEARLY_ALL: Final = 0.6
# Their headers are common ones: a sheet without such a name is one of these only if none that is required is missing.
_ONLY_WHOLE: Final = frozenset({BIC.FinancialRecord, BIC.Milestone})
_TAG: Final = re.compile(r"#[A-Za-z][\w+ ]*")


def _may_be(recogniser: Recogniser, header: Sequence[str]) -> bool:
    if recogniser.table.iri not in _ONLY_WHOLE:
        return True
    matches = map(recogniser.match, header)
    present = {match[0].iri for match in matches if match}
    return all(column.iri in present for column in recogniser.table.required)


@record
class Reading:
    """A sheet that was read as a table: its plan and its records."""

    plan: SheetPlan
    records: Records
    own: list[tuple[str, str, str, int]] = field(default_factory=list)
    """What the mapping file declares to be the partner's own: class, name, identifier, row."""

    @property
    def at(self) -> Location:
        """The place of its header."""
        return self.plan.at


class Tables:
    """The tables that sheets may be, each with the headers that it knows.

    Args:
        index: the compiled index.
        mapping: a partner's own headers and constants.
        submission_date: collects the date of the submission.
    """

    def __init__(self, index: Index, mapping: MappingFile, submission_date: SubmissionDate | None = None) -> None:
        self._mapping = mapping
        self.submission_date = submission_date or SubmissionDate(index, mapping)
        """Is told what the columns say that are about the submission itself."""
        self.declared = DeclaredColumns(mapping.declare)
        """Which columns hold things of the partner's own."""
        self.index = index
        self._recognisers: dict[tuple[str, str], Recogniser] = {}
        self.main = index.tables[0]
        """The table of actions, which a submission is above all."""
        self._own: dict[str, frozenset[str]] = {}
        several = Counter(iri for table in index.tables for iri in {column.iri for column in table.columns})
        self._common = frozenset(iri for iri, tables in several.items() if tables > 1)
        self._named = {normalize_key(name): table for table in index.tables for name in table.name.values()}

    def named(self, name: str) -> Table | None:
        """Return the table that a sheet or a JSON key is by its name in either language.

        The mapping file goes first: if it names sheets, those are all there are.
        """
        ours: str | None = name
        if self._mapping.sheets:
            ours = next(
                (ours for theirs, ours in self._mapping.sheets.items() if normalize_key(theirs) == normalize_key(name)),
                None,
            )
        return self._named.get(normalize_key(ours)) if ours is not None else None

    def recogniser(self, table: Table, sheet: str | None = None) -> Recogniser:
        """Return what knows the headers of a table, those that a sheet alone has among them."""
        key = (table.iri, normalize_key(sheet) if sheet is not None and self._mapping.sheet_columns else "")
        if key not in self._recognisers:
            declared = [each[part] for each in self._mapping.declare for part in ("name", "id") if part in each]
            self._recognisers[key] = Recogniser(self.index, table, self._mapping.columns_of(sheet), declared)
        return self._recognisers[key]

    def _every(self, sheet: str | None) -> list[Recogniser]:
        return [self.recogniser(table, sheet) for table in self.index.tables]

    def score(self, rows: Sequence[Sequence[str]]) -> int:
        """Return how many headers of one table the best of the first rows of a text has, blank rows included."""
        row = self._mapping.header_row
        looked_at = rows[:_WITHIN] if row is None else rows[row - 1 : row]
        return self._score(looked_at) or self._score(rows[_WITHIN:])

    def _score(self, rows: Sequence[Sequence[str]]) -> int:
        texts = list(map(_texts, rows))
        return max((_best(texts, each)[0] for each in self._every(None)), default=0)

    def choose(self, rows: Sequence[Sequence[str]], name: str | None) -> tuple[Table, int] | None:
        """Return the table that rows are, by the sheet's name or their header, and the position of the header row.

        The name alone makes a table if there is a header at all. Otherwise the header has to be one of its own kind,
        see `_is_kind`. Only where nothing is recognised are headers counted that nearly are some of ours.

        Args:
            rows: the rows; of those the first ones are looked at.
            name: that of the sheet, None if it has none.
        """
        only = self._mapping.header_row is not None
        table = self.named(name) if name else None
        if table is None and self._mapping.sheets and name is not None:
            return None
        near, far = (rows[:1], ()) if only else (rows[:_WITHIN], rows[_WITHIN:_FURTHER])
        if table is not None:
            recogniser = self.recogniser(table, name)
            count, position = _best(list(map(_texts, near)), recogniser)
            if count < _HEADERS:
                further = (n for n, row in enumerate(far) if recogniser.count(_texts(row)) >= _HEADERS)
                if (first := next(further, None)) is not None:
                    return table, len(near) + first
            if count:
                return table, position
        if found := self._kind(near, name, nearly=False):
            return found
        for position, row in enumerate(far, start=len(near)):
            if found := self._kind([row], name, nearly=False):
                return found[0], position
        return self._kind(near, name, nearly=True)

    def _kind(self, rows: Sequence[Sequence[str]], name: str | None, *, nearly: bool) -> tuple[Table, int] | None:
        ranked = []
        of_rows = list(map(_texts, rows))
        for recogniser in self._every(name):
            count, position = _best(of_rows, recogniser, nearly=nearly)
            texts = of_rows[position] if of_rows else []
            if count < _HEADERS or not _may_be(recogniser, texts):
                continue
            if self._is_kind(recogniser, texts, alone=name is None, nearly=nearly):
                share = count / len(recogniser.table.columns)
                ranked.append((count, recogniser.weight(texts), share, recogniser.table, position))
        if not ranked:
            return None
        most = max(count for count, *_ in ranked)
        first = min(position for count, *_, position in ranked if count >= _NEARLY_ALL * most)
        *_, table, position = max((rank for rank in ranked if rank[-1] == first), key=lambda rank: rank[:3])
        return table, position

    def _is_kind(self, recogniser: Recogniser, texts: Sequence[str], *, alone: bool, nearly: bool = False) -> bool:
        """Return whether headers are those of a table and could not as well be those of any list.

        Args:
            recogniser: of the table.
            texts: the headers.
            alone: whether the file is this table, so that there is nothing else in it that could be meant.
            nearly: whether headers count that nearly are some of the table's.
        """
        table = recogniser.table
        found = recogniser.found(texts, nearly=nearly)
        own = self._own_headers(table)
        telling = {iri for iri, text in found.items() if iri not in self._common or normalize_key(text) in own}
        required = {column.iri for column in table.required}
        lacking = len(required - found.keys())
        if table.iri == self.main.iri:
            sure = alone or bool(telling & (required - self._common)) or len(telling) >= _MANY
            return not lacking or (bool(telling) and sure)
        if required <= self._common:  # parties and places have names, as anything has
            template = sum(column.template for column in table.columns)
            return bool(telling) and not lacking and len(found) >= _WHOLE * template
        return len(telling) >= (_HEADERS if lacking else 1) and lacking <= 1

    def _own_headers(self, table: Table) -> frozenset[str]:
        """Return the headers that a table has and no other, folded."""
        if not self._own:
            headers = {
                each.iri: {normalize_key(text) for column in each.columns for text in column.header.values()}
                for each in self.index.tables
            }
            times = Counter(text for texts in headers.values() for text in texts)
            self._own = {iri: frozenset(each for each in texts if times[each] == 1) for iri, texts in headers.items()}
        return self._own[table.iri]

    def is_table(self, row: Sequence[str]) -> bool:
        """Return whether a row holds the headers of a table of ours, all that it needs or all but one."""
        texts = _texts(row)
        return any(
            self._is_kind(each, texts, alone=False)
            and sum(column.iri not in each.found(texts) for column in each.table.required) <= 1
            for each in self._every(None)
        )

    def known(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """Return the headers of the first row that has several of ours, though they are those of any list."""
        for row in rows[:_WITHIN]:
            if max(each.count(_texts(row)) for each in self._every(None)) >= _HEADERS:
                return [text for text in _texts(row) if text]
        return []

    def rules(self, plan: SheetPlan) -> RowRules:
        """Return what tells which rows of a sheet hold no record."""
        return RowRules(plan, self.index, self.is_table)

    def plan(self, grid: Grid, file: str) -> SheetPlan | None:
        """Return what a sheet is read as, or None if it is none of the tables.

        Args:
            grid: its cells, or the first rows of them: as many as `choose` looks at, and some more.
            file: the file's name.
        """
        start = 0
        if self._mapping.header_row is not None:
            start = sum(number < self._mapping.header_row for number in grid.numbers)
        chosen = self.choose(grid.rows[start:], grid.name) if grid.rows[start:] else None
        if chosen is None:
            return None
        table, position = chosen[0], start + chosen[1]
        recogniser = self.recogniser(table, grid.name)
        at = Location(file=file, sheet=grid.name, row=grid.numbers[position])
        texts, below = headers_at(grid, position, recogniser)
        beside = _beside(texts, recogniser)
        header = recognise(recogniser, texts[:beside], at, given=self.given(table))
        if beside < len(texts):
            first = next(number for number, text in enumerate(texts, start=1) if text and number > beside)
            letter = column_letter(first)
            place = Location(at.file, at.sheet, at.row, letter, texts[first - 1])
            header.findings.append(make_finding("table-beside", place, column=letter))
        plan = SheetPlan(
            table,
            at,
            above=position,
            below=below,
            texts=[*texts[:beside], *[""] * (len(texts) - beside)],
            rows=grid.rows[position:below],
            header=header,
            version=[number for number, text in enumerate(texts[:beside], start=1) if Versions.is_key(text)],
            declares=bool(self._mapping.declare),
            beside=beside,
        )
        return _without_explanations(plan, grid)

    def read(self, plan: SheetPlan, body: GridBody, sheet: int) -> Reading:
        """Return the records of a sheet whose rows Python holds, those without a record taken out before.

        Args:
            plan: what it is read as.
            body: its rows.
            sheet: its number.
        """
        header, at, numbers = plan.header, plan.at, body.numbers
        full = len(plan.texts)
        columns = [list(map(str.strip, column)) for column in _transposed(body.rows, full)]
        header.findings += _unheaded(plan, columns)
        fields = [Field(heading, columns[heading.number - 1]) for heading in plan.headings]
        fields += self.constants(plan.table, len(numbers))
        place = Places(at, numbers)
        own = [*self.declared.own(plan.texts, lambda column, record: columns[column][record], numbers)]
        return Reading(plan, Records(plan.table, sheet, numbers, fields, header.language, place), own)

    def outline(self, plan: SheetPlan, sheet: int) -> Reading:
        """Return what a sheet is whose cells are in the database: its columns, without a record."""
        fields = [Field(heading, ()) for heading in plan.headings]
        fields += self.constants(plan.table, 1)
        place = Places(plan.at, ())
        return Reading(plan, Records(plan.table, sheet, (), fields, plan.header.language, place))

    def given(self, table: Table) -> list[str]:
        """Return the properties of a table that the mapping file gives a constant."""
        return [heading.column.iri for heading, _ in self._constants(table)]

    def constants(self, table: Table, count: int) -> list[Field]:
        """Return the constants of the mapping file as columns that have no place in the sheet."""
        return [Field(heading, [value] * count) for heading, value in self._constants(table)]

    def _constants(self, table: Table) -> list[tuple[Heading, str]]:
        # Constants are said of the actions: those are what a mapped file lists.
        if table.iri != self.main.iri:
            return []
        found: list[tuple[Heading, str]] = []
        for name, value in self._mapping.constants.items():
            match = self.recogniser(table).match(name)
            if match and not match[0].about:
                column, language = match
                found.append((Heading(0, name, column, language), value))
        return found


def is_tagged(row: Sequence[str]) -> bool:
    """Return whether a row holds nothing but hashtags, which the Humanitarian Exchange Language has below the header.

    >>> is_tagged(["#org+name", "", "#date +start"]), is_tagged(["#1", "A"]), is_tagged(["#org", ""])
    (True, False, False)
    """
    cells = [cell.strip() for cell in row if cell.strip()]
    return len(cells) > 1 and all(map(_TAG.fullmatch, cells))


def _texts(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row]


def _best(rows: Iterable[Sequence[str]], recogniser: Recogniser, *, nearly: bool = False) -> tuple[int, int]:
    # About as many headers as any row has, the first of several rows: what stands below may be another table.
    counts = [recogniser.count(texts, nearly=nearly) for texts in rows]
    most = max(counts, default=0)
    return next(((count, at) for at, count in enumerate(counts) if count and count >= _NEARLY_ALL * most), (0, 0))


def headers_at(grid: Grid, position: int, recogniser: Recogniser) -> tuple[list[str], int]:
    """Return the headers, and the position of the first row below them."""
    texts, below = _texts(grid.rows[position]), position + 1
    following = below < len(grid.rows) and grid.numbers[below] == grid.numbers[position] + 1
    if following and (joined := joined_below(texts, grid.rows[below], recogniser)):
        return joined, below + 1
    if position and grid.numbers[position - 1] == grid.numbers[position] - 1:
        texts = named_by_groups(grid.rows[position - 1], texts, recogniser)
    return texts, below


def _beside(texts: Sequence[str], recogniser: Recogniser) -> int:
    """Return how many columns the table has: after a blank one another may begin.

    That has a header once more, or totals and nothing that this one needs.
    """
    seen: set[str] = set()
    required = {column.iri for column in recogniser.table.required}
    for position, text in enumerate(texts):
        if text:
            continue
        seen |= recogniser.found(texts[:position]).keys()
        further = recogniser.found(texts[position + 1 :]).keys()
        has_totals = any(map(RowRules.is_total, texts[position + 1 :])) and not further & required
        if has_totals or not seen.isdisjoint(further):
            return position
    return len(texts)


def _without_explanations(plan: SheetPlan, grid: Grid) -> SheetPlan:
    """Return a plan whose rows begin below those that explain the header."""
    below = plan.below
    while below < len(grid.rows):
        row, number = grid.rows[below], grid.numbers[below]
        if is_tagged(row):
            place = Location(plan.at.file, plan.at.sheet, number)
            plan.header.findings.append(make_finding("row-of-tags", place, row=number))
        elif found := explaining(plan, row):
            plan.header.findings.append(not_read(plan, number, *found))
        elif "".join(row).strip():
            break
        below += 1
    return replace(plan, below=below)


def _transposed(rows: list[list[str]], width: int) -> Sequence[Sequence[str]]:
    if not rows:
        return [()] * width
    if all(len(row) >= width for row in rows):
        return list(zip(*rows, strict=False))[:width]
    blank = [""] * width
    return list(zip(*(row if len(row) >= width else row + blank[len(row) :] for row in rows), strict=False))[:width]


def of_other_length(body: Body, plan: SheetPlan) -> list[Finding]:
    """Return what there is to say of rows with fewer or more cells than the header."""
    # Sheets are rectangles, so this speaks of delimited text only: there a cell too many has usually moved the rest.
    found: list[Finding] = []
    full = len(plan.texts)
    width = max((number for number, text in enumerate(plan.texts, start=1) if text), default=0)
    for number, row in body.uneven(full):
        place = Location(plan.at.file, plan.at.sheet, number)
        if len(row) > full and any(cell.strip() for cell in row[full:]):
            place = place._replace(column=column_letter(full + 1))
            found.append(make_finding("row-too-long", place, cells=len(row), headers=full, row=number))
        elif len(row) < width:
            found.append(make_finding("row-too-short", place, cells=len(row), headers=width, row=number))
    return found


def _unheaded(plan: SheetPlan, columns: Sequence[Sequence[str]]) -> list[Finding]:
    found: list[Finding] = []
    for position, (text, values) in enumerate(zip(plan.texts, columns, strict=True)):
        if not text and position < plan.beside and any(values):
            letter = column_letter(position + 1)
            place = Location(plan.at.file, plan.at.sheet, plan.at.row, letter)
            found.append(make_finding("header-blank", place, column=letter))
    return found
