"""The registry as one object: what partners handed in, what became of it, and what it says."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.messages import sentence
from bicentennial.core.namespaces import BIC
from bicentennial.monitoring.store import chain, problems, submissions
from bicentennial.monitoring.store.database import Database, connect
from bicentennial.monitoring.store.dates import FOREVER, last_day, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType
    from typing import Self

    from bicentennial.core.errors import UsageError
    from bicentennial.knowledge.results import QueryResult
    from bicentennial.limits import Limits
    from bicentennial.monitoring import workflow
    from bicentennial.monitoring.access import tokens
    from bicentennial.monitoring.exports.publishing import Publication
    from bicentennial.monitoring.integrity import verifying
    from bicentennial.monitoring.integrity.rechecking import Recheck
    from bicentennial.monitoring.questions import changes as changing
    from bicentennial.monitoring.questions import comparing
    from bicentennial.monitoring.questions.gaps import Gap, SubmitterState
    from bicentennial.monitoring.questions.history import Step
    from bicentennial.monitoring.questions.progress import ActionState, Deadline, IndicatorState, ProgressRow
    from bicentennial.monitoring.store.submissions import Submission
    from bicentennial.report import Report
    from bicentennial.report.model import Language
    from bicentennial.validation.outcome import Outcome

__all__ = ["Registry", "Result", "open_registry", "registry"]

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Result:
    """What came of handing something in: the submission as it stands, its receipt and its report."""

    submission: Submission | None
    receipt: dict[str, Any] | None
    report: Report
    is_new: bool
    changes: list[changing.Change] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 if it was accepted or waits for approval, otherwise that of the report."""
        return self.report.exit_code

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON holds it."""
        import json

        submission = None
        if self.submission is not None:
            submission = {**self.submission.to_dict(), "receipt": self.receipt}
        report = json.loads(self.report.to_json())
        return {"submission": submission, "report": report, "changes": [each.to_dict() for each in self.changes]}


def open_registry(url: str | os.PathLike[str] | None = None, *, create: bool = False) -> Registry:
    """Open a registry, or make one.

    Args:
        url: the path of an SQLite file or `postgresql://…`; the environment variable `BICENTENNIAL_REGISTRY` if None.
        create: make it; one that exists is an error and is not touched.

    Raises:
        UsageError: none is named, there is none, or there is one already.
        DatabaseError: the database is away, read-only, full or damaged.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, open_registry(f"{folder}/r.sqlite", create=True) as registry:
    ...     registry.add_party("example-ngo", name="Example NGO (fictitious)")
    ...     file = "examples/submissions/good.csv"
    ...     done = registry.submit(file, submitter="example-ngo", dataset="a", issued="2024-03")
    ...     done.submission.state, done.submission.number
    ('accepted', 1)
    """
    import uuid

    named = os.fspath(url) if url is not None else os.environ.get("BICENTENNIAL_REGISTRY", "")
    if not named:
        raise problems.usage("none-named")
    database = connect(named, create=create)
    if create:
        with database.transaction():
            database.execute("INSERT INTO meta(key, value) VALUES ('registry', ?)", [str(uuid.uuid4())])
    return Registry(database, named)


class Registry:
    """A registry that is open; use it in a `with` block, or close it."""

    def __init__(self, database: Database, url: str) -> None:
        self.database = database
        self.url = url

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Registry({self.url!r})"

    def close(self) -> None:
        """Close the connection to the database."""
        self.database.close()

    # Parties and datasets

    def add_party(
        self, party: str, *, name: str | None = None, kind: str | None = None, actor: str | None = None
    ) -> None:
        """Add a submitter, or change its name.

        Args:
            party: the short name by which submissions are filed, such as `UNODC`.
            name: the full name; that of the Framework's own party of this acronym if None.
            kind: what kind of organization it is, in words.
            actor: who adds it.

        Raises:
            UsageError: the short name has letters that none may have.
        """
        from bicentennial.monitoring import workflow

        _check_name(party, "submitter")
        iri = _known_party(party)
        with self.database.transaction():
            self.database.execute(
                "INSERT INTO submitter(id, name, kind, iri) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " name = excluded.name, kind = excluded.kind, iri = excluded.iri",
                [party, name or party, kind, iri],
            )
            data = {"submitter": party, "name": name or party, "kind": kind, "iri": iri}
            chain.append(self.database, "party", actor=workflow.actor_of(actor), data=data)

    def set_dataset(
        self,
        dataset: str,
        *,
        approval: bool | None = None,
        partial: bool | None = None,
        cadence: str | None = None,
        title: str | None = None,
        embargo: str | None = None,
        actor: str | None = None,
    ) -> None:
        """Set how a dataset is treated; what is None stays as it is.

        Args:
            dataset: `SUBMITTER/NAME`; it is made if there is none yet.
            approval: whether a reviewer has to sign each submission off.
            partial: whether a submission says only what is new.
            cadence: `month`, `quarter` or `year`: how often it is due.
            title: what people call it.
            embargo: the day until which it is not public.
            actor: who sets it.

        Raises:
            UsageError: the name or the cadence makes no sense.
        """
        from bicentennial.monitoring import workflow
        from bicentennial.monitoring.questions.gaps import CADENCES

        submitter, _, name = dataset.partition("/")
        if cadence is not None and cadence not in CADENCES:
            raise problems.usage("bad-cadence", value=cadence, known=", ".join(CADENCES))
        given = {
            "approval": None if approval is None else int(approval),
            "partial": None if partial is None else int(partial),
            "cadence": cadence,
            "title": title,
            "embargo": last_day(embargo) if embargo else None,
        }
        wanted = {column: value for column, value in given.items() if value is not None}
        with self.database.transaction():
            number = self.dataset_number(submitter, name)
            for column, value in wanted.items():
                self.database.execute(f"UPDATE dataset SET {column} = ? WHERE id = ?", [value, number])  # noqa: S608
            data = {"submitter": submitter, "dataset": name, **wanted}
            chain.append(self.database, "dataset", actor=workflow.actor_of(actor), data=data)

    def dataset_number(self, submitter: str, dataset: str) -> int:
        """Return the number of a dataset, which its first submission makes, inside the caller's transaction."""
        _check_name(dataset, "dataset")
        if self.database.value("SELECT 1 FROM submitter WHERE id = ?", [submitter]) is None:
            if _known_party(submitter) is None:
                known = [str(party) for (party,) in self.database.all("SELECT id FROM submitter ORDER BY id")]
                raise problems.usage("no-submitter", submitter=submitter, known=", ".join(known) or "–")
            self.add_party(submitter)
        self.database.execute(
            "INSERT INTO dataset(submitter, name) VALUES (?, ?) ON CONFLICT DO NOTHING", [submitter, dataset]
        )
        found = self.database.value("SELECT id FROM dataset WHERE submitter = ? AND name = ?", [submitter, dataset])
        return int(found)

    # Handing in

    def submit(
        self,
        file: str | os.PathLike[str] | bytes,
        *,
        submitter: str,
        dataset: str,
        issued: str | None = None,
        note: str = "",
        mapping: str | os.PathLike[str] | bytes | None = None,
        name: str | None = None,
        partial: bool | None = None,
        dry_run: bool = False,
        retry: bool = True,
        actor: str | None = None,
        limits: Limits | Mapping[str, float] | None = None,
    ) -> Result:
        """Hand a file in: it is kept, checked, and accepted, returned or laid before a reviewer.

        Args:
            file: a path, or the bytes of a file, which then need a `name`.
            submitter: whose it is.
            dataset: which of their datasets it is a state of.
            issued: the date, month or year for which it reports; what the file states if None.
            note: a word with it.
            mapping: a mapping file that says what its columns mean, or its bytes.
            name: the name that reports show; that of the path if None.
            partial: whether it says only what is new, and all else stays as it was; the dataset's habit if None.
            dry_run: check only, and keep nothing.
            retry: whether to try again if another writer is in the way.
            actor: who hands it in; the submitter if None.
            limits: what reading and checking it may take, as for `bicentennial.validate`.

        Raises:
            UsageError: no date is stated, or the submitter is not known.
            ConflictError: other writers were in the way all the time.
            DatabaseError: the database is away, read-only or full; nothing was kept.
        """
        from bicentennial.core.content import content as read_bytes
        from bicentennial.limits import Limits
        from bicentennial.monitoring import workflow

        allowed = Limits.of(limits)
        data = file if isinstance(file, bytes) else read_bytes(file, allowed)
        shown = name or ("submission" if isinstance(file, bytes) else Path(file).name)
        rules = mapping if mapping is None or isinstance(mapping, bytes) else read_bytes(mapping, allowed)
        checked = None
        if issued is None or rules is not None or dry_run:  # so that a wrong argument is said before anything is kept
            checked = workflow.check(data, shown, rules, allowed)
            issued = issued or checked.issued
            if issued is None and not dry_run:
                raise problems.usage("no-issue-date", file=shown)
        if dry_run:
            assert checked is not None
            return Result(None, None, _report(checked.outcome), is_new=False)
        assert issued is not None
        last_day(issued)

        def receive() -> tuple[int, bool]:
            with self.database.transaction():
                number = self.dataset_number(submitter, dataset)
                habit = bool(self.database.value("SELECT partial FROM dataset WHERE id = ?", [number]))
                handed = workflow.Handed(
                    data=data,
                    name=shown,
                    dataset=number,
                    issued=issued,
                    sent_by=actor or submitter,
                    note=note,
                    mapping=rules,
                    partial=habit if partial is None else partial,
                )
                return workflow.receive(self.database, handed)

        number, is_new = workflow.retried(receive, retry=retry)
        self._judge(number, checked, actor or submitter, allowed, retry=retry)
        receipt, changed = workflow.receipt(self.database, number), self._changed(number)
        return Result(self.submission(number), receipt, self.report(number), is_new, changed)

    def _changed(self, number: int) -> list[changing.Change]:
        """Return what a submission changes against the accepted one before it in its dataset."""
        from bicentennial.monitoring.questions import changes as changing

        this = self.submission(number)
        accepted = submissions.listed(self.database, submitter=this.submitter, dataset=this.dataset, state="accepted")
        before = [each for each in accepted if each.id != number and each.issued_until < this.issued_until]
        if this.root is None or not before:
            return []
        last = max(before, key=lambda each: (each.issued_until, each.number))
        return list(changing.between(self.database, last, this))

    def _judge(self, number: int, checked: workflow.Checked | None, actor: str, limits: Limits, *, retry: bool) -> None:
        """Check a submission that was received and judge it; if another process is doing so, wait for that."""
        if submissions.state_of(self.database, number) != "received":
            return
        with self.database.claimed(number) as taken:
            if taken is not None:
                self._check(taken, checked, actor, limits, retry=retry)

    def _check(self, number: int, checked: workflow.Checked | None, actor: str, limits: Limits, *, retry: bool) -> None:
        from bicentennial.monitoring import workflow

        known = checked or workflow.check_again(self.database, number, limits)
        if known is not None:
            workflow.retried(lambda: workflow.judge(self.database, number, known, actor=actor), retry=retry)

    def work(self, *, limits: Limits | Mapping[str, float] | None = None) -> list[int]:
        """Check what was received and not judged yet, as after a crash; return the ids.

        Any number of processes on any number of machines may do so at once; each takes what no other has taken.

        Args:
            limits: what checking each may take, as for `bicentennial.validate`.
        """
        from bicentennial.limits import Limits

        allowed = Limits.of(limits)
        done: list[int] = []
        while True:
            with self.database.claimed() as taken:
                if taken is None or taken in done:
                    return done
                self._check(taken, None, "registry work", allowed, retry=True)
                done.append(taken)

    def wait_for_news(self, seconds: float) -> bool:
        """Wait until another process has written to the registry; return whether one has, or the time was up."""
        return self.database.wait_for_news(seconds)

    def recheck(
        self,
        *,
        profile: str | os.PathLike[str] | None = None,
        dry_run: bool = False,
        limits: Limits | Mapping[str, float] | None = None,
    ) -> list[Recheck]:
        """Check what is current again under the rules of today: verdicts are added, none is changed, states stay.

        A submission that these rules have checked already is passed over, so that doing it twice adds nothing.

        Args:
            profile: a profile that grades codes otherwise; part of what names the rules.
            dry_run: add nothing.
            limits: what checking each may take, as for `bicentennial.validate`.
        """
        from bicentennial.limits import Limits
        from bicentennial.monitoring.integrity.rechecking import recheck

        return recheck(self.database, profile=profile, dry_run=dry_run, limits=Limits.of(limits))

    @property
    def base(self) -> str:
        """The start of the names that things of this registry have in graphs."""
        from bicentennial.monitoring.exports import graphs

        return graphs.base_of(self.database)

    def set_base(self, base: str, *, actor: str | None = None) -> None:
        """Let those names begin with an address, such as `https://example.org/registry`; no hash changes.

        Raises:
            UsageError: names cannot begin with that.
        """
        from bicentennial.monitoring import workflow
        from bicentennial.monitoring.exports import graphs

        graphs.set_base(self.database, base, actor=workflow.actor_of(actor))

    def publish(
        self, endpoint: str, *, versions: bool = True, everything: bool = False, dry_run: bool = False
    ) -> Publication:
        """Bring a SPARQL 1.1 server up to date by the Graph Store Protocol; only graphs that changed are sent.

        What everybody may see is published: current states, accepted submissions, where they come from, and the
        Framework. The environment says who writes: `BICENTENNIAL_PUBLISH_USER` and `BICENTENNIAL_PUBLISH_PASSWORD`, or
        `BICENTENNIAL_PUBLISH_TOKEN`.

        Args:
            endpoint: the address of the server's graph store.
            versions: whether each accepted submission has a graph besides the current states.
            everything: send what did not change too.
            dry_run: only say what would be done.

        Raises:
            UsageError: the address makes no sense, or a secret would go out unencrypted.
            OutputError: the server is away or refuses; what was sent stays, and is not sent again.
        """
        from bicentennial.monitoring.exports.publishing import publish

        return publish(self.database, endpoint, versions=versions, everything=everything, dry_run=dry_run)

    # Looking

    def submission(self, asked: str | int) -> Submission:
        """Return one submission by its id or `SUBMITTER/DATASET/NUMBER`."""
        return submissions.find(self.database, asked)

    def submissions(
        self,
        *,
        submitter: str | None = None,
        dataset: str | None = None,
        state: str | None = None,
        after: int = 0,
        limit: int | None = None,
    ) -> list[Submission]:
        """Return the submissions in the order in which they came.

        Args:
            submitter: only those of a submitter.
            dataset: only those of datasets of this name.
            state: only those in this state.
            after: only those with a greater id, so that a list can be gone through while it grows.
            limit: at most so many.
        """
        return submissions.listed(
            self.database, submitter=submitter, dataset=dataset, state=state, after=after, limit=limit
        )

    def current(self, *, as_of: str | None = None, known: str | None = None) -> list[Submission]:
        """Return for each dataset what holds for a date, as known at a moment."""
        return submissions.current(self.database, **times(as_of, known))

    def file(self, asked: str | int) -> bytes:
        """Return the bytes that were handed in.

        Raises:
            UsageError: they were redacted.
        """
        from bicentennial.monitoring.store import blobs

        found = self.submission(asked)
        data = blobs.get(self.database, found.file_sha256)
        if data is None:
            raise self._gone(found)
        return data

    def mapping(self, asked: str | int) -> bytes | None:
        """Return the mapping file that was handed in with a submission, if there was one."""
        from bicentennial.monitoring.store import blobs

        sha = self.database.value("SELECT mapping_sha FROM submission WHERE id = ?", [self.submission(asked).id])
        return blobs.get(self.database, sha) if sha else None

    def report(self, asked: str | int) -> Report:
        """Return the report that the submission got when it was handed in.

        Raises:
            UsageError: it was redacted.
        """
        from bicentennial.monitoring import workflow

        found = self.submission(asked)
        report = workflow.report_of(self.database, found.id)
        if report is None:
            raise self._gone(found)
        return report

    def _gone(self, found: Submission) -> UsageError:
        event = next(chain.events(self.database, "WHERE submission = ? AND what = 'redacted'", [found.id]), None)
        return problems.usage(
            "redacted", submission=found.name, at=event.at if event else "–", reason=event.reason if event else "–"
        )

    def receipt(self, asked: str | int) -> dict[str, Any]:
        """Return the receipt of a submission."""
        from bicentennial.monitoring import workflow

        return workflow.receipt(self.database, self.submission(asked).id)

    def log(self, asked: str | int | None = None) -> list[chain.Event]:
        """Return the events, all or those of one submission."""
        if asked is None:
            return list(chain.events(self.database))
        return list(chain.events(self.database, "WHERE submission = ?", [self.submission(asked).id]))

    def before(self, submission: Submission) -> Submission | None:
        """Return the submission before one in its dataset, of those that the audience may see."""
        several = submissions.listed(self.database, submitter=submission.submitter, dataset=submission.dataset)
        return max((each for each in several if each.number < submission.number), key=lambda s: s.number, default=None)

    def diff(self, before: str | int, after: str | int | None = None) -> list[comparing.Difference]:
        """Return what two submissions say differently; of one, against the one before it in its dataset."""
        from bicentennial.monitoring.questions import comparing

        first = self.submission(before)
        if after is None:
            previous = self.before(first)
            return comparing.compare(self.database, previous.id, first.id) if previous else []
        return comparing.compare(self.database, first.id, self.submission(after).id)

    # Questions

    def changes(
        self,
        *,
        since: str | None = None,
        as_of: str | None = None,
        known: str | None = None,
        kinds: Iterable[str] | None = None,
        profile: str | os.PathLike[str] | None = None,
    ) -> list[changing.Change]:
        """Return what was added, dropped, moved, reopened, retargeted or rebudgeted from one state to the next.

        Args:
            since: only changes of submissions that report for a later date.
            as_of: only submissions that report for this date or an earlier one.
            known: only what was known at this moment.
            kinds: which kinds of changes; all if None.
            profile: a profile that grades their codes (`version-dropped` and the like) or switches some off.
        """
        from bicentennial.monitoring.questions import changes as changing

        start = last_day(since) if since is not None else ""
        found = changing.changes(
            self.database,
            since=start,
            kinds=frozenset(changing.KINDS if kinds is None else kinds),
            **times(as_of, known),
        )
        if profile is None:
            return list(found)
        from bicentennial.report.profile import Profile

        return list(changing.judged(found, Profile.read(profile)))

    def progress(self, *, by: str = "goal", as_of: str | None = None, known: str | None = None) -> list[ProgressRow]:
        """Return the actions counted by goal, pillar, agency, partner, status, place or theme.

        Args:
            by: what to count by.
            as_of: the date, month or year that is asked about; whatever was reported last if None.
            known: the moment whose knowledge counts; all that is known now if None.
        """
        from bicentennial.monitoring.questions import progress as progressing

        if by not in progressing.GROUPINGS:
            raise problems.usage("no-grouping", by=by, known=", ".join(progressing.GROUPINGS))
        return progressing.progress(self.database, by=by, **times(as_of, known))

    def progress_over_time(
        self, *, by: str = "goal", as_of: str | None = None, known: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the same counts for each date for which anything was reported."""
        from bicentennial.monitoring.questions import progress as progressing

        return progressing.over_time(self.database, by=by, **times(as_of, known))

    def actions(self, *, as_of: str | None = None, known: str | None = None) -> list[ActionState]:
        """Return every current action: what is behind the numbers of `progress`."""
        from bicentennial.monitoring.questions import progress as progressing

        return progressing.actions(self.database, **times(as_of, known))

    def deadlines(self, *, as_of: str | None = None, known: str | None = None) -> list[Deadline]:
        """Return the deadlines: overdue, missed, open and met, and how often each was moved."""
        from bicentennial.monitoring.questions import progress as progressing

        return progressing.deadlines(self.database, **times(as_of, known))

    def indicators(self, *, as_of: str | None = None, known: str | None = None) -> list[IndicatorState]:
        """Return the indicators against their targets."""
        from bicentennial.monitoring.questions import progress as progressing

        return progressing.indicators(self.database, **times(as_of, known))

    def gaps(self, *, as_of: str | None = None, known: str | None = None) -> list[Gap]:
        """Return what is missing: indicators, targets, measurements, budgets, deadlines, agencies, actions."""
        from bicentennial.monitoring.questions.gaps import gaps as find_gaps

        return find_gaps(self.database, **times(as_of, known))

    def submitters(self, *, as_of: str | None = None, known: str | None = None) -> list[SubmitterState]:
        """Return who reports, for which date last, and how late the next submission is."""
        from bicentennial.monitoring.questions.gaps import submitters as find_submitters

        return find_submitters(self.database, **times(as_of, known))

    def history(self, subject: str, *, submitter: str | None = None, dataset: str | None = None) -> list[Step]:
        """Return what every accepted submission said of a thing that was not said by the one before it.

        Args:
            subject: an identifier such as `A-001`, or a name such as `action/A-001` or `UNODC/ccp/action/A-001`.
            submitter: only that one's.
            dataset: only that one.

        Raises:
            UnknownNameError: no submission speaks of it.
        """
        from bicentennial.monitoring.questions.history import history

        return history(self.database, subject, submitter=submitter, dataset=dataset)

    # Deciding

    def accept(self, asked: str | int, *, actor: str | None = None, reason: str = "") -> None:
        """Sign a submission off."""
        self._decide(asked, "accepted", actor, reason)

    def give_back(self, asked: str | int, *, reason: str, actor: str | None = None) -> None:
        """Return a submission to its sender; the reason is what they read."""
        self._decide(asked, "returned", actor, reason)

    def withdraw(self, asked: str | int, *, reason: str, actor: str | None = None) -> None:
        """Take a submission back; it stays in the registry and counts no more."""
        self._decide(asked, "withdrawn", actor, reason)

    def redact(self, asked: str | int, *, reason: str, actor: str | None = None) -> None:
        """Take away what was handed in; hashes and events stay, and the gap is visible for ever."""
        from bicentennial.monitoring import workflow

        workflow.redact(self.database, self.submission(asked).id, actor=workflow.actor_of(actor), reason=reason)

    def _decide(self, asked: str | int, what: str, actor: str | None, reason: str) -> None:
        from bicentennial.monitoring import workflow

        number = self.submission(asked).id
        workflow.decide(self.database, number, what, actor=workflow.actor_of(actor), reason=reason)

    # Trust

    def verify(self) -> list[verifying.Fault]:
        """Return what is not as it was received; nothing if all is."""
        from bicentennial.monitoring.integrity import verifying

        return verifying.verify(self.database)

    def rebuild(self) -> None:
        """Make the tables that questions are answered from again, from the records."""
        from bicentennial.monitoring.store import facts

        facts.rebuild(self.database)

    def quads(self) -> Iterator[str]:
        """Yield the whole registry as N-Quads: current states, submissions, and where they come from."""
        from bicentennial.monitoring.exports import graphs

        return graphs.quads(self.database)

    def export(self, what: str, target: str | os.PathLike[str], *, lang: Language = "en") -> list[str]:
        """Write what the registry holds into a file; return what the format could not say.

        Args:
            what: `nquads` or `trig` (everything, as graphs), `dcat` (where it comes from, as N-Triples), `zip` (files,
                reports, receipts and events), `iati` (current actions as IATI activities) or `stratml` (as a
                performance report in StratML Part 2).
            target: the file.
            lang: the language of texts where the format has room for one.

        Raises:
            UsageError: there is no such export.
            OutputError: the file cannot be written.
        """
        from bicentennial.monitoring.exports import export

        return export(self.database, what, target, lang=lang)

    def import_quads(self, data: bytes, *, actor: str | None = None) -> int:
        """Bring in what another registry has exported as N-Quads; return how many submissions came.

        Raises:
            UsageError: this registry has submissions already, or the data is no export.
        """
        from bicentennial.monitoring import workflow
        from bicentennial.monitoring.exports import importing

        return importing.import_quads(self, data, actor=workflow.actor_of(actor))

    def query(
        self,
        query: str | os.PathLike[str],
        /,
        *,
        versions: str | Iterable[str | int] = "current",
        params: Mapping[str, Any] | None = None,
        lang: str = "en",
        limits: Mapping[str, float] | None = None,
    ) -> QueryResult:
        """Ask a question in SPARQL 1.1 of the Framework and of what was handed in.

        The default graph is the Framework; the state of a dataset is the graph `<base>/SUBMITTER/DATASET`, a submission
        the graph with its number behind it, and `<base>/provenance` says where everything comes from.

        Args:
            query: SPARQL, the name of a named query, or a file.
            versions: `current`, `all`, or the submissions whose own graphs are wanted besides the current states.
            params: values for the parameters of a named query.
            lang: the language of labels.
            limits: as for `bicentennial.query`.
        """
        from bicentennial.core.workspace import Workspace
        from bicentennial.knowledge.results import QueryResult
        from bicentennial.monitoring.exports import graphs
        from bicentennial.querying import query as ask

        several: list[Submission] | None = []
        if versions == "all":
            several = None
        elif versions != "current":
            several = [self.submission(each) for each in versions]
        with Workspace() as folder:
            path = folder.path / "registry.nq"
            with path.open("w", encoding="utf-8", newline="\n") as stream, self.database.snapshot():
                stream.writelines(graphs.quads(self.database, versions=several))
            found = ask(query, params=params, data=[path], lang=lang, limits=limits)
        # What is said of the file is no news: its graphs are those named above, and its name is internal.
        notes = [note for note in found.notes if path.name not in note["en"]]
        return QueryResult(found.kind, found.payload, found.heads, notes)

    # Tokens

    def add_token(
        self,
        scopes: Iterable[str],
        *,
        submitter: str | None = None,
        expires: str | None = None,
        actor: str | None = None,
    ) -> tuple[tokens.Token, str]:
        """Make a token for the service; its text is returned once and kept nowhere.

        Args:
            scopes: `submit:SUBMITTER/DATASET`, `submit:SUBMITTER`, `read:SUBMITTER`, `review` or `admin`.
            submitter: in whose name its holder acts.
            expires: the last day on which it opens anything.
            actor: who makes it.
        """
        from bicentennial.monitoring import workflow
        from bicentennial.monitoring.access import tokens

        who = workflow.actor_of(actor)
        return tokens.add(self.database, submitter=submitter, scopes=scopes, expires=expires, actor=who)

    def tokens(self) -> list[tokens.Token]:
        """Return the tokens, without their secrets."""
        from bicentennial.monitoring.access import tokens

        return tokens.listed(self.database)

    def revoke_token(self, identifier: str, *, actor: str | None = None) -> None:
        """Let a token open nothing from now on."""
        from bicentennial.monitoring import workflow
        from bicentennial.monitoring.access import tokens

        tokens.revoke(self.database, identifier, actor=workflow.actor_of(actor))

    def backup(self, target: str | os.PathLike[str]) -> None:
        """Write a consistent copy into a new file, while others read and write.

        Raises:
            UsageError: the file exists, or the registry is on PostgreSQL.
        """
        place = Path(target)
        if place.exists():
            raise problems.usage("exists", registry=str(place))
        self.database.copy_to(place)


def _report(outcome: Outcome) -> Report:
    from bicentennial.report import Report

    return Report.of(outcome, "violation", None)


def times(as_of: str | None = None, known: str | None = None) -> dict[str, str]:
    """Return the two times of a question: the last day that is asked about, and the last moment that is known."""
    return {"as_of": last_day(as_of or FOREVER), "known": moment(known or FOREVER)}


def _check_name(value: str, what: str) -> None:
    if _NAME.fullmatch(value) is None:
        raise problems.usage("bad-name", value=value, what=sentence("registry", "named", what))


def _known_party(name: str) -> str | None:
    """Return the IRI of the Framework's own party of this acronym or name, if there is one."""
    from bicentennial.semantics.resolver import Resolver
    from bicentennial.vocabulary.index import default_index

    return Resolver(default_index()).resolve(name, [BIC.Party]).iri


registry = open_registry
"""The public name of `open_registry`."""
