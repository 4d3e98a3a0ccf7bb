"""Repair: mends what wrong charsets, terminals, editors and scrapers did to a text, and counts every change."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from unicodedata import unidata_version

import msgspec

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage


class Repair(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Mends encoding faults; quotes, dashes and spelling stay as they were written.

    Attributes:
        newlines: whether all line ends become line feeds.
        mojibake: whether lines that were decoded with the wrong charset (`Ã©` for `é`, `ÖÐÎÄ` for `中文`) are decoded
            again.
        pairs: whether East Asian text whose bytes were paired wrongly, such as after a lost byte, is paired anew.
        lost: whether runs of characters that a decoder lost (`U+FFFD`) become one.
        entities: whether entities of HTML that were left over (`caf&eacute;`) become their character.
        tags: whether tags of HTML that were left over are taken out.
        controls: whether control characters, terminal colours and overstriking are taken out.
        invisible: whether characters without width are taken out.
        homoglyphs: whether letters that look like those of their word, but are of another alphabet (Latin, Cyrillic,
            Greek), become what they look like.
        romanisation: whether readings that were injected into Chinese text (`公司(gōngsī)`) are taken out.
        widths: whether wide letters, digits and narrow kana inside of words of the usual width become usual.
        punctuation: whether doubled commas and full stops become one, and runs of `!` and `?` at most three.
        compose: whether letters and their marks are composed (Unicode NFC).
    """

    name: ClassVar[str] = "repair"
    title: ClassVar[str] = "Repair"
    version: ClassVar[str] = f"2+unicode{unidata_version}"
    changes: ClassVar[Mapping[str, str]] = {
        "repaired_newlines": "line ends",
        "repaired_mojibake": "lines decoded with the wrong charset",
        "repaired_pairs": "passages with wrongly paired bytes",
        "repaired_lost": "runs of lost characters",
        "repaired_entities": "entities of HTML",
        "repaired_tags": "tags of HTML",
        "repaired_controls": "control characters",
        "repaired_invisible": "characters without width",
        "repaired_homoglyphs": "letters of another alphabet",
        "repaired_romanisation": "injected readings of Chinese",
        "repaired_widths": "letters of another width",
        "repaired_punctuation": "doubled punctuation marks",
        "repaired_composition": "lines with uncomposed letters",
    }
    columns: ClassVar[Kinds] = {
        "text": "text",
        "repaired_newlines": "int",
        "repaired_mojibake": "int",
        "repaired_pairs": "int",
        "repaired_lost": "int",
        "repaired_entities": "int",
        "repaired_tags": "int",
        "repaired_controls": "int",
        "repaired_invisible": "int",
        "repaired_homoglyphs": "int",
        "repaired_romanisation": "int",
        "repaired_widths": "int",
        "repaired_punctuation": "int",
        "repaired_composition": "int",
        "repairs": "text",
        "repair_spans": "text",
    }
    spans: ClassVar[frozenset[str]] = frozenset({"repair_spans"})
    libraries: ClassVar[tuple[str, ...]] = ("ftfy", "numba", "numpy")

    newlines: bool = True
    mojibake: bool = True
    pairs: bool = True
    lost: bool = True
    entities: bool = True
    tags: bool = True
    controls: bool = True
    invisible: bool = True
    homoglyphs: bool = True
    romanisation: bool = True
    widths: bool = True
    punctuation: bool = True
    compose: bool = True

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The mended texts, how many spans of each kind were changed, a few examples, and all spans, as JSON.

        The spans say what stood where, by offsets in characters into the mended text, so that every change can be shown
        and taken back.
        """
        from goldsmith.kit.arrow import bytes_at, edited, text_at, utf8  # noqa: PLC0415 - recipes are read without it
        from goldsmith.refine.repairing.signs import signs_of  # noqa: PLC0415
        from goldsmith.refine.repairs import KINDS, Kind, may_need_repair, repair  # noqa: PLC0415 - numpy, when only a recipe is read

        kinds: list[Kind] = [kind for kind in KINDS if self._is_on(kind)]
        texts, n_texts = utf8(batch, "text"), batch.num_rows
        mended: dict[int, str] = {}
        counts = {name: [0] * n_texts for name in self.changes}
        examples: list[str | None] = [None] * n_texts
        spans: list[str | None] = [None] * n_texts
        for row, found in enumerate(signs_of(texts).tolist()):
            if not may_need_repair(bytes_at(texts, row), found):
                continue
            text = text_at(texts, row)
            done = repair(text, kinds=kinds, signs=found)
            if done.text != text:
                mended[row] = done.text
            for kind, n_spans in done.counts.items():
                counts[f"repaired_{kind}"][row] = n_spans
            examples[row], spans[row] = _as_json(done.examples), _as_json(done.changes())
        return {"text": edited(batch, "text", mended), **counts, "repairs": examples, "repair_spans": spans}

    def _is_on(self, kind: str) -> bool:
        return self.compose if kind == "composition" else bool(getattr(self, kind))


def _as_json(found: Sequence[object]) -> str | None:
    return msgspec.json.encode(found).decode() if found else None


plugin = Repair
