import subprocess
import sys

import pytest

from goldsmith.errors import InputError
from goldsmith.models.annotators.declared_metadata import DeclaredMetadata
from goldsmith.models.annotators.licence_keywords import LicenceKeywords
from goldsmith.models.annotators.nearest_neighbours import NearestNeighbours
from goldsmith.models.licences import licence_options
from goldsmith.models.model import ModelAnnotator, ModelItem, model_annotators
from goldsmith.tasks.questions import Option
from goldsmith.tasks.schemas import Field, Schema, check_answers
from goldsmith.tasks.types.choice import Choice
from goldsmith.tasks.types.spans import Spans

EVERY_ANNOTATOR = pytest.mark.parametrize("annotator", [kind() for kind in model_annotators().values()])
SCHEMA = Schema(
    fields=(Field(name="text"),),
    questions=(
        Choice(name="licence", label="Licence?", options=licence_options()),
        Spans(
            name="holder",
            label="Holder?",
            required=False,
            field="text",
            labels=(Option(value="holder", label="Holder"),),
        ),
    ),
)
MIT = (
    "Copyright (c) {year} {name}\nPermission is hereby granted, free of charge, to any person obtaining a copy of this "
    "software, to deal in the Software without restriction. The above copyright notice and this permission notice "
    "shall be included in all copies or substantial portions of the Software, which comes without warranty."
)
ISC = (
    "Copyright (c) {year} {name}\nPermission to use, copy, modify, and/or distribute this software for any purpose "
    "with or without fee is hereby granted, provided that the above copyright notice appears in all copies. The author "
    "disclaims all warranties with regard to this software."
)


def item(number: int, text: str, declared: str | None = None, **more: object) -> ModelItem:
    payload = {"text": text, "package": f"p{number}", "declared_licence": declared, "path": "LICENSE", **more}
    return ModelItem(f"i{number}", payload)


def corpus() -> list[ModelItem]:
    people = ["Ann Ash", "Bob Birch", "Cy Cedar", "Di Dogwood", "Ed Elm", "Flo Fir"]
    mit = [item(i, MIT.format(year=2000 + i, name=name), "MIT") for i, name in enumerate(people)]
    isc = [item(10 + i, ISC.format(year=2000 + i, name=name), "ISC") for i, name in enumerate(people)]
    return [
        *mit,
        *isc,
        item(30, "# Readme\n\nA parser of things."),
        item(31, "# Changes\n\nIt is faster.", path="CHANGES"),
    ]


def answers_of(annotator: ModelAnnotator, items: list[ModelItem]) -> list[dict[str, object] | None]:
    return [found and found.answers for found in annotator.fit(items).predict(items)]


def answered_by_people(items: list[ModelItem]) -> list[ModelItem]:
    """The items as if people had answered them: as the keyword rules do."""
    said = LicenceKeywords().predict(items)
    return [
        ModelItem(item.id, item.payload, {} if one is None else one.answers)
        for item, one in zip(items, said, strict=True)
    ]


def test_the_three_annotators_are_found():
    assert {"declared-metadata", "licence-keywords", "nearest-neighbours"} <= model_annotators().keys()


def test_the_shared_modules_are_light_to_import():
    names = "model, licences, licence_texts, copyright_holders"
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; from goldsmith.models import {names}; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )

    heavy = {"numpy", "scipy", "numba", "polars", "sklearn", "pyarrow"}
    assert not heavy & {name.partition(".")[0] for name in run.stdout.split()}


def test_looking_for_annotators_loads_no_library_to_learn_with():
    code = "import sys; from goldsmith.models.model import model_annotators as a; a(); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert not {"scipy", "sklearn"} & {name.partition(".")[0] for name in run.stdout.split()}


@EVERY_ANNOTATOR
def test_answers_fit_the_schema_and_say_what_they_rest_on(annotator: ModelAnnotator):
    items = answered_by_people(corpus())

    found = list(annotator.fit(items).predict(items))

    assert len(found) == len(items)
    assert sum(prediction is not None for prediction in found) >= 10
    for given, prediction in zip(items, found, strict=True):
        if prediction is not None:
            assert check_answers(SCHEMA, prediction.answers, given.payload) == prediction.answers
            assert prediction.evidence


