"""Outlines of four readers each, of which one is left out."""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from goldsmith.quality.shapes.masks import Mask, pieces
from goldsmith.quality.shapes.staple import Staple

OUTLINES = Path(__file__).parents[3] / "shared" / "data" / "crowd" / "lidc_outlines" / "labels.csv"
needs_outlines = pytest.mark.skipif(not OUTLINES.is_file(), reason="the set of outlines is not beside this checkout")


def majority(masks: list[Mask]) -> Mask:
    left, lengths, inside = pieces(masks)
    most = inside.sum(axis=0) > len(masks) / 2
    runs = zip(left[most].tolist(), (left + lengths)[most].tolist(), strict=True)
    return Mask.from_runs(list(runs), width=512, height=512)


@needs_outlines
def test_masks_of_the_others_foretell_a_reader_as_well_as_a_majority():
    by_nodule: dict[str, dict[str, Mask]] = defaultdict(dict)
    with OUTLINES.open(newline="") as file:
        for row in csv.DictReader(file):
            corners = [(float(x), float(y)) for x, y in (corner.split(",") for corner in row["label"].split())]
            by_nodule[row["task"]][row["worker"]] = Mask.from_polygon(corners, width=512, height=512)

    ours: list[float] = []
    theirs: list[float] = []
    for left_out in range(4):
        seen: list[dict[str, Mask]] = []
        held_out: list[Mask] = []
        for masks in by_nodule.values():
            readers = sorted(masks)
            if left_out < len(readers):
                held_out.append(masks[readers[left_out]])
                seen.append({reader: masks[reader] for reader in readers if reader != readers[left_out]})
        found = Staple().fit(seen).masks_
        ours += [one.overlap(true) for one, true in zip(found, held_out, strict=True)]
        theirs += [majority(list(given.values())).overlap(true) for given, true in zip(seen, held_out, strict=True)]

    assert len(ours) == 1254
    assert np.mean(ours) == pytest.approx(0.7551, abs=0.0005)
    assert np.mean(theirs) == pytest.approx(0.7549, abs=0.0005)
