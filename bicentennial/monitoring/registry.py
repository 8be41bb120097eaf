"""The registry as one object: what partners handed in, what became of it, and what it says.

Each call is a function of a package beside this module, which does the work on a database:

    store        the tables: submissions, blobs, records, events
    workflow     from a file to a verdict, and what is decided afterwards
    questions    what the current submissions say, and what changed
    integrity    whether all is as it was received, and verdicts under new rules
    exports      graphs, publications and archives
    access       tokens, sessions and shares
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bicentennial.core.files.paths import exists, is_folder
from bicentennial.monitoring.store import chain, connect, path_of, problems, submissions
from bicentennial.monitoring.store.dates import as_text, last_day, times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Self

    from bicentennial.core.messages import Language
    from bicentennial.knowledge.sparql.results import QueryResult
    from bicentennial.limits import Limits
    from bicentennial.monitoring.access import tokens
    from bicentennial.monitoring.exports.publishing import Publication
    from bicentennial.monitoring.integrity.rechecking import Recheck
    from bicentennial.monitoring.integrity.verifying import Fault
    from bicentennial.monitoring.questions.carrying import NotCarried
    from bicentennial.monitoring.questions.changes import Change
    from bicentennial.monitoring.questions.comparing import Difference
    from bicentennial.monitoring.questions.gaps import Gap, SubmitterState
    from bicentennial.monitoring.questions.history import Step
    from bicentennial.monitoring.questions.indicators import IndicatorState
    from bicentennial.monitoring.questions.progress import ActionState, Deadline, ProgressRow
    from bicentennial.monitoring.store.database import Database
    from bicentennial.monitoring.store.dates import Day
    from bicentennial.monitoring.store.submissions import Submission
    from bicentennial.monitoring.workflow.submitting import Result
    from bicentennial.report import Report

__all__ = ["Registry", "open_registry", "registry"]


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
    """A registry that is open; use it in a `with` block, or close it.

    >>> with open_registry(":memory:", create=True) as registry:
    ...     registry.add_party("example-ngo", name="Example NGO (fictitious)")
    ...     good = "examples/submissions/good.csv"
    ...     _ = registry.submit(good, submitter="example-ngo", dataset="a", issued="2024-03")
    ...     [(each.name, each.state) for each in registry.submissions()], registry.verify()
    ([('example-ngo/a/1', 'accepted')], [])
    """

    def __init__(self, database: Database, url: str) -> None:
        self.database = database
        self.url = url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
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
        """Add a submitter, or change its name or kind; what is None stays as it is.

        Args:
            party: the short name by which submissions are filed, such as `UNODC`.
            name: the full name; that of a new one is the short name if None.
            kind: what kind of organization it is, in words.
            actor: who adds it.

        Raises:
            UsageError: the short name has letters that none may have.
        """
        from bicentennial.monitoring.workflow import parties

        parties.add_party(self.database, party, name=name, kind=kind, actor=self._actor(actor))

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
        from bicentennial.monitoring.workflow import parties

        parties.set_dataset(
            self.database,
            dataset,
            approval=approval,
            partial=partial,
            cadence=cadence,
            title=title,
            embargo=embargo,
            actor=self._actor(actor),
        )

    def dataset_number(self, submitter: str, dataset: str) -> int:
        """Return the number of a dataset, which its first submission makes, inside the caller's transaction."""
        from bicentennial.monitoring.workflow import parties

        return parties.dataset_number(self.database, submitter, dataset)

    # Handing in

    def submit(
        self,
        file: Any,
        *,
        submitter: str,
        dataset: str,
        issued: Day | None = None,
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
            file: a path, bytes, an open file, a table, records, models or a graph, as for `bicentennial.validate`.
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
            UsageError: no date is stated, the submitter is not known, or it is several files.
            ConflictError: other writers were in the way all the time.
            DatabaseError: the database is away, read-only or full; nothing was kept.
        """
        from bicentennial.limits import Limits
        from bicentennial.monitoring.workflow import submitting

        return submitting.submit(
            self.database,
            file,
            submitter=submitter,
            dataset=dataset,
            issued=None if issued is None else as_text(issued),
            note=note,
            mapping=mapping,
            name=name,
            partial=partial,
            dry_run=dry_run,
            retry=retry,
            actor=actor,
            limits=Limits.of(limits),
        )

    def work(self, *, limits: Limits | Mapping[str, float] | None = None) -> list[int]:
        """Check what was received and not judged yet, as after a crash; return the ids.

        Any number of processes on any number of machines may do so at once; each takes what no other has taken.

        Args:
            limits: what checking each may take, as for `bicentennial.validate`.

        Raises:
            DiskFullError: there was no room for what came of one; all others have been checked.
        """
        from bicentennial.limits import Limits
        from bicentennial.monitoring.workflow import submitting

        return submitting.work(self.database, limits=Limits.of(limits))

    def wait_for_news(self, seconds: float) -> bool:
        """Wait until another process has written to the registry; return whether one has, or the time was up."""
        return self.database.wait_for_news(seconds)

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

    def current(self, *, as_of: Day | None = None, known: Day | None = None) -> list[Submission]:
        """Return for each dataset what holds for a date, as known at a moment."""
        return submissions.current(self.database, **times(as_of, known))

    def file(self, asked: str | int) -> bytes:
        """Return the bytes that were handed in.

        Raises:
            UsageError: they were redacted.
        """
        from bicentennial.monitoring.workflow import stored

        return stored.file_of(self.database, self.submission(asked))

    def mapping(self, asked: str | int) -> bytes | None:
        """Return the mapping file that was handed in with a submission, if there was one."""
        from bicentennial.monitoring.workflow import stored

        return stored.mapping_of(self.database, self.submission(asked))

    def report(self, asked: str | int) -> Report:
        """Return the report that the submission got when it was handed in.

        Raises:
            UsageError: it was redacted.
        """
        from bicentennial.monitoring.workflow import stored

        return stored.report_of(self.database, self.submission(asked))

    def receipt(self, asked: str | int) -> dict[str, Any]:
        """Return the receipt of a submission."""
        from bicentennial.monitoring.workflow import receiving

        return receiving.receipt(self.database, self.submission(asked).id)

    def log(self, asked: str | int | None = None) -> list[chain.Event]:
        """Return the events, all or those of one submission."""
        if asked is None:
            return list(chain.events(self.database))
        return list(chain.events(self.database, "WHERE submission = ?", [self.submission(asked).id]))

    def before(self, submission: Submission) -> Submission | None:
        """Return the submission before one in its dataset, of those that the audience may see."""
        return submissions.before(self.database, submission)

    def diff(self, before: str | int, after: str | int | None = None) -> list[Difference]:
        """Return what two submissions say differently; of one, against the one before it in its dataset."""
        from bicentennial.monitoring.questions.comparing import compare

        second = self.submission(before) if after is None else self.submission(after)
        first = self.before(second) if after is None else self.submission(before)
        return compare(self.database, first.id, second.id) if first else []

    def not_carried(self, asked: str | int) -> list[NotCarried]:
        """Return the later partial submissions that still hold what one has corrected, or what was taken back in it."""
        from bicentennial.monitoring.questions.carrying import not_carried

        return not_carried(self.database, self.submission(asked))

    # Questions

    def changes(
        self,
        *,
        since: Day | None = None,
        as_of: Day | None = None,
        known: Day | None = None,
        kinds: Iterable[str] | None = None,
        submitter: str | None = None,
        dataset: str | None = None,
        profile: str | os.PathLike[str] | None = None,
    ) -> list[Change]:
        """Return what was added, dropped, moved, reopened, retargeted or rebudgeted from one state to the next.

        Args:
            since: only changes of submissions that report for a later date.
            as_of: only submissions that report for this date or an earlier one.
            known: only what was known at this moment.
            kinds: which kinds of changes; all if None.
            submitter: only changes of a submitter's datasets.
            dataset: only changes of datasets of this name.
            profile: a profile that grades their codes (`version-dropped` and the like) or switches some off.
        """
        from bicentennial.monitoring.questions import changes as changing
        from bicentennial.report.profile import Profile

        found = changing.changes(
            self.database,
            since=last_day(since) if since is not None else "",
            kinds=frozenset(changing.KINDS if kinds is None else kinds),
            submitter=submitter,
            dataset=dataset,
            **times(as_of, known),
        )
        return list(found if profile is None else changing.judged(found, Profile.read(profile)))

    def progress(self, *, by: str = "goal", as_of: Day | None = None, known: Day | None = None) -> list[ProgressRow]:
        """Return the actions counted by goal, pillar, agency, partner, status, place or theme.

        Args:
            by: what to count by.
            as_of: the date, month or year that is asked about; whatever was reported last if None.
            known: the moment whose knowledge counts; all that is known now if None.
        """
        from bicentennial.monitoring.questions import progress

        return progress.progress(self.database, by=by, **times(as_of, known))

    def progress_over_time(
        self, *, by: str = "goal", as_of: Day | None = None, known: Day | None = None
    ) -> list[dict[str, Any]]:
        """Return the same counts for each date for which anything was reported."""
        from bicentennial.monitoring.questions import progress

        return progress.over_time(self.database, by=by, **times(as_of, known))

    def actions(self, *, as_of: Day | None = None, known: Day | None = None) -> list[ActionState]:
        """Return every current action: what is behind the numbers of `progress`."""
        from bicentennial.monitoring.questions import progress

        return progress.actions(self.database, **times(as_of, known))

    def deadlines(self, *, as_of: Day | None = None, known: Day | None = None) -> list[Deadline]:
        """Return the deadlines: overdue, missed, open, met and cancelled, and how often each was moved."""
        from bicentennial.monitoring.questions import progress

        return progress.deadlines(self.database, **times(as_of, known))

    def indicators(self, *, as_of: Day | None = None, known: Day | None = None) -> list[IndicatorState]:
        """Return the indicators against their targets."""
        from bicentennial.monitoring.questions import indicators

        return indicators.indicators(self.database, **times(as_of, known))

    def gaps(self, *, as_of: Day | None = None, known: Day | None = None) -> list[Gap]:
        """Return what is missing: indicators, targets, measurements, budgets, deadlines, agencies, actions."""
        from bicentennial.monitoring.questions import gaps

        return gaps.gaps(self.database, **times(as_of, known))

    def submitters(
        self, *, as_of: Day | None = None, known: Day | None = None, today: Day | None = None
    ) -> list[SubmitterState]:
        """Return who reports, for which date last, and how late the next submission is.

        Args:
            as_of: only what was reported up to that day, on which it is late or not; everything if None.
            known: only what was known at that moment.
            today: the day on which it is late or not, where that is another.
        """
        from bicentennial.monitoring.questions import gaps

        day = None if today is None else last_day(today)
        return gaps.submitters(self.database, **times(as_of, known), today=day)

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
        from bicentennial.monitoring.questions.sparql import ask

        return ask(self.database, query, versions=versions, params=params, lang=lang, limits=limits)

    # Deciding

    def accept(self, asked: str | int, *, actor: str | None = None, reason: str = "") -> None:
        """Sign a submission off."""
        from bicentennial.monitoring.workflow import deciding

        deciding.decide(self.database, self.submission(asked).id, "accepted", actor=self._actor(actor), reason=reason)

    def give_back(self, asked: str | int, *, reason: str, actor: str | None = None) -> None:
        """Return a submission to its sender; the reason is what they read."""
        from bicentennial.monitoring.workflow import deciding

        deciding.decide(self.database, self.submission(asked).id, "returned", actor=self._actor(actor), reason=reason)

    def withdraw(self, asked: str | int, *, reason: str, actor: str | None = None) -> None:
        """Take a submission back; it stays in the registry and counts no more."""
        from bicentennial.monitoring.workflow import deciding

        deciding.decide(self.database, self.submission(asked).id, "withdrawn", actor=self._actor(actor), reason=reason)

    def redact(self, asked: str | int, *, reason: str, actor: str | None = None) -> list[str]:
        """Take away what was handed in; hashes and events stay, and the gap is visible for ever.

        What other submissions say, too, stays until they are redacted as well; their names are returned.
        """
        from bicentennial.monitoring.workflow import deciding

        return deciding.redact(self.database, self.submission(asked).id, actor=self._actor(actor), reason=reason)

    # Trust

    def verify(self) -> list[Fault]:
        """Return what is not as it was received; nothing if all is."""
        from bicentennial.monitoring.integrity import verifying

        return verifying.verify(self.database)

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

    def rebuild(self) -> None:
        """Make the tables that questions are answered from again, from the records."""
        from bicentennial.monitoring.store import facts

        facts.rebuild(self.database)

    # Exchange

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
        from bicentennial.monitoring.exports import graphs

        graphs.set_base(self.database, base, actor=self._actor(actor))

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
            UsageError: there is no such export, or the file is the registry itself.
            OutputError: the file cannot be written.
        """
        from bicentennial.core.files.output import refuse_overwrite
        from bicentennial.monitoring.exports import export

        refuse_overwrite(target, [path_of(self.url)])
        return export(self.database, what, target, lang=lang)

    def import_quads(self, data: bytes, *, actor: str | None = None) -> int:
        """Bring in what another registry has exported as N-Quads; return how many submissions came.

        Raises:
            UsageError: this registry has submissions already, or the data is no export.
        """
        from bicentennial.monitoring.exports import importing

        return importing.import_quads(self.database, data, registry=self.url, actor=self._actor(actor))

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

    def backup(self, target: str | os.PathLike[str]) -> None:
        """Write a consistent copy into a new file, while others read and write.

        Raises:
            UsageError: the file exists, there is no such folder, or the registry is on PostgreSQL.
        """
        place = Path(target)
        if exists(place):
            raise problems.usage("exists", registry=str(place))
        if not is_folder(place.parent):
            raise problems.usage("no-folder", registry=str(place))
        self.database.copy_to(place)

    # Tokens

    def add_token(
        self,
        scopes: Iterable[str],
        *,
        submitter: str | None = None,
        expires: Day | None = None,
        actor: str | None = None,
    ) -> tuple[tokens.Token, str]:
        """Make a token for the service; its text is returned once and kept nowhere.

        Args:
            scopes: `submit:SUBMITTER/DATASET`, `submit:SUBMITTER`, `read:SUBMITTER`, `review` or `admin`.
            submitter: in whose name its holder acts.
            expires: the last day on which it opens anything.
            actor: who makes it.
        """
        from bicentennial.monitoring.access import tokens

        who = self._actor(actor)
        return tokens.add(self.database, submitter=submitter, scopes=scopes, expires=expires, actor=who)

    def tokens(self) -> list[tokens.Token]:
        """Return the tokens, without their secrets."""
        from bicentennial.monitoring.access import tokens

        return tokens.listed(self.database)

    def revoke_token(self, identifier: str, *, actor: str | None = None) -> None:
        """Let a token open nothing from now on."""
        from bicentennial.monitoring.access import tokens

        tokens.revoke(self.database, identifier, actor=self._actor(actor))

    def _actor(self, given: str | None) -> str:
        from bicentennial.monitoring.workflow.parties import actor_of

        return actor_of(given)


registry = open_registry
"""The public name of `open_registry`."""
