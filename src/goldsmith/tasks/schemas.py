"""Schemas: the fields that are shown and the questions that are asked."""

import functools
import re
from collections.abc import Iterable, Mapping
from typing import Literal, TypeVar, cast

import msgspec

from goldsmith.errors import AnswerError, PluginError, SchemaError
from goldsmith.kit.nearest import nearest
from goldsmith.kit.plugins import load_plugins
from goldsmith.tasks import types
from goldsmith.tasks.questions import MAX_LABEL_LENGTH, MAX_VALUE_LENGTH, Question, check_text, shown

GROUP = "goldsmith.question-type"
MAX_FIELDS = 200
MAX_QUESTIONS = 200

T = TypeVar("T", bound=msgspec.Struct)

_UNSAFE_FIELDS = frozenset({"__proto__", "constructor", "prototype"})
_PLACED = re.compile(r"(?P<what>.*?)(?: - at `(?:key in )?\$(?P<path>[^`]*)`)?", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>\w+)|\[[^\]]*\]")
_UNKNOWN_KEY = re.compile(r"Object contains unknown field `(?P<key>.*)`", re.DOTALL)


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the item that is shown.

    Attributes:
        name: the key in the item's payload, such as a column of the imported file.
        type: how it is shown.
        label: the heading above it; the name is used when there is none.
    """

    name: str
    type: Literal["text"] = "text"
    label: str | None = None

    def __post_init__(self) -> None:
        check_text("name", self.name, MAX_VALUE_LENGTH)
        if self.name in _UNSAFE_FIELDS:
            raise ValueError(f"the name {self.name!r} has a meaning of its own in JavaScript; rename the column")
        if self.label is not None:
            check_text("label", self.label, MAX_LABEL_LENGTH)


class Schema(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown and what is asked in a project. Made by `parse_schema`."""

    fields: tuple[Field, ...]
    questions: tuple[Question, ...]

    def question(self, name: str) -> Question:
        """The question called `name`.

        Raises:
            AnswerError: there is none.
        """
        for question in self.questions:
            if question.name == name:
                return question
        raise AnswerError(f"there is no question {shown(name)}; {nearest(name, (q.name for q in self.questions))}")


class QuestionTypeRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a form needs to offer a question type."""

    type: str
    widget: str
    title: str
    json_schema: dict[str, object]


@functools.cache
def question_types() -> Mapping[str, type[Question]]:
    """Every question type by name, sorted.

    Raises:
        PluginError: a plugin does not load, is no question type, or carries another name than its file.
    """
    found: dict[str, type[Question]] = {}
    for name, candidate in load_plugins(types, GROUP).items():
        if not issubclass(candidate, Question):
            raise PluginError(f"the question type {name!r} has to be a subclass of goldsmith.tasks.questions.Question.")
        if candidate.__struct_config__.tag != name:
            raise PluginError(f"the question type {name!r} has to carry the tag {name!r}, as its file is called.")
        found[name] = candidate
    return found


def question_type_rows() -> list[QuestionTypeRow]:
    """Every question type with its widget and the JSON schema of its parameters."""
    return [
        QuestionTypeRow(type=name, widget=kind.widget, title=kind.title, json_schema=msgspec.json.schema(kind))
        for name, kind in question_types().items()
    ]


def parse_schema(raw: object) -> Schema:
    """The schema that `raw` (parsed JSON or YAML) describes.

    Raises:
        SchemaError: it is malformed; the message starts with the place, such as `$.questions[1].options`.
    """
    parts = _object(raw, "$", {"fields", "questions"})
    fields = tuple(
        _convert(entry, Field, f"$.fields[{i}]") for i, entry in enumerate(_list(parts, "fields", MAX_FIELDS))
    )
    questions = tuple(
        _question(entry, f"$.questions[{i}]") for i, entry in enumerate(_list(parts, "questions", MAX_QUESTIONS))
    )
    _refuse_repeats("fields", (field.name for field in fields))
    _refuse_repeats("questions", (question.name for question in questions))
    names = [field.name for field in fields]
    for i, question in enumerate(questions):
        for parameter, used in question.fields_used().items():
            if used not in names:
                raise _fault(
                    f"$.questions[{i}].{parameter}", f"there is no field {shown(used)}; {nearest(used, names)}"
                )
    return Schema(fields=fields, questions=questions)


def schema_json(schema: Schema) -> dict[str, object]:
    """`schema` as plain JSON values, what is not set left out; `parse_schema` reads it back."""
    return cast("dict[str, object]", _without_none(msgspec.to_builtins(schema)))


def check_answers(schema: Schema, answers: object, item: Mapping[str, object]) -> dict[str, object]:
    """The answers of one annotation in their normal form, in the order of the questions, unanswered ones left out.

    Args:
        schema: the schema they were made under.
        answers: what was sent: question name to answer.
        item: the payload of the item.

    Raises:
        AnswerError: an answer does not fit, a required one is missing, or a question is unknown.
    """
    if not isinstance(answers, Mapping):
        raise AnswerError(f"{shown(answers)} are no answers; send an object of question names and answers.")
    given = cast("Mapping[object, object]", answers)
    for name in given:
        _ = schema.question(name if isinstance(name, str) else repr(name))
    checked: dict[str, object] = {}
    for question in schema.questions:
        answer = given.get(question.name)
        if question.is_answered(answer):
            checked[question.name] = question.check(answer, item)
        elif question.required:
            raise question.refuse("it has to be answered; answer it, or skip the item with a reason.")
    return checked


def _question(raw: object, place: str) -> Question:
    kinds = question_types()
    if not isinstance(raw, Mapping):
        raise _fault(place, f"a question is an object with a `type`, not {shown(raw)}.")
    parts = cast("Mapping[object, object]", raw)
    kind = parts.get("type")
    if kind is None:
        raise _fault(place, f"the question has no `type`; give one of: {', '.join(kinds)}.")
    if not isinstance(kind, str) or kind not in kinds:
        raise _fault(f"{place}.type", f"there is no question type {shown(kind)}; {nearest(str(kind), kinds)}")
    return _convert(parts, kinds[kind], place)


def _convert(raw: object, kind: type[T], place: str) -> T:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        found = _PLACED.fullmatch(str(error))
        what, path = (found["what"], found["path"] or "") if found else (str(error), "")
        unknown = _UNKNOWN_KEY.fullmatch(what)
        if unknown:
            known = _keys_at(kind, path)
            what = f"there is no key {shown(unknown['key'])} here; {nearest(unknown['key'], known)}"
        raise _fault(place + path, what) from None


def _keys_at(kind: type[msgspec.Struct], path: str) -> list[str]:
    """The keys an object has at `path` (such as `.options[0]`) inside `kind`."""
    here: list[msgspec.inspect.Type] = [msgspec.inspect.type_info(kind)]
    for step in _STEP.finditer(path):
        here = [deeper for part in here for deeper in _inside(part, step["name"])]
    return [field.encode_name for part in here if isinstance(part, msgspec.inspect.StructType) for field in part.fields]


def _inside(part: msgspec.inspect.Type, name: str | None) -> list[msgspec.inspect.Type]:
    match part:
        case msgspec.inspect.StructType(fields=fields):
            found = [field.type for field in fields if field.encode_name == name]
        case msgspec.inspect.VarTupleType(item_type=item) | msgspec.inspect.ListType(item_type=item):
            found = [item]
        case msgspec.inspect.DictType(value_type=value):
            found = [value]
        case _:
            found = []
    return [
        deeper for kind in found for deeper in (kind.types if isinstance(kind, msgspec.inspect.UnionType) else (kind,))
    ]


def _object(raw: object, place: str, keys: set[str]) -> Mapping[str, object]:
    if not isinstance(raw, Mapping):
        raise _fault(place, f"a schema is an object with {' and '.join(sorted(keys))}, not {shown(raw)}.")
    parts = cast("Mapping[str, object]", raw)
    for key in parts:
        if key not in keys:
            raise _fault(place, f"there is no key {shown(key)} here; {nearest(str(key), keys)}")
    return parts


def _list(parts: Mapping[str, object], key: str, max_length: int) -> list[object]:
    raw = parts.get(key)
    if not isinstance(raw, list | tuple):
        raise _fault(f"$.{key}", f"give a list of {key}, not {shown(raw)}.")
    entries = list(cast("Iterable[object]", raw))
    if not 0 < len(entries) <= max_length:
        raise _fault(f"$.{key}", f"there have to be 1 to {max_length} {key}, not {len(entries)}.")
    return entries


def _refuse_repeats(what: str, names: Iterable[str]) -> None:
    first_at: dict[str, int] = {}
    for i, name in enumerate(names):
        if name in first_at:
            raise _fault(f"$.{what}[{i}].name", f"{shown(name)} is already the name of $.{what}[{first_at[name]}].")
        first_at[name] = i


def _without_none(value: object) -> object:
    match value:
        case dict():
            pairs = cast("dict[str, object]", value).items()
            return {key: _without_none(part) for key, part in pairs if part is not None}
        case list() | tuple():
            return [_without_none(part) for part in cast("Iterable[object]", value)]
        case _:
            return value


def _fault(place: str, what: str) -> SchemaError:
    return SchemaError(f"{place}: {what}")
