"""`python -m fuzz [NAME…] [--seconds N]`: fuzz each target for a while, in a process of its own.

With atheris (`pip install 'bicentennial[fuzz]'`) the search is guided by coverage; without it, examples are changed at
random. A failure is kept in tests/security/corpus, where the tests run it ever after.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import random
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from fuzz.targets import ROOT, TARGETS, seeds

FAILURES = ROOT / "tests/security/corpus"


def main() -> int:
    """Fuzz, and return 1 if something was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(TARGETS)} (all)")
    parser.add_argument("--seconds", type=int, default=20, help="how long for each (20)")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        return _fuzz(arguments.names[0], arguments.seconds)
    found = 0
    for name in arguments.names or TARGETS:
        begun = time.monotonic()
        command = [sys.executable, "-m", "fuzz", name, "--seconds", str(arguments.seconds), "--inside"]
        status = subprocess.run(command, check=False, cwd=ROOT).returncode
        print(f"{name}: {time.monotonic() - begun:.0f} s, {'nothing found' if status == 0 else f'exit {status}'}")
        found += status != 0
    return min(found, 1)


def _kept(name: str, data: bytes) -> None:
    FAILURES.mkdir(parents=True, exist_ok=True)
    path = FAILURES / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    print(f"{name}: kept as {path.relative_to(ROOT)}", file=sys.stderr)


def _fuzz(name: str, seconds: int) -> int:
    def run(data: bytes) -> None:
        try:
            TARGETS[name](data)
        except Exception:
            _kept(name, data)
            raise

    if importlib.util.find_spec("atheris") is None:
        return _changed(name, run, seconds)
    import atheris

    atheris.instrument_all()
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds(name)):
            Path(folder, str(number)).write_bytes(seed)
        options = [f"-max_total_time={seconds}", "-max_len=20000", "-rss_limit_mb=3000", "-timeout=20", "-verbosity=0"]
        prefix = f"-artifact_prefix={FAILURES}/{name}-"
        atheris.Setup([sys.argv[0], *options, prefix, folder], run)
        atheris.Fuzz()
    return 0


def _changed(name: str, run: object, seconds: int) -> int:
    assert callable(run)
    chance = random.Random(0)
    known, begun, count = seeds(name) or [b""], time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        try:
            run(_mutated(chance, known))
        except Exception:
            traceback.print_exc()
            return 1
        count += 1
    print(f"{name}: {count} inputs", file=sys.stderr)
    return 0


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
