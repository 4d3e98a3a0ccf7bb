"""The quality stages against datatrove: the same numbers, bit by bit, and the same verdicts, given the same tokens."""

import itertools
import sysconfig
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from goldsmith.kit.arrow import Utf8, make_batch, utf8, with_columns
from goldsmith.kit.columns import Batch
from goldsmith.refine.stages.c4_quality import C4Quality
from goldsmith.refine.stages.fineweb2_quality import Fineweb2Quality
from goldsmith.refine.stages.fineweb_quality import FinewebQuality
from goldsmith.refine.stages.gopher_quality import GopherQuality
from goldsmith.refine.stages.gopher_repetition import GopherRepetition
from goldsmith.refine.statistics.columns import lines_of, quality_of, repetition_of
from goldsmith.refine.statistics.sentences import count_sentences
from goldsmith.refine.statistics.tokens import Tokens, tokens_of
from tests.golden.datatrove_reference import (
    ERROR,
    FILE,
    Expected,
    edited_by_c4,
    expected,
    fineweb2_verdict,
    listed_tokeniser,
    made_texts,
)

needs_datatrove = pytest.mark.skipif(find_spec("datatrove") is None, reason="datatrove is not installed beside us")
needs_spacy = pytest.mark.skipif(find_spec("spacy") is None, reason="spaCy is not installed beside us")

STAGES = {stage.name: stage() for stage in (GopherQuality, GopherRepetition, FinewebQuality)}
MOST_CHARACTERS = 20_000
MOST_BYTES = 240_000
N_REAL = 450


def batch_of(texts: Sequence[str]) -> Batch:
    return make_batch({"text": list(texts)}, {"text": "text"})


def ours(texts: Utf8, tokens: Tokens) -> dict[str, dict[str, list[Any]]]:
    """All columns of the three stages."""
    found = {
        "gopher-quality": quality_of(texts, tokens, GopherQuality().stop_words),
        "gopher-repetition": repetition_of(texts, tokens),
        "fineweb-quality": lines_of(texts, tokens, 30),
    }
    return {stage: {name: list(values) for name, values in columns.items()} for stage, columns in found.items()}


def verdicts(stage: str, columns: dict[str, list[Any]]) -> list[str | None]:
    """The first rule of a stage that stops each text."""
    batch = make_batch(columns, STAGES[stage].columns)
    decided = [[each and rule.name for each in rule.verdicts(batch)] for rule in STAGES[stage].rules()]
    return [next(filter(None, row), None) for row in zip(*decided, strict=True)]


def differences(texts: Sequence[str], tokens: Tokens, golden: Sequence[dict[str, Expected]]) -> list[str]:
    """Where we and datatrove differ, in words; every number that datatrove comes to is compared."""
    found: list[str] = []
    for stage, columns in ours(utf8(batch_of(texts), "text"), tokens).items():
        decided = verdicts(stage, columns)
        for place, (text, theirs) in enumerate(zip(texts, golden, strict=True)):
            for name, number in theirs[stage].numbers.items():
                if columns[name][place] != number:
                    found.append(f"{text[:60]!r}: {name} is {columns[name][place]}, datatrove's {number}")
            is_empty = stage == "gopher-repetition" and not text  # it drops it there; we leave that to other stages
            if theirs[stage].verdict not in (ERROR, decided[place]) and not is_empty:
                found.append(f"{text[:60]!r}: {stage} says {decided[place]}, datatrove {theirs[stage].verdict}")
    return found


def real_texts() -> list[str]:
    """Documents of installed packages, of the system and of Python itself: prose, licences, lists, tables and code."""
    packages = [
        Path(str(file.locate()))
        for distribution in sorted(distributions(), key=lambda each: each.metadata["Name"])
        for file in distribution.files or ()
        if file.name == "METADATA" or file.suffix in {".md", ".rst", ".txt"}
    ]
    system = sorted(Path("/usr/share/doc").glob("*/*[a-z]"))
    library = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))
    texts: list[str] = []
    for path in itertools.chain(packages, library, system):
        if path.is_file() and path.stat().st_size <= MOST_BYTES and path.suffix != ".gz":
            texts.append(path.read_text("utf-8", errors="replace")[:MOST_CHARACTERS])
        if len(texts) == N_REAL:
            break
    return texts


def words_of(encoded: Utf8, tokens: Tokens, texts: Sequence[str]) -> dict[str, list[str]]:
    """The tokens of each text as words."""
    return {
        text: [
            bytes(encoded.content[start:stop]).decode()
            for start, stop in zip(tokens.starts[first:last], tokens.stops[first:last], strict=True)
        ]
        for text, first, last in zip(texts, tokens.bounds[:-1], tokens.bounds[1:], strict=True)
    }


def located(texts: Sequence[str], words: Sequence[Sequence[str]]) -> Tokens:
    """The places of words that somebody else cut."""
    starts, stops, bounds, before = [], [], [0], 0
    for text, each in zip(texts, words, strict=True):
        place, place_bytes = 0, before
        for word in each:
            found = text.index(word, place)
            place_bytes += len(text[place:found].encode())
            starts.append(place_bytes)
            place_bytes += len(word.encode())
            stops.append(place_bytes)
            place = found + len(word)
        before += len(text.encode())
        bounds.append(len(starts))
    return Tokens(*(np.array(each, np.int64) for each in (starts, stops, bounds)))


