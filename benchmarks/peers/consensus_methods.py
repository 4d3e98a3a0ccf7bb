"""Runs one method of another library on sets of answers; imports nothing of Goldsmith, so that any Python can run it.

    PYTHON consensus_methods.py FOLDER METHOD SET…

Prints a line of JSON for each set: accuracy in per cent, calibration error over ten bins where the method gives
probabilities, CPU seconds, and MB above what there was before; or how the method failed.
"""

# pyright: basic, reportMissingParameterType=false
# Runs without this project's tools, on libraries without types.

import json
import sys
import time
from importlib import import_module
from pathlib import Path


def status(name: str) -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def crowd_kit(name: str, frame):
    made = import_module("crowdkit.aggregation")
    kinds = {
        "majority": made.MajorityVote,
        "wawa": made.Wawa,
        "dawid-skene": lambda: made.DawidSkene(n_iter=100, tol=1e-5),
        "one-coin": lambda: made.OneCoinDawidSkene(n_iter=100, tol=1e-5),
        "glad": made.GLAD,
        "mace": made.MACE,
        "m-msr": made.MMSR,
        "kos": made.KOS,
    }
    method = kinds[name]()
    if name in {"wawa", "m-msr"}:  # their `fit` learns skills alone
        return method.fit_predict(frame), None
    method.fit(frame)
    return method.labels_, getattr(method, "probas_", None)


def cleanlab(_name: str, frame):
    """Its consensus without a classifier; with one it needs features that these sets do not have."""
    pandas, made = import_module("pandas"), import_module("cleanlab.multiannotator")
    table = frame.pivot_table(index="task", columns="worker", values="code", aggfunc="last")
    return pandas.Series(made.get_majority_vote_label(table.to_numpy()), index=table.index), None


def peerannot(_name: str, frame):
    pandas, made = import_module("pandas"), import_module("peerannot.models")
    tasks, workers = sorted(frame.task.unique()), sorted(frame.worker.unique())
    task_at, worker_at = {t: i for i, t in enumerate(tasks)}, {w: i for i, w in enumerate(workers)}
    answers = {i: {} for i in range(len(tasks))}
    for task, worker, code in zip(frame.task, frame.worker, frame.code, strict=True):
        answers[task_at[task]][worker_at[worker]] = int(code)
    model = made.DawidSkene(answers=answers, n_workers=len(workers), n_classes=int(frame.code.max()) + 1)
    model.run()
    return pandas.Series(model.get_answers(), index=tasks), pandas.DataFrame(model.get_probas(), index=tasks)


def gap(confidence, is_right) -> float:
    numpy = import_module("numpy")
    place = numpy.minimum((confidence * 10).astype(int), 9)
    return sum(
        float((place == one).mean() * abs(confidence[place == one].mean() - is_right[place == one].mean()))
        for one in set(place.tolist())
    )


def main() -> None:
    folder, method, names = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    library, name = method.split(" ")
    pandas = import_module("pandas")
    run = {"crowd-kit": crowd_kit, "cleanlab": cleanlab, "peerannot": peerannot}[library]
    for each in names:
        frame = pandas.read_csv(folder / each / "labels.csv", dtype=str)
        frame = frame.rename(columns={"annotator": "worker"})[["task", "worker", "label"]]
        frame = frame.drop_duplicates(["task", "worker"], keep="last")
        frame["code"] = frame.label.map({label: i for i, label in enumerate(sorted(frame.label.unique()))})
        truth = pandas.read_csv(folder / each / "truth.csv", dtype=str).set_index("task").label
        Path("/proc/self/clear_refs").write_text("5")
        before, start = status("VmHWM"), time.process_time()
        try:
            labels, shares = run(name, frame)
        except Exception as problem:  # noqa: BLE001 - another library's, of any kind
            said = str(problem).splitlines()
            failed = f"{type(problem).__name__}: {said[0] if said else ''}"
            print(json.dumps({"set": each, "failed": failed}), flush=True)
            continue
        cpu_s, mb = time.process_time() - start, status("VmHWM") - before
        if library != "crowd-kit":
            known = dict(enumerate(sorted(frame.label.unique())))
            labels = labels.map(known)
        both = truth.index.intersection(labels.index)
        is_right = (labels[both] == truth[both]).to_numpy()
        row = {"set": each, "accuracy": 100 * float(is_right.mean()), "cpu_s": cpu_s, "mb": mb}
        if shares is not None:
            row["ece"] = gap(shares.loc[both].max(axis=1).to_numpy(), is_right)
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
