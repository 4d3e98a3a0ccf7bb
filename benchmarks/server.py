"""Drives Goldsmith, and on request Label Studio, with one load and prints one table; `--help` lists the options."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # also when started as a file

from benchmarks.comparison import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
