"""`bicentennial registry …`: the registry of what partners handed in."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from bicentennial.cli.output import write
from bicentennial.cli.parser import Commands, Parser, add_command
from bicentennial.core.messages import LANGUAGES, entry

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bicentennial.monitoring.registry import Registry
    from bicentennial.monitoring.views import View

__all__ = ["register", "run"]

_FORMS: Final = ("table", "csv", "json", "html", "svg")
_ANSWERS: Final = ("table", "csv", "tsv", "json", "turtle")
_REPORTS: Final = ("text", "json", "csv", "html", "turtle", "sarif")
_GLANCE: Final = 2.0
"""Seconds between two looks for work."""
_BY: Final = ("goal", "pillar", "agency", "partner", "status", "place", "theme")
_KINDS: Final = ("dropped", "added", "moved-deadline", "reopened", "retargeted", "rebudgeted", "status")

# The arguments of each subcommand; a word alone is an argument, one that begins with -- an option. `=` takes a value.
_DATES: Final = ("--as-of=DATE", "--known=DATE")
_SUBCOMMANDS: Final[dict[str, tuple[str, ...]]] = {
    "init": ("[url]",),
    "submit": (
        "file", "--as=SUBMITTER", "--dataset=NAME", "--issued=DATE", "--note=TEXT", "--mapping=FILE", "--partial",
        "--dry-run", "--no-retry", "--by=WHO",
    ),
    "list": ("--submitter=SUBMITTER", "--dataset=NAME", "--state=STATE"),
    "show": ("id",),
    "file": ("id",),
    "report": ("id",),
    "receipt": ("id",),
    "log": ("[id]",),
    "history": ("name", "--submitter=SUBMITTER", "--dataset=NAME"),
    "diff": ("id", "[other]"),
    "accept": ("id", "--reason=TEXT", "--by=WHO"),
    "return": ("id", "--reason=TEXT", "--by=WHO"),
    "withdraw": ("id", "--reason=TEXT", "--by=WHO"),
    "redact": ("id", "--reason=TEXT", "--by=WHO"),
    "progress": ("--by=WHAT", "--over-time", *_DATES),
    "indicators": _DATES,
    "deadlines": _DATES,
    "changes": ("--since=DATE", *_DATES, "--profile=FILE", *(f"--{kind}" for kind in _KINDS)),
    "gaps": _DATES,
    "submitters": _DATES,
    "recheck": ("--profile=FILE", "--dry-run"),
    "query": ("query", "--versions=WHICH", "--param*=NAME=VALUE"),
    "export": ("what", "file"),
    "import": ("file",),
    "token": ("task", "[id]", "--as=SUBMITTER", "--scope*=SCOPE", "--expires=DATE"),
    "verify": ("--receipt=FILE", "[file]"),
    "backup": ("file",),
    "party": ("task", "[id]", "--name=TEXT", "--kind=TEXT"),
    "dataset": (
        "task", "name", "--approval=ON", "--whole", "--partial", "--cadence=CADENCE", "--title=TEXT", "--embargo=DATE",
    ),
    "work": ("--once", "--config=FILE"),
}  # fmt: skip


def register(commands: Commands) -> None:
    """Describe the command and its subcommands."""
    parser = add_command(commands, "registry")
    words, lang = entry("cli", "registry"), commands.lang
    parser.add_argument("--registry", metavar="URL", default=None, help=words["registry"][lang])
    subparsers: Any = parser.add_subparsers(
        dest="subcommand",
        metavar=entry("cli", "command")[lang],
        title=entry("cli", "commands")[lang],
        parser_class=cast("type[Parser]", partial(Parser, lang=lang)),
    )
    for name, arguments in _SUBCOMMANDS.items():
        summary = words["subcommands"][name][lang]
        sub = subparsers.add_parser(name, help=summary, description=summary)
        # Not to be set back to None where it stands before the subcommand.
        sub.add_argument("--registry", metavar="URL", default=argparse_suppress(), help=words["registry"][lang])
        for each in arguments:
            _add(sub, name, each, words["arguments"], lang)
        forms = {"report": _REPORTS, "submit": ("table", "json"), "query": _ANSWERS}.get(name, _FORMS)
        sub.add_argument("-f", "--format", choices=forms, help=words["arguments"]["format"][lang])
        sub.add_argument("-o", "--output", metavar=entry("cli", "path")[lang], help=words["arguments"]["output"][lang])
    parser.set_defaults(helper=parser)


def argparse_suppress() -> str:
    """Return argparse's mark for an option that leaves no trace where it is not given."""
    import argparse

    return argparse.SUPPRESS


