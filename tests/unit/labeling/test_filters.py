"""The language of filters: read, written, and refused with the part that is wrong."""

import pytest

from goldsmith.errors import InputError
from goldsmith.labeling.filters import Condition, Operator, filter_text, parse_filter


def test_conditions_are_read():
    found = parse_filter('confidence < 0.8 and consensus.mood in (good, "very good") and text ~ "free parcel"')
    assert found == (
        Condition(name="confidence", operator=Operator.LESS, values=("0.8",)),
        Condition(name="consensus.mood", operator=Operator.IS, values=("good", "very good")),
        Condition(name="text", operator=Operator.CONTAINS, values=("free parcel",)),
    )


def test_a_range_is_two_conditions_and_not_in_is_one():
    assert filter_text(parse_filter("confidence between 0.2 and 0.5 AND tag not in (a, b)")) == (
        "confidence >= 0.2 and confidence <= 0.5 and tag not in (a, b)"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "by = ada",
        'by != "ada l"',
        r'field.x = "a \"quoted\" \\ word"',
        'answer.mood@ada = "and"',
        "id = 5",
        'tag = ""',
        '"field.my column" >= 3',
    ],
)
def test_what_is_written_is_read_again(text):
    once = parse_filter(text)
    assert parse_filter(filter_text(once)) == once


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("confidence", "the end"),
        ("confidence <", "a value for confidence"),
        ("< 3", "the name of what to compare"),
        ("a = b c = d", "'c'"),
        ("a = b and", "the name of what to compare"),
        ("a in b", "values in brackets"),
        ("a in (b", "not closed"),
        ("a in (b c)", "not closed"),
        ("a between 1 or 2", "'or'"),
        ("a not b", "in (…)"),
        ('a = "b', "'\"b'"),
        (" and ".join(["a = b"] * 21), "at most 20 conditions"),
        ("a = " + "b" * 5_000, "at most 4,000 characters"),
        (f"a in ({', '.join(map(str, range(201)))})", "201 values"),
    ],
)
def test_a_fault_names_the_part(text, part):
    with pytest.raises(InputError) as told:
        parse_filter(text)
    assert part in str(told.value)
