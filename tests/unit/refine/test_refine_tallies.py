"""What is counted of the documents that reach a stage."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from goldsmith.kit.arrow import make_batch
from goldsmith.refine.recipe import stage_types
from goldsmith.refine.stages.length import Length
from goldsmith.refine.tallies import SHARE_BINS, bin_of, observe


@given(numbers=st.lists(st.integers(0, 10**12) | st.none(), max_size=20))
def test_numbers_are_counted_by_their_size_and_zeros_apart(numbers: list[int | None]):
    batch = make_batch({"n_characters": numbers}, {"n_characters": "int"})

    tally = observe(Length(), batch, [None] * len(numbers))

    assert tally.rules["too-short"].bins == Counter(bin_of(number) for number in numbers if number is not None)
    assert bin_of(0) < bin_of(1) < bin_of(10**12)


@given(shares=st.lists(st.floats(0, 1) | st.none(), max_size=20))
def test_shares_are_counted_in_equal_parts(shares: list[float | None]):
    stage = stage_types()["gopher-quality"]()
    columns: dict[str, list[float | None]] = {name: [None] * len(shares) for name in stage.columns}
    batch = make_batch({**columns, "gopher_bullet_lines": shares}, stage.columns)

    tally = observe(stage, batch, [None] * len(shares))

    expected = Counter(min(int(share * SHARE_BINS), SHARE_BINS - 1) for share in shares if share is not None)
    assert tally.rules["bullet-lines"].bins == expected
