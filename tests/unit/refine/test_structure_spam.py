"""Lines of spam: which are taken out, which prose about the same stays, and what is dropped."""

# Texts in several languages hold letters that look like others.
# ruff: noqa: RUF001

from collections.abc import Mapping, Sequence

import msgspec
import pytest

from goldsmith.kit.arrow import make_batch
from goldsmith.refine.repairing.edits import Change, undo
from goldsmith.refine.stages.spam_lines import SpamLines
from tests.unit.refine.sound_texts import SENTENCES

TEXT = "The mill at the brook has stood for three hundred years.\n\nIn winter the brook freezes, and the wheel stands."

SALADS = {
    "gambling": [
        "best online casino free spins no deposit bonus casino slots real money",
        "Slot Gacor | Judi Online | Situs Slot | Togel Online",
        "онлайн казино игровые автоматы вулкан казино фриспины",
        "时时彩 北京赛车 六合彩 博彩网 百家乐",
        "바카라사이트 온라인카지노 토토사이트 먹튀검증",
    ],
    "adult": [
        "free porn xxx videos live sex cams adult chat",
        "无码 毛片 成人电影 裸聊",
        "порно видео смотреть порно секс видео",
    ],
    "sales": ["buy viagra online cheap cialis generic levitra no prescription", "代开发票 办证 刻章 私家侦探"],
}
PROSE = [
    "Online casinos have grown fast: the regulator counted four hundred of them, and the slot machines earn the most.",
    "The police said that the online pharmacy had sold cheap Viagra without a prescription to customers in ten states.",
    "The study asked teenagers when they had first seen porn videos on the internet, and how they felt about it then.",
    "警方表示，该团伙利用博彩网和时时彩骗取了数百名受害者的钱财，目前案件正在进一步审理当中。",
]


def spam(*texts: str | None, **parameters: object) -> Mapping[str, Sequence[object]]:
    columns = msgspec.convert(parameters, SpamLines).annotate(make_batch({"text": list(texts)}, {"text": "text"}))
    for before, after, spans in zip(texts, columns["text"], columns["spam_spans"], strict=True):
        changes = [] if spans is None else msgspec.json.decode(str(spans), type=list[Change])
        assert after is before is None or undo(str(after), changes) == before
    return columns


@pytest.mark.parametrize("kind", SALADS)
def test_salads_go_from_head_and_foot(kind: str):
    texts = [text for salad in SALADS[kind] for text in (f"{salad}\n\n{TEXT}", f"{TEXT}\n\n{salad}")]

    columns = spam(*texts)

    assert columns["text"] == [TEXT] * len(texts)
    assert columns[f"spam_{kind}"] == [1] * len(texts)


def test_prose_about_the_same_stays():
    texts = [*PROSE, *SENTENCES.values()]

    columns = spam(*texts)

    assert columns["text"] == texts
    assert set(columns["spam_share"]) == {0.0}


def test_inside_of_a_text_it_takes_more():
    prose = "\n".join(f"The mill number {number} has stood for three hundred years." for number in range(12))
    few, many = "online casino free spins slot online", SALADS["gambling"][0] + " poker online"

    (kept, shorter) = spam(
        prose.replace("\n", f"\n{few}\n", 6).replace(f"{few}\n", "", 5), f"{prose}\n{many}\n{prose}"
    )["text"]

    assert few in str(kept)
    assert shorter == f"{prose}\n{prose}"


def test_an_account_that_is_advertised_again_and_again_goes():
    lines = [
        "水车在小河边已经有三百年了。",
        "加微信：abc12345 咨询",
        "冬天小河结冰。",
        "微信号：abc12345",
        "磨坊主人读书。",
        "【微信abc12345】",
    ]

    often, once = spam("\n".join(lines), "\n".join(lines[:3]))["text"]

    assert often == "\n".join(lines[::2])
    assert once == "\n".join(lines[:3])


def test_lists_of_links_go_and_sources_stay():
    links = "\n".join(f"http://www.shop{number}.example/buy" for number in range(9))
    sources = "\n".join(
        f"Smith {number}, A history of mills. https://press{number}.example/mills" for number in range(9)
    )

    assert spam(f"{TEXT}\n\n{links}", f"{TEXT}\n\n{sources}")["text"] == [TEXT, f"{TEXT}\n\n{sources}"]


def test_it_can_count_alone_and_look_for_some_kinds():
    text = f"{TEXT}\n\n{SALADS['adult'][0]}"

    counted, other = spam(text, take_out=False), spam(text, kinds=["gambling"])

    assert (counted["text"], counted["spam_adult"]) == ([text], [1])
    assert counted["spam_share"][0] == pytest.approx(0.3, abs=0.05)
    assert (other["text"], other["spam_adult"], other["spam_share"]) == ([text], [0], [0.0])


def test_what_is_mostly_spam_is_dropped():
    shares = spam("\n".join(SALADS["gambling"]), TEXT, None)["spam_share"]
    (rule,) = SpamLines().rules()

    verdicts = rule.verdicts(make_batch({"spam_share": shares}, {"spam_share": "float"}))

    assert [verdict is not None for verdict in verdicts] == [True, False, False]
    assert SpamLines(max_share=None).rules() == ()
