"""Measures repairs on real documentation in many languages, where the machine has it."""

import re
from collections.abc import Callable, Sequence

import ftfy  # noqa: F401 - it names the charset `sloppy-windows-1252`, which browsers read Latin-1 as
import pytest

from goldsmith.refine.repairs import repair
from tests.unit.refine.sound_texts import FOLDER, real_texts

READINGS = ("latin-1", "sloppy-windows-1252")
FAULTS = {"invisible", "homoglyphs", "punctuation", "composition", "newlines", "controls"}
"""Faults that real texts do have; each was looked at, and none of them is a matter of decoding or markup."""

DAMAGE = re.compile("[\x80-\x9f\ufffd]")
"""What no sound text has: a few of the pages do, in pieces of characters that their authors lost."""

MIN_LETTERS = 20
RANGES = {
    "gbk": ("zh-CN", ("\u4e00", "\u9fff")),
    "big5": ("zh-TW", ("\u4e00", "\u9fff")),
    "shift_jis": ("ja", ("\u3041", "\u9fff")),
    "euc_kr": ("ko", ("\uac00", "\ud7a3")),
}


@pytest.fixture(scope="module")
def texts() -> Sequence[tuple[str, str]]:
    """Real texts as they are after repairs."""
    found = list(real_texts())
    if len(found) < 2000:
        pytest.skip(f"{len(found)} pages of documentation here, 2,000 are needed; {FOLDER} can name a folder of them")
    return found


def damaged(text: str, charset: str, reading: str) -> tuple[str, str]:
    """The text as far as the charset has its characters, and what a reader that expects `reading` makes of it."""
    content = text.encode(charset, "ignore")
    return content.decode(charset), content.decode(reading)


def n_restored(texts: Sequence[str], damage: Callable[[str], tuple[str, str]]) -> int:
    pairs = [damage(text) for text in texts]
    return sum(repair(broken).text == sound for sound, broken in pairs)


def test_undamaged_texts_are_not_changed(texts: Sequence[tuple[str, str]]):
    undamaged = [(name, text) for name, text in texts if not DAMAGE.search(text)]
    done = [(name, repair(text)) for name, text in undamaged]

    changed = [name for name, each in done if set(each.counts) - FAULTS]
    n_with_faults = sum(bool(each.counts) for _, each in done)

    assert len(done) >= 2000
    assert changed == []
    assert n_with_faults <= 0.01 * len(done)


@pytest.mark.parametrize("reading", READINGS)
def test_nearly_all_texts_of_utf8_read_as_latin_are_restored(texts: Sequence[tuple[str, str]], reading: str):
    accented = [repair(text).text for _, text in texts if sum(letter > "\x7f" for letter in text) >= MIN_LETTERS]
    drawn = accented[:: len(accented) // 200][:200]

    assert len(drawn) == 200
    assert n_restored(drawn, lambda text: damaged(text, "utf-8", reading)) >= 195


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("charset", RANGES)
def test_most_east_asian_texts_read_as_latin_are_restored(texts: Sequence[tuple[str, str]], charset: str, reading: str):
    language, (first, last) = RANGES[charset]
    own = [
        repair(text).text
        for name, text in texts
        if language in name.split("/") and sum(first <= letter <= last for letter in text) >= MIN_LETTERS
    ][:100]

    assert len(own) >= 50
    assert n_restored(own, lambda text: damaged(text, charset, reading)) >= 0.9 * len(own)
