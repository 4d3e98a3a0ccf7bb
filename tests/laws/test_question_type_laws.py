"""The laws of question types, run on every plugin found."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.errors import AnswerError
from goldsmith.tasks.questions import NAME_RULE, Question
from goldsmith.tasks.schemas import check_answers, example_schema, parse_schema, question_types, schema_json

WIDGETS = Path(__file__).parents[2] / "web" / "src" / "widgets"
EVERY_TYPE = pytest.mark.parametrize("kind", question_types().values(), ids=list(question_types()))
HEAVY = {"numpy", "numba", "polars", "sklearn", "pyarrow", "scipy"}
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def spans_answers(question: Question, item: dict[str, object]) -> st.SearchStrategy[object]:
    length = len(str(item["text"]))
    labels = [option.value for option in question.labels]  # type: ignore[attr-defined]
    span = st.tuples(st.integers(0, length - 1), st.integers(1, length), st.sampled_from(labels))
    spans = st.lists(span.filter(lambda s: s[0] < s[1]), max_size=6, unique=True)
    return spans.map(lambda found: [{"start": s, "end": e, "label": label} for s, e, label in found])


RICHER_ANSWERS: dict[str, Callable[..., st.SearchStrategy[object]]] = {"spans": spans_answers}
"""More answers than the example's own; a type without an entry is tested on its example alone."""


def normal_answers(kind: type[Question]) -> st.SearchStrategy[object]:
    example = kind.example()
    found: st.SearchStrategy[object] = st.sampled_from(example.answers)
    richer = RICHER_ANSWERS.get(str(kind.__struct_config__.tag))
    if richer is not None:
        found |= richer(example.question, example.item)
    return found.map(lambda answer: example.question.check(answer, example.item))


@EVERY_TYPE
def test_the_example_has_three_different_answers_that_fit(kind: type[Question]):
    example = kind.example()

    assert type(example.question) is kind
    assert NAME_RULE.fullmatch(example.question.name)
    checked = [example.question.check(answer, example.item) for answer in example.answers]
    assert len({msgspec.json.encode(answer) for answer in checked}) == len(checked) >= 3
    assert all(example.question.is_answered(answer) for answer in checked)


@EVERY_TYPE
def test_a_schema_with_it_round_trips_on_the_wire(kind: type[Question]):
    example = kind.example()
    schema = example_schema(example)

    assert parse_schema(msgspec.json.decode(msgspec.json.encode(schema_json(schema)))) == schema
    assert parse_schema(msgspec.yaml.decode(msgspec.yaml.encode(schema_json(schema)))) == schema


@EVERY_TYPE
@given(drawn=st.data())
def test_normal_answers_round_trip_on_the_wire_and_stay_normal(kind: type[Question], drawn: st.DataObject):
    example = kind.example()
    answer = drawn.draw(normal_answers(kind))

    received = msgspec.json.decode(msgspec.json.encode(answer))

    assert received == answer
    assert example.question.check(received, example.item) == answer


@EVERY_TYPE
@given(drawn=st.data())
def test_distance_is_a_distance(kind: type[Question], drawn: st.DataObject):
    question = kind.example().question
    a, b = drawn.draw(normal_answers(kind)), drawn.draw(normal_answers(kind))

    assert question.distance(a, a) == 0
    assert 0 <= question.distance(a, b) <= 1
    assert question.distance(a, b) == question.distance(b, a)


@EVERY_TYPE
@given(drawn=st.data())
def test_answers_of_one_class_are_equal_answers(kind: type[Question], drawn: st.DataObject):
    question = kind.example().question
    a, b = drawn.draw(normal_answers(kind)), drawn.draw(normal_answers(kind))

    assert (question.class_of(a) is None) == (question.class_of(b) is None)
    if question.class_of(a) is not None:
        assert (question.class_of(a) == question.class_of(b)) == (question.distance(a, b) == 0)


@EVERY_TYPE
@given(sent=JSON_VALUES)
def test_whatever_is_sent_is_normalised_or_refused_by_name(kind: type[Question], sent: object):
    example = kind.example()
    schema = example_schema(example)

    try:
        checked = check_answers(schema, {**example.earlier_answers, example.question.name: sent}, example.item)
    except AnswerError as error:
        refused = str(error)
    else:
        assert check_answers(schema, checked, example.item) == checked
        return
    assert repr(example.question.name) in refused


@EVERY_TYPE
def test_its_widget_is_named_and_exists(kind: type[Question]):
    assert kind.widget
    assert kind.title
    if not WIDGETS.is_dir():
        pytest.skip("the browser app's widgets are not in this checkout")
    assert (WIDGETS / f"{kind.widget}.svelte").is_file()


def test_schemas_stay_light_to_import():
    loaded = "import sys, goldsmith.tasks.schemas as s; s.question_types(); print(*sys.modules)"

    run = subprocess.run([sys.executable, "-c", loaded], check=True, capture_output=True, text=True)

    assert not HEAVY & {name.partition(".")[0] for name in run.stdout.split()}
