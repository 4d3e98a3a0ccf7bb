# Chinese punctuation looks like other punctuation.
# ruff: noqa: RUF001

from unicodedata import normalize

import numpy as np
import pytest

from goldsmith.refine.repairs import repair
from tests.unit.refine.sound_texts import SENTENCES

WORDS = [
    *(("公司", "gōngsī"), ("今天", "jīntiān"), ("宣布", "xuānbù"), ("新的", "xīnde"), ("产品", "chǎnpǐn")),
    *(("将于", "jiāngyú"), ("下个", "xiàgè"), ("月", "yuè"), ("上市", "shàngshì"), ("價格", "jiàgé")),
    *(("團隊", "tuánduì"), ("的", "de"), ("工作", "gōngzuò"), ("很好", "hěnhǎo"), ("他們", "tāmen")),
    *(("都", "dōu"), ("喜歡", "xǐhuān"), ("這份", "zhèfèn"), ("電腦", "diànnǎo"), ("女兒", "nǚ'ér")),
    *(("城市", "chéngshì"), ("里", "lǐ"), ("有", "yǒu"), ("许多", "xǔduō"), ("公园", "gōngyuán")),
    *(("人们", "rénmen"), ("早上", "zǎoshang"), ("去", "qù"), ("跑步", "pǎobù"), ("绿色", "lǜsè")),
    *(("旅行", "lǚxíng"), ("以前", "yǐqián"), ("我们", "wǒmen"), ("先", "xiān"), ("看", "kàn")),
    *(("地图", "dìtú"), ("然后", "ránhòu"), ("决定", "juédìng"), ("路线", "lùxiàn"), ("和", "hé")),
]


def made(seed: int, *, share: float, marked: tuple[bool, ...], n_words: int = 400) -> tuple[str, str]:
    """A text of words in random order, and the same with readings behind a share of its words."""
    rng = np.random.default_rng(seed)
    sound: list[str] = []
    noisy: list[str] = []
    for number in range(n_words):
        word, reading = WORDS[rng.integers(len(WORDS))]
        if not marked[rng.integers(len(marked))]:
            spelled = "".join(
                letter for letter in normalize("NFD", reading) if letter not in "\u0300\u0301\u0304\u030c"
            )
            reading = normalize("NFC", spelled).replace("ü", "v" if rng.random() < 0.5 else "ü")
        left, right = [("(", ")"), ("（", "）")][rng.integers(2)]
        mark = "。\n" if number % 40 == 39 else "，" if number % 7 == 6 else ""
        sound.append(word + mark)
        noisy.append(word + (f"{left}{reading}{right}" if rng.random() < share else "") + mark)
    return "".join(sound), "".join(noisy)


@pytest.mark.parametrize("marked", [(True,), (False,), (True, False)], ids=["tones", "ascii", "both"])
@pytest.mark.parametrize("share", [0.05, 0.15, 0.4, 1.0])
def test_injected_readings_are_taken_out(share: float, marked: tuple[bool, ...]):
    n_right = n_characters = 0
    for seed in range(20):  # 20 texts of about 750 characters
        sound, noisy = made(seed, share=share, marked=marked)
        n_characters += len(sound)
        n_right += len(sound) if repair(noisy).text == sound else 0

    assert n_characters > 14_000
    assert n_right >= 0.99 * n_characters


def test_readings_behind_single_characters_are_taken_out():
    text = "團(tuán)隊的(de)工作很好(hao)，他們都(dou)喜歡這(zhè)份工(gong1)作。"

    done = repair(text)

    assert done.text == "團隊的工作很好，他們都喜歡這份工作。"
    assert done.counts == {"romanisation": 6}


def test_what_is_no_reading_stays_among_noise():
    sound, noisy = made(1, share=0.3, marked=(True, False))
    tail = "人工智能(AI)和世界卫生组织(WHO)，他(he)吃苹果(apple)，中国(China)，注（见下）。"

    assert repair(noisy + tail).text == sound + tail


@pytest.mark.parametrize(
    "text",
    [
        "人工智能(AI)是一个学科。世界卫生组织(WHO)在日内瓦。英特尔(Intel)和微软(Microsoft)都参加。",
        "毛泽东（Máo Zédōng）出生于湖南，邓小平（Dèng Xiǎopíng）出生于四川，周恩来（Zhōu Ēnlái）生于江苏。",
        "汉语拼音有四个声调：妈(mā)、麻(má)、马(mǎ)、骂(mà)。",
        "“行”字读作行(xíng)或者行(háng)，“长”字读作长(cháng)或者长(zhǎng)，要看上下文。",
        "你好(nǐ hǎo)是问候的话。谢谢(xiè xie)表示感谢。再见(zài jiàn)用于告别。",
        "1. 苹果 (píngguǒ) apple\n2. 香蕉 (xiāngjiāo) banana\n3. 西瓜 (xīguā) watermelon",
        "犇（bēn）、猋（biāo）、骉（biāo）都是生僻字。",
        "他(he)和她(she)都可以(can)。",
        f"{SENTENCES['zh-Hans']}公司(gōngsī)很大。",
    ],
)
def test_readings_that_are_meant_stay(text: str):
    assert repair(text).text == text
