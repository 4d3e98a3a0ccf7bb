"""Auditing a run: what is drawn, with which chances, and what the answers then say of its filters."""

from collections import Counter
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goldsmith.errors import Conflict, InputError, NotFound
from goldsmith.kit.arrow import make_batch
from goldsmith.kit.markup import write
from goldsmith.refine import Places, load_recipe, refine
from goldsmith.refine.auditing.drawing import allotted, draw
from goldsmith.refine.auditing.files import is_of_this_run, read_audit, write_audit
from goldsmith.refine.auditing.labelling import FATE, REASON, answers_of, rows_of_items, schema_of
from goldsmith.refine.auditing.measuring import measure
from goldsmith.refine.auditing.reservoirs import Reservoir
from goldsmith.refine.auditing.rows import rows_of, sieves_of
from goldsmith.refine.report.audit import audit_section
from goldsmith.tasks.schemas import parse_schema

RECIPE = """\
goldsmith: 1
name: test
source:
  - {kind: files, paths: [in.parquet, in]}
stages:
  - decode
  - length: {min_characters: 300, max_characters: 1500}
  - exact-duplicates
"""
JUNK = "win "
N = 600


def text_of(number: int) -> str:
    """Texts that get longer; every seventh one is junk, and all short ones are."""
    word = JUNK if number % 7 == 0 else "mill "
    return f"Document {number}. The river and the road that have to be with it. " + word * (number // 2)


def is_junk(text: str) -> bool:
    return JUNK in text or len(text) < 200


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("audited")
    (base / "in").mkdir()
    rows = {"id": [f"{number:03}" for number in range(N)], "text": [text_of(number) for number in range(N)]}
    pq.write_table(pa.table(rows), base / "in.parquet")
    (base / "in" / "same.txt").write_text(text_of(400), encoding="utf-8")
    (base / "in" / "broken.txt").write_bytes(b"PK\x03\x04\x00\x00")
    places = Places(base=base, doc_folders=(), packages=lambda: ())
    refine(load_recipe(RECIPE, origin="test.yaml"), base / "out", places=places)
    return base / "out"


def texts(out: Path) -> dict[str, str]:
    tables = [pq.read_table(out / kind, columns=["id", "text"]) for kind in ("kept", "dropped")]
    return {row["id"]: row["text"] for table in tables for row in table.to_pylist()}


def truth(out: Path, audit, drawn=None) -> dict[str, str]:
    known = texts(out)
    return {one.item: "this-reason" if is_junk(known[one.id]) else "keep" for one in drawn or audit.drawn}


def test_the_strata_hold_every_document_that_can_be_read_once(out):
    audit = draw(out, n=120, seed=1).audit
    assert sum(each.n_population for each in audit.strata) == N + 1 == audit.n_kept + audit.n_dropped
    assert len(audit.drawn) == len({each.id for each in audit.drawn}) == 120
    assert Counter(each.stratum for each in audit.drawn) == {
        place: stratum.n_drawn for place, stratum in enumerate(audit.strata) if stratum.n_drawn
    }
    kinds = Counter(each.kind for each in audit.strata)
    assert kinds["kept"] == 1
    assert kinds["kept-near"] >= 2
    assert kinds["dropped-near"] >= 2


def test_what_is_near_a_threshold_is_nearer_than_what_is_not(out):
    drawn = draw(out, n=N + 1, seed=1)
    lengths = {name: len(text) for name, text in texts(out).items()}
    by_part: dict[tuple[str, str], list[int]] = {}
    for one in drawn.audit.drawn:
        stratum = drawn.audit.strata[one.stratum]
        if stratum.filter is not None:
            rule = drawn.audit.filters[stratum.filter].rule
            by_part.setdefault((stratum.kind, rule), []).append(lengths[one.id])
    assert max(by_part["dropped", "too-short"]) < min(by_part["dropped-near", "too-short"]) < 300
    assert min(by_part["kept-near", "too-short"]) >= 300
    assert min(by_part["dropped", "too-long"]) > max(by_part["dropped-near", "too-long"]) > 1500


def test_the_same_seed_draws_the_same_and_another_one_others(out):
    assert draw(out, n=100, seed=5).audit == draw(out, n=100, seed=5).audit
    first, second = ({each.id for each in draw(out, n=100, seed=seed).audit.drawn} for seed in (5, 6))
    assert len(first & second) < 80


def test_a_full_census_gives_the_exact_numbers(out):
    audit = draw(out, n=10_000, seed=1).audit
    found = measure(audit, truth(out, audit))
    known = texts(out)
    dropped = set(pq.read_table(out / "dropped", columns=["id"])["id"].to_pylist())
    wanted = {name for name, text in known.items() if is_junk(text)}
    assert found.precision.estimate == pytest.approx(len(wanted & dropped) / len(dropped))
    assert found.recall.estimate == pytest.approx(len(wanted & dropped) / len(wanted))
    assert (found.recall.low, found.recall.high) == pytest.approx((found.recall.estimate,) * 2)
    short = next(one for one in found.filters if audit.filters[one.filter].rule == "too-short")
    stopped = {name for name, text in known.items() if len(text) < 300}
    assert short.precision.estimate == pytest.approx(len(wanted & stopped) / len(stopped))
    assert short.recall.estimate == pytest.approx(len(wanted & stopped) / len(wanted))
    assert short.curve
    for point in short.curve:
        there = {name for name, text in known.items() if len(text) < point.threshold}
        assert point.n_dropped == len(there)
        assert point.precision.estimate == pytest.approx(len(wanted & there) / len(there))
        assert point.recall.estimate == pytest.approx(len(wanted & there) / len(wanted))


def test_the_intervals_of_many_draws_hold_the_truth(out):
    whole = draw(out, n=10_000, seed=0).audit
    exact = measure(whole, truth(out, whole))
    held = Counter[str]()
    for seed in range(20):
        audit = draw(out, n=90, seed=seed).audit
        found = measure(audit, truth(out, audit))
        held["precision"] += found.precision.low <= exact.precision.estimate <= found.precision.high
        held["recall"] += found.recall.low <= exact.recall.estimate <= found.recall.high
    assert min(held["precision"], held["recall"]) >= 17


def test_documents_that_nobody_can_judge_count_as_not_drawn(out):
    audit = draw(out, n=100, seed=1).audit
    answers = truth(out, audit)
    unknown = dict.fromkeys([audit.drawn[0].item, audit.drawn[1].item], "cannot-say")
    found = measure(audit, answers | unknown)
    assert (found.n_answered, found.n_cannot_say) == (98, 2)
    nothing = measure(audit, {})
    assert nothing.precision.estimate is None
    assert nothing.filters[0].recall.estimate is None


def test_the_rows_say_what_became_of_each_document_and_why(out):
    drawn = draw(out, n=100, seed=1)
    rows = {row["item"]: row for row in rows_of_items(drawn)}
    assert parse_schema(schema_of(drawn.audit))
    for one in drawn.audit.drawn:
        row, stratum = rows[one.item], drawn.audit.strata[one.stratum]
        assert row["verdict"].startswith("Kept." if stratum.kind.startswith("kept") else "Dropped by ")
        assert bool(row["original"]) == ("duplicates" in row["verdict"])
        if stratum.kind == "kept-near":
            assert drawn.audit.filters[stratum.filter].words in row["verdict"]


def test_a_blind_audit_shows_the_text_alone_and_asks_for_the_reason(out):
    drawn = draw(out, n=100, seed=1, is_blind=True)
    assert {name for row in rows_of_items(drawn) for name in row} == {"item", "text"}
    schema = parse_schema(schema_of(drawn.audit))
    assert [question.name for question in schema.questions] == [FATE, REASON]
    one = next(each for each in drawn.audit.drawn if each.asked is not None)
    rule = drawn.audit.filters[one.asked]
    said = [{FATE: "drop", REASON: f"{rule.stage}/{rule.rule}"}, {FATE: "drop"}, {FATE: "keep", REASON: "another"}]
    assert [answers_of(drawn.audit, [(one.item, each)])[one.item] for each in said] == [
        "this-reason", "other-reason", "keep",
    ]  # fmt: skip
    assert answers_of(drawn.audit, [("unknown", {FATE: "keep"}), (one.item, {})]) == {}


def test_an_audit_is_read_back_and_knows_its_run(out, tmp_path):
    audit = draw(out, n=100, seed=1).audit
    write_audit(tmp_path, audit)
    assert read_audit(tmp_path) == audit
    assert is_of_this_run(audit, out)
    (tmp_path / "report.json").write_text("{}")
    assert not is_of_this_run(audit, tmp_path)
    (tmp_path / "audit.json").write_text("{}")
    with pytest.raises(Conflict, match="--again"):
        read_audit(tmp_path)


def test_a_new_run_keeps_the_audit_of_the_one_that_it_replaces(out, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(text_of(100))
    pq.write_table(pa.table({"id": ["b"], "text": [text_of(99)]}), tmp_path / "in.parquet")
    places = Places(base=tmp_path, doc_folders=(), packages=lambda: ())
    recipe = load_recipe(RECIPE, origin="test.yaml")
    refine(recipe, tmp_path / "out", places=places)
    (tmp_path / "out" / "audit.json").write_text("precious")
    refine(recipe, tmp_path / "out", places=places)
    assert (tmp_path / "out" / "audit.json").read_text() == "precious"


def test_what_cannot_be_audited_is_refused_with_the_reason(out, tmp_path):
    with pytest.raises(NotFound, match="goldsmith refine"):
        draw(tmp_path, n=100, seed=1)
    with pytest.raises(InputError, match="Draw at least"):
        draw(out, n=3, seed=1)
    with pytest.raises(NotFound, match="not audited"):
        read_audit(out)


def test_the_report_names_every_filter_and_only_answers_are_shown(out):
    audit = draw(out, n=150, seed=1).audit
    assert audit_section(audit) is None
    measured = msgspec.structs.replace(audit, findings=measure(audit, truth(out, audit)))
    page = write(audit_section(measured))
    for each in audit.filters:
        assert each.words in page
    assert "With other thresholds" in page


def test_every_part_gets_its_share_and_no_more_than_it_has():
    assert allotted([1000, 50, 1, 3], 40, has_rest=True) == [13, 23, 1, 3]
    assert allotted([10_000, 400, 100], 100, has_rest=False) == [78, 15, 7]
    assert sum(allotted([1000, 50, 1, 3], 40, has_rest=True)) == 40
    assert allotted([5, 2], 100, has_rest=True) == [5, 2]
    with pytest.raises(InputError, match="at least 5"):
        allotted([1000, 1, 9], 4, has_rest=True)


def test_a_reservoir_keeps_the_same_rows_in_any_order():
    rng = np.random.default_rng(0)
    priorities, rows = rng.permutation(5000).astype(np.uint64), rng.random((5000, 2))
    whole, parts = Reservoir(100), Reservoir(100)
    whole.add(priorities, rows)
    for part in np.array_split(rng.permutation(5000), 77):
        parts.add(priorities[part], rows[part])
    assert (whole.rows() == parts.rows()).all()
    assert len(whole.rows()) == 100
    assert parts.n_seen == 5000


def test_a_document_that_failed_after_it_was_dropped_is_measured_by_what_dropped_it():
    recipe = load_recipe(RECIPE, origin="test.yaml")
    sieves = sieves_of(recipe.stages)
    stops = [
        {"stage": "length", "rule": "too-short", "action": "drop", "reason": "x"},
        {"stage": "exact-duplicates", "rule": "unfinished", "action": "fail", "reason": "x"},
    ]
    kinds = {"id": "text", "number": "int", "stops": "text", "n_characters": "int"}
    columns = {"id": ["a"], "number": [0], "n_characters": [7], "stops": [msgspec.json.encode(stops).decode()]}
    rows = rows_of(make_batch(columns, kinds), sieves, seed=0)
    assert rows.stops.sum() == 1
    assert sieves[int(rows.first[0])].rule.name == "too-short"
    columns["stops"] = [msgspec.json.encode([stops[0] | {"rule": "gone"}]).decode()]
    with pytest.raises(Conflict, match="not those of the run"):
        rows_of(make_batch(columns, kinds), sieves, seed=0)
