"""Generate the invented sample contacts.

``python examples/generate.py --seed 0 --contacts 6000 --onset 2026-09-15 --out examples/``
"""

from __future__ import annotations

import argparse
from pathlib import Path

from generator import generate, write


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--contacts", type=int, default=6000)
    parser.add_argument("--onset", default="2026-09-15", help="first day of the incident, YYYY-MM-DD")
    parser.add_argument("--start", default="2025-09-01", help="first day of the period, YYYY-MM-DD")
    parser.add_argument("--months", type=int, default=14)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent)
    options = parser.parse_args()
    sample = generate(options.seed, options.contacts, options.onset, options.start, options.months)
    write(sample, options.out)
    print(f"{len(sample.truth)} contacts, {len(sample.contacts)} turns written to {options.out}")


if __name__ == "__main__":
    main()
