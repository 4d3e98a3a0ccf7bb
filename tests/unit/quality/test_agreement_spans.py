from itertools import permutations

import numpy as np
import pytest

from goldsmith.errors import VotesError
from goldsmith.quality.agreement import Span, krippendorff_alpha, unitizing_alpha
from goldsmith.quality.agreement.spans import Marked


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def by_the_definition(item: Marked) -> float:
    """The equations of Krippendorff and others (2016), one character at a time."""
    texts = {name: [""] * item.length for name in item.spans_of}
    alone: dict[str, float] = {}
    for name, spans in item.spans_of.items():
        for span in spans:
            texts[name][span.start : span.end] = [span.label] * (span.end - span.start)
            alone[span.label] = alone.get(span.label, 0) + (span.end - span.start) ** 2
    whole = "".join(label or "-" for text in texts.values() for label in text)
    alone[""] = whole.count("-")
    differing = sum(texts[a][i] != texts[b][i] for a, b in permutations(texts, 2) for i in range(item.length)) / (
        len(texts) - 1
    )
    n = len(whole)
    agreeing = sum(whole.count(label or "-") ** 2 - alone[label] for label in alone)
    return 1 - differing / (n * (1 - agreeing / (n * n - sum(alone.values()))))


def drawn_item(seed: int) -> Marked:
    drawn = np.random.default_rng(seed)
    spans_of: dict[str, list[Span]] = {}
    for name in "abc"[: 2 + seed % 2]:
        ends = np.sort(drawn.choice(60, size=8, replace=False)).tolist()
        spans_of[name] = [Span(ends[i], ends[i + 1], "xy"[drawn.integers(2)]) for i in range(0, 8, 2 - seed % 2)[:4]]
    return Marked(60, spans_of)


@pytest.mark.parametrize("seed", range(6))
def test_u_alpha_is_the_definition_counted_out(seed: int):
    item = drawn_item(seed)

    assert unitizing_alpha([item], rng=rng()).value == pytest.approx(by_the_definition(item))


def test_spans_of_one_token_make_it_alpha_for_classes():
    drawn = np.random.default_rng(2)
    tokens = np.where(drawn.random((3, 80)) < 0.6, drawn.integers(0, 3, 80), drawn.integers(0, 3, (3, 80)))
    spans_of = {
        str(row): [Span(at, at + 1, str(label)) for at, label in enumerate(labels.tolist()) if label]
        for row, labels in enumerate(tokens)
    }
    counts = (tokens[:, :, np.newaxis] == np.arange(3)).sum(axis=0).astype(np.int32)

    found = unitizing_alpha([Marked(80, spans_of)], rng=rng())

    assert found.value == pytest.approx(krippendorff_alpha(counts, rng=rng()).value)


def test_many_items_are_one_continuum_with_an_interval():
    items = [drawn_item(seed) for seed in range(0, 80, 2)]

    found = unitizing_alpha(items, rng=rng())

    assert found.n == 40
    assert found.low < found.value < found.high
    perfect = [Marked(60, {"a": one.spans_of["a"], "b": one.spans_of["a"]}) for one in items]
    assert unitizing_alpha(perfect, rng=rng()).value == 1


def test_nothing_marked_and_nobody_to_compare_are_said():
    span = Span(0, 4, "x")
    assert "nobody marked anything" in unitizing_alpha([Marked(9, {"a": [], "b": []})], rng=rng()).note
    assert "two annotators" in unitizing_alpha([Marked(9, {"a": [span]})], rng=rng()).note
    everything = [Marked(4, {"a": [span], "b": [span]}), Marked(4, {"a": [span], "b": [span]})]
    assert "cannot be told from chance" in unitizing_alpha(everything, rng=rng()).note


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([Span(0, 4, "x"), Span(3, 6, "y")], "spans 0 to 4 and 3 to 6 of 'a' overlap"),
        ([Span(3, 3, "x")], "span 3 to 3 of 'a' is empty"),
        ([Span(5, 12, "x")], "outside 0 to 9"),
    ],
)
def test_spans_that_cannot_be_are_refused_with_the_reason(spans: list[Span], said: str):
    with pytest.raises(VotesError, match=said):
        unitizing_alpha([Marked(9, {"a": spans, "b": []})], rng=rng())


def test_spans_that_touch_are_two():
    apart = Marked(40, {"a": [Span(0, 4, "x"), Span(4, 8, "x")], "b": [Span(0, 8, "x")]})

    assert unitizing_alpha([apart], rng=rng()).value == pytest.approx(by_the_definition(apart))
