"""The line edits of DCLM as the columns of their stage."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from goldsmith.kit.arrow import take_rows, utf8
from goldsmith.kit.columns import Batch
from goldsmith.refine.statistics.dclm_edits import DclmRules, edit_by_dclm
from goldsmith.refine.statistics.dclm_kinds import DCLM_KINDS, DclmKind


def dclm_columns(
    batch: Batch, rules: DclmRules, counted: Mapping[DclmKind, str], languages: Collection[str]
) -> Mapping[str, Sequence[object]]:
    """The edited texts and what went; `counted` names the columns of counts, texts of other `languages` stay."""
    known: list[str | None] = batch.column("language").to_pylist()
    rows = [row for row, language in enumerate(known) if not languages or language is None or language in languages]
    chosen = take_rows(batch, rows)
    texts: list[object] = batch.column("text").to_pylist()
    counts: dict[DclmKind, list[object]] = {kind: [0] * len(texts) for kind in DCLM_KINDS}
    words: list[object] = [None] * len(texts)
    removed, edits = words.copy(), words.copy()
    edited = edit_by_dclm(chosen.column("text").to_pylist(), utf8(chosen, "text"), rules)
    for row, each in zip(rows, edited, strict=True):
        texts[row] = each.text
        words[row] = each.n_words_left
        removed[row] = (each.n_words - each.n_words_left) / each.n_words if each.n_words else None
        edits[row] = msgspec.json.encode(each.changes).decode() if each.changes else None
        for kind, n in each.counts.items():
            counts[kind][row] = n
    return {
        "text": texts,
        **{counted[kind]: counts[kind] for kind in DCLM_KINDS},
        "dclm_words": words,
        "dclm_removed_words": removed,
        "dclm_edits": edits,
    }
