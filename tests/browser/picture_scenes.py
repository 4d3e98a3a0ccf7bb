"""What the picture of each question type shows: a question about an item, and how somebody answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from picture_media import BODY, CAR, EDGES, HEIGHT, HOUSE, VAN, WIDTH
from playwright.sync_api import Page

Answer = Callable[[Page], None]
FIT = 0.98  # how much of the frame an image takes that is seen whole


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A question of some type, the fields and the item it is asked about, and what answers it."""

    question: Mapping[str, Any]
    fields: Mapping[str, str] = field(default_factory=lambda: {"review": "text"})
    payload: Mapping[str, Any] = field(default_factory=lambda: {"review": REVIEW})
    before: tuple[Mapping[str, Any], ...] = ()
    answer: Answer

    def schema(self, kind: str) -> dict[str, Any]:
        """The schema whose last question is the one that the picture is of."""
        fields = [{"name": name, "type": type_} for name, type_ in self.fields.items()]
        return {"fields": fields, "questions": [*self.before, {"type": kind, "name": "answer", **self.question}]}


REVIEW = (
    "The kettle came two days late, but it boils fast and keeps quiet. "
    "I only wish that the handle did not get so hot: you need a cloth to pour."
)
PEOPLE = "Ada Lovelace met Charles Babbage in London, where they spoke about his engine."
LABELS = [{"value": "person", "label": "Person"}, {"value": "place", "label": "Place"}]
SPANS = {"type": "spans", "name": "names", "label": "Who, and where?", "field": "text", "labels": LABELS}
TITLES = ["River floods town after a week of rain", "Flood", "You will not believe what this river did"]
CHAT = [
    {"role": "user", "content": "Where is the next pharmacy?"},
    {"role": "assistant", "content": "There is one at 12 Mill Lane, four minutes on foot."},
    {"role": "user", "content": "Is it open now?"},
    {"role": "assistant", "content": "I do not know."},
]
VEHICLES = [{"value": "car", "label": "Car"}, {"value": "van", "label": "Van"}]
CRITERIA = [
    {"name": "safe", "label": "Gives no dangerous advice", "kind": "gate"},
    {"name": "whole", "label": "Names what is good and what is bad", "weight": 3, "levels": 3},
    {"name": "sources", "label": "Names its sources", "not_applicable": True},
]
SUBJECTS = [
    {
        "value": "kitchen",
        "label": "Kitchen",
        "options": [{"value": name.lower(), "label": name} for name in ("Kettle", "Blender", "Toaster")],
    },
    {
        "value": "garden",
        "label": "Garden",
        "options": [{"value": name.lower(), "label": name} for name in ("Hose", "Spade")],
    },
]


def _options(*labels: str) -> list[dict[str, str]]:
    return [{"value": label.lower().replace(" ", "_"), "label": label} for label in labels]


def _keys(*keys: str) -> Answer:
    """Press keys; what begins with a quotation mark is typed."""

    def answer(page: Page) -> None:
        for key in keys:
            page.keyboard.type(key[1:]) if key.startswith('"') else page.keyboard.press(key)

    return answer


def _of_photo(label: str, labels: list[dict[str, str]], answer: Answer, **more: object) -> Scene:
    question = {"label": label, "field": "photo", "labels": labels, **more}
    return Scene(question=question, fields={"photo": "image"}, payload={"photo": "photo.png"}, answer=answer)


def _rank(page: Page) -> None:
    """Bring the candidates into the order of the item, from the first place on; the last two share one."""
    for place in range(len(TITLES)):
        page.locator(f'li[data-candidate="{place + 1}"]').focus()
        page.keyboard.press(str(place + 1))
    page.keyboard.press("=")


def _compare(page: Page) -> None:
    """Prefer the answer that says more, by two degrees; both would do."""
    is_left = "quiet" in page.get_by_role("region", name="Left: text").inner_text()
    _keys("1" if is_left else "2", "q", "w")(page)
    page.get_by_role("button", name="2 of 3").nth(0 if is_left else 1).click()


