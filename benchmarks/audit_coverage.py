"""How often the 95% intervals of audits hold the accuracy of all labels, and how narrow confidences make them.

    python -m benchmarks.audit_coverage                      # 2,000 audits of each kind, two minutes
    python -m benchmarks.audit_coverage --replications 200   # a quick look

5,000 labels are made anew for each audit. Confidences are good (each label is right as often as it says), sharp (right
and wrong ones hardly overlap), far too high, upside down, or have nothing to do with the labels. `normal` is the
interval of the papers on prediction-powered inference, the estimate plus or minus 1.96 standard errors.
"""

import argparse
from typing import NamedTuple

import numpy as np

from goldsmith.quality.audit import Part, allocated, audit_size, plan_parts, prediction_powered
from goldsmith.quality.intervals import wilson_interval
from goldsmith.quality.stratified import Cell, stratified_share

N = 5_000
KINDS = ("good", "sharp", "too high", "upside down", "noise")
ACCURACIES = (0.8, 0.95, 0.98)
SIZES = (30, 50, 100, 200)
Z = 1.959964

PARTS = {
    "9,000 at .98 and 1,000 at .7": [Part(n_population=9000, expected=0.98), Part(n_population=1000, expected=0.7)],
    "4 of 2,500 at .99, .95, .9, .8": [Part(n_population=2500, expected=share) for share in (0.99, 0.95, 0.9, 0.8)],
    "8 of 1,000 at .9": [Part(n_population=1000, expected=0.9)] * 8,
}


class Labels(NamedTuple):
    confidences: np.ndarray
    is_right: np.ndarray


def made_labels(kind: str, accuracy: float, rng: np.random.Generator) -> Labels:
    chance = rng.beta(3 * accuracy, 3 * (1 - accuracy), N)
    is_right = rng.random(N) < chance
    match kind:
        case "good":
            confidences = chance
        case "sharp":
            confidences = np.clip(0.9 * is_right + rng.normal(0.05, 0.12, N), 0, 1)
        case "too high":
            confidences = chance**0.2
        case "upside down":
            confidences = 1 - chance
        case _:
            confidences = rng.beta(8, 2, N)
    return Labels(confidences, is_right)


def normal_ends(labels: Labels, audited: np.ndarray, weight: float) -> tuple[float, float]:
    rest = labels.is_right[audited] - weight * labels.confidences[audited]
    centre = weight * labels.confidences.mean() + rest.mean()
    half = Z * np.sqrt(rest.var(ddof=2) / len(audited) * (N - len(audited)) / (N - 1))
    return centre - half, centre + half


def report_simple(n_replications: int) -> None:
    """Simple random samples: Wilson's interval, the one with confidences, and the normal one."""
    print(
        f"{'confidences':14}{'right':>7}{'audited':>9}{'wilson':>9}{'powered':>9}{'normal':>9}{'width':>8}{'weight':>8}"
    )
    for kind in KINDS:
        for accuracy in ACCURACIES:
            for n in SIZES:
                held, widths, weight = _simple(kind, accuracy, n, n_replications)
                shares = "".join(f"{share:>9.3f}" for share in held)
                print(f"{kind:14}{accuracy:>7}{n:>9}{shares}{widths[1] / widths[0]:>8.2f}{weight:>8.2f}", flush=True)


def _simple(kind: str, accuracy: float, n: int, n_replications: int) -> tuple[np.ndarray, np.ndarray, float]:
    rng = np.random.default_rng(n)
    held, widths, weight = np.zeros(3), np.zeros(2), 0.0
    for _ in range(n_replications):
        labels = made_labels(kind, accuracy, rng)
        audited, truth = rng.choice(N, n, replace=False), labels.is_right.mean()
        findings = labels.is_right[audited]
        alone = wilson_interval(int(findings.sum()), n, n_population=N)
        found = prediction_powered(labels.confidences, audited, findings)
        ends = [(one.low or 0.0, one.high or 0.0) for one in (alone, found.accuracy)]
        ends.append(normal_ends(labels, audited, found.weight))
        held += [low <= truth <= high for low, high in ends]
        widths += [high - low for low, high in ends[:2]]
        weight += found.weight
    return held / n_replications, widths, weight / n_replications


def report_wilson() -> None:
    """Wilson's interval alone, exactly, over all accuracies of a finite population."""
    from goldsmith.quality.audit.counts import counts_in_sample  # noqa: PLC0415 - of the inside, for this table alone

    print(f"\n{'Wilson, exact':16}{'audited':>9}{'mean':>8}{'least':>8}{'at':>8}")
    for low, high in ((0.7, 0.9), (0.9, 0.98), (0.98, 0.999)):
        for n in SIZES:
            held: list[float] = []
            numbers = np.unique(np.linspace(low * N, high * N, 100).astype(int)).tolist()
            for n_right in numbers:
                counts = counts_in_sample(N, n_right, n)
                found = [wilson_interval(x, n, n_population=N) for x in counts.n_right.tolist()]
                inside = [(one.low or 0) <= n_right / N <= (one.high or 0) for one in found]
                held.append(float(counts.chance[inside].sum()))
            worst = int(np.argmin(held))
            share = numbers[worst] / N
            print(f"{low} to {high:<8}{n:>9}{np.mean(held):>8.3f}{held[worst]:>8.3f}{share:>8.4f}", flush=True)


def report_stratified(n_replications: int) -> None:
    """Stratified samples of 60 and 300 items, and the plan for plus or minus two points."""
    print(f"\n{'parts':34}{'shared out':>14}{'audited':>9}{'held':>8}{'±points':>9}{'for ±2':>8}")
    for name, parts in PARTS.items():
        for how in ("proportional", "neyman"):
            rng = np.random.default_rng(0)
            planned = sum(plan_parts(parts, half_width=0.02, rng=rng, allocation=how).n_audited)
            for n in (60, 300):
                held, half = _stratified(parts, allocated(parts, n, allocation=how).tolist(), rng, n_replications)
                print(f"{name:34}{how:>14}{n:>9}{held:>8.3f}{100 * half:>9.2f}{planned:>8}", flush=True)
        expected = sum(part.n_population * part.expected for part in parts) / sum(part.n_population for part in parts)
        n_all = sum(part.n_population for part in parts)
        print(f"{name:34}{'not stratified':>14}{'':>26}{audit_size(n_all, half_width=0.02, expected=expected):>8}")


def _stratified(
    parts: list[Part], sizes: list[int], rng: np.random.Generator, n_replications: int
) -> tuple[float, float]:
    n_right = [round(part.n_population * part.expected) for part in parts]
    truth = sum(n_right) / sum(part.n_population for part in parts)
    held = width = 0.0
    for _ in range(n_replications):
        found = stratified_share(
            Cell(
                n_population=part.n_population,
                n_sampled=n,
                n_right=int(rng.hypergeometric(right, part.n_population - right, n)),
            )
            for part, n, right in zip(parts, sizes, n_right, strict=True)
        )
        low, high = found.low or 0.0, found.high or 0.0
        held += low <= truth <= high
        width += high - low
    return held / n_replications, width / 2 / n_replications


def report_audits(n_replications: int) -> None:
    """All of it."""
    report_simple(n_replications)
    report_wilson()
    report_stratified(n_replications)


def main() -> None:
    parser = argparse.ArgumentParser(description="Coverage of the intervals of audits.")
    parser.add_argument("--replications", type=int, default=2000)
    report_audits(parser.parse_args().replications)


if __name__ == "__main__":
    main()
