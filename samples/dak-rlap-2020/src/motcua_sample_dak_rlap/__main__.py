"""Write the sample's deliveries as JSON lines, or print its totals."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

from motcua_sample_dak_rlap.counts import count
from motcua_sample_dak_rlap.generator import generate


def main() -> None:
    """The entry point."""
    parser = argparse.ArgumentParser(prog="motcua_sample_dak_rlap", description=__doc__)
    parser.add_argument("--seed", type=int, default=2020)
    parser.add_argument("--altered", action="store_true", help="move one result past its due date")
    parser.add_argument("--out", type=Path, help="the file of JSON lines to write")
    parser.add_argument("--counts", action="store_true", help="print the totals")
    options = parser.parse_args()
    if options.out is None and not options.counts:
        parser.error("nothing to do: name --out or --counts")
    deliveries = generate(options.seed, altered=options.altered)
    if options.out is not None:
        with options.out.open("w", encoding="utf-8") as file:
            for delivery in deliveries:
                file.write(json.dumps(asdict(delivery), ensure_ascii=False) + "\n")
    if options.counts:
        totals = count((each.event for each in deliveries), date(2020, 1, 1), date(2020, 10, 30))
        figures = {"deliveries": len(deliveries), "resolved": totals.resolved, **asdict(totals)}
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
