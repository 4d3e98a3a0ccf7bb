"""Regions of texts, images, sounds, documents and tables that fit or do not; `answers.json` is made from them."""

from tests.cases.answer_groups import COLOURS, DOORS, LONG, NOT_LISTS, Group, Json


def span(start: Json, end: Json, label: Json = "person", **more: Json) -> dict[str, Json]:
    return {"start": start, "end": end, "label": label, **more}


def box(x: Json, y: Json, width: Json, height: Json, **more: Json) -> dict[str, Json]:
    return {"x": x, "y": y, "width": width, "height": height, "label": "car", **more}


def polygon(*points: Json, **more: Json) -> dict[str, Json]:
    return {"points": list(points), "label": "field", **more}


def mask(*counts: Json, **more: Json) -> dict[str, Json]:
    return {"size": [6, 8], "counts": list(counts), "label": "rust", **more}


def body(**points: Json) -> dict[str, Json]:
    return {"label": "cat", "points": points}


def sound(start: Json, end: Json, **more: Json) -> dict[str, Json]:
    return {"start_ms": start, "end_ms": end, "label": "agent", **more}


def on_page(page: Json, **more: Json) -> dict[str, Json]:
    return {"page": page, "label": "party", **more}


def cell(row: Json, column: Json, label: Json = "wrong") -> dict[str, Json]:
    return {"row": row, "column": column, "label": label}


def tie(one: Json, other: Json, label: Json = "knows") -> dict[str, Json]:
    return {"from": one, "to": other, "label": label}


SQUARE = ([10, 10], [110, 10], [110, 110], [10, 110])
ADA, BOB, PARIS = span(0, 3), span(8, 11), span(20, 25, "place")

TEXTS = [
    Group(
        type="spans",
        good=[
            [],
            [span(0, 3)],
            [span(13, 18, "place"), span(0, 3)],
            [span(0, 5), span(0, 5, "place"), span(0, 2), span(2, 9)],
            [span(0.0, 3.0)],
            [span(18, 19)],
            [span(0, 3, attributes={})],
        ],
        bad=[
            *NOT_LISTS,
            [3],
            [{"start": 0, "end": 3}],
            [span(0, 3, note="x")],
            [span(3, 3)],
            [span(3, 2)],
            [span(-1, 3)],
            [span(0, 20)],
            [span(0, 1.5)],
            [span(True, 3)],
            [span("0", 3)],
            [span(0, None)],
            [span(0, LONG)],
            [span(0, 3, "animal")],
            [span(0, 3, None)],
            [span(0, 3), span(0, 3)],
            [span(0, 3, parts=[[0, 1], [2, 3]])],
            [span(0, 3, attributes={"colour": "red"})],
            [span(0, 3, attributes=[])],
        ],
    ),
    Group(
        type="spans",
        item={"text": "👩🏽\u200d🚀 Ada e\u0301\u202e"},
        good=[[span(0, 4)], [span(5, 8)], [span(9, 12)]],
        bad=[[span(9, 13)]],
    ),
    Group(
        type="spans",
        question={"discontinuous": True},
        good=[
            [span(0, 18, parts=[[13, 18], [0, 3]])],
            [span(0, 3), span(0, 18, parts=[[0, 3], [4, 5], [13, 18]])],
        ],
        bad=[
            [span(0, 18, parts=[[0, 18]])],
            [span(0, 18, parts=[[0, 3], [3, 18]])],
            [span(0, 18, parts=[[0, 3], [2, 18]])],
            [span(0, 19, parts=[[0, 3], [13, 18]])],
            [span(0, 18, parts=[[0, 3], [13]])],
            [span(0, 18, parts=None)],
            [span(0, 18, parts=[[0, 3], [13, 18]]), span(0, 18)],
        ],
    ),
    Group(
        type="spans",
        question={"labels": [{"value": "car", "label": "Car"}, {"value": "x", "label": "X"}], "attributes": [COLOURS]},
        good=[
            [span(0, 3, "car", attributes={"colour": "blue"})],
            [span(0, 3, "car")],
            [span(0, 3, "x", attributes={"colour": "blue"})],
            [span(0, 3, "car", attributes={"colour": None})],
        ],
        bad=[
            [span(0, 3, "car", attributes={"colour": "green"})],
            [span(0, 3, "car", attributes={"hue": "red"})],
            [span(0, 3, "car", attributes="red")],
        ],
    ),
    Group(
        type="spans",
        good=[[span(0, 3, hash="99a563ab2f6e21e9")]],
        bad=[],
        only_server=True,
    ),
    Group(
        type="spans",
        bad=[[span(0, 3, hash="0" * 16)], [span(0, 3, hash=None)], [span(0, 3, hash="2B")]],
        only_server=True,
    ),
    Group(type="spans", item={"text": None}, good=[[]], bad=[[span(0, 3)]]),
    Group(
        type="relations",
        good=[[], [tie(ADA, PARIS, "works_in")], [tie(BOB, ADA)], [tie(PARIS, ADA, "works_in"), tie(ADA, BOB)]],
        bad=[
            *NOT_LISTS,
            [tie(ADA, ADA)],
            [tie(ADA, BOB), tie(BOB, ADA)],
            [tie(ADA, BOB, "likes")],
            [tie(ADA, None)],
            [tie(ADA, {"start": 8, "end": 11})],
            [tie(ADA, {**BOB, "hash": "0" * 16})],
            [tie(ADA, span("8", 11))],
            [{**tie(ADA, BOB), "note": "x"}],
            [{"from": ADA, "to": BOB}],
            [3],
        ],
    ),
]

