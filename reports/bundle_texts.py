"""The words and the script that go with a bundle."""

NOTICE = (
    "Interim results of an ongoing trial where the field confidentiality says so. No participant data: counts, rates "
    "and estimates only; small counts may be left out (settings)."
)
README = """\
This is a bundle of results of one clinical trial at one data cut, made by ITP Interim.

manifest.json    study, data cut, settings, versions, and the SHA-256 of every other file here
results/         one file for each result, named by its code: what it shows, how to show it again, its rows unrounded
results.csv      the same rows as one long table
definition.toml  the study definition (not in a bundle of the pooled view, which names no arm)
plan.json        the slides of the meeting, in order
requirements.txt, constraints.txt   the software's requirements, pinned
recompute.py     computes every number again and compares

No participant data are in it. Whoever has the data cut can compute every number again:

1. Take the version of the software that manifest.json names, and install requirements.txt for Python.
2. Have a folder with studies/ (the study definition) and the data cut, as the dashboard uses it.
3. Run, with the Python of step 1:

   python recompute.py /path/to/the/software --root /path/to/the/folder

It prints "identical", or each number that differs with its place, in the bundle and now. The exit status is 0 when
everything is identical, else 1. The same is done by

   python cli.py --root /path/to/the/folder verify BUNDLE.zip
"""
RECOMPUTE = '''\
"""Computes every number of this bundle again from the data cut, and prints "identical" or what differs.

    python recompute.py [SOFTWARE] [--root ROOT] [--tolerance T]

SOFTWARE is the folder of ITP Interim (the one that holds cli.py), by default the current one; ROOT the folder that
holds studies/ and the data cut, by default SOFTWARE. Run it with the Python that has requirements.txt installed.
"""

import argparse
import subprocess
import sys
from pathlib import Path

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("software", nargs="?", type=Path, default=Path())
arguments.add_argument("--root", type=Path)
arguments.add_argument("--tolerance", default="0")
given = arguments.parse_args()
software = given.software.resolve()
if not (software / "cli.py").is_file():
    sys.exit(f"{software} holds no cli.py: name the folder of ITP Interim.")
root, bundle = (given.root or software).resolve(), Path(__file__).resolve().parent
command = [sys.executable, software / "cli.py", "--root", root, "verify", bundle, "--tolerance", given.tolerance]
sys.exit(subprocess.run(command, cwd=software).returncode)
'''
