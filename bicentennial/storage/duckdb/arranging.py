"""Many statements about things of few kinds, arranged so that checks find them quickly.

    statements ──▶ things1(s, n, o_1, o_2 …)     a row for each thing of a class, with what it has once at most
               ──▶ things1_3(value, o, kind …)   the values of a property of which some of them have several
               ──▶ statements                    the others, ordered by property

What a rule asks of a thing then stands in its row, as it does in a sheet (`SqlColumn`), and takes no join.
"""

# ruff: noqa: S608 -- IRIs of a partner's go in as texts of SQL, quoted

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import RDF
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.storage.layout import IRI, KEYED, PLACE, SqlColumn, keyed, quoted
from bicentennial.storage.sizes import are_worth_a_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bicentennial.storage.connection import Connection

__all__ = ["arranged"]

# A table has as many columns as its things have properties.
_MOST_PROPERTIES: Final = 200
# A value that so many rows share is worth looking for once.
_OFTEN: Final = 8


class _Said(NamedTuple):
    """What is said of the things of one class with one property: the extremes of each part of its values.

    `place` has the parts of the places that all of its values share.
    """

    p: str
    several: bool
    repeats: bool
    kind: tuple[int, int]
    dt: tuple[str, str]
    lang: tuple[str, str]
    place: dict[str, int]


def arranged(connection: Connection) -> list[SqlColumn]:
    """Move the statements about things of large classes to tables by class, and order the others by property.

    A thing has its place in such a table if it is of one class, and that is said once.

    Returns:
        The columns of those tables: what is no longer in the table `statements`, from which the properties are then an
        enumeration.
    """
    connection.execute("CREATE TYPE property AS ENUM (SELECT DISTINCT p FROM statements ORDER BY p)")
    classes = _classes(connection)
    places = _number(connection, classes) if classes else []
    others = f" WHERE {_others(connection)}" if classes else ""
    connection.execute(
        f"CREATE TABLE clustered AS SELECT * REPLACE (p::property AS p) FROM statements{others} ORDER BY p;"
        f"DROP VIEW keyed; DROP TABLE statements; ALTER TABLE clustered RENAME TO statements; {KEYED}"
    )
    columns = [column for number, each in enumerate(classes, 1) for column in _table(connection, number, each, places)]
    if classes:
        connection.execute("DROP TABLE numbered; DROP TABLE things")
    connection.execute("DROP TABLE IF EXISTS typed")
    return columns


def _classes(connection: Connection) -> list[str]:
    """Return the classes that have many things."""
    ((properties,),) = connection.execute("SELECT len(enum_range(NULL::property))").fetchall()
    if properties > _MOST_PROPERTIES:
        return []
    connection.execute(
        f"CREATE TABLE typed AS SELECT s, min(o) AS c FROM statements WHERE p = {quoted(RDF.type)} GROUP BY s"
        f" HAVING count(*) = 1 AND min(kind) = {IRI}"
    )
    counts = connection.execute("SELECT c, count(*) FROM typed GROUP BY c ORDER BY c").fetchall()
    return [each for each, count in counts if are_worth_a_table(count)]


def _number(connection: Connection, classes: Sequence[str]) -> list[str]:
    """Make the tables `things`, of those of some classes, and `numbered`, of what is said of them.

    Returns:
        The parts of places that anything has; `numbered` holds no others.
    """
    counted = ", ".join(f"count({part})" for part in PLACE)
    (counts,) = connection.execute(f"SELECT {counted} FROM statements").fetchall()
    places = [part for part, count in zip(PLACE, counts, strict=True) if count]
    numbers = ", ".join(f"({quoted(each)}, {number})" for number, each in enumerate(classes, 1))
    connection.execute(
        f"CREATE TABLE things AS SELECT s, class, CAST(row_number() OVER () AS INTEGER) AS n"
        f" FROM typed JOIN (VALUES {numbers}) listed(c, class) USING (c);"
        "DROP TABLE typed;"  # of a million things, it takes what the next table needs
        "CREATE TYPE datatype AS ENUM (SELECT DISTINCT dt FROM statements ORDER BY dt);"
        "CREATE TYPE language AS ENUM (SELECT DISTINCT lang FROM statements ORDER BY lang);"
        f"CREATE TABLE numbered AS SELECT {', '.join(['n', 'class', 'p::property AS p', 'o', 'kind', *places])},"
        " dt::datatype AS dt, lang::language AS lang FROM statements JOIN things USING (s)"
    )
    return places