def _add(parser: Parser, command: str, spec: str, words: dict[str, dict[str, str]], lang: str) -> None:
    name, _, metavar = spec.partition("=")
    key = name.strip("[]-*")
    text = words.get(f"{command}-{key}", words.get(key, dict.fromkeys(LANGUAGES, "")))[lang]
    if not name.startswith("--"):
        parser.add_argument(key, nargs="?" if name.startswith("[") else None, metavar=key.upper(), help=text)
        return
    dest = "as_of" if key == "as-of" else "submitter" if key == "as" else key.replace("-", "_")
    if name.endswith("*"):
        option = name.removesuffix("*")
        parser.add_argument(option, dest=option.strip("-"), metavar=metavar, action="append", default=[], help=text)
        return
    if not metavar:
        parser.add_argument(name, dest=dest, action="store_true", help=text)
        return
    choices = {"by": _BY, "approval": ("on", "off")}.get(key) if command in ("progress", "dataset") else None
    needed = command == "submit" and key in ("as", "dataset")
    parser.add_argument(
        name, dest=dest, metavar=None if choices else metavar, choices=choices, required=needed, help=text
    )


def run(arguments: argparse.Namespace) -> int:
    """Do what the subcommand says."""
    if arguments.subcommand is None:
        arguments.helper.print_help(sys.stderr)
        return 2
    name = arguments.subcommand
    if name == "init":
        return _init(arguments)
    if name == "verify" and arguments.receipt:
        return _prove(arguments)
    from bicentennial.monitoring.registry import open_registry

    with open_registry(arguments.registry) as registry:
        doing = _DOING.get(name)
        if doing is not None:
            return doing(registry, arguments)
        _show(_VIEWS[name](registry, arguments), arguments)
        return 0


def _show(view: View, arguments: argparse.Namespace) -> None:
    endings = {".csv": "csv", ".json": "json", ".html": "html", ".svg": "svg"}
    ending = Path(arguments.output).suffix.lower() if arguments.output else ""
    form = arguments.format or endings.get(ending, "table")
    write(view.render(form, arguments.lang), arguments.output)


def _init(arguments: argparse.Namespace) -> int:
    import os

    from bicentennial.monitoring.registry import open_registry

    url = arguments.url or arguments.registry or os.environ.get("BICENTENNIAL_REGISTRY")
    with open_registry(url, create=True) as registry:
        print(entry("cli", "registry")["made"][arguments.lang].format(registry=registry.url))
    return 0


def _prove(arguments: argparse.Namespace) -> int:
    """Look at a receipt and a file; no registry is needed."""
    from bicentennial.core.content import content
    from bicentennial.core.limits import Limits
    from bicentennial.monitoring.verifying import proves, read_receipt

    receipt = read_receipt(content(arguments.receipt, Limits()).decode("utf-8", "replace"), arguments.receipt)
    if arguments.file is None:
        from bicentennial.monitoring import problems

        raise problems.usage("receipt-needs-file")
    right = proves(receipt, content(arguments.file, Limits()))
    words = entry("cli", "registry")["proved" if right else "not-proved"][arguments.lang]
    print(words.format(file=arguments.file, name=receipt["submission"]["name"], at=receipt["received_at"]))
    return 0 if right else 1


def _submit(registry: Registry, arguments: argparse.Namespace) -> int:
    result = registry.submit(
        arguments.file,
        submitter=arguments.submitter,
        dataset=arguments.dataset,
        issued=arguments.issued,
        note=arguments.note or "",
        mapping=arguments.mapping,
        partial=True if arguments.partial else None,
        dry_run=arguments.dry_run,
        retry=not arguments.no_retry,
        actor=arguments.by,
    )
    if arguments.format == "json":
        write(json.dumps(result.to_dict(), ensure_ascii=False, indent=2) + "\n", arguments.output)
        return result.exit_code
    words, lang = entry("cli", "registry"), arguments.lang
    submission = result.submission
    if submission is None or submission.state == "returned":
        from bicentennial.report import render as rendered

        write(rendered([result.report], "text", lang), arguments.output)
    if submission is not None:
        state = entry("registry", "states")[submission.state][lang]
        told = words["submitted" if result.is_new else "submitted-before"][lang]
        print(told.format(name=submission.name, number=submission.number, id=submission.id, state=state))
        for change in result.changes:
            print(f"  {change.message()[lang]}")
        if submission.root:
            print(words["root"][lang].format(root=submission.root))
        print(words["receipt"][lang])
        print(json.dumps(result.receipt, ensure_ascii=False))
    return result.exit_code


