"""Tokens are cut once for all stages that follow, as long as the text stays what it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.kit.arrow import make_batch, names_of, utf8, with_columns
from goldsmith.kit.columns import Batch
from goldsmith.refine.model import ORDER
from goldsmith.refine.pipeline import HALTED, RAW_KINDS, annotated, run_stages
from goldsmith.refine.stages.c4_quality import C4Quality
from goldsmith.refine.stages.fineweb_quality import FinewebQuality
from goldsmith.refine.stages.gopher_quality import GopherQuality
from goldsmith.refine.stages.gopher_repetition import GopherRepetition
from goldsmith.refine.stages.language import Language
from goldsmith.refine.statistics.shared_tokens import handed_on, known_tokens
from goldsmith.refine.statistics.tokenisers import TOKEN_KINDS, Tokeniser
from goldsmith.refine.statistics.tokens import tokens_of

TEXTS = st.lists(st.text(st.sampled_from("ab1 .,'\n中é\u0301") | st.characters(codec="utf-8"), max_size=30), max_size=6)
ONE_TOKEN = np.array([0, 3], np.int32).tobytes()


def batch_of(*texts: str | None) -> Batch:
    return make_batch({"text": list(texts)}, {"text": "text"})


def with_tokens(batch: Batch, tokeniser: Tokeniser) -> Batch:
    texts = utf8(batch, "text")
    return with_columns(batch, handed_on(batch, texts, tokens_of(texts, tokeniser), tokeniser), TOKEN_KINDS)


@given(texts=TEXTS, start=st.integers(0, 6))
@pytest.mark.parametrize("tokeniser", ["split", "words"])
def test_tokens_that_were_handed_on_are_those_of_the_text(tokeniser: Tokeniser, texts: list[str], start: int):
    part = with_tokens(batch_of(*texts), tokeniser).slice(start)
    encoded = utf8(part, "text")

    found = known_tokens(part, encoded, tokeniser)

    assert all(map(np.array_equal, found, tokens_of(encoded, tokeniser)))


def test_a_stage_takes_the_tokens_that_an_earlier_one_handed_on():
    batch = annotated(GopherRepetition(), batch_of("one two three"))
    claimed = with_columns(batch, {"_tokens_split": [ONE_TOKEN]}, TOKEN_KINDS)

    assert annotated(GopherQuality(), batch).column("gopher_words").to_pylist() == [3]
    assert annotated(GopherQuality(), claimed).column("gopher_words").to_pylist() == [1]
    assert annotated(GopherQuality(tokens="words"), claimed).column("gopher_words").to_pylist() == [3]


def test_tokens_are_cut_where_a_document_has_none():
    batch = with_columns(batch_of("one two", "three"), {"_tokens_split": [ONE_TOKEN, None]}, TOKEN_KINDS)

    assert annotated(GopherQuality(), batch).column("gopher_words").to_pylist() == [2, 1]


@pytest.mark.parametrize("stage", [C4Quality(), Language()])
def test_tokens_do_not_outlive_their_text_or_its_language(stage: C4Quality | Language):
    batch = annotated(GopherQuality(), batch_of("one two three."))

    assert "_tokens_split" in names_of(batch)
    assert "_tokens_split" not in names_of(annotated(stage, batch))


def test_tokens_are_gone_at_the_end_and_decide_nothing():
    texts = ["The end of the day, and that is it. " * 20, "short", "", "a b c. " * 90]
    columns: dict[str, list[object]] = {name: [None] * len(texts) for name in RAW_KINDS}
    columns |= {ORDER: list(range(len(texts))), "text": list(texts), HALTED: [False] * len(texts)}
    batch = make_batch(columns, RAW_KINDS)
    stages = [GopherRepetition(), GopherQuality(), C4Quality(), FinewebQuality()]

    found = run_stages(stages, batch).batch

    assert not set(names_of(found)) & set(TOKEN_KINDS)
    for stage in stages[:2]:
        alone = run_stages([stage], batch).batch
        for name in stage.columns:
            assert found.column(name).to_pylist() == alone.column(name).to_pylist()
    cleaned = with_columns(batch, {"text": found.column("text").to_pylist()}, RAW_KINDS)
    alone = run_stages(stages[3:], cleaned).batch
    for name in FinewebQuality.columns:
        assert found.column(name).to_pylist() == alone.column(name).to_pylist()
