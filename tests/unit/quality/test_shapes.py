"""The consensus of masks and boxes."""

import numpy as np
import pytest
from numpy.typing import NDArray

from goldsmith.errors import VotesError
from goldsmith.quality.shapes.boxes import Box, MatchedBoxes, overlaps
from goldsmith.quality.shapes.masks import Mask, pieces
from goldsmith.quality.shapes.staple import Staple
from goldsmith.quality.votes import Floats

Bools = NDArray[np.bool_]
SIZE = {"width": 24, "height": 20}


def dense(mask: Mask) -> Bools:
    picture = np.zeros(mask.width * mask.height, np.bool_)
    for start, end in zip(mask.starts, mask.ends, strict=True):
        picture[start:end] = True
    return picture


def mask_of(picture: Bools) -> Mask:
    return Mask.from_runs([(int(pixel), int(pixel) + 1) for pixel in np.flatnonzero(picture)], width=24, height=20)


def simulated(seed: int = 0) -> tuple[list[dict[str, Mask]], list[Mask]]:
    """Discs; two annotators mark nearly all of them, two others half and a little besides."""
    rng = np.random.default_rng(seed)
    y, x = np.divmod(np.arange(480), 24)
    answers: list[dict[str, Mask]] = []
    truth: list[Mask] = []
    for _ in range(12):
        disc = (x - rng.uniform(8, 16)) ** 2 + (y - rng.uniform(8, 12)) ** 2 < rng.uniform(9, 36)
        truth.append(mask_of(disc))
        given: dict[str, Mask] = {}
        for name, marked, beside in (("ann", 0.97, 0.01), ("bob", 0.95, 0.01), ("cat", 0.4, 0.05), ("dan", 0.4, 0.05)):
            given[name] = mask_of(np.where(disc, rng.random(480) < marked, rng.random(480) < beside))
        answers.append(given)
    return answers, truth


@pytest.mark.parametrize("seed", range(10))
def test_a_polygon_has_the_pixels_whose_middle_it_holds(seed: int):
    rng = np.random.default_rng(seed)
    corners = [(float(x), float(y)) for x, y in rng.uniform(-3, 26, (int(rng.integers(3, 9)), 2))]

    found = dense(Mask.from_polygon(corners, **SIZE))

    for pixel in range(480):
        x, y = pixel % 24 + 0.5, pixel // 24 + 0.5
        is_inside = False
        for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
            if (ay <= y) != (by <= y) and ax + (y - ay) * (bx - ax) / (by - ay) > x:
                is_inside = not is_inside
        assert found[pixel] == is_inside


def test_runs_equal_pictures():
    rng = np.random.default_rng(1)
    pictures = [rng.random(480) < share for share in (0.2, 0.5, 0.9)]
    masks = [mask_of(picture) for picture in pictures]

    left, lengths, inside = pieces(masks)

    for picture, mask, row in zip(pictures, masks, inside, strict=True):
        assert (dense(mask) == picture).all()
        assert mask.n_pixels == picture.sum() == lengths[row].sum()
        assert (picture[left] == row).all()
    both = (pictures[0] & pictures[1]).sum() / (pictures[0] | pictures[1]).sum()
    assert masks[0].overlap(masks[1]) == pytest.approx(both)


def test_who_marks_well_counts_for_more_than_the_majority():
    answers, truth = simulated()

    found = Staple().fit(answers)

    assert found.has_converged_
    majority = [mask_of(np.sum([dense(mask) for mask in given.values()], axis=0) > 2) for given in answers]
    ours = np.mean([one.overlap(true) for one, true in zip(found.masks_, truth, strict=True)])
    theirs = np.mean([one.overlap(true) for one, true in zip(majority, truth, strict=True)])
    assert ours > 0.93
    assert theirs < 0.75
    np.testing.assert_allclose(found.sensitivity_, [0.97, 0.95, 0.4, 0.4], atol=0.06)
    np.testing.assert_allclose(found.specificity_, [0.99, 0.99, 0.95, 0.95], atol=0.03)


def written_out(marked: Bools) -> tuple[Floats, Floats, Floats]:
    marks = marked.astype(np.float64)
    prior = float(np.mean(marks))
    inside: Floats = np.mean(marks, axis=0)
    sensitivity, specificity = np.zeros(3), np.zeros(3)
    for _ in range(3000):
        sensitivity = marks @ inside / np.sum(inside)
        specificity = (1 - marks) @ (1 - inside) / np.sum(1 - inside)
        yes = prior * np.prod(np.where(marked, sensitivity[:, None], 1 - sensitivity[:, None]), axis=0)
        no = (1 - prior) * np.prod(np.where(marked, 1 - specificity[:, None], specificity[:, None]), axis=0)
        inside = yes / (yes + no)
    return sensitivity, specificity, inside


