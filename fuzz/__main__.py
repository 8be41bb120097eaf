"""`python -m fuzz [NAME…] [--seconds N]`: fuzz each target for a while, in a process of its own.

With atheris (`pip install 'bicentennial[fuzz]'`) the search is guided by coverage; without it, examples are changed at
random. A failure is kept in tests/security/corpus, where the tests run it ever after.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import random
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from fuzz.targets import ROOT, TARGETS, seeds

FAILURES = ROOT / "tests/security/corpus"
# How long one input may take, and how long the fuzzer itself may to begin and to end: generous, for on a busy machine
# one that goes by the clock calls inputs slow that are not.
SLOW = 60
AROUND = 120


def main() -> int:
    """Fuzz, and return 1 if something was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(TARGETS)} (all)")
    parser.add_argument("--seconds", type=int, default=20, help="how long for each (20)")
    parser.add_argument("--plain", action="store_true", help="change examples at random even if atheris is there")
    parser.add_argument("--inside", metavar="FOLDER", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(TARGETS)
    if unknown:
        parser.error(f"there is no target called {', '.join(sorted(unknown))}")
    guided = importlib.util.find_spec("atheris") is not None and not arguments.plain
    if arguments.inside:
        work = _guided if guided else _at_random
        work(arguments.names[0], arguments.seconds, Path(arguments.inside))
        return 0
    print("guided by coverage" if guided else "at random")
    found = sum(_found(name, arguments.seconds, plain=not guided) for name in arguments.names or TARGETS)
    return min(found, 1)


def _found(name: str, seconds: int, *, plain: bool) -> bool:
    """Fuzz a target in a process of its own, keep what made it fail, and tell if anything did."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "fuzz", name, "--seconds", str(seconds), *(["--plain"] if plain else [])]
    # The fuzzer ends without tidying up, and so does what crashes: their temporary files all go with this folder.
    with tempfile.TemporaryDirectory(prefix="bicentennial-fuzz-") as folder:
        failures = Path(folder, "failures")
        failures.mkdir()
        environment = {**os.environ, "TMPDIR": folder}
        try:
            status: int | str = subprocess.run(
                [*command, "--inside", folder], check=False, cwd=ROOT, env=environment, timeout=seconds + AROUND
            ).returncode
        except subprocess.TimeoutExpired:
            status = "too slow"
        for path in sorted(failures.iterdir()):
            _keep(name, path.read_bytes())
    print(
        f"{name}: {time.monotonic() - begun:.0f} s, {'nothing found' if status == 0 else f'exit {status}'}", flush=True
    )
    return status != 0


def _keep(name: str, data: bytes) -> None:
    FAILURES.mkdir(parents=True, exist_ok=True)
    path = FAILURES / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    print(f"{name}: kept as {path.relative_to(ROOT)}", file=sys.stderr)


def _guided(name: str, seconds: int, folder: Path) -> None:
    import atheris

    atheris.instrument_all()
    examples = folder / "examples"
    examples.mkdir()
    for number, seed in enumerate(seeds(name)):
        (examples / str(number)).write_bytes(seed)
    options = [f"-max_total_time={seconds}", "-max_len=20000", "-rss_limit_mb=3000", f"-timeout={SLOW}"]
    options += [f"-report_slow_units={SLOW}", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}/failures/", str(examples)], TARGETS[name])
    atheris.Fuzz()


def _at_random(name: str, seconds: int, folder: Path) -> None:
    chance = random.Random(0)
    known, begun, count = seeds(name) or [b""], time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        data = _mutated(chance, known)
        # Written before it is tried, for it may take this process along.
        (folder / "failures" / "last").write_bytes(data)
        started = time.process_time()
        try:
            TARGETS[name](data)
        except Exception:
            traceback.print_exc()
            sys.exit(1)
        if time.process_time() - started > SLOW:
            sys.exit(f"an input took longer than {SLOW} seconds")
        count += 1
    (folder / "failures" / "last").unlink(missing_ok=True)
    print(f"{name}: {count} inputs", file=sys.stderr)


def _mutated(chance: random.Random, known: list[bytes]) -> bytes:
    data = bytearray(chance.choice(known))
    for _ in range(chance.randint(1, 8)):
        place, other = chance.randint(0, len(data)), chance.choice(known)
        start = chance.randint(0, len(other))
        way = chance.randrange(4)
        if way == 0:
            data[place : place + 1] = bytes([chance.randrange(256)])
        elif way == 1:
            data[place : place + chance.randint(1, 40)] = b""
        elif way == 2:
            data[place:place] = other[start : start + chance.randint(1, 200)]
        else:
            piece = data[place : place + chance.randint(1, 40)]
            data[place:place] = piece * chance.randint(1, 20)
    return bytes(data[:20_000])


if __name__ == "__main__":
    sys.exit(main())
