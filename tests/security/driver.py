"""Runs many command lines in one process that has no threads, whose workers are forked and so start at once.

Standard input holds a JSON list of lists of arguments; standard output gets one of exit code, output and messages each.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples" / "submissions"


def run(arguments: list[str]) -> tuple[int, str, str]:
    """Run one command line as the program would."""
    from bicentennial.cli import main

    out, told = io.BytesIO(), io.BytesIO()
    streams = [io.TextIOWrapper(each, "utf-8", newline="", write_through=True) for each in (out, told)]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        code = main(arguments)
    return code, out.getvalue().decode(), told.getvalue().decode()


def warm() -> None:
    """Do once what workers do, so that each finds loaded what it would load first; no thread stays."""
    from bicentennial import convert, propose_mapping, query
    from bicentennial.querying import preload as preload_queries
    from bicentennial.validation.submission import preload

    preload()
    preload_queries()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("good.csv", "good.ttl"):
            convert(EXAMPLES / name, Path(folder) / f"{name}.nt", isolated=False)
            query("ASK { }", data=EXAMPLES / name, isolated=False)
    propose_mapping(EXAMPLES / "good.csv", isolated=False)


if __name__ == "__main__":
    if "--cold" not in sys.argv:
        warm()
    json.dump([run(arguments) for arguments in json.load(sys.stdin)], sys.stdout)