def test_masks_of_runs_give_what_pictures_give():
    """STAPLE written out over every pixel of the frame, for one task and without what others add."""
    corners = [(3.0, 2.0), (12.0, 3.0), (11.0, 9.0), (4.0, 10.0)]
    given = {
        name: Mask.from_polygon([(x + right, y + down) for x, y in corners], **SIZE)
        for name, right, down in (("ann", 0, 0), ("bob", 1, 0), ("cat", 3, 2))
    }

    found = Staple(pseudo_tasks=1e-9, tolerance=1e-12, max_iterations=3000).fit([given])

    pictures = np.array([dense(given[name]).reshape(20, 24) for name in sorted(given)])
    rows, columns = np.flatnonzero(pictures.any(axis=(0, 2))), np.flatnonzero(pictures.any(axis=(0, 1)))
    top, bottom = max(rows[0] - 1, 0), min(rows[-1] + 1, 19)
    first, last = max(columns[0] - 1, 0), min(columns[-1] + 1, 23)
    sensitivity, specificity, inside = written_out(pictures[:, top : bottom + 1, first : last + 1].reshape(3, -1))
    np.testing.assert_allclose(found.sensitivity_, sensitivity, atol=1e-4)
    np.testing.assert_allclose(found.specificity_, specificity, atol=1e-4)
    assert found.masks_[0].n_pixels == int((inside > 0.5).sum())


def test_order_and_names_of_annotators_of_masks_do_not_matter():
    answers, _ = simulated()
    renamed = [{f"{ord('z') - ord(name[0])}": mask for name, mask in reversed(given.items())} for given in answers]

    one, other = Staple().fit(answers), Staple().fit(renamed)

    assert all((dense(a) == dense(b)).all() for a, b in zip(one.masks_, other.masks_, strict=True))
    np.testing.assert_allclose(one.sensitivity_, other.sensitivity_[::-1], atol=1e-9)


def test_what_all_mark_is_inferred():
    mask = Mask.from_polygon([(2, 2), (9, 3), (5, 12)], **SIZE)
    nothing = Mask.from_runs([], **SIZE)

    found = Staple().fit([dict.fromkeys("abc", mask), dict.fromkeys("abc", nothing)])

    assert (dense(found.masks_[0]) == dense(mask)).all()
    assert found.masks_[1].n_pixels == 0
    assert found.overlap_.tolist() == [1, 1]


def test_masks_that_cannot_be_used_are_refused():
    with pytest.raises(VotesError, match="no inside"):
        Mask.from_polygon([(0, 0), (1, 1)], **SIZE)
    with pytest.raises(VotesError, match="leaves the image"):
        Mask.from_runs([(470, 490)], **SIZE)
    with pytest.raises(VotesError, match="no masks"):
        Staple().fit([])
    other = Mask.from_runs([(0, 1)], width=5, height=5)
    with pytest.raises(VotesError, match="different sizes"):
        Staple().fit([{"a": other, "b": Mask.from_runs([(0, 1)], **SIZE)}])


def boxes_simulated(seed: int = 0) -> tuple[list[dict[str, list[Box]]], list[list[Box]]]:
    """Four objects an image: two annotators draw well, two crookedly, miss a third and see what is not there."""
    rng = np.random.default_rng(seed)
    answers: list[dict[str, list[Box]]] = []
    truth: list[list[Box]] = []
    for _ in range(25):
        objects = [Box(x, y, x + 20, y + 15, str(rng.choice(["car", "dog"]))) for x in (5.0, 50.0) for y in (5.0, 40.0)]
        truth.append(objects)
        given: dict[str, list[Box]] = {}
        for name, error, missed in (("ann", 0.5, 0.02), ("bob", 0.5, 0.02), ("cat", 2.5, 0.33), ("dan", 2.5, 0.33)):
            drawn = [
                box._replace(**{edge: getattr(box, edge) + float(rng.normal(0, error)) for edge in Box._fields[:4]})
                for box in objects
                if rng.random() > missed
            ]
            given[name] = drawn + ([Box(80.0, 80.0, 85.0, 90.0, "car")] if missed > 0.3 and rng.random() < 0.3 else [])
        answers.append(given)
    return answers, truth


