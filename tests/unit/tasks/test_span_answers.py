import hashlib
from typing import cast

import pytest

from goldsmith.errors import AnswerError
from goldsmith.tasks.questions import Option
from goldsmith.tasks.types.spans import Spans

SPANS = Spans(
    name="names",
    label="Names",
    field="text",
    labels=(Option(value="person", label="Person"), Option(value="place", label="Place")),
)


def span(start: object, end: object, label: object = "person") -> dict[str, object]:
    return {"start": start, "end": end, "label": label}


def hashed(spans: list[dict[str, object]], text: str) -> list[dict[str, object]]:
    slices = [text[cast("int", one["start"]) : cast("int", one["end"])] for one in spans]
    digests = [hashlib.sha256(part.encode()).hexdigest()[:16] for part in slices]
    return [{**one, "hash": digest} for one, digest in zip(spans, digests, strict=True)]


def test_offsets_are_code_points():
    text = "👩🏽‍🚀 Ada é"

    assert SPANS.check([span(0, 4)], {"text": text}) == hashed([span(0, 4)], text)
    assert SPANS.check([span(len(text) - 1, len(text))], {"text": text})
    with pytest.raises(AnswerError, match=r"10 characters of 'text'; offsets are Unicode code points"):
        SPANS.check([span(9, 11)], {"text": text})


def test_spans_are_sorted_and_may_overlap():
    given = [span(2, 5), span(0, 3, "place"), span(0, 3), span(0, 2)]

    sorted_spans = [span(0, 2), span(0, 3), span(0, 3, "place"), span(2, 5)]
    assert SPANS.check(given, {"text": "vwxyz"}) == hashed(sorted_spans, "vwxyz")
    assert given[0] == span(2, 5), "the argument is not changed"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("Ada", "is not a list of spans; send \\[\\]"),
        ({}, "is not a list of spans"),
        ([3], "span 1: 3 has to be an object with the keys end, label, start"),
        ([{"start": 0, "end": 1}], "with the keys end, label, start and no others"),
        ([{**span(0, 1), "text": "A"}], "and no others than attributes, hash, parts"),
        ([span(True, 2)], "span 1: the offset True has to be a whole number"),
        ([span(0.5, 2)], "the offset 0.5 has to be a whole number"),
        ([span("0", 2)], "has to be a whole number"),
        ([span(0, None)], "the offset None"),
        ([span(2, 2)], "does not lie in the 5 characters"),
        ([span(3, 2)], "does not lie in"),
        ([span(-1, 2)], "does not lie in"),
        ([span(0, 6)], "does not lie in"),
        ([span(0, 10**30)], "has to be a whole number"),
        ([span(0, 2, "persn")], "'persn' is not one of its labels; did you mean 'person'"),
        ([span(0, 2, None)], "None is not one of its labels"),
        ([span(0, 2, ["person"])], "is not one of its labels"),
        ([span(0, 2), span(1, 2), span(0, 2)], "occurs twice"),
        ([span(0, 1)] * 10_001, "10001 spans are too many"),
    ],
)
def test_spans_that_do_not_fit_are_refused(answer: object, message: str):
    with pytest.raises(AnswerError, match=message):
        SPANS.check(answer, {"text": "x" * 5})


@pytest.mark.parametrize("item", [{}, {"text": None}, {"text": 5}, {"other": "x"}])
def test_an_item_without_text_takes_only_the_empty_answer(item: dict[str, object]):
    assert SPANS.check([], item) == []
    with pytest.raises(AnswerError, match="the item has no text or code in 'text'"):
        SPANS.check([span(0, 1)], item)


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [
        ([], [], 0.0),
        ([], [span(0, 4)], 1.0),
        ([span(0, 4)], [span(0, 4)], 0.0),
        ([span(0, 4)], [span(0, 4, "place")], 1.0),
        ([span(0, 4)], [span(2, 6)], (0.5 + 2 / 3) / 2),
        ([span(0, 4)], [span(0, 2), span(2, 4)], (0 + 2 / 3) / 2),
        ([span(0, 4), span(1, 3)], [span(0, 4)], (1 / 5 + 1 / 3) / 2),
        ([span(0, 3), span(6, 9)], [span(0, 3)], 1 / 3),
        ([span(0, 2), span(4, 6), span(8, 10)], [span(1, 9)], (3 / 7 + 1 - 2 * (1 / 4) / 4) / 2),
    ],
)
def test_distance_is_half_of_characters_and_half_of_spans(a: object, b: object, distance: float):
    assert SPANS.distance(a, b) == pytest.approx(distance)
    assert SPANS.distance(b, a) == pytest.approx(distance)


def test_spans_have_no_class():
    assert SPANS.class_of([span(0, 1)]) is None


def test_an_empty_list_is_an_answer():
    assert SPANS.is_answered([])
    assert not SPANS.is_answered(None)
