"""Conversations: logs of chats as OpenAI and ShareGPT write them become one text with a line for each speaker."""

from collections.abc import Mapping
from typing import NamedTuple, cast

import msgspec

_FIELDS = {"messages": "openai", "conversations": "sharegpt", "conversation": "sharegpt"}
"""The fields that hold the messages of a conversation, and what reports call the kind of log."""

_SPEAKERS = {"human": "user", "gpt": "assistant", "chatgpt": "assistant", "model": "assistant", "bot": "assistant"}
"""What ShareGPT and others call the two sides; other roles, such as `system` and `tool`, keep their name."""


class Chat(NamedTuple):
    """A conversation as text, or why it cannot be one.

    Attributes:
        kind: `openai` or `sharegpt`.
        field: the field that it was in.
        text: for each message a line with its role and a colon, then what was said; between messages an empty line.
        n_messages: how many messages it has.
        failure: what is wrong with it.
    """

    kind: str
    field: str
    text: str
    n_messages: int
    failure: str | None


def as_chat(values: Mapping[str, object]) -> Chat | None:
    """The conversation in the fields of a row; None when there is none."""
    field = next((name for name in _FIELDS if isinstance(values.get(name), list)), None)
    if field is None:
        return None
    messages = cast("list[object]", values[field])
    said: list[str] = []
    for number, message in enumerate(messages, 1):
        turn = _turn(message)
        if turn is None:
            problem = f"message {number} of {field!r} has no role and content"
            return Chat(_FIELDS[field], field, "", len(messages), problem)
        said.append(turn)
    failure = None if said else f"the conversation in {field!r} has no messages"
    return Chat(_FIELDS[field], field, "\n\n".join(said), len(messages), failure)


def _turn(message: object) -> str | None:
    if not isinstance(message, dict):
        return None
    values = cast("dict[str, object]", message)
    role = values.get("role") or values.get("from")
    if not isinstance(role, str):
        return None
    said = next((values[name] for name in ("content", "value", "refusal") if values.get(name) is not None), None)
    content = _content(said)
    calls = _calls(values)
    if content is None and not calls:
        return None
    parts = [part for part in (content, *calls) if part]
    return "\n".join([f"{_SPEAKERS.get(role, role)}:", *parts])


def _content(said: object) -> str | None:
    """What a message says: a text, or a list of parts of which some may be pictures or sound."""
    if isinstance(said, str):
        return said
    if not isinstance(said, list):
        return None
    parts: list[str] = []
    for part in cast("list[object]", said):
        if isinstance(part, str):
            parts.append(part)
        elif isinstance(part, dict):
            values = cast("dict[str, object]", part)
            text = values.get("text")
            parts.append(text if isinstance(text, str) else f"[{values.get('type', 'part')}]")
        else:
            return None
    return "\n".join(parts)


def _calls(values: Mapping[str, object]) -> list[str]:
    """The tools that a message calls, one a line: the name and the arguments."""
    calls = values.get("tool_calls") or [{"function": values.get("function_call")}]
    said: list[str] = []
    for call in cast("list[object]", calls) if isinstance(calls, list) else []:
        function = cast("dict[str, object]", call).get("function") if isinstance(call, dict) else None
        if isinstance(function, dict):
            called = cast("dict[str, object]", function)
            given = called.get("arguments", "")
            arguments = given if isinstance(given, str) else msgspec.json.encode(given).decode()
            said.append(f"{called.get('name', '')}({arguments})")
    return said