def test_boxes_are_matched_and_who_draws_well_counts_for_more():
    answers, truth = boxes_simulated()

    alike, found = MatchedBoxes(n_iterations=1).fit(answers), MatchedBoxes().fit(answers)

    assert sum(map(len, alike.boxes_)) < 92
    assert 97 <= sum(map(len, found.boxes_)) <= 100
    far: dict[str, float] = {}
    for name, consensus in (("alike", alike), ("weighted", found)):
        errors: list[float] = []
        for of_task, objects in zip(consensus.boxes_, truth, strict=True):
            if len(of_task) < len(objects):
                continue
            by_place = sorted(of_task, key=lambda one: (one.box.left > 30, one.box.top))
            for one, true in zip(by_place, sorted(objects), strict=True):
                assert one.box.label == true.label
                errors += np.abs(np.subtract(one.box[:4], true[:4])).tolist()
        far[name] = float(np.mean(errors))
    assert far["weighted"] < 0.7 * far["alike"]
    assert found.error_[:2].max() < 0.5 * found.error_[2:].min()


def test_boxes_side_by_side_are_two_objects_although_they_touch():
    pair = [Box(0, 0, 10, 10), Box(9, 0, 19, 10)]

    found = MatchedBoxes().fit([dict.fromkeys("abc", pair)])

    assert [one.box for one in found.boxes_[0]] == pair
    assert [one.n_boxes for one in found.boxes_[0]] == [3, 3]
    assert [one.support for one in found.boxes_[0]] == [pytest.approx(1)] * 2


def test_an_annotator_has_one_box_in_each_object():
    found = MatchedBoxes().fit(
        [{"a": [Box(0, 0, 10, 10), Box(1, 0, 11, 10)], "b": [Box(0, 0, 10, 10)], "c": [Box(0, 0, 10, 10)]}]
    )

    assert [one.n_boxes for one in found.boxes_[0]] == [3]


def test_a_second_box_of_an_annotator_is_not_joined_through_others():
    near = [Box(0.1, 0, 10.1, 10), Box(0.2, 0, 10.2, 10)]

    found = MatchedBoxes().fit([{"a": near, "b": [Box(0, 0, 10, 10)]}])

    assert [one.n_boxes for one in found.boxes_[0]] == [2]


def test_boxes_of_nothing_and_boxes_not_drawn_are_errors():
    objects = [Box(0, 0, 10, 10), Box(20, 20, 30, 30)]
    given = {"a": objects, "b": objects, "c": [*objects, Box(50, 50, 60, 60)], "d": objects[:1], "e": objects}

    error = MatchedBoxes().fit([given] * 10).error_

    assert error[0] == error[1] == error[4]
    assert min(error[2], error[3]) > 3 * error[0]


def test_what_most_did_not_see_is_not_there():
    found = MatchedBoxes().fit([{"a": [Box(0, 0, 1, 1)], "b": [], "c": []}])

    assert found.boxes_ == ((),)


def test_order_and_names_of_annotators_of_boxes_do_not_matter():
    answers, _ = boxes_simulated()
    renamed = [
        {f"{ord('z') - ord(name[0])}": boxes[::-1] for name, boxes in reversed(given.items())} for given in answers
    ]

    one, other = MatchedBoxes().fit(answers), MatchedBoxes().fit(renamed)

    np.testing.assert_allclose(one.error_, other.error_[::-1], atol=1e-9)
    for ours, theirs in zip(one.boxes_, other.boxes_, strict=True):
        np.testing.assert_allclose([b.box[:4] for b in ours], [b.box[:4] for b in theirs], atol=1e-9)


def test_overlaps_are_shares():
    boxes = np.array([[0.0, 0, 2, 2], [1, 1, 3, 3], [5, 5, 6, 6]])

    np.testing.assert_allclose(overlaps(boxes, boxes), [[1, 1 / 7, 0], [1 / 7, 1, 0], [0, 0, 1]])


@pytest.mark.parametrize(
    "box", [Box(1, 0, 1, 5), Box(0, 5, 1, 4), Box(0, 0, float("inf"), 1), Box(float("nan"), 0, 1, 1)]
)
def test_boxes_without_area_are_refused(box: Box):
    with pytest.raises(VotesError, match="no area"):
        MatchedBoxes().fit([{"a": [box]}])


def test_tasks_that_nobody_looked_at_are_refused():
    with pytest.raises(VotesError, match="nobody looked"):
        MatchedBoxes().fit([{}])
