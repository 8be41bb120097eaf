"""What is printed, as text for a terminal and as Markdown for a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_NUMBER: Final = re.compile(r"(?:[\d.,]+(?: (?:s|MB))?(?: ×[\d.]+)?)?")


@dataclass(frozen=True)
class Table:
    """A titled table, and notes that follow it."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def text(self) -> str:
        """Return it for a terminal.

        >>> print(Table("Work", ["", "seconds"], [["ours", "1.00"], ["theirs", "10.00"]]).text())
        Work
                  seconds
          ours       1.00
          theirs    10.00
        """
        widths = [max(len(cell) for cell in column) for column in zip(self.header, *self.rows, strict=True)]
        numeric = self._numeric()

        def line(cells: Sequence[str]) -> str:
            set_apart = zip(cells, widths, numeric, strict=True)
            return (
                "  " + "  ".join(c.rjust(width) if right else c.ljust(width) for c, width, right in set_apart).rstrip()
            )

        lines = [line(self.header), *map(line, self.rows), *(f"  {note}" for note in self.notes)]
        return "\n".join([self.title, *lines])

    def markdown(self) -> str:
        """Return it for a file."""

        def line(cells: Sequence[str]) -> str:
            return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

        rule = line(["---:" if right else "---" for right in self._numeric()])
        notes = [f"- {note}" for note in self.notes]
        return "\n".join(
            [f"## {self.title}", "", line(self.header), rule, *map(line, self.rows), *([""] if notes else []), *notes]
        )

    def _numeric(self) -> list[bool]:
        """Tell of each column whether it holds numbers, which are set to the right."""
        return [all(_NUMBER.fullmatch(row[n]) for row in self.rows) for n in range(len(self.header))]


class Paper:
    """Prints each piece as soon as it is there, and keeps a Markdown file that has all of them; it makes the folder."""

    def __init__(self, markdown: Path | None) -> None:
        if markdown is not None:
            markdown.parent.mkdir(parents=True, exist_ok=True)
        self._file = markdown
        self._pieces: list[str] = []

    def say(self, text: str) -> None:
        """Print a sentence."""
        self._put(text, text)

    def show(self, table: Table) -> None:
        """Print a table."""
        self._put(table.text(), table.markdown())

    def _put(self, text: str, markdown: str) -> None:
        print(text, end="\n\n", flush=True)
        self._pieces.append(markdown)
        if self._file is not None:
            self._file.write_text("\n\n".join(self._pieces) + "\n", encoding="utf-8")