@EVERY_ANNOTATOR
def test_the_order_and_the_batch_of_the_items_do_not_matter(annotator: ModelAnnotator):
    items = corpus()
    fitted, backwards = annotator.fit(items), annotator.fit(items[::-1])

    assert fitted.version == backwards.version
    assert list(fitted.predict(items)) == list(backwards.predict(items[::-1]))[::-1]
    assert list(fitted.predict(items)) == [next(fitted.predict([one])) for one in items]


@EVERY_ANNOTATOR
def test_items_that_say_nothing_are_left_alone(annotator: ModelAnnotator):
    empty = [ModelItem("a", {}), ModelItem("b", {"text": None, "declared_licence": None}), ModelItem("c", {"text": ""})]
    fitted = annotator.fit(corpus())

    assert list(fitted.predict(empty)) == [None, None, None]
    assert list(annotator.fit([]).predict([])) == []
    assert len(list(annotator.fit([]).predict(corpus()))) == len(corpus())


@EVERY_ANNOTATOR
def test_the_version_changes_with_the_parameters(annotator: ModelAnnotator):
    other = type(annotator)(question="which")

    assert annotator.version.startswith(f"{annotator.name}@1-")
    assert other.version != annotator.version
    assert type(annotator)().version == annotator.version


def test_metadata_is_taken_at_its_word_for_licence_files_only():
    items = [
        item(1, "anything", "MIT"),
        item(2, "anything", "MIT", path="README.md"),
        item(3, "anything", "MIT OR Apache-2.0"),
        item(4, "anything", "MIT", path="x/_vendor/y/LICENSE"),
        ModelItem("5", {"declared_licence": "License :: OSI Approved :: ISC License (ISCL)"}),
    ]

    declared = next(DeclaredMetadata().predict([item(1, "x", "MIT\nLicense :: OSI Approved :: MIT License")]))
    assert declared is not None
    assert declared.evidence == "the package declares 'MIT / License :: OSI Approved :: MIT License'"
    assert answers_of(DeclaredMetadata(), items) == [{"licence": "MIT"}, None, None, None, {"licence": "ISC"}]


def test_keywords_mark_the_holders_when_asked_to():
    text = MIT.format(year=2020, name="Zoë 🎈 Doe")
    annotator = LicenceKeywords(holder_question="holder")

    (found,) = answers_of(annotator, [item(1, text)])

    start = text.index("Zoë")
    assert found == {"licence": "MIT", "holder": [{"start": start, "end": start + 9, "label": "holder"}]}
    assert answers_of(annotator, [item(2, "# Changes\n\nFaster.")]) == [{"licence": "no-licence", "holder": []}]
    assert answers_of(LicenceKeywords(), [item(1, text)]) == [{"licence": "MIT"}]


def test_neighbours_never_hear_their_own_package():
    lonely = [item(1, MIT.format(year=2000 + i, name="Ann"), "MIT") for i in range(6)]

    assert answers_of(NearestNeighbours(), lonely) == [None] * 6


def test_neighbours_outvote_a_wrong_declaration():
    items = corpus()
    items[0] = item(0, MIT.format(year=2000, name="Ann Ash"), "ISC")

    assert answers_of(NearestNeighbours(), items)[:3] == [{"licence": "MIT"}] * 3


def test_neighbours_abstain_without_a_majority_or_likeness():
    text = MIT.format(year=2020, name="Ann")
    split = [item(1, text, "MIT"), item(2, text, "ISC"), item(3, text)]

    assert answers_of(NearestNeighbours(), split)[2] is None
    assert answers_of(NearestNeighbours(min_similarity=0.9), [*corpus(), item(40, "Something else")])[-1] is None


def test_neighbours_learn_from_people():
    texts = [
        "great film, loved it",
        "loved this great film",
        "a great film, loved",
        "awful film, hated it",
        "hated this awful film",
        "an awful film, hated",
    ]
    said = ["good", "good", None, "bad", "bad", None]
    items = [
        ModelItem(str(i), {"review": text}, {"mood": answer} if answer else {})
        for i, (text, answer) in enumerate(zip(texts, said, strict=True))
    ]
    annotator = NearestNeighbours(question="mood", learn_from="people", text_field="review", min_similarity=0.2)

    fitted = annotator.fit(items)

    found = [prediction and prediction.answers for prediction in fitted.predict(items)]
    assert (found[2], found[5]) == ({"mood": "good"}, {"mood": "bad"})
    assert fitted.version != annotator.fit(items[:4]).version


def test_neighbours_that_learnt_nothing_say_so():
    with pytest.raises(InputError, match="predict with what fit"):
        NearestNeighbours().predict(corpus())