def _others(connection: Connection) -> str:
    """Return the condition that statements meet which are not in `numbered`; most often there are none."""
    numbered, whole = "SELECT count(*) FROM numbered", "SELECT count(*) FROM statements"
    ((are_all,),) = connection.execute(f"SELECT ({numbered}) = ({whole})").fetchall()
    return "false" if are_all else "s NOT IN (SELECT s FROM things)"


def _table(connection: Connection, number: int, class_iri: str, places: Sequence[str]) -> Iterator[SqlColumn]:
    """Make the table of the things of a class, and yield its columns; `places` as `_number` returns them."""
    table = f"things{number}"
    selected, joins = ["t.s", "t.n"], ""
    for position, said in enumerate(_said(connection, number, places), 1):
        source = f"FROM numbered WHERE class = {number} AND p = {quoted(said.p)}"
        if said.several:
            own = ", ".join(f"{part}::VARCHAR AS {part}" for part in ("dt", "lang"))
            connection.execute(
                f"CREATE TABLE {table}_{position} AS SELECT *, {keyed()} AS k"
                f" FROM (SELECT {', '.join(['n AS value', 'o', 'kind', own, *places])} {source})"
            )
            place = tuple(f"m.{part}" if part in places else "NULL" for part in PLACE)
            yield SqlColumn(
                said.p,
                table,
                0,
                cell="n",
                meanings=f"{table}_{position}",
                single=False,
                silent_values=True,
                place=place,
            )
            continue
        is_type = said.p == RDF.type
        kept = [] if is_type else ["o", *(part for part in ("kind", "dt", "lang") if len(set(getattr(said, part))) > 1)]
        own_places = [part for part in places if part not in said.place]
        said_with = "typed" if is_type else f"e{position}"
        selected += (f"{said_with}.{part} AS {part}_{position}" for part in [*kept, *own_places])
        joins += "" if is_type else f" LEFT JOIN (SELECT * {source}) {said_with} ON {said_with}.n = typed.n"
        place = tuple(
            f"{part}_{position}" if part in own_places else str(said.place.get(part, "NULL")) for part in PLACE
        )
        if is_type:
            yield SqlColumn(said.p, table, 0, o=quoted(class_iri), kind=IRI, place=place)
            continue
        yield SqlColumn(
            said.p,
            table,
            0,
            cell=f"o_{position}",
            is_nullable=True,
            repeats=said.repeats and kept == ["o"],
            o=f"o_{position}",
            kind=f"kind_{position}" if "kind" in kept else said.kind[0],
            dt=f"dt_{position}::VARCHAR" if "dt" in kept else quoted(said.dt[0]),
            lang=f"lang_{position}::VARCHAR" if "lang" in kept else quoted(said.lang[0]),
            place=place,
        )
    # Each thing has one type. Its rows of `numbered` lie so far apart that several threads read them; those of `things`
    # do not.
    types = f"SELECT * FROM numbered WHERE class = {number} AND p = {quoted(RDF.type)}"
    connection.execute(
        f"CREATE TABLE {table} AS SELECT {', '.join(selected)}"
        f" FROM ({types}) typed LEFT JOIN things t ON t.n = typed.n{joins}"
    )


def _said(connection: Connection, number: int, places: Sequence[str]) -> list[_Said]:
    parts = [f"min({part}), max({part})" for part in ("kind", "dt", "lang")]
    parts += (
        f"CASE WHEN min({part}) = max({part}) AND count({part}) = count(*) THEN min({part}) END" for part in places
    )
    ((things,),) = connection.execute("SELECT count(*) FROM things").fetchall()
    # As `count(DISTINCT n)`, in a fifth of the time: their numbers are all those from 1 on.
    distinct = f"bit_count(bitstring_agg(n, 1, {things}))"
    rows = connection.execute(
        f"SELECT p, count(*) > {distinct}, count(*) > {_OFTEN} * approx_count_distinct(o), {', '.join(parts)}"
        f" FROM numbered WHERE class = {number} GROUP BY p ORDER BY p"
    ).fetchall()
    return [
        _Said(
            p, several, repeats, (kind, kinds), (dt, dts), (lang, langs),
            {part: value for part, value in zip(places, shared, strict=True) if value is not None},
        )
        for p, several, repeats, kind, kinds, dt, dts, lang, langs, *shared in rows
    ]  # fmt: skip
