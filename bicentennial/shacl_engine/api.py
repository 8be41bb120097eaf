r"""The public call for plain SHACL: any data, any shapes, from files, texts or graphs of rdflib.

>>> shapes = '''@prefix sh: <http://www.w3.org/ns/shacl#> .
...     <urn:Person> sh:targetClass <urn:Human> ; sh:property [ sh:path <urn:name> ; sh:minCount 1 ] .'''
>>> report = shacl("<urn:a> a <urn:Human> .\n", shapes)
>>> report
<ShaclReport: does not conform, 1 result>
>>> [result.component for result in report]
['MinCount']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import UsageError
from bicentennial.shacl_engine.problems import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bicentennial.core.limits import Limits
    from bicentennial.shacl_engine.report import ShaclReport
    from bicentennial.shacl_engine.sources import Source

__all__ = ["shacl"]

# Arguments of pySHACL that change nothing here, and the values for which that is so.
_WITHOUT_EFFECT: Final[dict[str, tuple[object, ...]]] = {
    "meta_shacl": (True, False),  # the form of shapes is always checked
    "debug": (True, False),
    "inplace": (True, False),
    "js": (False,),
    "iterate_rules": (False,),
    "focus_nodes": (None,),
    "use_shapes": (None,),
    "sparql_mode": (False,),
    "do_owl_imports": (False,),  # nothing is ever fetched
    "owl_imports": (False,),
    "multi_data_graphs_mode": (None,),
    "serialize_report_graph": (False,),
}


def shacl(
    data_graph: Source,
    shapes_graph: Source | None = None,
    *,
    shacl_graph: Source | None = None,
    ont_graph: Source | None = None,
    engine: str = "auto",
    inference: str | None = "none",
    advanced: bool = False,
    abort_on_first: bool = False,
    allow_infos: bool = False,
    allow_warnings: bool = False,
    limits: Limits | Mapping[str, float] | None = None,
    isolated: bool = True,
    locate: bool = False,
    strict: bool = False,
    on_progress: Callable[[float], None] | None = None,
    **further: Any,
) -> ShaclReport:
    """Validate data against SHACL shapes, as the recommendation says.

    Those shapes apply and nothing else: none of the Framework, nothing that the data imports, and nothing inferred but
    the members of subclasses that `rdfs:subClassOf` in the data makes. Arguments may have pySHACL's names.

    Args:
        data_graph: what to check: a path of a file (Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD; a path is
            never an address), the content of one as text or bytes, an open file, an rdflib graph or dataset, of which
            all graphs count as one, or a list of such things, which count as one graph. rdflib's parser rewrites
            literals that are ill-typed or not canonical; files that are read here are judged as they were written.
        shapes_graph: SHACL Core shapes and SPARQL constraints, likewise; those in the data if None.
        shacl_graph: pySHACL's name for `shapes_graph`.
        ont_graph: more data, such as the hierarchy of classes.
        engine: `compiled` runs the shapes as SQL and refuses what it does not cover, `pyshacl` runs them all on
            pySHACL, and `auto` takes the first for each shape that it covers.
        inference: `none`, or `rdfs` for what the data entails by RDF Schema.
        advanced: whether targets, expressions and rules of SHACL Advanced Features apply, by way of pySHACL.
        abort_on_first: keep no more than the first result.
        allow_infos: let results of severity `sh:Info` not count against conformance.
        allow_warnings: let results of severities `sh:Info` and `sh:Warning` not count against conformance.
        limits: settings by name of what reading files (`statements`, `depth`, …) and the process (`seconds`, `memory`
            in bytes, `open_files`) may take.
        isolated: read files and texts, and check what they say, in a process of its own with limits and without
            network; graphs of rdflib are always checked in this one.
        locate: look up the lines of files that results are about.
        strict: refuse files in which there is no shape, or none with a target, instead of finding nothing.
        on_progress: called with the seconds passed while the work goes on in a process of its own.
        further: arguments of pySHACL that change nothing here, such as `meta_shacl` or `data_graph_format`.

    Returns:
        The report; its results are sorted by focus node and path, each once.

    Raises:
        ShapesError: the shapes cannot be used: ill-formed, recursive, with misspelt terms.
        UnsupportedShapeError: `compiled` was asked for and does not cover a shape; the error names what.
        UsageError: an argument makes no sense.
        InputError: a file cannot be read, or is larger than the limits allow.

    >>> import rdflib
    >>> shapes = rdflib.Graph().parse(data='''
    ...     @prefix sh: <http://www.w3.org/ns/shacl#> .
    ...     <urn:Person> sh:targetClass <urn:Human> ; sh:property <urn:Person-name> .
    ...     <urn:Person-name> sh:path <urn:name> ; sh:minCount 1 ; sh:minLength 2 .''')
    >>> data = rdflib.Graph().parse(data='<urn:a> a <urn:Human> . <urn:b> a <urn:Human> ; <urn:name> "B" .')
    >>> for result in shacl(data, shapes):
    ...     print(result.focus, result.component, result.value)
    urn:a MinCount None
    urn:b MinLength B
    """
    from bicentennial.shacl_engine.calling import checked
    from bicentennial.shacl_engine.job import Job
    from bicentennial.shacl_engine.sources import Sources

    formats = {name: further.pop(f"{name}_format", None) for name in ("data_graph", "shacl_graph", "ont_graph")}
    _refuse_others(further)
    if shacl_graph is not None:
        if shapes_graph is not None:
            raise _refusal("shacl_graph", "…")
        shapes_graph = shacl_graph
    if inference not in (None, "none", "rdfs"):
        raise _refusal("inference", inference, "none, rdfs")
    data = Sources.of(data_graph, formats["data_graph"])
    if ont_graph is not None:
        data += Sources.of(ont_graph, formats["ont_graph"])
    job = Job(
        data,
        Sources.of(shapes_graph, formats["shacl_graph"]) if shapes_graph is not None else data,
        engine=engine,
        advanced=advanced,
        rdfs=inference == "rdfs",
        locate=locate,
        first=abort_on_first,
        strict=strict,
    )
    return checked(
        job, allow_infos=allow_infos, allow_warnings=allow_warnings, limits=limits or {}, isolated=isolated,
        on_progress=on_progress,
    )  # fmt: skip


def _refuse_others(further: Mapping[str, Any]) -> None:
    for name, value in further.items():
        if name == "max_validation_depth":
            continue
        if name not in _WITHOUT_EFFECT:
            raise TypeError(f"shacl() got an unexpected keyword argument {name!r}")
        if not any(value is each for each in _WITHOUT_EFFECT[name]):
            raise _refusal(name, value)


def _refusal(name: str, value: object, known: str = "") -> UsageError:
    hint = f": {known}" if known else ""
    text = sentence("argument", name=name, value=repr(value), hint=hint)
    return UsageError(text)