def _at(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a place of the photo is on the screen, as long as it is seen whole."""
    box = page.get_by_role("application").bounding_box()
    assert box is not None
    scale = FIT * min(box["width"] / WIDTH, box["height"] / HEIGHT)
    left, top = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return left + (x - WIDTH / 2) * scale, top + (y - HEIGHT / 2) * scale


def click(page: Page, *places: tuple[float, float]) -> None:
    for place in places:
        page.mouse.click(*_at(page, *place))


def drag(page: Page, *places: tuple[float, float]) -> None:
    first, *others = places
    page.mouse.move(*_at(page, *first))
    page.mouse.down()
    for place in others:
        page.mouse.move(*_at(page, *place), steps=6)
    page.mouse.up()


def _boxes(page: Page) -> None:
    drag(page, CAR[:2], CAR[2:])
    _keys("Escape", "2", "b")(page)
    drag(page, VAN[:2], VAN[2:])


def _polygon(page: Page) -> None:
    click(page, *HOUSE)
    page.keyboard.press("c")


def _mask(page: Page) -> None:
    _keys(*["]"] * 6)(page)
    drag(page, (330, 340), (470, 340), (470, 366), (330, 366), (330, 320), (470, 320), (440, 282), (370, 282))


def _turns(page: Page) -> None:
    wave = page.get_by_role("group", name="call.wav, 0:08.000").bounding_box()
    assert wave is not None
    turns = (("1", "Good morning, how can I help?", 0.07, 0.39), ("2", "My order is late.", 0.485, 0.7))
    for key, said, start, end in turns:
        _keys("Escape", key)(page)
        middle = wave["y"] + wave["height"] / 2
        page.mouse.move(wave["x"] + wave["width"] * start, middle)
        page.mouse.down()
        page.mouse.move(wave["x"] + wave["width"] * end, middle, steps=4)
        page.mouse.up()
        _keys("t", f'"{said}', "Escape")(page)


def _parties(page: Page) -> None:
    page.locator("svg .caret").wait_for(state="attached")
    _keys(*["Control+ArrowRight"] * 4, "ArrowRight", *["Shift+Control+ArrowRight"] * 2, "m")(page)


def _cells(page: Page) -> None:
    page.get_by_role("gridcell").nth(1).click()
    _keys("Escape", "2")(page)
    page.get_by_role("gridcell").nth(2).click()


SCENES: dict[str, Scene] = {
    "choice": Scene(
        question={"label": "How does the writer feel?", "options": _options("Good", "Bad", "Mixed", "Cannot be said")},
        answer=_keys("3"),
    ),
    "choices": Scene(
        question={"label": "What is it about?", "options": _options("Price", "Delivery", "Quality", "Service")},
        answer=_keys("2", "3"),
    ),
    "taxonomy": Scene(
        question={"label": "Which product?", "options": SUBJECTS, "max": 2},
        answer=_keys("/", '"kettle', "Enter", "Escape"),
    ),
    "rating": Scene(
        question={"label": "How helpful is it?", "high": 7, "low_label": "not at all", "high_label": "very"},
        answer=_keys("5"),
    ),
    "number": Scene(
        question={"label": "How many days late?", "min": 0, "max": 60, "unit": "days"}, answer=_keys('"2')
    ),
    "date": Scene(
        question={"label": "When was it bought?", "earliest": "2020-01-01"},
        fields={"receipt": "text"},
        payload={"receipt": "Sold on the leap day of 2024: one kettle, 39.90"},
        answer=_keys('"2024-02-29'),
    ),
    "text": Scene(
        question={"label": "Say it in one sentence", "min_length": 20, "max_length": 120, "multiline": True},
        answer=_keys('"A quick and quiet kettle whose handle gets too hot.'),
    ),
    "text_edit": Scene(
        question={"label": "Correct the text", "field": "text"},
        fields={"text": "text"},
        payload={"text": "There car is over their, behind the house."},
        answer=_keys(
            "Control+Home", *["Shift+ArrowRight"] * 5, '"Their',
            *["ArrowRight"] * 13, *["Shift+ArrowRight"] * 5, '"there',
        ),
    ),
    "spans": Scene(
        question={key: SPANS[key] for key in ("label", "field", "labels")},
        fields={"text": "text"},
        payload={"text": PEOPLE},
        answer=_keys(
            *["Shift+Control+ArrowRight"] * 2, "1", "ArrowRight", "Control+ArrowRight",
            *["Shift+Control+ArrowRight"] * 2, "1", "ArrowRight", "Control+ArrowRight", "Shift+Control+ArrowRight", "2",
        ),
    ),
    "relations": Scene(
        before=(SPANS,),
        question={
            "label": "How do they belong together?", "spans": "names", "labels": _options("met", "was in"),
            "symmetric": ["met"],
        },
        fields={"text": "text"},
        payload={"text": PEOPLE},
        answer=_keys(
            *["Shift+Control+ArrowRight"] * 2, "1", "ArrowRight", "Control+ArrowRight",
            *["Shift+Control+ArrowRight"] * 2, "1", "Alt+ArrowDown", ".", "]", "1",
        ),
    ),
    "ranking": Scene(
        question={"label": "Which headline is best?", "field": "titles"},
        fields={"titles": "json"},
        payload={"titles": TITLES},
        answer=_rank,
    ),
    "best_worst": Scene(
        question={"label": "Best and worst headline?", "field": "titles"},
        fields={"titles": "json"},
        payload={"titles": TITLES},
        answer=_keys("1", "3"),
    ),
    "comparison": Scene(
        question={"label": "Which answer is better?", "a": "one", "b": "two", "strength": 3, "acceptability": True},
        fields={"one": "markdown", "two": "markdown"},
        payload={"one": "It boils **fast**, keeps quiet, and costs 39.90.", "two": "It is a kettle."},
        answer=_compare,
    ),
    "messages": Scene(
        question={
            "label": "How is each reply?", "field": "chat",
            "ask": [{"type": "rating", "name": "helpful", "label": "Helpful?"}],
        },
        fields={"chat": "chat"},
        payload={"chat": CHAT},
        answer=_keys("4", "2"),
    ),
    "rubric": Scene(question={"label": "How good is it?", "criteria": CRITERIA}, answer=_keys("y", "2", "x")),
    "rubric_authoring": Scene(
        question={"label": "What makes an answer good?", "min_criteria": 2},
        answer=_keys("+", '"Names the cause', "Enter", '"Gives no dangerous advice', "Alt+k"),
    ),
    "steps": Scene(
        question={"label": "Is it right?", "field": "steps"},
        fields={"steps": "json"},
        payload={"steps": ["12 eggs are a dozen.", "Half of that is 7.", "So each gets 3.5."]},
        answer=_keys("3", "1", "2"),
    ),
    "boxes": _of_photo("Draw a box round each", VEHICLES, _boxes),
    "polygons": _of_photo("Outline each house", _options("House", "Shed"), _polygon),
    "masks": _of_photo("Paint each vehicle", VEHICLES, _mask),
    "keypoints": _of_photo(
        "Set the points of each person", _options("Adult", "Child"),
        lambda page: click(page, *BODY.values()), edges=EDGES,
        points=[{"value": name, "label": name.replace("_", " ").capitalize()} for name in BODY],
    ),
    "audio_regions": Scene(
        question={
            "label": "Who speaks when?", "field": "call", "labels": _options("Agent", "Caller"), "transcript": True,
        },
        fields={"call": "audio"},
        payload={"call": "call.wav"},
        answer=_turns,
    ),
    "document_regions": Scene(
        question={"label": "Mark the parties", "field": "contract", "labels": _options("Party", "Price")},
        fields={"contract": "pdf"},
        payload={"contract": "contract.pdf"},
        answer=_parties,
    ),
    "table_cells": Scene(
        question={"label": "Which cells are wrong?", "field": "sales", "labels": _options("Wrong", "Missing")},
        fields={"sales": "table"},
        payload={"sales": [["city", "price"], ["Rome", "-4"], ["", "7"], ["Oslo", "12"]]},
        answer=_cells,
    ),
}  # fmt: skip
