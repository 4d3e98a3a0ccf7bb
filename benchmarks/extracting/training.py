"""Trains the judges of blocks on marked pages, and says how good they are on sites that they have not seen.

`python -m benchmarks.extracting.training ../shared/data/web-articles` cross-validates;
with `--write` it then trains on all pages and replaces `judges.json`.
"""

# scikit-learn ships no types
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false, reportArgumentType=false
# pyright: reportCallIssue=false, reportIndexIssue=false

import argparse
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple, cast

import msgspec
import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from benchmarks.extracting.marked import Page, load, score, words
from goldsmith.kit.arrow import as_utf8
from goldsmith.refine.extraction import judges, pages
from goldsmith.refine.extraction.lines import Lines
from goldsmith.refine.extraction.trees import trees_of

N_FOLDS = 10
WEIGHT_OF_LENGTH, WEIGHT_OF_PAGE = 0.7, 0.3
"""A block weighs as its words to this power within its page, and a page as its blocks to that power."""

_WORDS_AROUND = 60
_DIGITS = 5


class Example(NamedTuple):
    """The blocks of a page: what is measured, how many words each has, and which are of the marked text."""

    page: Page
    blocks: pages.Blocks
    n_words: NDArray[np.int64]
    is_marked: NDArray[np.bool_]


class Trained(NamedTuple):
    """The two judges as they were trained."""

    scaler: StandardScaler
    linear: LogisticRegression
    trees: HistGradientBoostingClassifier


def as_example(page: Page) -> Example:
    """The blocks of `page`, each with whether most of its words stand in the marked text, in order."""
    trees = trees_of(as_utf8([page.html]))
    blocks = pages.blocks_of(trees, trees.n_blocks)
    lines = Lines(trees.page(0), trees.tree(0), blocks.measures.owners)
    found = [words(lines.text(block)) for block in range(len(blocks.features))]
    return Example(page, blocks, np.array([len(block) for block in found]), _marked(found, words(page.body)))


def _marked(blocks: Sequence[Sequence[str]], wanted: Sequence[str]) -> NDArray[np.bool_]:
    flat = [word for block in blocks for word in block]
    known = {tuple(wanted[start : start + 4]) for start in range(len(wanted) - 3)}
    hits = [start for start in range(len(flat) - 3) if tuple(flat[start : start + 4]) in known]
    matched = np.zeros(len(flat))
    if hits:
        first, last = max(0, hits[0] - _WORDS_AROUND), min(len(flat), hits[-1] + 4 + _WORDS_AROUND)
        for match in SequenceMatcher(None, wanted, flat[first:last], autojunk=False).get_matching_blocks():
            matched[first + match.b : first + match.b + match.size] = 1
    ends = np.cumsum([len(block) for block in blocks])
    return np.array(
        [
            len(block) > 0 and matched[end - len(block) : end].mean() > 0.5
            for block, end in zip(blocks, ends.tolist(), strict=True)
        ]
    )


def train(examples: Sequence[Example]) -> Trained:
    """Both judges, trained on the blocks of these pages."""
    features = np.vstack([example.blocks.features for example in examples])
    labels = np.concatenate([example.is_marked for example in examples])
    weights = np.concatenate([_weights(example.n_words) for example in examples])
    weights /= weights.mean()
    scaler = StandardScaler().fit(features)
    linear = LogisticRegression(C=0.05, max_iter=500).fit(scaler.transform(features), labels, weights)
    trees = HistGradientBoostingClassifier(
        max_iter=70,
        learning_rate=0.12,
        max_leaf_nodes=8,
        l2_regularization=10,
        min_samples_leaf=40,
        max_features=0.3,
        random_state=0,
        early_stopping=False,
    ).fit(features, labels, weights)
    return Trained(scaler, linear, trees)


def _weights(n_words: NDArray[np.int64]) -> NDArray[np.float64]:
    weights = (n_words + 1.0) ** WEIGHT_OF_LENGTH
    return weights / weights.sum() * len(n_words) ** WEIGHT_OF_PAGE


def written(trained: Trained, *, made_by: str) -> judges.Written:
    """The judges as the file holds them."""
    scale = np.where(trained.scaler.scale_ == 0, 1, trained.scaler.scale_)
    weights = trained.linear.coef_[0] / scale
    intercept = float(trained.linear.intercept_[0] - weights @ trained.scaler.mean_)
    roots: list[int] = []
    nodes: list[tuple[int, float, int, int]] = []
    for (tree,) in trained.trees._predictors:  # noqa: SLF001 - scikit-learn shows its trees nowhere else
        roots.append(len(nodes))
        nodes.extend(
            (-1, float(node["value"]), 0, 0)
            if node["is_leaf"]
            else (
                int(node["feature_idx"]),
                float(node["num_threshold"]),
                int(node["left"]) + roots[-1],
                int(node["right"]) + roots[-1],
            )
            for node in tree.nodes
        )
    return judges.Written(
        made_by=made_by,
        intercept=intercept,
        weights=tuple(_rounded(weight) for weight in weights.tolist()),
        start=float(trained.trees._baseline_prediction[0, 0]),  # noqa: SLF001 - likewise
        roots=tuple(roots),
        feature=tuple(node[0] for node in nodes),
        threshold=tuple(_rounded(node[1]) for node in nodes),
        left=tuple(node[2] for node in nodes),
        right=tuple(node[3] for node in nodes),
    )


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS + 1}g}")


def text_of(example: Example, known: judges.Judges) -> str:
    """What these judges keep of a page."""
    (found,) = pages.judged(example.blocks, known)
    return found.text


def cross_validate(examples: Sequence[Example], *, seed: int) -> dict[str, str]:
    """The text of every page, by judges that were trained without any page of its site."""
    sites = np.array(sorted({example.page.site for example in examples}))
    np.random.default_rng(seed).shuffle(sites)
    fold_of = {site: place % N_FOLDS for place, site in enumerate(sites.tolist())}
    texts: dict[str, str] = {}
    for fold in range(N_FOLDS):
        seen = [example for example in examples if fold_of[example.page.site] != fold]
        known = judges.as_judges(written(train(seen), made_by="cross-validation"))
        for example in examples:
            if fold_of[example.page.site] == fold:
                texts[example.page.name] = text_of(example, known)
    return texts


def main() -> None:
    """Cross-validate, and write the judges if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("folder", type=Path)
    _ = parser.add_argument("--write", action="store_true")
    _ = parser.add_argument("--seeds", type=int, default=1, help="how many divisions of the sites are tried")
    chosen = parser.parse_args()
    marked = load(cast("Path", chosen.folder))
    examples = [as_example(page) for page in marked]
    for seed in range(cast("int", chosen.seeds)):
        found = score(marked, cross_validate(examples, seed=seed))
        figures = f"precision {found.precision:.4f} recall {found.recall:.4f} F1 {found.f1:.4f}"
        print(f"unseen sites, division {seed}: {figures}", flush=True)
    if chosen.write:
        made_by = f"benchmarks/extracting/training.py from {len(examples)} pages of {chosen.folder.name}"
        target = Path(judges.__file__).with_name("judges.json")
        _ = target.write_bytes(msgspec.json.encode(written(train(examples), made_by=made_by)) + b"\n")
        print(f"wrote {target.name}, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
