"""Replays real answers as if they were asked for one by one: what routing saves, and what planning foresees.

Usage:
    python -m benchmarks.routing FOLDER [--part saving|stops|plans|speed] [--set NAME] [--seeds N]

FOLDER has one folder for each set, with `labels.csv` and `truth.csv` as for `benchmarks.consensus`. Each task's real
answers come in a random order, another for each seed. *fixed*: every task gets as many; *routed*: the start answers for
all, then rounds of a batch, the queue's first tasks each, with a warm refit after each round. Both are judged by the
same method, `auto` fitted anew to the answers bought so far.

Saving: labels per task at which the mean accuracy over the seeds first comes within 1.0 and 0.5 points of that of all
labels, by linear interpolation. Stops: how right the tasks are that have stopped as certain when no task wants an
answer any more. Plans: what `plan` foresaw after the start answers, and what came of it. Speed: CPU time of one answer,
of a warm refit, and of a queue.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from goldsmith.quality.aggregators.auto import Auto
from goldsmith.quality.calibration import UNKNOWN
from goldsmith.quality.routing import LiveConsensus, Routing, TaskState, plan
from goldsmith.quality.vote_files import read_labels, read_votes
from goldsmith.quality.votes import Floats, Int32s, Votes

SETS = (
    *("rte", "dog", "bluebird", "face", "wsd", "web", "relex_treat", "relex_cause", "sp_amt", "product"),
    "sp",
)
ALIKE = ("rte", "dog", "wsd", "web", "sp_amt", "product", "sp")
"""Sets whose gold and crowd mean the same, and with enough tasks to tell."""

WITHIN = (1.0, 0.5)
STEP = 0.2
"""Labels per task between two looks at the accuracy."""

GROWN = 1.2
"""The votes have become so many times as many: time for a cold refit."""

MEASURES_TARGET = 0.95
N_GOLD = 50
N_BUDGETS = 3
ENDLESS = Routing(target=0.999999, cap=10**6, stillness=0.0)


@dataclass(frozen=True, slots=True)
class Tray:
    """The real answers of a set, and their truth."""

    votes: Votes
    known: Int32s
    truth: dict[str, str]


class Replay:
    """A project whose annotators give the real answers in a random order."""

    def __init__(self, tray: Tray, seed: int, gold: dict[str, str] | None = None) -> None:
        self.tray, votes = tray, tray.votes
        self.live = LiveConsensus(votes.classes, gold=gold)
        order = np.lexsort((np.random.default_rng(seed).random(votes.n_votes), votes.task))
        self.waiting = [order[a:b].tolist()[::-1] for a, b in zip(votes.starts, votes.starts[1:], strict=False)]
        self.place = {name: task for task, name in enumerate(votes.task_names)}
        self.fitted_on = 0

    @property
    def n_given(self) -> int:
        """How many answers have been given."""
        return self.live.votes.n_votes

    def give(self, task: int) -> bool:
        """Give the task its next answer; whether there was one."""
        if not self.waiting[task]:
            return False
        vote, votes = self.waiting[task].pop(), self.tray.votes
        who, what = votes.annotator_names[votes.annotator[vote]], votes.classes[votes.label[vote]]
        self.live.votes.add(votes.task_names[task], who, what)
        return True

    def start(self, n_each: int) -> None:
        """Give every task its first answers."""
        for task in range(self.tray.votes.n_tasks):
            for _ in range(n_each):
                self.give(task)
        self.refit()

    def refit(self) -> None:
        """Refit: cold whenever the votes have become a fifth more."""
        is_cold = self.n_given > GROWN * self.fitted_on
        self.live.refit(cold=is_cold)
        if is_cold:
            self.fitted_on = self.n_given

    def spend(self, policy: Routing, until: int) -> None:
        """Hand out answers by the queue, batch by batch, until so many are given or nobody wants or has one."""
        while self.n_given < until:
            found, n_given = self.live.route(policy), 0
            room = min(found.batch, until - self.n_given)
            for place in found.queue.tolist():
                if n_given == room:
                    break
                n_given += self.give(self.place[found.tasks[place]])
            if not n_given:
                return
            self.refit()

    def labels(self) -> Int32s:
        """int32[n_tasks], the label of every task, by `auto` from scratch."""
        votes = self.live.votes.votes()
        found = np.full(self.tray.votes.n_tasks, UNKNOWN, np.int32)
        found[[self.place[name] for name in votes.task_names]] = Auto().fit(votes).labels_
        return found

    def accuracy(self) -> float:
        """The percentage of right labels."""
        known = self.tray.known
        return 100 * float((self.labels() == known)[known != UNKNOWN].mean())


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Routing, stopping and planning on real answers.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", action="append", choices=list(PARTS), help="only this part")
    parser.add_argument("--set", action="append", dest="sets", help="only this set; may be given more than once")
    parser.add_argument("--seeds", type=int, default=3, help="orders in which the answers come")
    options = parser.parse_args()
    for part in options.part or PARTS:
        PARTS[part](options.folder, options.sets, options.seeds)


def tray_of(folder: Path) -> Tray:
    """The answers and the truth of a set."""
    votes, truth = read_votes(folder / "labels.csv"), read_labels(folder / "truth.csv")
    return Tray(votes, votes.codes_of(truth), truth)


def savings(folder: Path, sets: Sequence[str] | None, n_seeds: int) -> None:
    """Print labels per task that fixed and routed answers need."""
    print(f"{'labels per task':14}{'all':>6}{'right':>7}{'fixed':>14}{'routed':>14}{'saved at 1.0':>14}{'at 0.5':>9}")
    saved: list[list[float]] = []
    for name in sets or SETS:
        tray = tray_of(folder / name)
        seeds = range(n_seeds)
        fixed = fixed_curve(tray, seeds)
        whole = fixed[-1][1]
        routed = routed_curve(tray, seeds, whole - min(WITHIN) / 2)
        needed = [[crossing(curve, whole - within) for within in WITHIN] for curve in (fixed, routed)]
        saved.append([100 * (1 - one / other) for one, other in zip(needed[1], needed[0], strict=True)])
        cells = "".join(f"{one:7.1f}" for row in needed for one in row)
        print(f"{name:14}{fixed[-1][0]:6.1f}{whole:7.1f}{cells}{saved[-1][0]:13.0f}%{saved[-1][1]:8.0f}%", flush=True)
    print(f"{'median':14}{'':41}{np.median(saved, axis=0)[0]:13.0f}%{np.median(saved, axis=0)[1]:8.0f}%\n")


def fixed_curve(tray: Tray, seeds: Sequence[int]) -> list[tuple[float, float]]:
    """Labels per task and mean accuracy when every task gets 1, 2, … answers."""
    replays = [Replay(tray, seed) for seed in seeds]
    curve: list[tuple[float, float]] = []
    for _ in range(int(tray.votes.n_answers.max())):
        for one in replays:
            for task in range(tray.votes.n_tasks):
                one.give(task)
        right = float(np.mean([one.accuracy() for one in replays]))
        curve.append((replays[0].n_given / tray.votes.n_tasks, right))
    return curve


def routed_curve(tray: Tray, seeds: Sequence[int], enough: float) -> list[tuple[float, float]]:
    """Labels per task and mean accuracy when the queue decides, until it has been enough twice."""
    n_tasks, most = tray.votes.n_tasks, tray.votes.n_votes
    replays = [Replay(tray, seed) for seed in seeds]
    for one in replays:
        one.start(ENDLESS.start_for(n_classes=tray.votes.n_classes))
    curve: list[tuple[float, float]] = []
    n_enough, labels = 0, replays[0].n_given / n_tasks
    while True:
        for one in replays:
            one.spend(ENDLESS, round(labels * n_tasks))
        curve.append((labels, float(np.mean([one.accuracy() for one in replays]))))
        n_enough += curve[-1][1] >= enough
        if n_enough == 2 or labels * n_tasks >= most:
            return curve
        labels = min(labels + STEP, most / n_tasks)


def crossing(curve: Sequence[tuple[float, float]], level: float) -> float:
    """Where the curve first reaches the level."""
    for (x0, y0), (x1, y1) in zip([curve[0], *curve], curve, strict=False):
        if y1 >= level:
            return x1 if y1 == y0 else x0 + (level - y0) / (y1 - y0) * (x1 - x0)
    return curve[-1][0]


def stops(folder: Path, sets: Sequence[str] | None, n_seeds: int) -> None:
    """Print how right the tasks are that stopped as certain."""
    print("stopped at .95 gold  labels    of  certain  claimed   right ± (seeds)")
    for name in sets or ALIKE:
        tray = tray_of(folder / name)
        policy = Routing(target=MEASURES_TARGET, cap=int(tray.votes.n_answers.max()))
        for n_gold in (0, N_GOLD):
            found = np.array([stopped(tray, seed, policy, n_gold) for seed in range(n_seeds)])
            mean, spread = found.mean(axis=0), found[:, 3].std(ddof=1) if n_seeds > 1 else 0.0
            labels, share, claimed, right = mean.tolist()
            cells = f"{labels:8.2f}{tray.votes.n_answers.mean():6.1f}{100 * share:8.1f}%{claimed:9.3f}{right:8.3f}"
            print(f"{name:14}{n_gold:5}{cells}{spread:10.3f}", flush=True)
    print()


def stopped(tray: Tray, seed: int, policy: Routing, n_gold: int) -> tuple[float, float, float, float]:
    """Labels per task, the share of certain tasks, what they claim, and how right they are, without the gold."""
    one, gold = with_gold(tray, seed, n_gold)
    one.start(policy.start_for(n_classes=tray.votes.n_classes))
    one.spend(policy, tray.votes.n_votes)
    one.live.refit(cold=True)
    one.spend(policy, tray.votes.n_votes)
    found = one.live.route(policy)
    certain = [task for task in range(len(found.tasks)) if found.state_of(task) is TaskState.CERTAIN]
    calibrated = one.live.calibrated_
    tested = [task for task in certain if found.tasks[task] in tray.truth and found.tasks[task] not in gold]
    said: list[str] = [tray.votes.classes[label] for label in calibrated.argmax(axis=1).tolist()]
    right = np.mean([said[task] == tray.truth[found.tasks[task]] for task in tested])
    labels = one.n_given / tray.votes.n_tasks
    return labels, len(certain) / len(found.tasks), float(calibrated[tested].max(axis=1).mean()), float(right)


def with_gold(tray: Tray, seed: int, n_gold: int) -> tuple[Replay, dict[str, str]]:
    """A replay that knows some labels, drawn at random."""
    names = np.random.default_rng(1000 + seed).permutation(sorted(tray.truth))[:n_gold].tolist()
    gold = {name: tray.truth[name] for name in names}
    return Replay(tray, seed, gold), gold


def plans(folder: Path, sets: Sequence[str] | None, n_seeds: int) -> None:
    """Print what was foreseen and what came of it."""
    print(
        f"{'plan':14}{'gold':>5}{'labels':>8}{'foreseen':>10}{'interval':>16}{'came':>8}{'held':>6}  (means over seeds)"
    )
    errors: dict[int, list[Floats]] = {0: [], N_GOLD: []}
    for name in sets or SETS:
        tray = tray_of(folder / name)
        for n_gold in (0, N_GOLD):
            rows = np.array([foreseen(tray, seed, n_gold) for seed in range(n_seeds)])
            _, _, lows, highs, right = rows.transpose(2, 1, 0)
            holds: list[float] = ((lows <= right) & (right <= highs)).mean(axis=1).tolist()
            for (labels, said, low, high, came), held in zip(rows.mean(axis=0).tolist(), holds, strict=True):
                print(f"{name:14}{n_gold:5}{labels:8.2f}{said:10.1f}{low:8.1f} -{high:6.1f}{came:8.1f}{held:6.2f}")
            errors[n_gold].append(rows.reshape(-1, 5))
    for n_gold, found in errors.items():
        _, said, low, high, came = np.concatenate(found).T
        off, n_held = np.abs(said - came), int(((low <= came) & (came <= high)).sum())
        print(
            f"{n_gold} gold: mean error {off.mean():.1f} points, bias {np.mean(said - came):+.1f}, interval held "
            f"{n_held} of {len(said)}, mean width {np.mean(high - low):.1f}"
        )
    print()


def foreseen(tray: Tray, seed: int, n_gold: int) -> list[tuple[float, float, float, float, float]]:
    """Labels per task, what was foreseen with its interval, and what came, for some budgets."""
    one, _ = with_gold(tray, seed, n_gold)
    policy = Routing(cap=int(tray.votes.n_answers.max()))
    one.start(policy.start_for(n_classes=tray.votes.n_classes))
    started, left = one.n_given, tray.votes.n_votes - one.n_given
    budgets = [left * part // (2 * N_BUDGETS) for part in range(1, N_BUDGETS + 1)]
    rows: list[tuple[float, float, float, float, float]] = []
    for found in plan(one.live, budgets, policy, seed=seed):
        one.spend(policy, started + found.n_answers)
        said = (100 * found.accuracy, 100 * found.low, 100 * found.high)
        rows.append(((started + found.n_answers) / tray.votes.n_tasks, *said, one.accuracy()))
    return rows


def speeds(folder: Path, sets: Sequence[str] | None, n_seeds: int) -> None:
    """Print the CPU time of an answer, a refit and a queue, with 1e5 votes that are there already."""
    del folder, sets, n_seeds
    print("100,000 votes                 answer  refit, none new  1,000 new     queue")
    for n_classes, n_annotators in ((2, 500), (5, 500), (10, 500), (10, 2000)):
        votes = made_votes(n_classes, n_annotators)
        cells = "".join(f"{1e3 * one:8.3f} ms" for one in speed(votes))
        print(f"{n_classes} classes, {n_annotators} people".ljust(26) + cells, flush=True)


def speed(votes: Votes) -> tuple[float, float, float, float]:
    """Seconds of an answer, of a refit that changes nothing, of one after 1,000 answers, and of a queue; medians."""
    live, rng = LiveConsensus.from_votes(votes), np.random.default_rng(1)
    live.refit()
    times: list[list[float]] = [[], [], [], []]
    for _ in range(5):
        for place in rng.integers(0, votes.n_votes, 1000).tolist():
            task, label = votes.task_names[votes.task[place]], votes.classes[votes.label[place]]
            who = votes.annotator_names[int(rng.integers(votes.n_annotators))]
            times[0].append(timed(partial(live.add, task, who, label)))
        times[2].append(timed(live.refit))
        for _ in range(5):
            live.refit()
        times[1].append(timed(live.refit))
        times[3].append(timed(partial(live.route, Routing())))
    answer, still, moved, queue = (float(np.median(each)) for each in times)
    return answer, still, moved, queue


def made_votes(n_classes: int, n_annotators: int) -> Votes:
    """20,000 tasks with five made answers each."""
    rng, n = np.random.default_rng(0), 100_000
    truth, who = rng.integers(0, n_classes, 20_000), rng.integers(0, n_annotators, n)
    task, skill = np.repeat(np.arange(20_000), 5), rng.beta(8, 3, n_annotators)
    said = np.where(rng.random(n) < skill[who], truth[task], rng.integers(0, n_classes, n))
    return Votes.from_columns(task, who, said)


def timed(act: Callable[[], object]) -> float:
    """The CPU time of a call, in seconds."""
    began = time.process_time()
    act()
    return time.process_time() - began


PARTS = {"saving": savings, "stops": stops, "plans": plans, "speed": speeds}

if __name__ == "__main__":
    main()
