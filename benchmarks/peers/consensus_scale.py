"""Runs crowd-kit's Dawid-Skene on many votes; imports nothing of Goldsmith, so that any Python can run it.

    PYTHON consensus_scale.py VOTES.npz POSTERIOR.npy

VOTES has int32 arrays `task`, `annotator` and `label`. Prints a line of JSON: CPU and wall seconds, MB above what there
was before, and iterations; keeps the posterior, with tasks and classes in order.
"""

# pyright: basic, reportMissingParameterType=false
# Runs without this project's tools, on libraries without types.

import json
import sys
import time
from importlib import import_module
from pathlib import Path


def status_mb(name: str) -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def main() -> None:
    numpy, pandas = import_module("numpy"), import_module("pandas")
    kind = import_module("crowdkit.aggregation").DawidSkene
    kind(n_iter=100, tol=1e-5).fit(pandas.DataFrame({"task": [0, 0, 1], "worker": [0, 1, 0], "label": [0, 0, 1]}))
    votes = numpy.load(sys.argv[1])
    frame = pandas.DataFrame({"task": votes["task"], "worker": votes["annotator"], "label": votes["label"]})
    Path("/proc/self/clear_refs").write_text("5")
    before, start, began = status_mb("VmHWM"), time.process_time(), time.perf_counter()
    found = kind(n_iter=100, tol=1e-5).fit(frame)
    row = {"cpu_s": time.process_time() - start, "wall_s": time.perf_counter() - began}
    row |= {"mb": status_mb("VmHWM") - before, "n_iterations": len(found.loss_history_)}
    numpy.save(sys.argv[2], found.probas_.sort_index().sort_index(axis=1).to_numpy())
    print(json.dumps(row))


if __name__ == "__main__":
    main()
