"""Deciding anew: other thresholds give, byte for byte, what a fresh run with them gives; no score is computed."""

import hashlib
import shutil
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldsmith.errors import Cancelled, Conflict, InputError, NotFound
from goldsmith.refine import Places, load_recipe, redecide, refine
from goldsmith.refine.stages.length import Length

LICENCE = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software. "
GERMAN = "Die Erlaubnis wird hiermit unentgeltlich jeder Person erteilt, die eine Kopie dieser Software erhält. "
KINDS = ("kept", "dropped", "failed")


def recipe_of(*, least: int = 20, most: int = 5000, keep: str = "[]", threshold: float = 0.8, more: str = ""):
    stages = f"""\
stages:
  - decode
  - extract-html
  - length: {{min_characters: {least}, max_characters: {most}}}
  - language: {{keep: {keep}}}
  - exact-duplicates
  - near-duplicates: {{threshold: {threshold}}}
{more}"""
    source = "source:\n  - {kind: files, paths: [in]}\n"
    return load_recipe(f"goldsmith: 1\nname: test\n{source}{stages}", origin="test.yaml")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("redeciding")
    folder = base / "in"
    folder.mkdir()
    deep = "<div>" * 2500 + "deep" + "</div>" * 2500
    texts = {
        "a.txt": LICENCE * 4,
        "b.txt": (LICENCE * 4).replace(" ", "\n"),
        "c.txt": LICENCE * 4 + "The end, and a little more of it than there was before.",
        "d.txt": "short",
        "e.txt": GERMAN * 3,
        "f.html": f"<html><body><p>{GERMAN * 3}</p></body></html>",
        "g.txt": LICENCE * 60,
        "h.txt": LICENCE * 60 + "x",
        "deep.html": f"<html><body>{deep}</body></html>",
        "empty.html": "<html><body><script>1</script></body></html>",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "binary.txt").write_bytes(b"PK\x03\x04\x00\x00")
    refine(recipe_of(), base / "out", places=places(base))
    return base


def places(base: Path) -> Places:
    return Places(base=base, doc_folders=(), packages=lambda: ())


def documents(out: Path) -> dict[str, str]:
    files = [path for kind in KINDS for path in sorted((out / kind).iterdir())]
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def table(out: Path, kind: str) -> dict[str, dict]:
    return {Path(row["id"]).name: row for row in pq.read_table(out / kind).to_pylist()}


def test_a_dropped_document_has_all_scores_and_every_rule_that_stops_it(base, tmp_path):
    refine(recipe_of(least=150, keep="[de]"), tmp_path / "out", places=places(base))
    short = table(tmp_path / "out", "dropped")["d.txt"]
    assert (short["stage"], short["rule"], short["value"], short["threshold"], short["margin"]) == (
        "length", "too-short", 5.0, 150.0, 145.0,
    )  # fmt: skip
    assert short["language"] is not None
    stops = msgspec.json.decode(short["stops"])
    assert [stop["rule"] for stop in stops] == ["too-short", "other-language"]
    assert {"n_characters", "language_score", "n_copies", "near_duplicate_jaccard"} <= set(short)


def test_what_was_dropped_takes_no_part_in_comparisons(base, tmp_path):
    refine(recipe_of(most=410), tmp_path / "out", places=places(base))
    dropped = table(tmp_path / "out", "dropped")
    assert (dropped["c.txt"]["rule"], dropped["c.txt"]["near_duplicate_jaccard"]) == ("too-long", None)
    assert dropped["b.txt"]["rule"] == "same-text"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    thresholds=st.fixed_dictionaries(
        {
            "least": st.sampled_from([0, 6, 100, 310, 1000]),
            "most": st.sampled_from([1000, 5700, 5701, 100_000]),
            "keep": st.sampled_from(["[]", "[de]", "[en, de]"]),
            "threshold": st.sampled_from([0.3, 0.8, 1.0]),
        }
    )
)
def test_deciding_anew_is_a_fresh_run(base, tmp_path_factory, thresholds):
    recipe = recipe_of(**thresholds)
    folder = tmp_path_factory.mktemp("one")
    fresh = refine(recipe, folder / "fresh", places=places(base))

    again = redecide(base / "out", recipe, folder / "again")

    assert documents(folder / "again") == documents(folder / "fresh")
    counts = ("n_read", "n_kept", "n_dropped", "n_failed", "sources", "languages")
    assert [getattr(again, name) for name in counts] == [getattr(fresh, name) for name in counts]
    funnel = [[(one.stage, one.n_in, one.n_dropped, one.n_failed) for one in each.stages] for each in (again, fresh)]
    assert funnel[0] == funnel[1]


