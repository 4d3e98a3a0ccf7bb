"""The text classifier learns from people, answers honestly, and says nothing when it would have to guess."""

import pytest

from goldsmith.errors import InputError
from goldsmith.models.annotators.text_classifier import TextClassifier
from goldsmith.models.model import ModelItem

GOOD = ["lovely film, warm and funny", "a warm and lovely story", "funny, warm, wonderful", "wonderful cast, lovely"]
BAD = ["dull and slow", "boring, slow and dull plot", "a dull mess, boring", "slow, boring, badly acted"]


def items(n_answered: int) -> list[ModelItem]:
    texts = [
        (f"{text} {i}", label) for i in range(6) for label, all_ in (("good", GOOD), ("bad", BAD)) for text in all_
    ]
    return [
        ModelItem(str(i), {"text": text}, {"mood": label} if i < n_answered else {})
        for i, (text, label) in enumerate(texts)
    ]


def test_it_answers_the_rest_after_a_few_answers() -> None:
    given = items(16)
    model = TextClassifier(question="mood").fit(given)
    predicted = list(model.predict(given))
    truth = ["good" if i % 8 < 4 else "bad" for i in range(len(given))]
    answered = [(p.answers["mood"], t) for p, t in zip(predicted, truth, strict=True) if p is not None]
    assert len(answered) > 40
    assert sum(a == t for a, t in answered) / len(answered) > 0.95


def test_it_never_answers_an_item_from_what_it_was_told_about_that_item() -> None:
    given = items(16)
    odd = ModelItem("odd", {"text": "zyx qwv unseen words only"}, {"mood": "bad"})
    model = TextClassifier(question="mood", min_probability=0.55).fit([*given, odd])
    assert list(model.predict([odd])) == [None]


def test_it_abstains_until_there_are_enough_answers_of_two_kinds() -> None:
    few = items(9)
    assert set(TextClassifier(question="mood").fit(few).predict(few)) == {None}
    one_kind = [ModelItem(str(i), {"text": f"text {i}"}, {"mood": "good"}) for i in range(30)]
    assert set(TextClassifier(question="mood").fit(one_kind).predict(one_kind)) == {None}


def test_its_version_names_what_it_learnt() -> None:
    model = TextClassifier(question="mood")
    versions = {model.version, model.fit(items(16)).version, model.fit(items(24)).version}
    assert len(versions) == 3
    assert model.fit(items(16)).version == model.fit(list(reversed(items(16)))).version


def test_it_refuses_to_predict_before_it_has_learnt() -> None:
    with pytest.raises(InputError, match="fit"):
        TextClassifier(question="mood").predict([])