IMAGES = [
    Group(
        type="boxes",
        good=[
            [],
            [box(0, 0, 320, 200)],
            [box(10.005, 20.004, 30.5, 40)],
            [box(319.99, 199.99, 0.01, 0.01)],
            [box(10.005, 0, 309.995, 10)],
            [box(-0.004, 0, 5, 5)],
            [box(50, 50, 5, 5), box(10, 50, 5, 5)],
            [box(10, 10, 20, 20, rotation=0)],
            [box(10, 10, 20, 20, rotation=-90)],
            [box(10, 10, 20, 20, rotation=372.5)],
            [box(-10, -10, 40, 40, rotation=45)],
            [box(10, 10, 20, 20), {**box(10, 10, 20, 20), "label": "van"}],
        ],
        bad=[
            *NOT_LISTS,
            [box(-1, 0, 10, 10)],
            [box(311, 0, 10, 10)],
            [box(0, 191, 10, 10)],
            [box(0, 0, 320.02, 10)],
            [box(0, 0, 0, 10)],
            [box(0, 0, 10, -5)],
            [box(0, 0, 0.004, 10)],
            [box("0", 0, 10, 10)],
            [box(None, 0, 10, 10)],
            [box(0, 0, 1e300, 10)],
            [box(0, 0, 10, 10, label="bus")],
            [box(0, 0, 10, 10, rotation="45")],
            [box(-30, -30, 40, 40, rotation=45)],
            [box(10, 10, 600, 20, rotation=5)],
            [box(0, 0, 10, 10), box(0, 0, 10, 10)],
            [{"x": 0, "y": 0, "width": 10, "label": "car"}],
            [box(0, 0, 10, 10, id="7")],
        ],
    ),
    Group(
        type="boxes",
        question={"rotated": False},
        good=[[box(1, 2, 3, 4, rotation=360)]],
        bad=[[box(1, 2, 3, 4, rotation=5)]],
    ),
    Group(
        type="boxes",
        question={"attributes": [COLOURS, DOORS]},
        good=[
            [box(0, 0, 10, 10)],
            [box(0, 0, 10, 10, attributes={"doors": 4, "colour": "red"})],
            [box(0, 0, 10, 10, attributes={"doors": 4})],
        ],
        bad=[
            [box(0, 0, 10, 10, attributes={"colour": "red"})],
            [box(0, 0, 10, 10, attributes={"colour": "red", "doors": 4.5})],
            [box(0, 0, 10, 10, attributes={"colour": "pink", "doors": 4})],
        ],
    ),
    Group(type="boxes", item={"photo": "street.png"}, good=[[]], bad=[[box(0, 0, 10, 10)]]),
    Group(
        type="polygons",
        good=[
            [],
            [polygon(*SQUARE)],
            [polygon(*SQUARE, SQUARE[0])],
            [polygon(SQUARE[0], *SQUARE)],
            [polygon([0, 0], [320, 0], [320, 200])],
            [polygon([0.005, 0], [100, 0], [50, 60.125])],
            [polygon(*SQUARE, holes=[[[60, 60], [90, 60], [75, 90]], [[20, 20], [40, 20], [30, 40]]])],
            [polygon(*SQUARE, holes=[])],
            [polygon(*SQUARE[::-1])],
        ],
        bad=[
            *NOT_LISTS,
            [polygon([10, 10], [110, 10])],
            [polygon([10, 10], [10, 10], [110, 10])],
            [polygon([10, 10], [60, 10], [110, 10])],
            [polygon([10, 10], [110, 110], [110, 10], [10, 110])],
            [polygon([10, 10], [110, 10], [60, 10], [60, 60])],
            [polygon([10, 10], [110, 10], [60, 60], [110, 110], [10, 110], [60, 60])],
            [polygon([-1, 10], [110, 10], [110, 110])],
            [polygon([10, 10], [321, 10], [110, 110])],
            [polygon([10, 10], [110, 10], [110])],
            [polygon([10, 10], [110, 10], [110, "110"])],
            [polygon([10, 10], [110, 10], None)],
            [{"points": "10,10", "label": "field"}],
            [polygon(*SQUARE), polygon(*SQUARE)],
            [polygon(*SQUARE, holes=[[[60, 60], [200, 60], [75, 90]]])],
            [polygon(*SQUARE, holes=[[[10, 60], [90, 60], [75, 90]]])],
            [polygon(*SQUARE, holes=[[[150, 60], [190, 60], [175, 90]]])],
            [polygon(*SQUARE, holes=[[[60, 60], [90, 60], [75, 90]], [[70, 65], [80, 65], [75, 75]]])],
            [polygon(*SQUARE, holes=[[[60, 60], [90, 60]]])],
            [polygon(*SQUARE, holes=None)],
        ],
    ),
    Group(
        type="masks",
        good=[[], [mask(7, 3, 38)], [mask(0, 48)], [mask(47, 1)], [mask(7.0, 3, 38)], [mask(8, 3, 37), mask(7, 3, 38)]],
        bad=[
            *NOT_LISTS,
            [mask(48)],
            [mask()],
            [mask(7, 3)],
            [mask(7, 3, 39)],
            [mask(7, 0, 41)],
            [mask(7, 3, 38, 0)],
            [mask(-1, 49)],
            [mask(7.5, 2.5, 38)],
            [mask("7", 3, 38)],
            [mask(7, True, 40)],
            [mask(7, 3, 38, size=[8, 6])],
            [mask(7, 3, 38, size=None)],
            [mask(7, 3, 38), mask(7, 3, 38)],
            [{"counts": [7, 3, 38], "label": "rust"}],
            [mask(7, 3, 38, label="mould")],
        ],
    ),
    Group(
        type="keypoints",
        good=[
            [],
            [body(nose=[50, 60, 2])],
            [body(right_eye=[60.125, 45, 1], nose=[0, 200, 2.0])],
            [body(nose=[90, 60, 2]), body(nose=[50, 60, 2])],
        ],
        bad=[
            *NOT_LISTS,
            [body()],
            [body(nose=[50, 60])],
            [body(nose=[50, 60, 0])],
            [body(nose=[50, 60, 3])],
            [body(nose=[50, 60, True])],
            [body(nose=[-1, 60, 2])],
            [body(nose=[321, 60, 2])],
            [body(nose=["50", 60, 2])],
            [body(tail=[50, 60, 2])],
            [body(nose=None)],
            [{"label": "cow", "points": {"nose": [50, 60, 2]}}],
            [{"label": "cat", "points": [[50, 60, 2]]}],
            [body(nose=[50, 60, 2]), body(nose=[50, 60, 2])],
        ],
    ),
]

