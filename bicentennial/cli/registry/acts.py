"""What the subcommands of `registry` do, but for those that answer a question."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.cli.output import choose_format, write
from bicentennial.cli.registry.answers import show
from bicentennial.cli.registry.subcommands import forms_of
from bicentennial.core.files.paths import is_file
from bicentennial.core.messages import entry

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from bicentennial.core.messages import Language
    from bicentennial.monitoring.questions.carrying import NotCarried
    from bicentennial.monitoring.registry import Registry
    from bicentennial.service.settings import Settings

__all__ = ["ACTS", "WITHOUT"]

_PATIENCE: Final = 15.0
"""Seconds between two looks for work without a notification, and at most between two attempts to reach the database."""


def _say(arguments: argparse.Namespace, key: str, plain: dict[str, Any], **words: object) -> None:
    """Say a sentence, or the same to a program."""
    if arguments.format == "json":
        write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n", arguments.output)
    else:
        write(entry("cli", "registry")[key][arguments.lang].format(**words) + "\n", arguments.output)


def _limits(arguments: argparse.Namespace) -> dict[str, float]:
    from bicentennial.cli.validate import limits_of

    return limits_of(arguments.limit)


def _init(arguments: argparse.Namespace) -> int:
    from bicentennial.monitoring.registry import open_registry

    url = arguments.url or arguments.registry or os.environ.get("BICENTENNIAL_REGISTRY")
    with open_registry(url, create=True) as registry:
        if arguments.base:
            registry.set_base(arguments.base)
        _say(arguments, "made", {"registry": registry.url, "base": registry.base}, registry=registry.url)
    return 0


def _prove(arguments: argparse.Namespace) -> int | None:
    """Look at a receipt and a file, for which no registry is needed; None if the registry is what is to be verified."""
    if not arguments.receipt:
        if arguments.file is not None:
            from bicentennial.monitoring.store import problems

            raise problems.usage("file-needs-receipt", file=arguments.file)
        return None
    from bicentennial.core.files.content import content
    from bicentennial.core.limits import Limits
    from bicentennial.monitoring.integrity.verifying import proves, read_receipt

    receipt = read_receipt(content(arguments.receipt, Limits()).decode("utf-8", "replace"), arguments.receipt)
    if arguments.file is None:
        from bicentennial.monitoring.store import problems

        raise problems.usage("receipt-needs-file")
    right = proves(receipt, content(arguments.file, Limits()))
    name, at = receipt["submission"]["name"], receipt["received_at"]
    plain = {"proved": right, "file": arguments.file, "submission": name, "received_at": at}
    _say(arguments, "proved" if right else "not-proved", plain, file=arguments.file, name=name, at=at)
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
        limits=_limits(arguments),
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
        message = words["submitted" if result.is_new else "submitted-before"][lang]
        print(message.format(name=submission.name, number=submission.number, id=submission.id, state=state))
        for change in result.changes:
            print(f"  {change.message()[lang]}")
        if submission.root:
            print(words["root"][lang].format(root=submission.root))
        print(words["receipt"][lang])
        print(json.dumps(result.receipt, ensure_ascii=False))
        _say_not_carried(result.not_carried, lang)
    return result.exit_code


def _say_not_carried(later: list[NotCarried], lang: Language) -> None:
    """Say beside the answer which later submissions do not hold what was changed."""
    for each in later:
        print(f"bicentennial: {each.message()[lang]}", file=sys.stderr)


def _file(registry: Registry, arguments: argparse.Namespace) -> int:
    data = registry.file(arguments.id)
    if arguments.output:
        from bicentennial.core.files.output import atomic_path

        with atomic_path(arguments.output) as path:
            path.write_bytes(data)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    return 0


def _report(registry: Registry, arguments: argparse.Namespace) -> int:
    from bicentennial.report import render as rendered
    from bicentennial.report.formats import FORMATS

    formats = {name: FORMATS[name] for name in forms_of("report")}
    name = choose_format(arguments.format, arguments.output, formats, "text")
    write(rendered([registry.report(arguments.id)], name, arguments.lang), arguments.output)
    return 0


def _receipt(registry: Registry, arguments: argparse.Namespace) -> int:
    write(json.dumps(registry.receipt(arguments.id), ensure_ascii=False, indent=2) + "\n", arguments.output)
    return 0


def _decide(what: str) -> Callable[[Registry, argparse.Namespace], int]:
    def decide(registry: Registry, arguments: argparse.Namespace) -> int:
        method: dict[str, Callable[..., list[str] | None]] = {
            "accept": registry.accept, "return": registry.give_back, "withdraw": registry.withdraw,
            "redact": registry.redact,
        }  # fmt: skip
        if holders := method[what](arguments.id, reason=arguments.reason or "", actor=arguments.by):
            said = entry("cli", "registry")["held"][arguments.lang].format(names=", ".join(holders))
            print(f"bicentennial: {said}", file=sys.stderr)
        if what != "redact":
            _say_not_carried(registry.not_carried(arguments.id), arguments.lang)
        from bicentennial.monitoring.questions.answers import of_submissions

        show(of_submissions([registry.submission(arguments.id)]), arguments)
        return 0

    return decide


def _verify(registry: Registry, arguments: argparse.Namespace) -> int:
    from bicentennial.monitoring.questions.answers import of_faults

    faults = registry.verify()
    if faults or arguments.format:
        show(of_faults(faults), arguments)
    else:
        _say(arguments, "verified", {})
    return 1 if faults else 0


def _backup(registry: Registry, arguments: argparse.Namespace) -> int:
    registry.backup(arguments.file)
    _say(arguments, "copied", {"file": arguments.file}, file=arguments.file)
    return 0


def _rebuild(registry: Registry, arguments: argparse.Namespace) -> int:
    registry.rebuild()
    _say(arguments, "rebuilt", {})
    return 0


def _party(registry: Registry, arguments: argparse.Namespace) -> int:
    from bicentennial.monitoring.store import problems

    if arguments.task == "add" and arguments.id:
        registry.add_party(arguments.id, name=arguments.name, kind=arguments.kind)
    elif arguments.task != "list":
        raise problems.usage("party-task", task=arguments.task)
    from bicentennial.monitoring.questions.answers import of_submitters

    show(of_submitters(registry.submitters()), arguments)
    return 0


def _dataset(registry: Registry, arguments: argparse.Namespace) -> int:
    from bicentennial.monitoring.store import problems

    if arguments.task != "set":
        raise problems.usage("dataset-task", task=arguments.task)
    if arguments.partial and arguments.whole:
        raise problems.usage("whole-or-partial")
    partial = True if arguments.partial else False if arguments.whole else None
    registry.set_dataset(
        arguments.name,
        approval=None if arguments.approval is None else arguments.approval == "on",
        partial=partial,
        cadence=arguments.cadence,
        title=arguments.title,
        embargo=arguments.embargo,
    )
    from bicentennial.monitoring.questions.answers import of_submitters

    show(of_submitters(registry.submitters()), arguments)
    return 0


def _recheck(registry: Registry, arguments: argparse.Namespace) -> int:
    found = registry.recheck(profile=arguments.profile, dry_run=arguments.dry_run, limits=_limits(arguments))
    if arguments.format == "json":
        plain = {"rechecked": [each.to_dict() for each in found]}
        write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n", arguments.output)
        return 0
    words, lang = entry("cli", "registry"), arguments.lang
    lines = []
    for each in found:
        key = "still-conforms" if each.conforms else "would-fail"
        lines.append(
            words[key][lang].format(name=each.submission, rules=each.rules, before=each.before, number=each.violations)
        )
    write("\n".join(lines or [words["nothing-to-recheck"][lang]]) + "\n", arguments.output)
    return 0


def _query(registry: Registry, arguments: argparse.Namespace) -> int:
    from bicentennial.cli.query import FORMATS, parameters, written

    formats = {name: FORMATS[name] for name in forms_of("query")}
    name = choose_format(arguments.format, arguments.output, formats, "")
    asked = Path(arguments.query) if Path(arguments.query).suffix and is_file(arguments.query) else arguments.query
    versions: Any = arguments.versions or "current"
    if versions not in ("current", "all"):
        versions = versions.split(",")
    params = parameters(arguments.param)
    result = registry.query(asked, versions=versions, params=params, lang=arguments.lang)
    form = name or ("turtle" if result.kind == "graph" else "table")
    write(written(result, form, arguments.lang, terminal=False), arguments.output)
    return 0


def _export(registry: Registry, arguments: argparse.Namespace) -> int:
    lost = registry.export(arguments.what, arguments.file, lang=arguments.lang)
    _say(arguments, "copied", {"file": arguments.file, "lost": lost}, file=arguments.file)
    if arguments.format != "json":
        for each in lost:
            print(f"{entry('cli', 'convert')['lost'][arguments.lang]}: {each}", file=sys.stderr)
    return 0


def _publish(registry: Registry, arguments: argparse.Namespace) -> int:
    done = registry.publish(
        arguments.to, versions=not arguments.current, everything=arguments.all, dry_run=arguments.dry_run
    )
    put, deleted = len(done.put), len(done.deleted)
    key = "would-publish" if arguments.dry_run else "published"
    words = {"endpoint": done.endpoint, "put": put, "deleted": deleted, "unchanged": done.unchanged}
    _say(arguments, key, done.to_dict(), **words)
    return 0


def _base(registry: Registry, arguments: argparse.Namespace) -> int:
    if arguments.url:
        registry.set_base(arguments.url)
    _say(arguments, "base", {"base": registry.base}, base=registry.base)
    return 0


def _import(registry: Registry, arguments: argparse.Namespace) -> int:
    from bicentennial.core.files.content import content
    from bicentennial.core.limits import Limits

    number = registry.import_quads(content(arguments.file, Limits(file_bytes=1 << 40)))
    _say(arguments, "imported", {"imported": number}, number=number)
    for event in registry.log():
        if event.what == "imported" and event.submission is not None and "root" in event.data:
            name = registry.submission(event.submission).name
            said = entry("cli", "registry")["another-root"][arguments.lang]
            print(f"bicentennial: {said.format(name=name, root=event.data['root'])}", file=sys.stderr)
    return 0


def _token(registry: Registry, arguments: argparse.Namespace) -> int:
    from bicentennial.monitoring.questions.answers import of_tokens
    from bicentennial.monitoring.store import problems

    if arguments.task == "add":
        token, text = registry.add_token(arguments.scope, submitter=arguments.submitter, expires=arguments.expires)
        _say(arguments, "token", {"token": text, **token.to_dict()}, token=text)
        return 0
    if arguments.task == "revoke" and arguments.id:
        registry.revoke_token(arguments.id)
    elif arguments.task != "list":
        raise problems.usage("token-task", task=arguments.task)
    show(of_tokens(registry.tokens()), arguments)
    return 0


def _settings(config: str | None) -> Settings | None:
    """Return the settings of a service, if there is a file of them."""
    if config is None:
        return None
    from bicentennial.cli.serve import needs_libraries

    needs_libraries()
    from bicentennial.service.settings import Settings

    return Settings.read(config)


def _work(arguments: argparse.Namespace) -> int:
    """Check what waits; unless once is enough, stay, and come back when the database does."""
    from bicentennial.core.errors import ConflictError, DatabaseError
    from bicentennial.monitoring.registry import open_registry
    from bicentennial.monitoring.webhooks import deliver

    settings = _settings(arguments.config)
    limits = _limits(arguments) or (settings.limits if settings else None)
    failures = 0
    while True:
        try:
            with open_registry(arguments.registry) as registry:
                while True:
                    done = registry.work(limits=limits)
                    if settings is not None:
                        deliver(registry.database, settings.webhooks, settings.webhook_networks)
                    failures = 0
                    if done or arguments.once:
                        _say(arguments, "worked", {"checked": done}, number=len(done))
                        sys.stdout.flush()
                    if arguments.once:
                        return 0
                    registry.wait_for_news(_PATIENCE)
        except (DatabaseError, ConflictError) as error:
            if arguments.once:
                raise
            if not failures:
                said = entry("cli", "registry")["waits"][arguments.lang].format(why=error.text[arguments.lang])
                print(f"bicentennial: {said}", file=sys.stderr, flush=True)
            time.sleep(min(2.0**failures, _PATIENCE))
            failures = min(failures + 1, 10)


ACTS: Final[dict[str, Callable[[Registry, argparse.Namespace], int]]] = {
    "submit": _submit,
    "file": _file,
    "report": _report,
    "receipt": _receipt,
    "accept": _decide("accept"),
    "return": _decide("return"),
    "withdraw": _decide("withdraw"),
    "redact": _decide("redact"),
    "verify": _verify,
    "rebuild": _rebuild,
    "backup": _backup,
    "party": _party,
    "dataset": _dataset,
    "recheck": _recheck,
    "query": _query,
    "export": _export,
    "import": _import,
    "token": _token,
    "publish": _publish,
    "base": _base,
}
"""What is done with an open registry."""
WITHOUT: Final[dict[str, Callable[[argparse.Namespace], int | None]]] = {
    "init": _init,
    "verify": _prove,
    "work": _work,
}
"""What is done without one, or opens it itself; None if it needs one after all."""
