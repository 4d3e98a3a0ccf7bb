"""What options of the form `NAME=VALUE` mean, and a schema made from a few of them."""

from collections.abc import Iterable
from typing import Any

import msgspec

from goldsmith.errors import InputError
from goldsmith.labeling.model import slug_of

# Any: the values are JSON of the user's own, which the server checks.


def settings_of(texts: Iterable[str]) -> dict[str, Any]:
    """`["overlap=2", "order=random"]` as names and values; a value that is no JSON is a text.

    Raises:
        InputError: an entry has no `=`.
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise InputError(f"{text!r} is not of the form NAME=VALUE.")
        found[name.strip()] = _value(value.strip())
    return found


def model_of(text: str) -> dict[str, dict[str, Any]]:
    """`text-classifier:question=mood,min_answers=20` as a model annotator's name and parameters.

    Raises:
        InputError: a parameter has no `=`, or there is no name.
    """
    name, _, parameters = text.partition(":")
    if not name.strip():
        raise InputError(f"{text!r} names no model annotator.", hint="Write NAME or NAME:PARAMETER=VALUE,….")
    return {name.strip(): settings_of(part for part in parameters.split(",") if part)}


def choice_schema(field: str, question: str, options: list[str]) -> dict[str, Any]:
    """A schema with one column and one choice question."""
    asked = {
        "type": "choice",
        "name": "answer",
        "label": question,
        "options": [{"value": slug_of(option), "label": option} for option in options],
    }
    return {"fields": [{"name": field, "type": "text"}], "questions": [asked]}


def _value(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
