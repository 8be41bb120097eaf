"""frictionless on a table, with a schema that says about as much as our shapes say of single cells."""

import re
import sys

from frictionless import Resource, Schema, system

from benchmarks.data import CURRENCIES, GOALS, HEADER, PARTIES, PILLARS, STATUSES

CONSTRAINTS = {
    "id": {"required": True, "unique": True},
    "title": {"required": True},
    "goal": {"required": True, "enum": list(GOALS)},
    "pillar": {"enum": list(PILLARS)},
    "responsible_party": {"required": True, "enum": list(PARTIES)},
    "status": {"enum": list(STATUSES)},
    "budget": {"minimum": 0},
    "currency": {"enum": list(CURRENCIES)},
}
TYPES = {"start_date": "date", "due_date": "date", "end_date": "date", "budget": "number"}
schema = Schema.from_descriptor(
    {
        "fields": [
            {"name": name, "type": TYPES.get(name, "string"), "constraints": CONSTRAINTS.get(name, {})}
            for name in HEADER
        ]
    }
)
with system.use_context(trusted=True):
    report = Resource(path=sys.argv[1], schema=schema).validate(limit_errors=1_000_000)
for row, field, note in report.flatten(["rowNumber", "fieldName", "note"]):
    kind = re.match(r'(?:constraint ")?(\w+)', note)
    print(row, field, kind and kind[1])
