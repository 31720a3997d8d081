"""`make fuzz`: every target under the fuzzer for its share of the time, the corpus kept small.

`FUZZ_SECONDS` is the time of all targets together; after them intake answers
`MOTCUA_DOOR_EXAMPLES` random requests of each operation. What reaches new code is kept beside the
seeds; an input that a target does not return on is put into `var/fuzz`, and the run fails.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from fuzz_targets import CORPUS, HERE, TARGETS

HOUR: Final = 3_600
ROOT: Final = HERE.parents[1]
FINDINGS: Final = ROOT / "var" / "fuzz"
_EXAMPLES: Final = os.environ.get("MOTCUA_DOOR_EXAMPLES", "500")
_LONGEST: Final = 4_096
_LIMITS: Final = ("-timeout=10", "-rss_limit_mb=1024", f"-max_len={_LONGEST}")
_MERGE: Final = ("-merge=1", "-use_counters=0")
"""Keeps an input for a place that no other reaches, not for how often it comes there."""
_STATUS: Final = re.compile(r"#(?P<runs>\d+)\s.*cov: (?P<reached>\d+) .*corp: (?P<kept>\d+)")
_RUNS: Final = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_TOLD_EVERY_SECONDS: Final = 2.0


class Fuzzed(NamedTuple):
    """What became of one target: its runs, and whether it returned on every input."""

    runs: int
    is_good: bool


def main() -> int:
    """Fuzz all targets, one after the other; 1 if there is a finding."""
    seconds = max(1, int(os.environ.get("FUZZ_SECONDS", HOUR)) // len(TARGETS))
    FINDINGS.mkdir(parents=True, exist_ok=True)
    results: dict[str, Fuzzed] = {}
    for place, name in enumerate(TARGETS, 1):
        results[name] = _fuzz(name, seconds, f"[{place}/{len(TARGETS)}] {name}")
    is_as_documented = _ask_long()
    print(f"{sum(one.runs for one in results.values()):,} runs in all")
    bad = [name for name, one in results.items() if not one.is_good]
    if bad:
        print(f"Có lỗi · findings in {', '.join(bad)}: see {FINDINGS}")
    return 1 if bad or not is_as_documented else 0


def _ask_long() -> bool:
    """Hold intake to its document with more random requests than the tests have."""
    asked = ("services/intake/tests/test_intake_answers.py",)
    print(f"{_EXAMPLES} random requests of each operation: {', '.join(asked)}", flush=True)
    environment = os.environ | {"MOTCUA_DOOR_EXAMPLES": _EXAMPLES}
    command = [sys.executable, "-m", "pytest", "-q", "--show-capture=no", *asked]
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode == 0


def _fuzz(name: str, seconds: int, title: str) -> Fuzzed:
    with TemporaryDirectory(prefix="motcua-fuzz-") as new:
        artifacts = f"-artifact_prefix={FINDINGS}/{name}-"
        process = subprocess.Popen(
            [
                *_command(name),
                *(new, str(CORPUS / name)),
                *(*_LIMITS, artifacts, f"-max_total_time={seconds}", "-print_final_stats=1"),
            ],
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        runs, log = _followed(process, title, seconds)
        is_good = process.wait() == 0
        (FINDINGS / f"{name}.log").write_text(log, "utf-8")
        kept = _keep(name, Path(new))
        print(f"{title}: {runs:,} runs, {kept} inputs kept{'' if is_good else ', A FINDING'}")
        return Fuzzed(runs, is_good)


def _followed(process: subprocess.Popen[str], title: str, seconds: int) -> tuple[int, str]:
    """Tell how it goes; the number of runs, and the last lines."""
    runs, lines = 0, list[str]()
    begun = told = time.monotonic()
    for line in process.stderr or ():
        lines = [*lines[-200:], line]
        now = time.monotonic()
        found = _STATUS.match(line)
        if found is not None:
            runs = int(found["runs"])
            if now - told >= _TOLD_EVERY_SECONDS:
                told = now
                print(
                    f"{title}: {now - begun:.0f} of {seconds} s, {runs:,} runs, "
                    f"{found['reached']} places reached, {found['kept']} inputs",
                    flush=True,
                )
        elif final := _RUNS.match(line):
            runs = int(final[1])
    return runs, "".join(lines)


def _keep(name: str, new: Path) -> int:
    """Put into the corpus what reaches code that the corpus does not; how many there are then."""
    folder = CORPUS / name
    if any(new.iterdir()):
        subprocess.run(
            [*_command(name), *_MERGE, *_LIMITS, str(folder), str(new)],
            stderr=subprocess.DEVNULL,
            check=True,
        )
    return sum(1 for _ in folder.iterdir())


def _command(name: str) -> list[str]:
    return [sys.executable, str(HERE / "fuzz_one.py"), name]


if __name__ == "__main__":
    sys.exit(main())
