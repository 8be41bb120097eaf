"""The seconds of a check, in a process of its own, from a caller that has checked before; it may have threads.


python -m benchmarks.warm FILE [threads]
"""

import sys
import threading
import time

import bicentennial

_ROUNDS = 20


def main() -> None:
    """Check a file again and again, and print the fastest."""
    file, *threads = sys.argv[1:]
    bicentennial.validate(file, isolated=False)
    end = threading.Event()
    if threads:
        threading.Thread(target=end.wait).start()
    seconds = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        bicentennial.validate(file)
        seconds.append(time.perf_counter() - begun)
    end.set()
    print(min(seconds))


if __name__ == "__main__":
    main()
