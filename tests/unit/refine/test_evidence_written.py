"""Evidence as a run writes it: it fits the text beside it, and is the same when rules decide anew."""

from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from goldsmith.refine import Places, load_recipe, redecide, refine

LINES = "Write to jane.roe@gmail.com about it\n" * 3 + "and then\n"
LINES += "Nobody answers, says the ﬁnd\u200bing here.\n" * 3


def recipe_of(share: float):
    return load_recipe(
        "goldsmith: 1\nname: shown\nsource: [{kind: files, paths: [in]}]\nstages:\n  - decode\n  - repair\n"
        f"  - gopher-repetition: {{max_repeated_lines: {share}}}\n"
        "  - gopher-quality: {min_words: null, min_stop_words: null, min_alphabetic_words: 0.9}\n"
        "  - personal-data: {max_found: 2}\n  - exact-duplicates\n",
        origin="shown.yaml",
    )


def places(base: Path) -> Places:
    return Places(base=base, doc_folders=(), packages=lambda: ())


def written(out: Path, kind: str = "dropped") -> dict[str, dict]:
    return {Path(row["id"]).name: row for row in pq.read_table(out / kind).to_pylist()}


def corpus(base: Path) -> None:
    (base / "in").mkdir()
    (base / "in/a.txt").write_text(LINES, encoding="utf-8")
    (base / "in/b.txt").write_text("1 2 3 ünd 4 5 6 und kein Wort mehr", encoding="utf-8")


def test_spans_fit_the_text_that_later_stages_left(tmp_path):
    corpus(tmp_path)
    refine(recipe_of(0.3), tmp_path / "out", places=places(tmp_path))
    rows = written(tmp_path / "out")

    text, stops = rows["a.txt"]["text"], msgspec.json.decode(rows["a.txt"]["stops"])
    shown = {stop["rule"]: [text[start:end] for start, end in stop["evidence"]["spans"]] for stop in stops}
    line = "Nobody answers, says the ﬁnding here."
    assert shown["repeated-lines"] == ["Write to [e-mail] about it"] * 2 + [line] * 2
    assert shown["too-much-personal-data"] == ["[e-mail]"] * 3
    assert stops[0]["evidence"] == msgspec.json.decode(rows["a.txt"]["evidence"])
    (mended,) = msgspec.json.decode(rows["a.txt"]["repair_spans"])
    assert [text[at - 3 : at + 3] for at in mended["at"]] == ["ﬁnding"] * 3
    text, stops = rows["b.txt"]["text"], msgspec.json.decode(rows["b.txt"]["stops"])
    (spans,) = (stop["evidence"]["spans"] for stop in stops if stop["rule"] == "words-without-letters")
    assert [text[start:end] for start, end in spans] == list("123456")


def test_deciding_anew_shows_the_same_places(tmp_path):
    corpus(tmp_path)
    refine(recipe_of(0.9), tmp_path / "lax", places=places(tmp_path))
    refine(recipe_of(0.2), tmp_path / "strict", places=places(tmp_path))

    redecide(tmp_path / "lax", recipe_of(0.2), tmp_path / "again")

    for kind in ("kept", "dropped"):
        (fresh,), (again,) = ([*(tmp_path / out / kind).iterdir()] for out in ("strict", "again"))
        assert again.read_bytes() == fresh.read_bytes()
    assert written(tmp_path / "again")["a.txt"]["rule"] == "repeated-lines"
