"""Schemas: the fields that are shown and the questions that are asked."""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeVar, cast

import msgspec

from goldsmith.errors import AnswerError, PluginError, SchemaError
from goldsmith.kit.nearest import nearest
from goldsmith.kit.plugins import load_plugins
from goldsmith.tasks import types
from goldsmith.tasks.forms import checked_answers, condition_faults
from goldsmith.tasks.questions import MAX_LABEL_LENGTH, MAX_VALUE_LENGTH, Example, Question, check_text, shown

GROUP = "goldsmith.question-type"
MAX_FIELDS = 200
MAX_QUESTIONS = 200

FieldType = Literal["text", "html", "markdown", "chat", "image", "audio", "pdf", "table", "json", "code", "diff"]
"""What a field can be; see `goldsmith.tasks.payloads` for the value of each in an item's payload."""

T = TypeVar("T", bound=msgspec.Struct)

_UNSAFE_FIELDS = frozenset({"__proto__", "constructor", "prototype"})
_LANGUAGE = re.compile(r"[a-z][a-z0-9+#.-]{0,31}")
_PLACED = re.compile(r"(?P<what>.*?)(?: - at `(?:key in )?\$(?P<path>[^`]*)`)?", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>\w+)|\[[^\]]*\]")
_UNKNOWN_KEY = re.compile(r"Object contains unknown field `(?P<key>.*)`", re.DOTALL)


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the item that is shown.

    Attributes:
        name: the key in the item's payload, such as a column of the imported file.
        type: what it holds and how it is shown.
        label: the heading above it; the name is used when there is none.
        language: of `code`: the programming language it is written in, such as `python`.
    """

    name: str
    type: FieldType = "text"
    label: str | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        check_text("name", self.name, MAX_VALUE_LENGTH)
        if self.name in _UNSAFE_FIELDS:
            raise ValueError(f"the name {self.name!r} has a meaning of its own in JavaScript; rename the column")
        if self.label is not None:
            check_text("label", self.label, MAX_LABEL_LENGTH)
        if self.language is not None:
            if self.type != "code":
                raise ValueError(f"`language` is for fields of the type code, not {self.type}")
            if _LANGUAGE.fullmatch(self.language) is None:
                raise ValueError(f"`language` {shown(self.language)} has to be a name such as 'python' or 'c++'")


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


class TypeExample(msgspec.Struct, frozen=True, kw_only=True):
    """A schema that asks a question type, with an item and answers to it.

    Attributes:
        schema: its last question is of the type.
        item: a payload that fits the schema.
        answers: whole annotations of the item, all different, in their normal form.
    """

    schema: dict[str, Any]
    item: dict[str, Any]
    answers: list[dict[str, Any]]


class QuestionTypeRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a form needs to offer a question type."""

    type: str
    widget: str
    title: str
    json_schema: dict[str, Any]
    example: TypeExample


@functools.cache
def question_types() -> Mapping[str, type[Question]]:
    """Every question type by name, sorted.

    Raises:
        PluginError: a plugin does not load, is no question type, or carries another name than its file.
    """
    found: dict[str, type[Question]] = {}
    for plugin, candidate in load_plugins(types, GROUP).items():
        name = plugin.replace("-", "_")
        if not issubclass(candidate, Question):
            raise PluginError(f"the question type {name!r} has to be a subclass of goldsmith.tasks.questions.Question.")
        if candidate.__struct_config__.tag != name:
            raise PluginError(f"the question type {name!r} has to carry the tag {name!r}, as its file is called.")
        found[name] = candidate
    return found


def question_type_rows() -> list[QuestionTypeRow]:
    """Every question type with its widget, the JSON schema of its parameters and an example."""
    return [
        QuestionTypeRow(
            type=name,
            widget=kind.widget,
            title=kind.title,
            json_schema=msgspec.json.schema(kind),
            example=type_example(kind),
        )
        for name, kind in question_types().items()
    ]


def type_example(kind: type[Question]) -> TypeExample:
    """The example of a question type as a whole schema with whole annotations."""
    example = kind.example()
    schema = example_schema(example)
    return TypeExample(
        schema=schema_json(schema),
        item=dict(example.item),
        answers=[
            check_answers(schema, {**example.earlier_answers, example.question.name: answer}, example.item)
            for answer in example.answers
        ],
    )


def example_schema(example: Example) -> Schema:
    """The schema of an example: every part of its item is shown, as the first type that its questions can work on."""
    questions = (*example.earlier, example.question)
    types_of: dict[str, FieldType] = {
        used: cast("FieldType", question.field_types.get(parameter, ("text",))[0])
        for question in reversed(questions)
        for parameter, used in question.fields_used().items()
    }
    fields = tuple(Field(name=name, type=types_of.get(name, "text")) for name in example.item)
    return Schema(fields=fields, questions=questions)


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
    for i, question in enumerate(questions):
        _refuse_unusable_fields(question, {field.name: field.type for field in fields}, f"$.questions[{i}]")
        _refuse_unusable_questions(question, questions[:i], f"$.questions[{i}]")
    for fault in condition_faults(questions):
        raise _fault(f"$.questions[{fault.question}].when[{fault.condition}]", f"{fault.reason}.")
    return Schema(fields=fields, questions=questions)


def schema_json(schema: Schema) -> dict[str, object]:
    """`schema` as plain JSON values; `parse_schema` reads it back.

    What is not set and what is empty is left out: no parameter means something else when empty.
    """
    return cast("dict[str, object]", _without_unset(msgspec.to_builtins(schema)))


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
    return checked_answers(schema.questions, cast("Mapping[str, object]", given), item)


def check_some_answers(schema: Schema, answers: Mapping[str, object], item: Mapping[str, object]) -> dict[str, object]:
    """Answers in their normal form that may leave questions open, required ones too, such as those of a model.

    Raises:
        AnswerError: an answer does not fit, or a question is unknown.
    """
    for name in answers:
        _ = schema.question(name)
    return checked_answers(schema.questions, answers, item, is_partial=True)


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


def _refuse_unusable_fields(question: Question, types_of: Mapping[str, str], place: str) -> None:
    for parameter, used in question.fields_used().items():
        if used not in types_of:
            raise _fault(f"{place}.{parameter}", f"there is no field {shown(used)}; {nearest(used, types_of)}")
        wanted = question.field_types.get(parameter)
        if wanted is not None and types_of[used] not in wanted:
            raise _fault(
                f"{place}.{parameter}",
                f"the field {used!r} is of the type {types_of[used]}, and the question can only work on "
                f"{' or '.join(wanted)}; name another field, or give this one that type.",
            )


def _refuse_unusable_questions(question: Question, earlier: Sequence[Question], place: str) -> None:
    type_of = {one.name: one.__struct_config__.tag for one in earlier}
    for parameter, (name, wanted) in question.questions_used().items():
        if name not in type_of:
            what = f"no question {shown(name)} comes before this one; {nearest(name, type_of)}"
            raise _fault(f"{place}.{parameter}", what)
        if type_of[name] != wanted:
            raise _fault(f"{place}.{parameter}", f"{name!r} is a {type_of[name]} question; name one of type {wanted}.")


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


def _without_unset(value: object) -> object:
    match value:
        case dict():
            pairs = cast("dict[str, object]", value).items()
            return {key: _without_unset(part) for key, part in pairs if part is not None and part not in ([], ())}
        case list() | tuple():
            return [_without_unset(part) for part in cast("Iterable[object]", value)]
        case _:
            return value


def _fault(place: str, what: str) -> SchemaError:
    return SchemaError(f"{place}: {what}")