def _file(registry: Registry, arguments: argparse.Namespace) -> int:
    data = registry.file(arguments.id)
    if arguments.output:
        from bicentennial.core.output_files import replacing

        with replacing(arguments.output) as path:
            path.write_bytes(data)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    return 0


def _report(registry: Registry, arguments: argparse.Namespace) -> int:
    from bicentennial.report import render as rendered

    report = registry.report(arguments.id)
    write(rendered([report], arguments.format or "text", arguments.lang), arguments.output)
    return 0


def _receipt(registry: Registry, arguments: argparse.Namespace) -> int:
    write(json.dumps(registry.receipt(arguments.id), ensure_ascii=False, indent=2) + "\n", arguments.output)
    return 0


def _decide(what: str) -> Callable[[Registry, argparse.Namespace], int]:
    def decide(registry: Registry, arguments: argparse.Namespace) -> int:
        method = {"accept": registry.accept, "return": registry.give_back, "withdraw": registry.withdraw}.get(
            what, registry.redact
        )
        method(arguments.id, reason=arguments.reason or "", actor=arguments.by)
        from bicentennial.monitoring.answers import of_submissions

        _show(of_submissions([registry.submission(arguments.id)]), arguments)
        return 0

    return decide


def _verify(registry: Registry, arguments: argparse.Namespace) -> int:
    from bicentennial.monitoring.answers import of_faults

    faults = registry.verify()
    if faults or arguments.format:
        _show(of_faults(faults), arguments)
    else:
        print(entry("cli", "registry")["verified"][arguments.lang])
    return 1 if faults else 0


def _backup(registry: Registry, arguments: argparse.Namespace) -> int:
    registry.backup(arguments.file)
    print(entry("cli", "registry")["copied"][arguments.lang].format(file=arguments.file))
    return 0


def _party(registry: Registry, arguments: argparse.Namespace) -> int:
    from bicentennial.monitoring import problems

    if arguments.task == "add" and arguments.id:
        registry.add_party(arguments.id, name=arguments.name, kind=arguments.kind)
    elif arguments.task != "list":
        raise problems.usage("party-task", task=arguments.task)
    from bicentennial.monitoring.answers import of_submitters

    _show(of_submitters(registry.submitters()), arguments)
    return 0


def _dataset(registry: Registry, arguments: argparse.Namespace) -> int:
    from bicentennial.monitoring import problems

    if arguments.task != "set":
        raise problems.usage("dataset-task", task=arguments.task)
    partial = True if arguments.partial else False if arguments.whole else None
    registry.set_dataset(
        arguments.name,
        approval=None if arguments.approval is None else arguments.approval == "on",
        partial=partial,
        cadence=arguments.cadence,
        title=arguments.title,
        embargo=arguments.embargo,
    )
    from bicentennial.monitoring.answers import of_submitters

    _show(of_submitters(registry.submitters()), arguments)
    return 0


def _recheck(registry: Registry, arguments: argparse.Namespace) -> int:
    found = registry.recheck(profile=arguments.profile, dry_run=arguments.dry_run)
    if arguments.format == "json":
        plain = {"rechecked": [each.to_dict() for each in found]}
        write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n", arguments.output)
        return 0
    words, lang = entry("cli", "registry"), arguments.lang
    for each in found:
        key = "still-conforms" if each.conforms else "would-fail"
        print(
            words[key][lang].format(name=each.submission, rules=each.rules, before=each.before, number=each.violations)
        )
    if not found:
        print(words["nothing-to-recheck"][lang])
    return 0


def _query(registry: Registry, arguments: argparse.Namespace) -> int:
    from bicentennial.cli.query import parameters, written

    asked = (
        Path(arguments.query) if Path(arguments.query).suffix and Path(arguments.query).is_file() else arguments.query
    )
    versions: Any = arguments.versions or "current"
    if versions not in ("current", "all"):
        versions = versions.split(",")
    params = parameters(arguments.param)
    result = registry.query(asked, versions=versions, params=params, lang=arguments.lang)
    form = arguments.format or ("turtle" if result.kind == "graph" else "table")
    write(written(result, form, arguments.lang, terminal=False), arguments.output)
    return 0


def _export(registry: Registry, arguments: argparse.Namespace) -> int:
    from bicentennial.core.output_files import replacing
    from bicentennial.monitoring import problems
    from bicentennial.monitoring.graphs import provenance

    lines: Callable[[], Iterator[str]] | None = {
        "nquads": registry.quads,
        "dcat": lambda: provenance(registry.database),
    }.get(arguments.what)
    if lines is None:
        raise problems.usage("export-what", what=arguments.what)
    with replacing(arguments.file) as path, path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(lines())
    print(entry("cli", "registry")["copied"][arguments.lang].format(file=arguments.file))
    return 0


