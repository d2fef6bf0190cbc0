"""`python -m trialdata.synthetic`: make the sample data again, byte for byte."""

import argparse
import sys
from pathlib import Path

from trialdata.synthetic.cuts import cut_files, write_cuts
from trialdata.synthetic.trials import TRIALS

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def differing_files(folder: Path) -> list[str]:
    """Names of the sample files that are absent from the folder or differ in a byte."""
    made = {name: content for trial in TRIALS for name, content in cut_files(trial).items()}
    return [
        name
        for name, content in made.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != content
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m trialdata.synthetic", description=__doc__)
    parser.add_argument("--out", type=Path, default=SAMPLE, help="folder to write (default: data/sample)")
    parser.add_argument("--check", action="store_true", help="compare with the folder instead of writing")
    options = parser.parse_args()
    if options.check:
        differing = differing_files(options.out)
        print("\n".join(differing) or "The sample data are as the generator makes them.")
        return 1 if differing else 0
    for trial in TRIALS:
        write_cuts(trial, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
