"""`goldsmith label`."""

import sys
import time
from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import msgspec
import typer

from goldsmith.cli.doors import connected
from goldsmith.cli.messages import counted, one_line, printable, say
from goldsmith.cli.options import DEFAULT_VAULT, HomeOption, ProjectOption, VaultOption, new_app, where
from goldsmith.errors import InputError
from goldsmith.labeling.lease_wire import Lease
from goldsmith.sdk import Project
from goldsmith.tasks.schemas import Schema, parse_schema
from goldsmith.tasks.types.choice import Choice

app = new_app()

_LINES = 30
_SKIP, _QUIT, _MORE = "s", "q", "m"
_MAX_KEYS = 9


@app.command()
def label(
    *,
    project: ProjectOption = None,
    audit: Annotated[bool, typer.Option("--audit", help="Answer the audit sample.")] = False,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
) -> None:
    """Answer choice questions in the terminal, by number keys.

    Items come as in the browser, those that need it most first. Each answer is stored when `saved` is shown.
    """
    with connected(where(home, vault)) as door:
        Session(door.project(project), is_audit=audit).run()


class _Skip(NamedTuple):
    """The person does not answer, and why."""

    reason: str


class Session:
    """One person at work in a terminal."""

    def __init__(self, project: Project, *, is_audit: bool) -> None:
        shown = project.show()
        self._project = project
        self._name = shown.name
        self._is_audit = is_audit
        self._schema = parse_schema(shown.schema)
        self._questions = choices_of(self._schema)
        self._n_answered = self._n_skipped = 0

    def run(self) -> None:
        """Ask until the queue is empty or the person ends."""
        say(f"{one_line(self._name)}. A number answers, {_SKIP} skips, {_MORE} shows the whole text, {_QUIT} ends.")
        while True:
            leases = self._project.lease(1, is_audit=self._is_audit)
            if not leases.leases:
                say(one_line(leases.empty.text if leases.empty else "There is nothing to do."))
                break
            if not self._ask(leases.leases[0]):
                break
        say(f"{counted(self._n_answered, 'item')} answered, {self._n_skipped:,} skipped.")

    def _ask(self, lease: Lease) -> bool:
        """Ask about one item; whether to go on. An item that was not answered goes back to the queue."""
        started = time.monotonic()
        is_settled = False
        try:
            say()
            say("─" * 72)
            for line in _shown(lease, self._schema, n_lines=_LINES):
                say(line)
            say(f"({one_line(lease.why.text)})")
            answers = self._answers(lease)
            if answers is None:
                return False
            if isinstance(answers, _Skip):
                self._project.skip(lease, answers.reason, is_audit=self._is_audit)
                self._n_skipped += 1
            else:
                active_ms = min(round((time.monotonic() - started) * 1000), 86_400_000)
                self._project.submit(lease, answers, active_ms=active_ms, is_audit=self._is_audit)
                self._n_answered += 1
            is_settled = True
            say("saved ✓")
        finally:
            if not is_settled:
                self._project.give_back(lease)
        return True

    def _answers(self, lease: Lease) -> "dict[str, str] | _Skip | None":
        """The answers to all questions; None to end."""
        answers: dict[str, str] = {}
        for question in self._questions:
            say()
            say(one_line(question.label))
            for number, option in enumerate(question.options, 1):
                say(f"  {number}  {one_line(option.label or option.value)}")
            answer = self._choose(lease, question)
            if not isinstance(answer, str):
                return answer
            answers[question.name] = answer
        return answers

    def _choose(self, lease: Lease, question: Choice) -> "str | _Skip | None":
        numbers = {str(number): option.value for number, option in enumerate(question.options, 1)}
        while True:
            key = _read_key("> ", is_one_key=len(numbers) <= _MAX_KEYS)
            if key is None or key == _QUIT:
                return None
            if key in numbers:
                return numbers[key]
            if key == _SKIP:
                reason = _read_line("Why? ")
                if reason:
                    return _Skip(reason)
            elif key == _MORE:
                for line in _shown(lease, self._schema, n_lines=None):
                    say(line)
            else:
                say(f"1 to {len(numbers)}, {_SKIP}, {_MORE} or {_QUIT}")


def choices_of(schema: Schema) -> Sequence[Choice]:
    """The questions that a terminal can ask.

    Raises:
        InputError: a question that has to be answered is of another kind, or there is no choice question.
    """
    others = [question.name for question in schema.questions if not isinstance(question, Choice)]
    needed = [question.name for question in schema.questions if question.required and question.name in others]
    choices = [question for question in schema.questions if isinstance(question, Choice)]
    if needed or not choices:
        name = (needed or others)[0]
        raise InputError(f"The question {name!r} cannot be asked in a terminal.", hint="Answer in the browser.")
    return choices


def _shown(lease: Lease, schema: Schema, *, n_lines: int | None) -> list[str]:
    payload = msgspec.json.decode(lease.payload, type=dict[str, Any])
    lines: list[str] = []
    for field in schema.fields:
        value = payload.get(field.name)
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        if len(schema.fields) > 1:
            lines.append(f"[{one_line(field.label or field.name)}]")
        lines += printable(text).splitlines()
    if n_lines is None or len(lines) <= n_lines:
        return lines
    return [*lines[:n_lines], f"… {len(lines) - n_lines:,} more lines: {_MORE}"]


def _read_key(prompt: str, *, is_one_key: bool) -> str | None:
    """A key on a terminal, else a line; None at the end."""
    if not (is_one_key and sys.stdin.isatty()):
        return _read_line(prompt)
    sys.stdout.write(prompt)
    sys.stdout.flush()
    key = typer.getchar()
    say(printable(key))
    return None if key in {"\x04", "\x1a"} else key.lower()


def _read_line(prompt: str) -> str | None:
    sys.stdout.write(prompt)
    sys.stdout.flush()
    line = sys.stdin.readline()
    return line.strip() if line else None