def _import(registry: Registry, arguments: argparse.Namespace) -> int:
    from bicentennial.core.content import content
    from bicentennial.core.limits import Limits

    number = registry.import_quads(content(arguments.file, Limits(file_bytes=1 << 40)))
    print(entry("cli", "registry")["imported"][arguments.lang].format(number=number))
    return 0


def _token(registry: Registry, arguments: argparse.Namespace) -> int:
    from bicentennial.monitoring import problems
    from bicentennial.monitoring.answers import of_tokens

    if arguments.task == "add":
        _, text = registry.add_token(arguments.scope, submitter=arguments.submitter, expires=arguments.expires)
        print(text)
        return 0
    if arguments.task == "revoke" and arguments.id:
        registry.revoke_token(arguments.id)
    elif arguments.task != "list":
        raise problems.usage("token-task", task=arguments.task)
    _show(of_tokens(registry.tokens()), arguments)
    return 0


def _webhooks(config: str | None) -> tuple[Mapping[str, str], Sequence[str]]:
    """Return the webhooks of a service's settings, and the private networks in which they may lie."""
    if config is None:
        return {}, ()
    from bicentennial.cli.serve import needs_libraries

    needs_libraries()
    from bicentennial.service.settings import Settings

    settings = Settings.read(config)
    return settings.webhooks, settings.webhook_networks


def _work(registry: Registry, arguments: argparse.Namespace) -> int:
    import time

    from bicentennial.monitoring.webhooks import deliver

    words, lang = entry("cli", "registry"), arguments.lang
    webhooks, networks = _webhooks(arguments.config)
    while True:
        done = registry.work()
        deliver(registry.database, webhooks, networks)
        if done or arguments.once:
            print(words["worked"][lang].format(number=len(done)), flush=True)
        if arguments.once:
            return 0
        time.sleep(_GLANCE)


def _view(name: str) -> Callable[[Registry, argparse.Namespace], View]:
    def view(registry: Registry, arguments: argparse.Namespace) -> View:
        from bicentennial.monitoring import answers

        when = {"as_of": getattr(arguments, "as_of", None), "known": getattr(arguments, "known", None)}
        if name == "list":
            return answers.of_submissions(
                registry.submissions(submitter=arguments.submitter, dataset=arguments.dataset, state=arguments.state)
            )
        if name == "show":
            return answers.of_submissions([registry.submission(arguments.id)])
        if name == "log":
            names = {each.id: each.name for each in registry.submissions()}
            return answers.of_events(registry.log(arguments.id), names)
        if name == "diff":
            return answers.of_differences(registry.diff(arguments.id, arguments.other))
        if name == "history":
            steps = registry.history(arguments.name, submitter=arguments.submitter, dataset=arguments.dataset)
            return answers.of_history(steps)
        if name == "changes":
            kinds = [kind for kind in _KINDS if getattr(arguments, kind.replace("-", "_"))] or _KINDS
            return answers.of_changes(
                registry.changes(since=arguments.since, kinds=kinds, profile=arguments.profile, **when)
            )
        if name == "progress":
            return _progress(registry, arguments, when)
        found = getattr(registry, name)(**when)
        return cast("View", getattr(answers, f"of_{name}")(found))

    return view


def _progress(registry: Registry, arguments: argparse.Namespace, when: dict[str, str | None]) -> View:
    from bicentennial.monitoring import answers
    from bicentennial.monitoring.registry import times

    by = arguments.by or "goal"
    if arguments.over_time:
        return answers.of_over_time(registry.progress_over_time(by=by, **when), by=by)
    return answers.of_progress(registry.progress(by=by, **when), by=by, **times(**when))


_VIEWS: Final = {
    name: _view(name)
    for name in (
        "list", "show", "log", "diff", "history", "changes", "progress", "deadlines", "indicators", "gaps", "submitters"
    )
}  # fmt: skip
_DOING: Final[dict[str, Callable[[Registry, argparse.Namespace], int]]] = {
    "submit": _submit,
    "file": _file,
    "report": _report,
    "receipt": _receipt,
    "accept": _decide("accept"),
    "return": _decide("return"),
    "withdraw": _decide("withdraw"),
    "redact": _decide("redact"),
    "verify": _verify,
    "backup": _backup,
    "party": _party,
    "dataset": _dataset,
    "recheck": _recheck,
    "query": _query,
    "export": _export,
    "import": _import,
    "token": _token,
    "work": _work,
}
