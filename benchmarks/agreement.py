"""Whether validators find the same, and if not, of which kind are the findings in which they differ."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

# Each fault that we put in: the code of ours, and what a schema for tables calls it, if it can say so.
_CODES: Final = {
    "no goal": ("Action-advancesGoal.missing", "goal required"),
    "not a goal": ("Action-advancesGoal.unknown", "goal enum"),
    "no party": ("Action-hasResponsibleParty.missing", "responsible_party required"),
    "unknown status": ("Action-hasStatus.unknown", "status enum"),
    "ends before it starts": ("Action-endsAfterItStarts", None),
    "no date": ("Action-startDate.datatype", "start_date type"),
    "negative budget": ("Action-budgetAmount.range", "budget minimum"),
    "unknown currency": ("Action-budgetCurrency.unknown", "currency enum"),
}
_OURS: Final = {code: kind for code, kind in _CODES.values() if kind}
_LOCAL: Final = re.compile(r"[^/#]*$")


@dataclass(frozen=True)
class Found:
    """How many findings of each kind there are, and each with its place, if all of them are listed."""

    kinds: Counter[str]
    places: Counter[str] | None

    @classmethod
    def of_shacl(cls, output: str) -> Found:
        """Read what SHACL validators print: `focus path component`, each once: a report is a set, which some repeat."""
        lines = [line.split() for line in dict.fromkeys(output.splitlines())]
        places = Counter(" ".join(words) for words in lines)
        kinds = Counter(" ".join(_short(word) for word in words[1:]) for words in lines)
        return cls(kinds, places)

    @classmethod
    def of_schema(cls, output: str) -> Found:
        """Read what validators of tables print: `row column kind`."""
        places = Counter(output.splitlines())
        return cls(Counter(line.partition(" ")[2] for line in places.elements()), places)

    @classmethod
    def of_report(cls, output: str) -> Found:
        """Read our report, and of it what a schema for tables can say too."""
        report = json.loads(output)
        kinds = Counter({_OURS[code]: n for code, n in report["summary"]["by_code"].items() if code in _OURS})
        listed = [finding for finding in report["findings"] if finding["code"] in _OURS]
        places = Counter(f"{finding['location']['row']} {_OURS[finding['code']]}" for finding in listed)
        return cls(kinds, places if len(listed) == kinds.total() else None)

    def against(self, other: Found) -> str:
        """Say in what another's findings differ from these; nothing if they are the same.

        >>> ours, theirs = Found.of_schema("2 goal enum\\n3 goal enum"), Found.of_schema("3 goal enum\\n4 goal enum")
        >>> ours.against(theirs)
        'misses 1 (goal enum 1), has 1 more (goal enum 1)'
        """
        if self.places is not None and other.places is not None:
            missing, more = self.places - other.places, other.places - self.places
            lost, added = (Counter(_kind(place) for place in each.elements()) for each in (missing, more))
        else:
            lost, added = self.kinds - other.kinds, other.kinds - self.kinds
        said = [
            f"{words} ({', '.join(f'{kind} {number:,}' for kind, number in sorted(kinds.items()))})"
            for words, kinds in ((f"misses {lost.total():,}", lost), (f"has {added.total():,} more", added))
            if kinds
        ]
        return ", ".join(said)


def _kind(place: str) -> str:
    return " ".join(_short(word) for word in place.split()[1:])


def _short(word: str) -> str:
    local = _LOCAL.search(word.rstrip(">"))
    return (local[0] if local else word).removesuffix("ConstraintComponent")


def faults_found(output: str, expected: dict[str, int]) -> str:
    """Say of which faults that were put in our report counts another number; nothing if all agree.

    What else we remark on does not count, unless it is a violation: there is nothing else wrong with the data.
    """
    summary = json.loads(output)["summary"]
    wrong = [
        f"{name}: {number:,} put in, {found:,} found"
        for name, number in expected.items()
        if (found := summary["by_code"].get(_CODES[name][0], 0)) != number
    ]
    if summary["violation"] != sum(expected.values()):
        wrong.append(f"{summary['violation']:,} violations where {sum(expected.values()):,} were put in")
    return "; ".join(wrong)
