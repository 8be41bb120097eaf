r"""From DuckDB's SQL to Spark's, when shapes are compiled: this alone needs sqlglot.

Most of it is sqlglot's work. What is done here is what Spark has no word for, what it would run as a nested loop, and
what it would read otherwise: regular expressions of RE2 for Java's engine, the order of NULL in lists, recursion.

>>> expression("regexp_full_match(o, '[0-9]+$') AND k NOT IN (SELECT n FROM types)")[:41]
"o RLIKE '(?d)\\\\A(?:[0-9]+\\\\z)\\\\z' AND NOT"
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import sqlglot
from sqlglot import exp

from bicentennial.spark.transpiled import Statement

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NotTranspiledError", "expression", "statement"]

_FLAGS: Final = "is-"
# Spark's integers end at 64 bits; a moment's key has 34 digits, and years may have as many as leave room for it.
_HUGE: Final = "DECIMAL(38, 0)"
_YEAR: Final = "DECIMAL(30, 0)"


class NotTranspiledError(ValueError):
    """SQL for which there is none of Spark's: the text names what is in the way."""


def expression(sql: str) -> str:
    """Return an expression in Spark's SQL.

    Raises:
        NotTranspiledError: it holds what is not known how to say.
    """
    return _written(_translated(_parsed(sql)))


def statement(sql: str, prefix: str = "kept_") -> Statement:
    """Return the SQL of a `PlannedScript` or `PlannedTable` in Spark's.

    Args:
        sql: the statement, without its `WITH`.
        prefix: what the names of the relations that are worked out first begin with.

    Raises:
        NotTranspiledError: it holds what is not known how to say.
    """
    tree = _parsed(f"WITH RECURSIVE {sql}")
    closures: set[int] = set()
    with_ = tree.args.get("with_") or tree.args.get("with")
    if with_ is not None:
        with_.set("recursive", False)
        for relation in with_.expressions:
            relation.set("materialized", None)
            if relation.alias in {table.name for table in relation.this.find_all(exp.Table)}:
                closures.add(_unrolled(relation))
    steps, last = _steps(_translated(tree), prefix)
    written = [(name, _written(each).removeprefix("WITH ")) for name, each in steps]
    return Statement(_written(last).removeprefix("WITH "), tuple(sorted(closures)), tuple(written))


def _parsed(sql: str) -> Any:
    # What the parser has tried and taken back stays the parent of some parts; those of a copy are right.
    return sqlglot.parse_one(sql, read="duckdb").copy()


def _steps(tree: Any, prefix: str) -> tuple[list[tuple[str, Any]], Any]:
    """Return the relations of a statement that are to be worked out by themselves, in order, and what is left of it."""
    with_ = tree.args.get("with_") or tree.args.get("with")
    if with_ is None:
        return [], tree
    with_.pop()
    relations = {each.alias: each.this for each in with_.expressions}
    counts = Counter(table.name for part in (*relations.values(), tree) for table in part.find_all(exp.Table))
    sources: dict[str, int] = {}
    steps: list[tuple[str, Any]] = []
    inside: dict[str, Any] = {}
    for name, relation in relations.items():
        sources[name] = sum(sources.get(table.name, 1) for table in relation.find_all(exp.Table))
        if counts[name] > 1 and sources[name] > 1:
            steps.append((f"{prefix}{name}", _with(inside, relation.copy())))
            inside[name] = exp.select("*").from_(f"{prefix}{name}")
            sources[name] = 1
        else:
            inside[name] = relation
    return steps, _with(inside, tree)


def _with(relations: dict[str, Any], query: Any) -> Any:
    """Return a query with those relations before it that it reads, be it by way of others."""
    needed: list[str] = []
    waiting = [query]
    while waiting:
        for table in waiting.pop().find_all(exp.Table):
            if table.name in relations and table.name not in needed:
                needed.append(table.name)
                waiting.append(relations[table.name])
    if needed:
        ordered = [name for name in relations if name in needed]
        parts = [exp.CTE(this=relations[n].copy(), alias=exp.TableAlias(this=exp.to_identifier(n))) for n in ordered]
        query.set("with_", exp.With(expressions=parts))
    return query


