"""Runs many command lines in one process that has no threads, whose workers are forked and so start at once.

Standard input holds a JSON list of lists of arguments; standard output gets one of exit code, output and messages each.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys


def run(arguments: list[str]) -> tuple[int, str, str]:
    """Run one command line as the program would."""
    from bicentennial.cli import main

    out, told = io.BytesIO(), io.BytesIO()
    streams = [io.TextIOWrapper(each, "utf-8", newline="", write_through=True) for each in (out, told)]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        code = main(arguments)
    return code, out.getvalue().decode(), told.getvalue().decode()


if __name__ == "__main__":
    # What workers import anyway is imported once, before they are forked.
    import duckdb  # noqa: F401
    import pyoxigraph  # noqa: F401

    import bicentennial.exchange.conversion
    import bicentennial.querying
    import bicentennial.validation.submission  # noqa: F401

    json.dump([run(arguments) for arguments in json.load(sys.stdin)], sys.stdout)