def test_made_up_texts_have_the_numbers_and_verdicts_that_datatrove_gave():
    texts = made_texts()
    golden = msgspec.json.decode(FILE.read_bytes(), type=list[dict[str, Expected]])

    assert differences(texts, tokens_of(utf8(batch_of(texts), "text"), "split"), golden) == []
    for stage in golden[0]:
        kept = sum(each[stage].verdict is None for each in golden)
        assert 0 < kept < len(golden)


@needs_datatrove
@pytest.mark.parametrize("tokeniser", ["split", "words"])
def test_real_documents_have_the_numbers_and_verdicts_of_datatrove(tokeniser: Any):
    texts = real_texts()
    encoded = utf8(batch_of(texts), "text")
    tokens = tokens_of(encoded, tokeniser)
    theirs = listed_tokeniser(words_of(encoded, tokens, texts).__getitem__)

    assert len(texts) >= 400
    assert differences(texts, tokens, [expected(text, theirs) for text in texts]) == []


@needs_datatrove
@pytest.mark.parametrize(
    "language", ["arb_Arab", "deu_Latn", "eng_Latn", "fra_Latn", "hin_Deva", "rus_Cyrl", "vie_Latn"]
)
def test_a_document_of_any_language_has_the_verdict_of_datatrove_with_the_limits_of_fineweb2(language: str):
    texts = [text for text in real_texts() if len(text) < 8000][:150] + made_texts()
    stage = Fineweb2Quality()
    batch = make_batch({"text": texts, "language": [language] * len(texts)}, {"text": "text", "language": "text"})
    annotated = with_columns(batch, stage.annotate(batch), stage.columns)
    decided = [[each and rule.name for each in rule.verdicts(annotated)] for rule in stage.rules()[1:]]
    encoded = utf8(batch, "text")
    theirs = listed_tokeniser(words_of(encoded, tokens_of(encoded, "words"), texts).__getitem__)

    first = [next(filter(None, row), None) for row in zip(*decided, strict=True)]

    pairs = list(zip(texts, first, [fineweb2_verdict(text, language, theirs) for text in texts], strict=True))
    assert [pair for pair in pairs if pair[2] not in (ERROR, "no-lines", pair[1]) and pair[0]] == []
    assert len({verdict for *_, verdict in pairs}) > 5


@needs_datatrove
@needs_spacy
def test_documents_cut_by_spacy_have_the_numbers_and_verdicts_of_datatrove():
    english = import_module("datatrove.utils.word_tokenizers").load_word_tokenizer("en")
    texts = [text for text in real_texts() if len(text) < 6000][:60] + made_texts()[:60]
    words = [english.word_tokenize(text) for text in texts]

    assert differences(texts, located(texts, words), [expected(text, english) for text in texts]) == []


@needs_datatrove
@needs_spacy
@pytest.mark.parametrize("code", [None, "de", "ru", "no", "zz"])
def test_the_tokens_of_spacy_are_those_of_datatrove(code: str | None):
    names = {None: "en", "no": "nob_Latn", "zz": "abk_Cyrl"}  # what has no rules of its own has those for all languages
    theirs = import_module("datatrove.utils.word_tokenizers").load_word_tokenizer(names.get(code, str(code)))
    texts = [text for text in real_texts() if len(text) < 4000][:60] + [text for text in made_texts() if text]

    tokens = tokens_of(utf8(batch_of(texts), "text"), "spacy", [code] * len(texts))

    expected_tokens = located(texts, [theirs.word_tokenize(text) for text in texts])
    assert all(map(np.array_equal, tokens, expected_tokens))


@needs_spacy
def test_a_stage_cut_by_spacy_pins_its_version():
    assert "spacy" in GopherQuality(tokens="spacy").chosen_libraries()


@needs_datatrove
@pytest.mark.parametrize("only_finished", [True, False])
def test_c4_keeps_the_lines_and_drops_the_documents_that_datatrove_does(*, only_finished: bool):
    texts = [text for text in real_texts() if len(text) < 30_000] + made_texts()
    stage = C4Quality(only_finished_lines=only_finished)
    columns = {name: list(values) for name, values in stage.annotate(batch_of(texts)).items()}
    batch = make_batch(columns, stage.columns)
    dropped = [any(row) for row in zip(*(rule.verdicts(batch) for rule in stage.rules()), strict=True)]

    theirs = [
        edited_by_c4(
            text,
            only_finished=only_finished,
            n_sentences=lambda line: count_sentences(utf8(batch_of([line]), "text")).item(),
        )
        for text in texts
    ]

    assert len(texts) >= 400
    assert dropped == [text is None for text in theirs]
    kept = [text for text, is_dropped in zip(columns["text"], dropped, strict=True) if not is_dropped]
    assert kept == [text for text in theirs if text is not None]
    assert 0 < len(kept) < len(texts)


@needs_datatrove
def test_the_golden_file_is_what_datatrove_gives_today():
    golden = msgspec.json.decode(FILE.read_bytes(), type=list[dict[str, Expected]])

    assert [expected(text, listed_tokeniser(str.split)) for text in made_texts()] == golden
