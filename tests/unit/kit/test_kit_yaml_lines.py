import pytest

from goldsmith.errors import RecipeError
from goldsmith.kit.yaml_lines import read_yaml

LAUGHS = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 10)}]\n" for before, name in zip("abcde", "bcdef", strict=True)
)


def test_values_are_plain_and_know_their_lines():
    read = read_yaml("name: x\nstages:\n  - decode\n  - length:\n      min: 3\n", origin="r.yaml")

    assert read.value == {"name": "x", "stages": ["decode", {"length": {"min": 3}}]}
    assert read.line_of("stages", 1, "length", "min") == 5
    assert read.line_of("stages", 0) == 3


def test_a_value_that_is_not_there_has_the_line_of_what_is_around_it():
    read = read_yaml("name: x\nstages:\n  - decode\n", origin="r.yaml")

    assert read.line_of("stages", 0, "charset") == 3
    assert read.line_of("project") == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("off", "off"),
        ("12:30", "12:30"),
        ("2026-11-22", "2026-11-22"),
        ("0x1f", "0x1f"),
        ("'5'", "5"),
        ("5", 5),
        ("-3", -3),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("true", True),
        ("~", None),
        ("", None),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: object):
    assert read_yaml(f"x: {text}\n", origin="r.yaml").value == {"x": value}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "r.yaml is empty"),
        ("# only a comment\n", "r.yaml is empty"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", "r.yaml:2: the tag '!!python/object/apply:os.system'"),
        ("a: 1\nb: 2\na: 3\n", "r.yaml:3: the key 'a' stands twice"),
        ("a: [1,\nb: 2\n", "r.yaml:3: this is not YAML"),
        ("a: &x [*x]\n", "r.yaml:1: an alias stands inside the value"),
        ("a: 1\n---\nb: 2\n", "r.yaml:2: this is not YAML"),
        ("a: \x00\n", "r.yaml is not YAML"),
        ("? [a]\n: b\n", "r.yaml:1: a key has to be a word"),
        ("a: !!int five\n", "r.yaml:1: 'five' is not what its tag !!int says"),
        ("[" * 5000, "r.yaml is nested too deeply"),
        ("a" * (1 << 20) + "b", "r.yaml has 1,048,577 characters"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_in_one_line(text: str, said: str):
    with pytest.raises(RecipeError) as caught:
        read_yaml(text, origin="r.yaml")

    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_aliases_cannot_stand_for_endless_values():
    with pytest.raises(RecipeError, match="more than 50,000 values"):
        read_yaml(LAUGHS, origin="r.yaml")


def test_an_alias_used_twice_is_fine():
    assert read_yaml("a: &a [1, 2]\nb: *a\nc: *a\n", origin="r.yaml").value == {"a": [1, 2], "b": [1, 2], "c": [1, 2]}
