"""The U.S.–Mexico Bicentennial Framework as open, linked, bilingual data, and a validator for partners' datasets.

>>> import bicentennial as bic
>>> fw = bic.framework()
>>> [goal.pref_label["en"] for goal in fw.goals]
['Protect our people', 'Prevent transborder crime', 'Pursue criminal networks']
>>> fw.agencies["OFAC"].pref_label["es"]
'Oficina de Control de Activos Extranjeros'
>>> report = bic.validate("examples/submissions/faulty.csv")
>>> report.conforms
False

Importing the package is cheap: each name is imported from its module when it is first used. The models, for building
data in Python, are in `bicentennial.models`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from bicentennial.api import (
        FrameworkData,
        Limits,
        Registry,
        Report,
        Reports,
        check_sources,
        convert,
        explain,
        export,
        framework,
        graph,
        propose_mapping,
        query,
        registry,
        show,
        template,
        validate,
    )
    from bicentennial.core.errors import (
        AmbiguousNameError,
        BicentennialError,
        ConflictError,
        DatabaseError,
        DiskFullError,
        InputError,
        InputNotFoundError,
        LimitReachedError,
        OutputError,
        QueryError,
        ShapesError,
        UnknownNameError,
        UnreadableInputError,
        UnsupportedShapeError,
        UsageError,
        WorkerLostError,
    )
    from bicentennial.core.findings import Finding, Location
    from bicentennial.knowledge.sparql.results import QueryResult
    from bicentennial.shacl_engine.api import shacl
    from bicentennial.shacl_engine.report import ShaclReport, ShaclResult

__all__ = [
    "AmbiguousNameError",
    "BicentennialError",
    "ConflictError",
    "DatabaseError",
    "DiskFullError",
    "Finding",
    "FrameworkData",
    "InputError",
    "InputNotFoundError",
    "LimitReachedError",
    "Limits",
    "Location",
    "OutputError",
    "QueryError",
    "QueryResult",
    "Registry",
    "Report",
    "Reports",
    "ShaclReport",
    "ShaclResult",
    "ShapesError",
    "UnknownNameError",
    "UnreadableInputError",
    "UnsupportedShapeError",
    "UsageError",
    "WorkerLostError",
    "__version__",
    "check_sources",
    "convert",
    "explain",
    "export",
    "framework",
    "graph",
    "propose_mapping",
    "query",
    "registry",
    "shacl",
    "show",
    "template",
    "validate",
]

_MODULES: Final = {
    "Finding": "bicentennial.core.findings",
    "Location": "bicentennial.core.findings",
    "QueryResult": "bicentennial.knowledge.sparql.results",
    "ShaclReport": "bicentennial.shacl_engine.report",
    "ShaclResult": "bicentennial.shacl_engine.report",
    "shacl": "bicentennial.shacl_engine.api",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("bicentennial.core.resources").version()
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = _MODULES.get(name) or ("bicentennial.core.errors" if name.endswith("Error") else "bicentennial.api")
    return getattr(import_module(module), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
