"""The questions that `registry` answers, each as a view that is shown as a table, CSV, JSON, a page or a plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from bicentennial.cli.output import choose_format, write
from bicentennial.cli.registry.subcommands import KINDS, forms_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from bicentennial.monitoring.questions.views import View
    from bicentennial.monitoring.registry import Registry

__all__ = ["ANSWERS", "form_of", "show"]


def show(view: View, arguments: argparse.Namespace) -> None:
    """Write an answer where it should go, in the form that is asked for or that the name of the output says."""
    write(view.render(form_of(arguments), arguments.lang), arguments.output)


def form_of(arguments: argparse.Namespace) -> str:
    """Return the form of an answer.

    Raises:
        UsageError: the name of the output is that of no form, which is better said before something is done.
    """
    endings = {"table": (".txt",), "html": (".html", ".htm")}
    formats = {form: endings.get(form, (f".{form}",)) for form in forms_of(arguments.subcommand)}
    return choose_format(arguments.format, arguments.output, formats, "table")


def _view(name: str) -> Callable[[Registry, argparse.Namespace], View]:
    def view(registry: Registry, arguments: argparse.Namespace) -> View:
        from bicentennial.monitoring.questions import answers

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
            kinds = [kind for kind in KINDS if getattr(arguments, kind.replace("-", "_"))] or KINDS
            return answers.of_changes(
                registry.changes(since=arguments.since, kinds=kinds, profile=arguments.profile, **when)
            )
        if name == "progress":
            return _progress(registry, arguments, when)
        found = getattr(registry, name)(**when)
        return cast("View", getattr(answers, f"of_{name}")(found))

    return view


def _progress(registry: Registry, arguments: argparse.Namespace, when: dict[str, str | None]) -> View:
    from bicentennial.monitoring.questions import answers
    from bicentennial.monitoring.store.dates import times

    by = arguments.by or "goal"
    if arguments.over_time:
        return answers.of_over_time(registry.progress_over_time(by=by, **when), by=by)
    return answers.of_progress(registry.progress(by=by, **when), by=by, **times(**when))


ANSWERS: Final = {
    name: _view(name)
    for name in (
        "list", "show", "log", "diff", "history", "changes", "progress", "deadlines", "indicators", "gaps", "submitters"
    )
}  # fmt: skip
