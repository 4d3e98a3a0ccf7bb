"""Answers by question type that fit or do not, most of them at an edge; `answers.json` is made from them."""

from dataclasses import dataclass, field
from typing import Any

Json = Any
LONG = 2**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Answers to one question about one item.

    Attributes:
        type: the question's type.
        question: parameters that differ from those of the type's example.
        item: what differs from the example's item.
        good: answers that fit, in whatever form they are sent.
        bad: answers that do not.
        only_server: whether a browser cannot tell, since it would have to hash.
    """

    type: str
    question: dict[str, Json] = field(default_factory=dict[str, Json])
    item: dict[str, Json] = field(default_factory=dict[str, Json])
    good: list[Json] = field(default_factory=list[Json])
    bad: list[Json] = field(default_factory=list[Json])
    only_server: bool = False


NOT_LISTS: list[Json] = [None, "x", 3, True, {}]
COLOURS = {
    "type": "choice",
    "name": "colour",
    "label": "Colour?",
    "required": False,
    "options": [{"value": "red", "label": "Red"}, {"value": "blue", "label": "Blue"}],
    "when": [{"question": "label", "is": ["car"]}],
}
DOORS = {
    "type": "number",
    "name": "doors",
    "label": "Doors?",
    "integer": True,
    "when": [{"question": "colour", "is_answered": True}],
}

PLAIN = [
    Group(
        type="choice",
        good=["good", "bad", "neither"],
        bad=[None, "", "Good", "good ", "gut", 1, True, ["good"], {"value": "good"}],
    ),
    Group(
        type="choices",
        good=[[], ["sport"], ["weather", "economy"], ["weather", "sport", "health", "economy"]],
        bad=[None, "sport", {}, ["sports"], ["sport", "sport"], [None], [1], [["sport"]], [True]],
    ),
    Group(
        type="choices",
        question={"min": 1, "max": 2},
        good=[["health"], ["weather", "health"]],
        bad=[[], ["economy", "health", "sport"]],
    ),
    Group(
        type="rating",
        good=[1, 3, 5, 3.0],
        bad=[None, 0, 6, -1, 2.5, "3", True, [3], {}, LONG],
    ),
    Group(type="rating", question={"low": -2, "high": 2}, good=[-2, 0, 2, -0.0], bad=[3, -3]),
    Group(
        type="number",
        good=[0, 2.5, 100, 1e-7, 2.0, -0.0],
        bad=[None, -1, 100.5, "2", True, [2], {}, 1e300, LONG],
    ),
    Group(
        type="number",
        question={"min": 1, "max": 10, "step": 0.1},
        good=[1, 1.1, 1.3, 9.9, 10, 2.0],
        bad=[1.05, 0.9, 10.1],
    ),
    Group(
        type="number",
        question={"min": None, "max": None, "integer": True, "step": 5},
        good=[-5, 0, 15, 15.0, LONG - 2],
        bad=[1, 2.5, LONG],
    ),
    Group(
        type="date",
        good=["2024-02-29", "1990-01-01", "2024-02-29T18:30", "2024-02-29 18:30:59.5"],
        bad=[
            None,
            "",
            "2023-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-02",
            "2024",
            "24-02-29",
            "2024-2-9",
            "29.02.2024",
            "2024-02-29T25:00",
            "2024-02-29T18:30Z",
            "1989-12-31",
            "2024-02-29 ",
            20240229,
            ["2024-02-29"],
        ],
    ),
    Group(
        type="date",
        question={"precision": "minute", "earliest": None, "latest": "2030-01-01T00:00"},
        good=["2024-02-29T18:30", "2024-02-29 18:30", "2030-01-01T00:00", "0001-01-01T00:00"],
        bad=["2024-02-29", "2030-01-01T00:01", "0000-01-01T00:00", "2024-02-29T18:60"],
    ),
    Group(
        type="date",
        question={"precision": "year", "earliest": "1900"},
        good=["1900", "2024", "2024-02-29"],
        bad=["1899", "2024-02-30", "1899-12-31"],
    ),
    Group(
        type="text",
        question={"min_length": 2, "max_length": 10},
        good=["ab", "  abc\n", "e\u0301te\u0301", "\u0645\u06cc\u200c\u062e", "😀😀", "a\tb", "a\u0007b", "\ufeffabc"],
        bad=[None, 3, ["ab"], {}, "", "a", " a ", "12345678901", "two\nlines", "a\r\nb", "a\u2028b"],
    ),
    Group(
        type="text",
        question={"multiline": True, "max_length": 20},
        good=["two\nlines", "a\r\nb", "a\rb", "a\u2028b\u000bc", "\n\na\n\n", "a\u0085b", "x" * 20, "é" * 20],
        bad=["", "  ", "\n", "x" * 21, "\u0301" * 21],
    ),
    Group(
        type="text",
        question={"languages": ["en", "ja"]},
        good=[
            "Yes.",
            "The river left its bed after two days of rain, and the school had to close for a week.",
            "二日間の雨のあと、川があふれて、学校は一週間休みになりました。先生たちは子どもたちの家を訪ねました。",
            "Muy bien, gracias.",
            "https://example.org/ein-weg/der-nicht-gelesen-wird/und-noch-einer/weil-er-keine-sprache-hat",
            "1234567890 1234567890 1234567890 1234567890 1234567890",
            "O'Brien, Müller, Šimůnková, Åkesson",
            "Anna Schmidt, Peter Müller, Katarina Hoffmann, Jürgen Weber, Sabine Fischer, Wolfgang Becker, Anke Schulz",
            "Schneider und Müller und Hoffmann, Weber, Fischer, Becker",
        ],
        bad=[
            "Nach zwei Tagen Regen ist der Fluss über die Ufer getreten, und die Schule blieb geschlossen.",
            "Après deux jours de pluie, la rivière est sortie de son lit et l'école a dû fermer.",
            "После двух дней дождя река вышла из берегов, и школу пришлось закрыть на неделю.",
            "下了两天雨之后河水泛滥。学校不得不停课一个星期。老师们去看望了孩子们的家。",
            "Μετά από δύο μέρες βροχής το ποτάμι ξεχείλισε και το σχολείο έκλεισε.",
        ],
    ),
    Group(
        type="text",
        question={"languages": ["nb"]},
        good=["Etter to dager med regn gikk elven over sine bredder, og skolen måtte stenge i en uke."],
        bad=["After two days of rain the river left its bed, and the school had to close for a week."],
    ),
    Group(
        type="text_edit",
        good=["There car is over their.", "Their car is over there.", "", "a\r\nb", " kept ", "e\u0301"],
        bad=[None, 3, [], {}, True, 0.5, ["There"], {"text": "x"}],
    ),
    Group(
        type="text_edit",
        question={"min_length": 1, "max_length": 6},
        item={"text": "Cafe\u0301\r\n au lait"},
        good=["Cafe\u0301\r\n au lait", "Caf\u00e9\n au lait", "Caf\u00e9", "x"],
        bad=["", "1234567"],
    ),
    Group(type="text_edit", item={"text": None}, bad=["x", ""]),
    Group(
        type="taxonomy",
        good=[
            [["animal", "dog", "husky"]],
            [["plant", "rose"], ["animal", "bird"]],
            [["animal", "dog", "poodle"], ["animal", "bird"]],
        ],
        bad=[
            None,
            [],
            "animal",
            ["animal"],
            [["animal"]],
            [["animal", "dog"]],
            [["dog"]],
            [["animal", "cat"]],
            [[]],
            [["animal", "bird", "gull"]],
            [["animal", "bird"], ["animal", "bird"]],
            [["animal", "bird"], ["plant", "rose"], ["animal", "dog", "husky"]],
            [[1]],
            [["animal", None]],
        ],
    ),
    Group(
        type="taxonomy",
        question={"leaves_only": False, "max": 3},
        good=[[["animal"]], [["plant"], ["animal", "dog"]]],
        bad=[[["animal"], ["animal", "dog"]], [["animal", "dog", "husky"], ["animal"]]],
    ),
]

COMPARED = [
    Group(
        type="ranking",
        good=[[["a"], ["b"], ["c"]], [["c", "a"], ["b"]], [["c", "b", "a"]]],
        bad=[
            None,
            [],
            ["a", "b", "c"],
            [["a"], ["b"]],
            [["a"], ["b"], ["c"], ["a"]],
            [["a", "a"], ["b"], ["c"]],
            [["a"], [], ["b", "c"]],
            [["a"], ["b"], ["d"]],
            [["a"], ["b"], [3]],
            "abc",
            {"a": 1},
        ],
    ),
    Group(type="ranking", question={"ties": False}, good=[[["b"], ["a"], ["c"]]], bad=[[["a", "b"], ["c"]]]),
    Group(
        type="ranking",
        question={"options": [], "field": "replies"},
        item={"replies": ["Yes.", {"text": "No."}, {"id": "x", "text": "Perhaps."}]},
        good=[[["x"], ["1", "2"]], [["2"], ["1"], ["x"]]],
        bad=[[["1"], ["2"], ["3"]], [[1], [2], ["x"]]],
    ),
    Group(type="ranking", question={"options": [], "field": "replies"}, item={"replies": ["Yes."]}, bad=[[["1"]]]),
    Group(
        type="ranking",
        question={"options": [], "field": "replies"},
        item={"replies": [{"id": "2", "text": "A"}, "B"]},
        bad=[[["1"], ["2"]], [["2"]]],
    ),
    Group(
        type="best_worst",
        good=[{"best": "a", "worst": "b"}, {"worst": "a", "best": "c"}],
        bad=[
            None,
            {},
            {"best": "a"},
            {"best": "a", "worst": "a"},
            {"best": "a", "worst": "d"},
            {"best": "a", "worst": None},
            {"best": ["a"], "worst": "b"},
            {"best": "a", "worst": "b", "middle": "c"},
            "a",
            ["a", "b"],
        ],
    ),
    Group(
        type="comparison",
        good=[{"preferred": "a"}, {"preferred": "tie", "first": "b"}, {"preferred": "both_bad", "first": None}],
        bad=[
            None,
            "a",
            {},
            {"preferred": "c"},
            {"preferred": "A"},
            {"preferred": None},
            {"preferred": "a", "first": "c"},
            {"preferred": "a", "first": 1},
            {"preferred": "a", "strength": 1},
            {"preferred": "a", "acceptable": {"a": True, "b": True}},
            {"preferred": "a", "winner": "a"},
        ],
    ),
    Group(
        type="comparison",
        question={"strength": 3, "tie": False, "acceptability": True},
        good=[
            {"preferred": "a", "strength": 3, "acceptable": {"b": False, "a": True}},
            {"acceptable": {"a": True, "b": True}, "first": "a", "strength": 1.0, "preferred": "b"},
            {"preferred": "both_bad", "acceptable": {"a": False, "b": False}},
        ],
        bad=[
            {"preferred": "tie", "acceptable": {"a": True, "b": True}},
            {"preferred": "a", "acceptable": {"a": True, "b": True}},
            {"preferred": "a", "strength": 0, "acceptable": {"a": True, "b": True}},
            {"preferred": "a", "strength": 4, "acceptable": {"a": True, "b": True}},
            {"preferred": "a", "strength": 1.5, "acceptable": {"a": True, "b": True}},
            {"preferred": "a", "strength": 2},
            {"preferred": "a", "strength": 2, "acceptable": {"a": True}},
            {"preferred": "a", "strength": 2, "acceptable": {"a": 1, "b": 0}},
            {"preferred": "both_bad", "strength": 1, "acceptable": {"a": False, "b": False}},
            {"preferred": "both_bad", "acceptable": {"a": True, "b": False}},
        ],
    ),
    Group(
        type="messages",
        good=[
            [
                {"message": 3, "answers": {"tone": "curt", "helpful": 1}},
                {"message": 1, "answers": {"helpful": 5.0, "tone": "friendly"}},
            ]
        ],
        bad=[
            None,
            [],
            {"1": {"helpful": 5}},
            [{"message": 1, "answers": {"helpful": 5, "tone": "curt"}}],
            [{"message": i, "answers": {"helpful": 5, "tone": "curt"}} for i in (0, 1, 3)],
            [{"message": i, "answers": {"helpful": 5, "tone": "curt"}} for i in (1, 1, 3)],
            [{"message": i, "answers": {"helpful": 5, "tone": "curt"}} for i in (1, 4)],
            [{"message": i, "answers": {"helpful": 6, "tone": "curt"}} for i in (1, 3)],
            [{"message": i, "answers": {"helpful": 5}} for i in (1, 3)],
            [{"message": i, "answers": {"helpful": 5, "tone": "curt", "x": 1}} for i in (1, 3)],
            [{"message": i, "answers": {"helpful": 5, "tone": "curt"}, "x": 1} for i in (1, 3)],
            [{"message": str(i), "answers": {"helpful": 5, "tone": "curt"}} for i in (1, 3)],
            [1, 3],
        ],
    ),
    Group(
        type="messages",
        question={
            "roles": ["user", "assistant"],
            "ask": [
                {"type": "choices", "name": "faults", "label": "Faults?", "options": [{"value": "rude", "label": "R"}]},
                {
                    "type": "text",
                    "name": "why",
                    "label": "Why?",
                    "required": False,
                    "when": [{"question": "faults", "is": ["rude"]}],
                },
            ],
        },
        item={"chat": [{"role": "user", "content": "Hm"}, {"role": "system", "content": "x"}]},
        good=[
            [{"message": 0, "answers": {"faults": []}}],
            [{"message": 0, "answers": {"faults": ["rude"], "why": " So. "}}],
            [{"message": 0, "answers": {"faults": [], "why": "dropped"}}],
        ],
        bad=[[{"message": 1, "answers": {"faults": []}}], [], [{"message": 0, "answers": {}}]],
    ),
    Group(type="messages", item={"chat": "Hello"}, bad=[[], [{"message": 0, "answers": {}}]]),
    Group(
        type="steps",
        good=[[1, 0, -1], [1.0, 1, 1], [-1, 1, -1]],
        bad=[
            None,
            [],
            [1, 1],
            [1, 1, 1, 1],
            [1, 1, 2],
            [1, 1, None],
            [1, 1, 0.5],
            [1, 1, "1"],
            [1, 1, True],
            "111",
            {},
        ],
    ),
    Group(
        type="steps",
        question={"neutral": False, "stop_at_first_error": True},
        good=[[1, -1, None], [1, -1, 1], [-1, None, None], [1, 1, 1]],
        bad=[[1, 0, -1], [1, None, -1], [None, None, None], [1, -1]],
    ),
    Group(
        type="rubric",
        good=[
            {"long": 1, "sources": None, "complete": 3.0, "safe": 0},
            {"safe": 1, "complete": 0, "sources": 1, "long": 0},
        ],
        bad=[
            None,
            {},
            [1, 1, 1, 1],
            {"safe": 1, "complete": 3, "sources": 1},
            {"safe": 1, "complete": 4, "sources": 1, "long": 0},
            {"safe": 1, "complete": -1, "sources": 1, "long": 0},
            {"safe": 1, "complete": 1.5, "sources": 1, "long": 0},
            {"safe": None, "complete": 1, "sources": 1, "long": 0},
            {"safe": True, "complete": 1, "sources": 1, "long": 0},
            {"safe": 1, "complete": 1, "sources": 1, "long": 0, "short": 1},
            {"safe": "1", "complete": 1, "sources": 1, "long": 0},
        ],
    ),
    Group(
        type="rubric",
        question={"criteria": [], "criteria_field": "rubric"},
        item={"rubric": [{"text": "Says why", "weight": 2}, {"name": "safe", "label": "Is safe", "kind": "gate"}]},
        good=[{"safe": 1, "1": 0}],
        bad=[{"safe": 1}, {"1": 2, "safe": 1}, {"1": 1, "2": 1}],
    ),
    Group(
        type="rubric",
        question={"criteria": [], "criteria_field": "rubric"},
        item={"rubric": [{"weight": 2}]},
        bad=[{"1": 1}, {}],
    ),
    Group(
        type="rubric_authoring",
        question={"max_criteria": 2},
        good=[
            [{"text": " Says\nwhy ", "weight": 2.005, "kind": "credit"}],
            [{"text": "Says why"}, {"text": "Is rude", "kind": "penalty", "weight": 0.5}],
        ],
        bad=[
            None,
            [],
            "Says why",
            ["Says why"],
            [{"text": "  ", "weight": 1, "kind": "credit"}],
            [{"text": "Says why", "weight": 0, "kind": "credit"}],
            [{"text": "Says why", "weight": -1, "kind": "credit"}],
            [{"text": "Says why", "weight": "1", "kind": "credit"}],
            [{"text": "Says why", "weight": 1, "kind": "bonus"}],
            [{"text": "Says why", "name": "why"}],
            [{"text": "Says why"}, {"text": "Says why "}],
            [{"text": "a"}, {"text": "b"}, {"text": "c"}],
            [{"text": "x" * 501}],
        ],
    ),
]
