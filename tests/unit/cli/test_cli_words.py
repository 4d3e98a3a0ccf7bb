"""What commands print, and what they make of the words that they are given."""

import io

import pytest

from goldsmith.cli.following import showing_steps
from goldsmith.cli.messages import counted, one_line, printable, say_table, tell_error, tell_unexpected
from goldsmith.cli.values import choice_schema, model_of, settings_of
from goldsmith.errors import InputError, NotFound
from goldsmith.tasks.schemas import parse_schema


@pytest.mark.parametrize("letter", ["\x1b", "\x07", "\x00", "\u202e", "\u2066", "\x9b", "\r", "\u2028"])
def test_texts_of_others_cannot_steer_the_terminal(letter):
    assert letter not in printable(f"a{letter}[31mb")
    assert letter not in one_line(f"a{letter}[31mb")


def test_writing_that_needs_joiners_stays_whole():
    hindi, family = "क\u094d\u200dष", "👩\u200d👧"
    assert printable(f"{hindi}\n\t{family}") == f"{hindi}\n\t{family}"


def test_a_line_is_cut_where_it_has_to_be():
    assert one_line("a  b\n c", 10) == "a b c"
    assert one_line("abcdef", 4) == "abc…"


def test_an_error_is_one_line_with_the_way_out(capsys):
    tell_error(NotFound("There is no\nproject 'x'.", hint="Make one."))
    assert capsys.readouterr() == ("", "Error: There is no project 'x'. Make one.\n")


def test_an_unexpected_error_hides_its_trace_until_somebody_asks(capsys, monkeypatch):
    error = ZeroDivisionError("by zero")
    tell_unexpected(ZeroDivisionError, error, None)
    assert capsys.readouterr().err.count("\n") == 1
    monkeypatch.setenv("GOLDSMITH_LOG_LEVEL", "debug")
    tell_unexpected(ZeroDivisionError, error, None)
    assert "ZeroDivisionError: by zero" in capsys.readouterr().err.splitlines()[0]


def test_a_table_has_straight_columns(capsys):
    say_table(("id", "name"), [("1", "a"), ("22", "b\x1b")])
    assert capsys.readouterr().out.splitlines() == ["id  name", "1   a", "22  b�"]


def test_counts_are_read_aloud():
    assert [counted(1, "item"), counted(1180, "item"), counted(2, "person")] == ["1 item", "1,180 items", "2 people"]


def test_settings_are_names_and_json_values_or_texts():
    assert settings_of(["overlap=2", "order=random", "only_uncertain=true", "x=a=b"]) == {
        "overlap": 2,
        "order": "random",
        "only_uncertain": True,
        "x": "a=b",
    }


@pytest.mark.parametrize("text", ["overlap", "=2", ""])
def test_a_setting_without_a_name_or_a_value_is_refused(text):
    with pytest.raises(InputError, match="NAME=VALUE"):
        settings_of([text])


def test_a_model_is_its_name_and_parameters():
    assert model_of("licence-keywords") == {"licence-keywords": {}}
    assert model_of("text-classifier:question=mood,min_answers=20") == {
        "text-classifier": {"question": "mood", "min_answers": 20}
    }
    with pytest.raises(InputError, match="names no model"):
        model_of(":question=mood")


def test_a_question_and_its_options_make_a_schema():
    schema = parse_schema(choice_schema("text", "How does it sound?", ["Good", "Neither of them"]))
    (question,) = schema.questions
    assert [(option.value, option.label) for option in question.options] == [
        ("good", "Good"),
        ("neither-of-them", "Neither of them"),
    ]


def test_steps_are_lines_where_there_is_no_terminal(capsys):
    with showing_steps(is_quiet=False) as show:
        for message in ("", "starting", "reading", "reading", "importing items", "reading"):
            show(message, 1, 2)
    assert capsys.readouterr().err.splitlines() == ["  Reading", "  Importing items", "  Reading"]


def test_nothing_is_shown_beside_json(capsys):
    with showing_steps(is_quiet=True) as show:
        show("reading", 1, 2)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_sees_a_bar_and_keeps_a_line_for_each_step(monkeypatch):
    screen = _Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with showing_steps(is_quiet=False) as show:
        show("reading", 1, 1200)
        show("reading", 1200, 1200)
        show("importing", 5, 10)
    lines = [line.split() for line in screen.getvalue().splitlines() if "✓" in line]
    assert lines[0][-3:] == ["✓", "Reading", "1,200"]
    assert lines[-1][-3:] == ["✓", "Importing", "10"]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True
