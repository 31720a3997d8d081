"""The time of each suite in a test report: `python scripts/suite_times.py var/tests.xml`."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET


def suite_of(case: ET.Element) -> str:
    """The suite of a test case by its class name, which pytest makes of its path."""
    parts = case.attrib["classname"].split(".")
    return "/".join(parts[:1] if parts[0] in {"cli", "samples"} else parts[:2])


def main() -> None:
    """Print tests and seconds of each suite."""
    cases = list(ET.parse(Path(sys.argv[1])).iter("testcase"))  # noqa: S314 - our own
    seconds: defaultdict[str, float] = defaultdict(float)
    tests: Counter[str] = Counter()
    for case in cases:
        suite = suite_of(case)
        tests[suite] += 1
        seconds[suite] += float(case.attrib["time"])
    for suite in sorted(tests):
        print(f"| `{suite}` | {tests[suite]} | {seconds[suite]:.0f} |")


if __name__ == "__main__":
    main()
