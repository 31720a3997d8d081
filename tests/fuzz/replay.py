"""A target on its whole corpus and on mutations of it, within the memory of a reading process.

Usage: replay.py TARGET SECONDS SEED
"""

from __future__ import annotations

import base64
import resource
import signal
import sys
import time
from itertools import takewhile
from random import Random
from typing import Final

from fuzz_targets import CORPUS, Target, target_of
from mutation import mutated

MEMORY: Final = 1024 * 1024 * 1024
INPUT_SECONDS: Final = 10
"""What one input may take; the usual one takes a thousandth of a second."""


def run(name: str, seconds: float, seed: int) -> str:
    """Replay and mutate; the first input that the target does not return on ends it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    target = target_of(name)
    corpus = [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]
    for data in corpus:
        _try(target, data)
    end = time.monotonic() + seconds
    more = 0
    for data in takewhile(lambda _: time.monotonic() < end, mutated(corpus, Random(seed))):
        _try(target, data)
        more += 1
    return f"{name}: {len(corpus)} inputs replayed, {more} more made"


def _try(target: Target, data: bytes) -> None:
    signal.alarm(INPUT_SECONDS)
    try:
        target(data)
    except BaseException:
        print(f"the input, in base64: {base64.b64encode(data).decode()}", file=sys.stderr)
        raise
    finally:
        signal.alarm(0)


def _too_slow(*_: object) -> None:
    raise TimeoutError(f"an input took longer than {INPUT_SECONDS} s")


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, _too_slow)
    print(run(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))
