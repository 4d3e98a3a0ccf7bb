"""The laws of refine stages, run on every plugin found."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldsmith.kit.arrow import make_batch, names_of, with_columns
from goldsmith.kit.columns import Batch
from goldsmith.refine.classifying.models import Measured, Model, Quality, encoded, packed
from goldsmith.refine.engines import load_named
from goldsmith.refine.evidence.places import places_of, records_of
from goldsmith.refine.evidence.spans import MAX_SPANS
from goldsmith.refine.model import ORDER, Comparison, CorpusStage, DocumentStage, Places, Stage
from goldsmith.refine.pipeline import (
    HALTED,
    RAW_KINDS,
    STOPS,
    Outcome,
    annotated,
    decide,
    parts_by_fate,
    run_stages,
    working_kinds,
)
from goldsmith.refine.recipe import FIRST_STAGE, stage_types


def classifier_file() -> str:
    """A classifier that likes some words and dislikes others, at random."""
    weights = np.random.default_rng(0).normal(size=1 << 10).astype(np.float32)
    nothing = Measured(estimate=None, low=None, high=None, n=0)
    quality = Quality(n_folds=0, auc=nothing, brier_score_error=0.0, operating=(), calibration=())
    model = Model(
        goldsmith="test",
        keep=("good",),
        labels={"good": 1},
        bits=10,
        max_characters=30,
        offset=0.1,
        weights=packed(weights),
        seed=0,
        quality=quality,
    )
    path = Path(FOLDER.name) / "law.model"
    path.write_bytes(encoded(model))
    return str(path)


FOLDER = tempfile.TemporaryDirectory(prefix="laws-")
"""Where files lie that stages read; gone at the end."""

MORE_PARAMETERS: Mapping[str, Sequence[Mapping[str, object]]] = {
    "boilerplate-lines": [{"kinds": ("cookies", "navigation"), "max_share": 0.2}],
    "contamination": [
        {
            "test_sets": ("test_sets",),
            "remove": "spans",
            "min_words": 2,
            "overlap_words": 3,
            "words": 4,
            "characters": 20,
        },
        {"test_sets": ("test_sets",), "fields": ("question", "answer"), "min_overlap": 0.3, "overlap_words": 5},
    ],
    "c4-quality": [{"only_finished_lines": False, "min_sentences": 1}],
    "dclm-lines": [{"languages": (), "min_words": 1, "max_removed_words": 0.5}],
    "classifier": [{"model": classifier_file(), "min_score": 0.55}],
    "fineweb-quality": [{"tokens": "words", "short_line": 5}],
    "fineweb2-quality": [{"tokens": "split", "limits": {"all": {"min_words": 3}}}],
    "gopher-quality": [{"tokens": "words", "min_words": 3}],
    "gopher-repetition": [{"tokens": "words"}],
    "paragraph-languages": [{"min_letters": 3, "min_score": 0.1, "min_main_share": 0.8}],
    "personal-data": [{"redact": False, "max_found": 0, "phone_regions": ("DE",)}],
    "extract-html": [{"main_content": False}],
    "language": [{"keep": ("en", "de"), "min_score": 0.3}],
    "length": [{"min_characters": 5, "max_characters": 40}],
    "line-duplicates": [
        {"max_documents": 1, "min_characters": 4, "max_share": 0.2},
        {"max_documents": 2, "min_characters": 1, "keep": "none", "max_share": None},
    ],
    "licence-evidence": [{"require": ("MIT", "LicenseRef-own"), "forbid": ("GPL-*",)}],
    "near-duplicates": [{"threshold": 0.5, "words": 1, "bands": 20, "rows": 2}],
    "usage-signals": [{"respect": ("noai", "noindex"), "agents": ("OwnBot",)}],
    "url-duplicates": [{"keep": "latest", "join_versions": True}],
    "url-rules": [{"only_domains": ("example.org",), "max_soft_words": 0}],
    "substring-duplicates": [{"words": 2, "max_share": 0.2}, {"words": 3, "max_share": None}],
    "redpajama-signals": [{"minimum": {"rps_doc_word_count": 3}, "maximum": {"rps_doc_frac_all_caps_words": 0.5}}],
    "repeated-body": [{"min_words": 1, "min_share": 0.1, "max_share": 0.3}],
    "spam-lines": [{"take_out": False, "max_share": 0.1}],
    "truncation": [{"max_score": 0.5}],
    "translation-traces": [{"drop": ("engine", "credit", "plugin")}],
    "repair": [{"mojibake": False, "compose": False}],
}
"""Parameters under which a stage does more than with its defaults; a plugin without an entry is tested on those."""

NEEDED: Mapping[str, Mapping[str, object]] = {"contamination": {"test_sets": ("test_sets",), "remove": "nothing"}}
"""Parameters without which a stage cannot be, instead of none; files lie beside this one."""

PLACES = Places(base=Path(__file__).parent, doc_folders=(), packages=lambda: ())

STAGES = [
    stage(**parameters).bound(PLACES) if name in NEEDED else stage(**parameters)
    for name, stage in stage_types().items()
    for parameters in [NEEDED.get(name, {}), *MORE_PARAMETERS.get(name, [])]
]
EVERY_STAGE = pytest.mark.parametrize("stage", STAGES, ids=[f"{stage.name}-{n}" for n, stage in enumerate(STAGES)])

WORDS = st.sampled_from(
    [*("the", "licence", "is", "free", "der", "Hund", "läuft"), *("по", "schÃ¶n", "中文", "<b>a</b>")]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
PIECES = st.sampled_from(["", "\r\n", "\x00", "<p>hello", "cafe\u0301", "\u200b", "one two three four five six"])
TEXTS = st.lists(SENTENCES | PIECES | st.text(max_size=20), max_size=4).map("\n".join)
CONTENT = TEXTS.map(str.encode) | TEXTS.map(lambda text: text.encode("utf-16")) | st.binary(max_size=30)
DOCUMENTS = st.lists(st.tuples(CONTENT, st.sampled_from(["text", "html"])), min_size=1, max_size=10)


class Fate(NamedTuple):
    """What became of a document: where it went, with all columns that say why."""

    went: str
    columns: dict[str, Any]


def raw_batch(documents: Sequence[tuple[str, bytes, str]]) -> Batch:
    n = len(documents)
    columns: dict[str, list[object]] = {name: [None] * n for name in RAW_KINDS}
    columns |= {
        ORDER: list(range(n)),
        "id": [name for name, _, _ in documents],
        "source": ["law"] * n,
        "meta": ["{}"] * n,
        "_raw": [raw for _, raw, _ in documents],
        HALTED: [False] * n,
        "_media": [media for *_, media in documents],
    }
    return make_batch(columns, RAW_KINDS)


def named(documents: Sequence[tuple[bytes, str]]) -> list[tuple[str, bytes, str]]:
    return [(f"d{number:02}", raw, media) for number, (raw, media) in enumerate(documents)]


def before(stage: Stage, documents: Sequence[tuple[str, bytes, str]], size: int) -> Iterator[Batch]:
    """Batches as they reach `stage`: decoded, unless it is the one that decodes."""
    decoder = cast("DocumentStage", stage_types()[FIRST_STAGE]())
    for start in range(0, len(documents), size):
        batch = raw_batch(documents[start : start + size])
        yield batch if stage.name == FIRST_STAGE else parts_by_fate(run_stages([decoder], batch).batch).kept


def outcomes(stage: Stage, batches: Sequence[Batch]) -> list[Outcome]:
    if isinstance(stage, DocumentStage):
        return [decide(stage, annotated(stage, batch)) for batch in batches]
    with tempfile.TemporaryDirectory() as folder:
        comparison = cast("Comparison", load_named(cast("CorpusStage", stage).comparison)(stage, Path(folder)))
        for batch in batches:
            comparison.add(batch)
        compared = comparison.decide(lambda: False)
        comparison.close()
    found: list[Outcome] = []
    start = 0
    for batch in batches:
        columns = {name: values[start : start + batch.num_rows] for name, values in compared.columns.items()}
        told = with_columns(batch, columns, stage.columns)
        found.append(decide(stage, with_columns(told, stage.concluded(told), stage.columns)))
        start += batch.num_rows
    return found


def rows_of(batch: Batch) -> list[dict[str, Any]]:
    return [
        dict(zip(names_of(batch), row, strict=True))
        for row in zip(*(batch.column(name).to_pylist() for name in names_of(batch)), strict=True)
    ]


def fates(stage: Stage, batches: Sequence[Batch]) -> dict[str, Fate]:
    """What became of every document that reached the stage; fails if one is lost or doubled."""
    found: list[tuple[str, dict[str, Any]]] = []
    for outcome in outcomes(stage, batches):
        parts = parts_by_fate(outcome.batch, [stage])
        for went, part in (("kept", parts.kept), ("dropped", parts.dropped), ("failed", parts.failed)):
            found.extend((went, row) for row in rows_of(part))
    skipped = {ORDER, "_raw", STOPS}
    fate = {
        row["id"]: Fate(went, {name: value for name, value in row.items() if name not in skipped})
        for went, row in found
    }
    assert len(fate) == len(found)
    return fate


@EVERY_STAGE
@settings(max_examples=25)
@given(documents=DOCUMENTS)
def test_what_comes_in_is_kept_dropped_or_failed(stage: Stage, documents: list[tuple[bytes, str]]):
    batches = list(before(stage, named(documents), 4))

    found = outcomes(stage, batches)

    seen = [row["id"] for batch in batches for row in rows_of(batch)]
    assert sorted(fates(stage, batches)) == sorted(seen)
    for batch, outcome in zip(batches, found, strict=True):
        (tally,) = outcome.tallies
        parts = parts_by_fate(outcome.batch)
        assert tally.n_in == batch.num_rows
        assert tally.n_in == parts.kept.num_rows + tally.n_dropped + tally.n_failed
        assert (tally.n_dropped, tally.n_failed) == (parts.dropped.num_rows, parts.failed.num_rows)
        assert sum(rule.n_stopped for rule in tally.rules.values()) == tally.n_dropped + tally.n_failed


@EVERY_STAGE
@settings(max_examples=25)
@given(documents=DOCUMENTS, seed=st.integers(0, 99), size=st.integers(1, 10))
def test_order_and_batch_size_do_not_matter(stage: Stage, documents: list[tuple[bytes, str]], seed: int, size: int):
    shuffled = named(documents)
    shuffled = [shuffled[place] for place in np.random.default_rng(seed).permutation(len(shuffled))]

    expected = fates(stage, list(before(stage, named(documents), 10)))

    assert fates(stage, list(before(stage, shuffled, size))) == expected


@EVERY_STAGE
@settings(max_examples=10)
@given(documents=DOCUMENTS)
def test_the_input_stays_as_it_is(stage: Stage, documents: list[tuple[bytes, str]]):
    batches = list(before(stage, named(documents), 10))
    was = [rows_of(batch) for batch in batches]

    outcomes(stage, batches)

    assert [rows_of(batch) for batch in batches] == was


@EVERY_STAGE
@settings(max_examples=25)
@given(documents=DOCUMENTS)
def test_every_document_that_stops_has_a_rule_and_a_reason(stage: Stage, documents: list[tuple[bytes, str]]):
    rules = {rule.name for rule in stage.rules()}

    for fate in fates(stage, list(before(stage, named(documents), 10))).values():
        if fate.went != "kept":
            assert fate.columns["stage"] == stage.name
            assert fate.columns["rule"] in rules
            assert fate.columns["reason"].strip()


@EVERY_STAGE
@settings(max_examples=25)
@given(documents=DOCUMENTS)
def test_spans_lie_in_the_text_as_it_is_written(stage: Stage, documents: list[tuple[bytes, str]]):
    assert stage.spans <= set(stage.columns)

    for fate in fates(stage, list(before(stage, named(documents), 10))).values():
        text = fate.columns["text"] or ""
        stops = msgspec.json.decode(fate.columns.get("stops") or "[]")
        for evidence in (stop["evidence"] for stop in stops):
            spans = evidence.get("spans", [])
            assert len(spans) == min(evidence.get("n_spans", 0), MAX_SPANS)
            assert spans == sorted(spans)
            assert all(0 <= start < end <= len(text) for start, end in spans)
        for record in (one for name in stage.spans for one in records_of(fate.columns[name])):
            assert all(0 <= start <= end <= len(text) for start, end in places_of(record))
            assert all(text[start:end] == record.get("after", text[start:end]) for start, end in places_of(record))


@EVERY_STAGE
@settings(max_examples=10)
@given(documents=DOCUMENTS)
def test_kept_documents_have_a_text_and_all_columns_of_the_stage(stage: Stage, documents: list[tuple[bytes, str]]):
    decoder = stage_types()[FIRST_STAGE]()
    known = {*working_kinds([decoder, stage])}

    for outcome in outcomes(stage, list(before(stage, named(documents), 10))):
        kept = parts_by_fate(outcome.batch).kept
        assert known <= {*names_of(kept), "_media"}
        assert all(isinstance(text, str) for text in kept.column("text").to_pylist())


@EVERY_STAGE
def test_an_empty_batch_is_fine(stage: Stage):
    (outcome,) = outcomes(stage, [*before(stage, named([(b"x", "text")]), 1)])
    empty = [outcome.batch.slice(0, 0)]
    batches = [raw_batch([])] if stage.name == FIRST_STAGE else empty

    assert fates(stage, batches) == {}


@EVERY_STAGE
def test_it_says_what_it_is(stage: Stage):
    assert stage.title
    assert stage.version
    assert len({rule.name for rule in stage.rules()}) == len(stage.rules())
    assert set(stage.changes) <= set(stage.columns)
    assert isinstance(stage, DocumentStage) or isinstance(load_named(cast("CorpusStage", stage).comparison), type)


@pytest.mark.parametrize("name", MORE_PARAMETERS)
def test_parameters_are_kept_for_stages_that_exist(name: str):
    assert name in stage_types()


@EVERY_STAGE
def test_thresholds_are_parameters_of_stages_with_rules(stage: Stage):
    assert stage.thresholds <= set(stage.__struct_fields__)
    assert not stage.thresholds or isinstance(stage, DocumentStage)


@EVERY_STAGE
def test_named_columns_are_written_texts(stage: Stage):
    assert {stage.columns[name] for name in stage.named} <= {"text"}
    assert not [name for name in stage.named if name.startswith("_")]


def test_no_two_stages_write_one_column():
    written = [(name, stage.name) for stage in stage_types().values() for name in {*stage.columns} - {"text"}]

    assert len({name for name, _ in written}) == len(written), sorted(written)