def test_it_can_be_done_where_rules_stand_after_a_comparison(base, tmp_path):
    few, many = (f"  - gopher-quality: {{min_words: {least}}}\n" for least in (1, 60))
    refine(recipe_of(more=few), tmp_path / "out", places=places(base))
    refine(recipe_of(more=many), tmp_path / "fresh", places=places(base))

    redecide(tmp_path / "out", recipe_of(more=many), tmp_path / "again")

    assert documents(tmp_path / "again") == documents(tmp_path / "fresh")
    assert "gopher-quality" in {row["stage"] for row in table(tmp_path / "again", "dropped").values()}


def test_it_can_be_done_in_place_and_over_again(base, tmp_path):
    refine(recipe_of(), tmp_path / "out", places=places(base))
    before = documents(tmp_path / "out")
    redecide(tmp_path / "out", recipe_of(least=5000), tmp_path / "out")
    assert documents(tmp_path / "out") != before
    redecide(tmp_path / "out", recipe_of(), tmp_path / "out")
    assert documents(tmp_path / "out") == before


def test_no_score_is_computed(base, tmp_path, monkeypatch):
    monkeypatch.setattr(Length, "annotate", None)
    report = redecide(base / "out", recipe_of(least=5000, most=100_000), tmp_path / "again")
    assert report.n_kept == 1


def test_it_stops_when_asked_and_leaves_nothing(base, tmp_path):
    with pytest.raises(Cancelled):
        redecide(base / "out", recipe_of(), tmp_path / "again", should_stop=lambda: True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"more": "  - repair\n"}, "its stages are .*repair, and were"),
        ({"source": True}, "its sources are others"),
        ({"main": True}, "`main_content` of extract-html decides about scores"),
    ],
)
def test_other_scores_are_refused_with_what_differs(base, tmp_path, changed, words):
    recipe = recipe_of(more=changed.get("more", ""))
    text = recipe.text
    if "source" in changed:
        text = text.replace("paths: [in]", "paths: [in], max_bytes: 5")
    if "main" in changed:
        text = text.replace("- extract-html", "- extract-html: {main_content: false}")
    with pytest.raises(Conflict, match=words) as caught:
        redecide(base / "out", load_recipe(text, origin="test.yaml"), tmp_path / "again")
    assert "goldsmith refine" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("library", r"decode uses numba .*, and used 0\.0\.1"),
        ("stage", "decode has version .*, and had 0"),
    ],
)
def test_scores_of_other_versions_are_refused(base, tmp_path, what, words):
    shutil.copytree(base / "out", tmp_path / "old")
    lock = msgspec.json.decode((tmp_path / "old/recipe.lock.json").read_bytes())
    if what == "library":
        lock["libraries"]["numba"] = "0.0.1"
    else:
        lock["stages"][0]["version"] = "0"
    (tmp_path / "old/recipe.lock.json").write_bytes(msgspec.json.encode(lock))
    with pytest.raises(Conflict, match=words):
        redecide(tmp_path / "old", recipe_of(), tmp_path / "again")


def test_a_recipe_whose_order_does_not_allow_it_is_refused(base, tmp_path):
    late = recipe_of(more="  - repair\n")
    refine(late, tmp_path / "late", places=places(base))
    with pytest.raises(InputError, match="repair changes texts after they were compared"):
        redecide(tmp_path / "late", late, tmp_path / "again")
    twice = recipe_of(more="  - length: {min_characters: 1}\n")
    refine(twice, tmp_path / "twice", places=places(base))
    with pytest.raises(InputError, match="length stands twice"):
        redecide(tmp_path / "twice", twice, tmp_path / "again")


def test_a_folder_without_a_run_is_told(tmp_path):
    with pytest.raises(NotFound, match="holds no refined documents"):
        redecide(tmp_path, recipe_of(), tmp_path / "again")
