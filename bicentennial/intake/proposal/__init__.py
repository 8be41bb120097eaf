"""A mapping file proposed from a file's own headers and values, for a person to finish.

What is not certain is written as a comment with the best candidates, so that nothing is decided unseen;
`semantics.column_matching` says how columns are recognised. `outline` gives the same as data, so that a form can ask,
and `propose` takes what was answered.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bicentennial.core.files.content import content
from bicentennial.core.limits import DEFAULT, Limits
from bicentennial.core.problems import unreadable
from bicentennial.intake.proposal.analysis import Answers, Proposal
from bicentennial.intake.proposal.cells import cells_of
from bicentennial.intake.proposal.text import MappingText
from bicentennial.semantics.column_matching import Sheet
from bicentennial.semantics.sheets.template_sheets import explains
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Answers", "outline", "outline_in_worker", "propose"]


def propose(path: str, lang: str, limits: Limits = DEFAULT, answers: Answers | None = None) -> str:
    """Return the text of a mapping file for a submission.

    Args:
        path: the submission: a table, a workbook or JSON.
        lang: the language of the comments.
        limits: see `Limits`.
        answers: what a person has said of what was proposed before, if anything.

    Raises:
        InputNotFoundError: there is no such file.
        UnreadableInputError: it is of a format that needs no mapping, or holds no table.
        LimitReachedError: it is larger than the limits allow.
    """
    return MappingText(_proposal(path, lang, limits, answers or Answers())).render()


def outline(path: str, lang: str, limits: Limits = DEFAULT, answers: Answers | None = None) -> dict[str, Any]:
    """Return what `propose` would say, as data that a form can be made of.

    Returns:
        `sheets`, each with `name`, the `choices` of our headers and `columns` (`header`, `ours`, `examples`);
        `constants`, each with `header` and the `choices` of values where the list is closed; `values`, each with
        `header`, and `unknown` values with what is `near` to each and all `choices` where the list is closed;
        `dates`, the ways in which dates can be read; `declared`, the headers of columns with unknown parties or places,
        and some of them. A choice is the name that a mapping takes, and what it is called.

    Raises:
        InputError: as `propose`.
    """
    return _proposal(path, lang, limits, answers or Answers()).outline()


def outline_in_worker(path: str, lang: str, limits: Mapping[str, int], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Do between processes what `outline` and `propose` do: `outline` and `text`, JSON in and JSON out."""
    made = _proposal(path, lang, Limits.of(limits), Answers(**answers))
    return {"outline": made.outline(), "text": MappingText(made).render()}


def _proposal(path: str, lang: str, limits: Limits, answers: Answers) -> Proposal:
    place = Path(path)
    grids = [grid for grid in cells_of(place, content(place, limits), limits) if grid.rows and not explains(grid)]
    if not grids:
        raise unreadable("empty")
    sheets = [Sheet(default_index(), grid) for grid in grids]
    return Proposal(default_index(), sheets, place.name, lang, answers)