OTHERS = [
    Group(
        type="audio_regions",
        good=[
            [],
            [sound(0, 5000)],
            [sound(100.0, 200, text=" Hello.\r\n")],
            [sound(100, 200, text="")],
            [sound(100, 200, text=None)],
            [sound(1000, 2000), sound(0, 3000), sound(0, 1500)],
        ],
        bad=[
            *NOT_LISTS,
            [sound(0, 5001)],
            [sound(-1, 100)],
            [sound(100, 100)],
            [sound(200, 100)],
            [sound(0.5, 100)],
            [sound("0", 100)],
            [sound(False, 100)],
            [sound(0, 100, label="music")],
            [sound(0, 100, text=3)],
            [sound(0, 100, text="x" * 10_001)],
            [sound(0, 100), sound(0, 100, text="again")],
            [{"start_ms": 0, "label": "agent"}],
        ],
    ),
    Group(
        type="audio_regions", question={"transcript": False}, good=[[sound(0, 9)]], bad=[[sound(0, 9, text="Hello")]]
    ),
    Group(type="audio_regions", item={"call": {"blob": "0" * 64}}, good=[[]], bad=[[sound(0, 9)]]),
    Group(
        type="document_regions",
        good=[
            [],
            [on_page(1, start=0, end=1800)],
            [on_page(2, start=5.0, end=9, hash="0123456789abcdef")],
            [on_page(1, x=0, y=0, width=595.28, height=841.89)],
            [
                on_page(2, x=1, y=2, width=3, height=4),
                on_page(2, start=7, end=8),
                on_page(1, x=9, y=9, width=9, height=9),
            ],
        ],
        bad=[
            *NOT_LISTS,
            [on_page(0, start=0, end=1)],
            [on_page(3, start=0, end=1)],
            [on_page("1", start=0, end=1)],
            [on_page(1, start=0, end=1801)],
            [on_page(1, start=5, end=5)],
            [on_page(1, start=0, end=1, hash="xyz")],
            [on_page(1)],
            [on_page(1, start=0)],
            [on_page(1, start=0, end=1, x=1, y=1, width=1, height=1)],
            [on_page(1, x=0, y=0, width=600, height=10)],
            [on_page(1, x=0, y=0, width=0, height=10)],
            [on_page(1, x=0, y=0, width=9, height=9, hash="0123456789abcdef")],
            [on_page(1, start=0, end=1), on_page(1, start=0, end=1)],
        ],
    ),
    Group(
        type="document_regions",
        question={"kinds": ["box"]},
        good=[[on_page(1, x=0, y=0, width=9, height=9)]],
        bad=[[on_page(1, start=0, end=1)]],
    ),
    Group(
        type="table_cells",
        good=[
            [],
            [cell(0, "price")],
            [cell(1, "city", "missing"), cell(0, "price"), cell(0, "city")],
            [cell(1.0, "city")],
        ],
        bad=[
            *NOT_LISTS,
            [cell(2, "price")],
            [cell(-1, "price")],
            [cell("0", "price")],
            [cell(0.5, "price")],
            [cell(True, "price")],
            [cell(0, "cost")],
            [cell(0, 1)],
            [cell(0, "1")],
            [cell(0, "price", "odd")],
            [cell(0, "price"), cell(0, "price")],
            [{"row": 0, "label": "wrong"}],
        ],
    ),
    Group(
        type="table_cells",
        item={"sales": 'city,"the ""price""",,7,city\r\nRome,"-4,5",x,1,a\r\n\r\n"a\nb",7,y,2,b'},
        good=[[cell(0, 'the "price"')], [cell(1, "2")], [cell(1, "3")], [cell(0, "0")], [cell(0, "4")]],
        bad=[[cell(2, "2")], [cell(0, "city")], [cell(0, "7")], [cell(0, "")]],
    ),
    Group(
        type="table_cells",
        item={"sales": [{"city": "Rome"}, {"price": 4, "city": "Oslo"}]},
        good=[[cell(0, "price")], [cell(1, "city")]],
        bad=[[cell(2, "city")], [cell(0, "1")]],
    ),
    Group(type="table_cells", item={"sales": []}, good=[[]], bad=[[cell(0, "city")]]),
]
