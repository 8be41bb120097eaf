"""JSON Schema of the plain JSON that partners may send, compiled from the tables and the models.

Keys are the columns' names in either language; values are written as in a sheet, several as a list.

>>> action = schema()["$defs"]["Action"]
>>> action["properties"]["goal"]["anyOf"][1]["minItems"]
1
>>> action["allOf"][0]
{'anyOf': [{'required': ['id']}, {'required': ['identificador']}]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.compilers.shacl import notations
from bicentennial.compilers.tables import tables
from bicentennial.core.messages import LANGUAGES
from bicentennial.core.namespaces import RDF, XSD, local_name, snake_case
from bicentennial.models import CLASSES
from bicentennial.models.structure import structure
from bicentennial.rdf.ontology import ontology

if TYPE_CHECKING:
    from bicentennial.compilers.tables import CsvwColumn, CsvwTable
    from bicentennial.models.structure import FieldStructure

__all__ = ["schema"]

_IRI: Final = "https://w3id.org/bicentennial/schema.json"
_DATE: Final = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_DECIMAL: Final = r"^[+-]?(\d+(\.\d*)?|\.\d+)$"


def _value(field: FieldStructure) -> dict[str, Any]:
    """Return the schema of one value of a field."""
    if field.notation_of:
        return {"enum": list(notations(field.notation_of))}
    datatype = field.datatypes[0] if field.datatypes else XSD.string
    if datatype == XSD.date:
        return {"anyOf": [{"type": "string", "pattern": _DATE}, {"type": "integer", "minimum": 1, "maximum": 9999}]}
    if datatype == XSD.decimal:
        number: dict[str, Any] = {"type": "number"}
        if field.at_least is not None:
            number["minimum"] = field.at_least
        return {"anyOf": [number, {"type": "string", "pattern": _DECIMAL}]}
    if datatype == XSD.integer:
        return {"type": "integer", "minimum": field.at_least}
    text: dict[str, Any] = {"type": "string", "minLength": 1}
    if field.pattern:
        text["pattern"] = field.pattern
    if datatype == RDF.langString:
        by_language = {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}, "minProperties": 1}
        return {"anyOf": [text, by_language]}
    return text


def _values(field: FieldStructure) -> dict[str, Any]:
    """Return the schema of all that a field may hold: a value, or a list where several are allowed."""
    value = _value(field)
    if field.maximum == 1 or field.one_per_language:
        return value
    several: dict[str, Any] = {"type": "array", "items": value}
    if field.minimum or field.either:
        several["minItems"] = max(field.minimum, 1)
    return {"anyOf": [value, several]}


def _keys(column: CsvwColumn) -> list[str]:
    return list(dict.fromkeys([column.name, *(column.header[language] for language in LANGUAGES)]))


def _record(table: CsvwTable) -> dict[str, Any]:
    name = local_name(table.describes)
    properties: dict[str, Any] = {}
    required = []
    for column in table.columns:
        term = ontology().property_of(snake_case(local_name(column.property)))
        fields = structure(CLASSES[local_name(column.describes or table.describes)])
        field = fields[snake_case(local_name(column.property))]
        for key in _keys(column):
            properties[key] = {"description": term.definition["en"]} | _values(field)
        if column.required:
            other = ontology().property_of(field.either).iri if field.either else None
            columns = [column, *(each for each in table.columns if each.property == other)]
            required.append({"anyOf": [{"required": [key]} for each in columns for key in _keys(each)]})
    return {
        "type": "object",
        "description": ontology().class_of(name).definition["en"],
        "properties": properties,
        "allOf": required,
    }


def schema() -> dict[str, Any]:
    """Return the schema document."""
    definitions = {local_name(table.describes): _record(table) for table in tables()}
    sheets = {
        name: {"type": "array", "items": {"$ref": f"#/$defs/{local_name(table.describes)}"}}
        for table in tables()
        for name in dict.fromkeys(table.name[language] for language in LANGUAGES)
    }
    of_submission = {
        key: record["properties"][key]
        for table, record in zip(tables(), definitions.values(), strict=True)
        for column in table.columns
        if column.about
        for key in _keys(column)
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _IRI,
        "title": "A submission to the Bicentennial Framework",
        "anyOf": [
            {"type": "array", "items": {"$ref": "#/$defs/Action"}, "minItems": 1},
            {"type": "object", "properties": sheets | of_submission, "minProperties": 1},
        ],
        "$defs": definitions,
    }
