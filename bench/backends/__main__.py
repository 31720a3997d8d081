"""`python -m bench.backends`: measure both backends on a real broker; tables on stdout."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from bench.backends.consuming import consuming
from bench.backends.producing import producing
from bench.backends.rebalancing import rebalancing, work
from bench.backends.semantics import semantics
from bench.stack import parts
from bench.workload import copies, district_year, load

ROOT = Path(__file__).parents[2]
SUBJECTS = ("consuming", "producing", "semantics", "rebalancing")


def main() -> None:
    """Run the subjects that are asked for."""
    if sys.argv[1:2] == ["work"]:
        asyncio.run(work(*sys.argv[2:]))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=SUBJECTS, action="append")
    asked = parser.parse_args()
    (ROOT / "var").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="backends-", dir=ROOT / "var"))
    try:
        with parts(folder) as running:
            asyncio.run(_measure(running.bootstrap, folder, asked))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _measure(bootstrap: str, folder: Path, asked: argparse.Namespace) -> None:
    subjects = asked.only or SUBJECTS
    district = district_year()
    if "consuming" in subjects:
        copied = copies(district, 1 + asked.records // len(district))
        records = load(bootstrap, copied, asked.records)
        await consuming(bootstrap, district, records, asked.rounds)
    if "producing" in subjects:
        await producing(bootstrap, district, asked.rounds)
    if "semantics" in subjects:
        await semantics(bootstrap)
    if "rebalancing" in subjects:
        await rebalancing(bootstrap, folder)


if __name__ == "__main__":
    main()
