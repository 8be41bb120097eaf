"""What the program interface answers with, as OpenAPI says it: the JSON that the command line writes too."""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Change",
    "Check",
    "Deadline",
    "Decision",
    "Difference",
    "Event",
    "Gap",
    "Handed",
    "Hit",
    "Indicator",
    "Limits",
    "Page",
    "Party",
    "Problem",
    "Progress",
    "Receipt",
    "Report",
    "Reporting",
    "Step",
    "Submission",
    "Thing",
]

Item = TypeVar("Item")
Severity = Literal["violation", "warning", "info"]
State = Literal["received", "accepted", "returned", "pending", "superseded", "withdrawn"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Texts(_Model):
    """A text in each language."""

    en: str
    es: str


class Page(_Model, Generic[Item]):
    """Some entries of a list, and the address of those that follow; none where these are the last."""

    items: list[Item]
    next: str | None


class Invalid(_Model):
    """A parameter that makes no sense."""

    name: str
    detail: str


class Problem(BaseModel):
    """What went wrong (RFC 9457), in the language asked for."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[Invalid] | None = None


class Location(_Model):
    """Where in a file something stands."""

    file: str | None
    sheet: str | None
    row: int | None
    column: str | None
    cell: str | None
    header: str | None
    line: int | None
    pointer: str | None


class Finding(_Model):
    """One thing to mend, or to know, about a file."""

    code: str
    severity: Severity
    shape: str | None
    constraint: str | None
    focus: str | None
    path: str | None
    value: str | None
    location: Location
    message: Texts
    problem: Texts
    remedy: Texts
    suggestions: list[str]
    suggested: dict[str, list[str]]


class Sheet(_Model):
    """A sheet that was read as a table of the Framework."""

    name: str | None
    class_: str | None = Field(alias="class")
    rows: int
    header_row: int | None


class Read(_Model):
    """What was read of a file."""

    file: str
    format: str | None
    actions: int
    statements: int
    version: str | None
    version_detected: str | None
    sheets: list[Sheet]


class Summary(_Model):
    """How many findings there are of each severity and code."""

    violation: int
    warning: int
    info: int
    by_code: dict[str, int]


class Report(_Model):
    """The report on a file."""

    conforms: bool
    engine: str
    version: str
    profile: dict[str, Any] | None
    submission: Read
    summary: Summary
    findings: list[Finding]


class Check(_Model):
    """A check that has not ended: its state, how many are before it, and where its report will be."""

    id: str
    state: Literal["waiting", "running"]
    ahead: int
    report: str


class Submission(_Model):
    """Something that was handed in, and where it stands."""

    id: int
    submitter: str
    dataset: str
    number: int
    issued: str
    issued_until: str
    state: State
    received_at: str
    sent_by: str
    note: str
    file: str
    file_sha256: str
    root: str | None


class ReceiptOf(_Model):
    """Which submission a receipt is for."""

    id: int
    name: str
    issued: str
    file: str


class Event(_Model):
    """Something that happened in the registry, chained to what happened before."""

    id: int
    at: str
    actor: str
    what: str
    submission: int | None
    reason: str
    data: dict[str, Any]
    prev: str
    hash: str


class Receipt(_Model):
    """What proves, years later and without the registry, what was handed in and when."""

    format: str
    registry: str
    submission: ReceiptOf
    sha256: str
    received_at: str
    events: list[Event]


class WithReceipt(Submission):
    """A submission with its receipt."""

    receipt: Receipt


class Change(_Model):
    """What became different from one submission to the next."""

    kind: str
    code: str
    severity: Severity
    submitter: str
    dataset: str
    subject: str
    title: dict[str, str]
    property: str | None
    before: str | None
    after: str | None
    from_: str = Field(alias="from")
    to: str
    issued: list[str]
    places: list[Location | None]
    message: Texts


class NotCarried(_Model):
    """A later partial submission that still holds what was changed here."""

    submission: str
    issued: str
    subjects: list[str]
    message: Texts


class Handed(_Model):
    """What came of handing something in."""

    submission: WithReceipt
    report: Report
    changes: list[Change]
    not_carried: list[NotCarried]


class Decision(_Model):
    """Why something is accepted, returned or withdrawn."""

    reason: str = Field("", max_length=10_000)


class Difference(_Model):
    """What two submissions say differently of one thing."""

    subject: str
    kind: str
    property: str | None
    before: list[str]
    after: list[str]
    places: list[Location | None]


class Reporting(_Model):
    """A dataset: what came of it, and when the next submission is due."""

    submitter: str
    name: str
    dataset: str
    last_issued: str | None
    accepted: int
    returned: int
    cadence: str | None
    next_due: str | None
    days_late: int


class Party(_Model):
    """Someone who submits."""

    id: str
    name: str
    kind: str | None
    iri: str | None


class Counted(_Model):
    """The actions of one goal, agency or the like."""

    id: str | None
    label: Texts
    actions: int
    by_status: dict[str, int]
    overdue: int
    with_indicator: int
    budget: dict[str, float]
    subjects: list[str]


class Point(_Model):
    """The counts as they stood on a date."""

    as_of: str
    rows: list[dict[str, Any]]


class Progress(_Model):
    """Actions counted by something, with the list behind each number."""

    as_of: str | None = None
    known: str | None = None
    by: str
    rows: list[Counted] = []
    over_time: list[Point] = []


class Deadline(_Model):
    """An action's deadline."""

    subject: str
    title: dict[str, str]
    due: str
    state: str
    status: str | None
    days_late: int
    first: str
    moved: int


class Indicator(_Model):
    """An indicator against its target."""

    subject: str
    title: dict[str, str]
    unit: str | None
    baseline: float | None
    target: float | None
    due: str | None
    latest: float | None
    latest_date: str | None
    share: float | None
    time_share: float | None


class Gap(_Model):
    """Something that is missing."""

    kind: str
    subject: str
    title: dict[str, str]


class Step(_Model):
    """What a submission said of a thing that the one before it did not."""

    submission: str
    issued: str
    learned: str
    subject: str
    is_there: bool
    values: dict[str, list[str]]


class Limits(_Model):
    """What the service takes."""

    file_bytes: int
    check_seconds: float
    query_seconds: float
    rate: int
    check_rate: int


class Hit(_Model):
    """A thing of the Framework that a search found."""

    id: str
    iri: str
    kind: str | None
    label: dict[str, str]
    notations: list[str]


class Thing(BaseModel):
    """A thing of the Framework, with what is said of it, what links to it, and its sources."""

    model_config = ConfigDict(extra="allow")

    id: str
    iri: str
    labels: dict[str, str]
    notations: list[str]
    kinds: list[str]
    descriptions: list[str]
    facts: list[dict[str, Any]]
    links: list[dict[str, Any]]
    sources: list[dict[str, Any]]
