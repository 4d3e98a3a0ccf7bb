"""`goldsmith refine`: a preset for a folder of one's own, and deciding anew with other thresholds."""

import pyarrow.parquet as pq
import pytest
from cli_commands import done, goldsmith

PAGE = "<html><body><nav>Home</nav><main><h1>{title}</h1><p>{text}</p></main></body></html>"
PROSE = (
    "The river rises in the hills above the village and runs south for forty miles before it meets a sea. Mills stood "
    "along its banks until the railway came, and two of them grind flour for the bakers of the valley. In spring, "
    "when snow melts on the moor, water covers the lower meadows; farmers move their sheep then, as their fathers did. "
    "Herons fish where the stream is shallow. A footpath follows it from source to mouth, and takes three days to walk."
)
NOTE = (
    "A note about mills, bread and spring floods, for anybody who wants to know how people once lived beside water, "
    "what they ate, when markets opened, why bridges fell and who paid."
)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "pages of mine"
    folder.mkdir()
    (folder / "river.html").write_text(PAGE.format(title="The river", text=PROSE), encoding="utf-8")
    (folder / "again.html").write_text(PAGE.format(title="The river", text=PROSE), encoding="utf-8")
    (folder / "note.txt").write_text(
        NOTE,
        encoding="utf-8",
    )
    return folder


def names(out, kind: str) -> set[str]:
    return {row.rpartition("/")[2] for row in pq.read_table(out / kind, columns=["id"])["id"].to_pylist()}


def test_a_preset_refines_a_folder_and_its_rules_decide_anew(folder, tmp_path):
    out = tmp_path / "out"
    told = done("refine", "--preset", "web", folder, "--out", out, "--json").json
    assert (told["n_read"], told["n_kept"], told["n_dropped"], told["n_failed"]) == (3, 1, 2, 0)
    assert names(out, "dropped") == {"note.txt", "river.html"}
    assert (out / "report.html").is_file()

    recipe = tmp_path / "mine.yaml"
    recipe.write_text((out / "recipe.yaml").read_text().replace("min_characters: 200", "min_characters: 10"))
    again = done("refine", "redecide", out, recipe, "--out", tmp_path / "more")
    assert "3 read = 2 kept + 1 dropped + 0 failed" in again.out
    assert names(tmp_path / "more", "kept") == {"again.html", "note.txt"}


def test_documents_are_shown_with_what_stopped_them(folder, tmp_path):
    out = tmp_path / "out"
    (folder / "poem.txt").write_text("Round and round the river goes.\n" * 20 + PROSE)
    done("refine", "--preset", "web", folder, "--out", out, "--json")

    shown = done("refine", "show", out, "--rule", "repeated-lines").out
    assert "files/poem.txt  (dropped, " in shown
    assert "gopher-repetition repeated-lines: 0.905 of its lines repeat, above the maximum of 0.3; " in shown
    assert "    »Round and round the river goes.«\n" in shown
    assert shown.endswith("1 document.\n")
    assert "go on with --skip 1." in done("refine", "show", out, "--limit", 1).out
    (kept,) = done("refine", "show", out, "--id", "files/again.html", "--json").json["rows"]
    assert (kept["fate"], kept["rules"]) == ("kept", [])
    assert "did you mean 'repeated-lines'" in goldsmith("refine", "show", out, "--rule", "repeated-line").error


@pytest.mark.parametrize("option", [["--engine", "ray"], ["--jobs", "2"], ["--no-journal"]])
def test_what_only_holds_for_a_folder_of_ones_own_is_refused_without_one(folder, tmp_path, option):
    ended = goldsmith("refine", "--preset", "web", folder, *option, home=tmp_path / "home")

    assert ended.code == 2
    assert "Add --out DIR." in ended.err
    assert not (tmp_path / "home").exists()


def test_an_unknown_preset_is_told_with_the_nearest(folder, tmp_path):
    ended = goldsmith("refine", "--preset", "wep", folder, "--out", tmp_path / "out")
    assert ended.code != 0
    assert "There is no preset 'wep'" in ended.error
    assert "web" in ended.error


def test_a_failed_document_is_an_error_only_when_that_is_asked(folder, tmp_path):
    (folder / "broken.txt").write_bytes(b"PK\x03\x04\x00\x00")
    words = ("refine", "--preset", "web", folder, "--out", tmp_path / "out")
    assert goldsmith(*words).code == 0
    strict = goldsmith(*words, "--strict")
    assert strict.code == 3
    assert "error" not in strict.err
    assert "4 read = 1 kept + 2 dropped + 1 failed" in strict.out