def _unrolled(relation: exp.Expression) -> int:
    """Replace the recursion over one star by a join with its closure, and return the star's number."""
    union = relation.this
    step = union.expression if isinstance(union, exp.Union) else None
    joins = step.args.get("joins", []) if step is not None else []
    source = (step.args.get("from_") or step.args.get("from")) if step is not None else None
    if source is None or len(joins) != 1 or not joins[0].this.name.startswith("s"):
        raise _unsupported("WITH RECURSIVE")
    number = int(joins[0].this.name[1:])
    base = exp.Subquery(this=union.this.copy(), alias=exp.TableAlias(this=exp.to_identifier(source.this.alias)))
    source.set("this", base)
    joins[0].this.set("this", exp.to_identifier(f"c{number}"))
    return number


def _translated(tree: Any) -> Any:
    there_are = {type(node) for node in tree.walk()}
    for kind, change in _CHANGES.items():
        if kind not in there_are:  # what earlier changes make is not changed again
            continue
        # From the inside out, so that what is inside a changed part is changed too.
        for found in reversed([*tree.find_all(kind)]):
            changed = change(found)
            if found is tree:
                tree = changed
            elif changed is not found:
                found.replace(changed)
    return tree


def _written(tree: Any) -> str:
    for unknown in tree.find_all(exp.Anonymous):
        if unknown.name.lower() not in _KNOWN:
            raise _unsupported(unknown.name)
    return str(tree.sql(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE, copy=False))


def _unsupported(what: str) -> NotTranspiledError:
    return NotTranspiledError(what)


def _call(name: str, *arguments: exp.Expression | str) -> exp.Expression:
    given = [exp.Literal.string(each) if isinstance(each, str) else each for each in arguments]
    return exp.Anonymous(this=name, expressions=given)


def _matched(found: exp.Expression) -> exp.Expression:
    return exp.RegexpLike(this=found.this, expression=_pattern(found.expression, whole=False))


def _wholly_matched(found: exp.Expression) -> exp.Expression:
    return exp.RegexpLike(this=found.this, expression=_pattern(found.expression, whole=True))


def _pattern(literal: exp.Expression, *, whole: bool) -> exp.Expression:
    if not isinstance(literal, exp.Literal):
        raise _unsupported("regexp_matches")
    plain = _java_pattern(literal.this)
    return exp.Literal.string(f"(?d)\\A(?:{plain})\\z" if whole else f"(?d){plain}")


def _anonymous(found: exp.Expression) -> exp.Expression:
    given = found.expressions
    match found.name.lower():
        case "epoch_us":
            return _call("unix_micros", *given)
        case "to_minutes":
            return _call("make_dt_interval", exp.Literal.number(0), exp.Literal.number(0), *given)
    return found


def _extracted(found: exp.Expression) -> exp.Expression:
    names = found.args["group"]
    if not isinstance(names, exp.Array):
        raise _unsupported("regexp_extract")
    pattern = _pattern(found.expression, whole=False)
    parts: list[exp.Expression] = []
    for number, name in enumerate(names.expressions, start=1):
        parts += [
            name.copy(),
            _call("regexp_extract", found.this.copy(), pattern.copy(), exp.Literal.number(number)),
        ]
    return _call("named_struct", *parts)


def _within(found: exp.Expression) -> exp.Expression:
    """Replace membership in a query by a subquery for which Spark joins by hash, NULL on the left kept as it is."""
    query = found.args.get("query")
    if query is None:
        return found
    left = found.this.unnest()
    values = left.expressions if isinstance(left, exp.Tuple) else [left]
    inner = query.unnest() if isinstance(query, exp.Subquery) else query
    names = [f"in{number}_" for number in range(1, len(values) + 1)]
    if not isinstance(inner, exp.Select) or len(inner.expressions) != len(names):
        raise _unsupported("IN")
    inner = inner.copy()
    named = [exp.alias_(each.unalias(), name) for each, name in zip(inner.expressions, names, strict=True)]
    inner.set("expressions", named)
    same = [
        exp.EQ(this=exp.column(name, "q"), expression=value.copy()) for name, value in zip(names, values, strict=True)
    ]
    exists = exp.Exists(this=exp.select("1").from_(inner.subquery("q")).where(*same))
    known = exp.and_(*(exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null())) for value in values))
    return exp.Paren(this=exp.Case(ifs=[exp.If(this=known, true=exp.Paren(this=exists))]))


def _least(found: exp.Expression) -> exp.Expression:
    """Let the least of several lists be that in which NULL comes last, which Spark has first."""
    if not isinstance(found.this, exp.Array):
        return found
    parts = []
    for number, value in enumerate(found.this.expressions):
        missing = exp.Is(this=value.copy(), expression=exp.Null())
        parts += [exp.Literal.string(f"n{number}"), missing, exp.Literal.string(f"v{number}"), value.copy()]
    least = exp.Min(this=_call("named_struct", *parts))
    values = [exp.Dot(this=least.copy(), expression=exp.to_identifier(f"v{n}")) for n in range(len(parts) // 4)]
    return exp.Array(expressions=values)


def _interval(found: exp.Expression) -> exp.Expression:
    return _call("make_dt_interval", found.this)


def _divided(found: exp.Expression) -> exp.Expression:
    """Divide large integers exactly: what is divided here is a multiple, or seconds as microseconds."""
    number = exp.Cast(this=exp.Paren(this=found.this), to=exp.DataType.build(_YEAR, dialect="spark"))
    return _call("floor", exp.Div(this=number, expression=found.expression))


def _typed(found: exp.Expression) -> exp.Expression:
    if found.this == exp.DataType.Type.INT128:
        is_year = isinstance(found.parent, exp.TryCast)
        return exp.DataType.build(_YEAR if is_year else _HUGE, dialect="spark")
    if found.this == exp.DataType.Type.UTINYINT:
        return exp.DataType.build("INT")
    if found.this == exp.DataType.Type.TIMESTAMPNTZ:
        return exp.DataType.build("TIMESTAMPLTZ")
    return found


_CHANGES: Final[dict[type[exp.Expression], Callable[[exp.Expression], exp.Expression]]] = {
    exp.RegexpLike: _matched,
    exp.RegexpFullMatch: _wholly_matched,
    exp.RegexpExtract: _extracted,
    exp.Anonymous: _anonymous,
    exp.Min: _least,
    exp.In: _within,
    exp.ToDays: _interval,
    exp.IntDiv: _divided,
    exp.DataType: _typed,
}
_KNOWN: Final = frozenset(
    (
        *("unix_micros", "regexp_extract", "named_struct", "make_dt_interval", "floor", "starts_with", "ends_with"),
        *("isnan", "hash"),
    )
)


def _java_pattern(pattern: str) -> str:
    r"""Return a regular expression of RE2 as Java reads it, if the flag `(?d)` goes before it.

    Raises:
        NotTranspiledError: it holds what the two read otherwise.

    >>> _java_pattern(r"^[a[&]\.$"), _java_pattern("(?-s)^a.$")
    ('^[a\\[\\&]\\.\\z', '(?-s)^a.\\z')
    """
    written, in_class, at = "", False, 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "\\":
            escaped = pattern[at : at + 2]
            if escaped[1:] in ("s", "S", "b", "B", "C", "Q", "E", "v", "h"):
                raise _unsupported(escaped)
            written, at = written + escaped, at + 2
            continue
        if in_class:
            in_class = letter != "]"
            letter = f"\\{letter}" if letter in "[&" else letter
        elif letter == "[":
            in_class = True
            if pattern[at + 1 : at + 2] == "^":
                letter, at = "[^", at + 1
            if pattern[at + 1 : at + 2] == "]":
                letter, at = f"{letter}\\]", at + 1
        elif letter == "$":
            letter = "\\z"
        elif pattern.startswith("(?", at) and pattern[at + 2 : at + 3] != ":":
            end = pattern.find(")", at)
            if end < 0 or set(pattern[at + 2 : end].rstrip(":")) - set(_FLAGS):
                raise _unsupported(pattern[at : at + 4])
        written, at = written + letter, at + 1
    return written
