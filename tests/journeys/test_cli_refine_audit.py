"""`goldsmith refine audit`: a run's filters are measured by what people say of a sample."""

import msgspec
import pytest
from cli_commands import done, goldsmith, serving

from goldsmith.cli.doors import connected
from goldsmith.cli.options import where

RECIPE = """\
goldsmith: 1
name: notes
title: Notes
source:
  - {kind: files, paths: [notes]}
stages:
  - decode
  - length: {min_characters: 60}
"""
N = 24


@pytest.fixture
def out(tmp_path):
    (tmp_path / "notes").mkdir()
    for number in range(N):
        (tmp_path / "notes" / f"{number:02}.txt").write_text(f"Note {number:02}. " + "mill " * number)
    (tmp_path / "notes.yaml").write_text(RECIPE)
    done("refine", tmp_path / "notes.yaml", "--out", tmp_path / "out")
    return tmp_path / "out"


def answer_all(home, project: str) -> None:
    """Short notes are unwanted, and so is note 20, which the filter cannot see."""
    with connected(where(home)) as door:
        opened = door.project(project)
        while leases := opened.lease(10).leases:
            for lease in leases:
                payload = msgspec.json.decode(lease.payload)
                is_unwanted = len(payload["text"]) < 40 or payload["text"].startswith("Note 20")
                opened.submit(lease, {"fate": "this-reason" if is_unwanted else "keep"})


def test_people_say_how_right_the_filters_of_a_run_are(out, tmp_path):
    home = tmp_path / "home"
    untouched = {path: path.read_bytes() for path in out.rglob("*") if path.is_file() and path.name != "report.html"}
    drawn = done("refine", "audit", out, "--n", N, "--seed", 7, "--json", home=home).json
    assert (drawn["n_drawn"], drawn["seed"]) == (N, 7)
    asked = done("project", "show", drawn["project"], "--json", home=home).json["project"]["schema"]
    assert asked["questions"][0]["label"] == "Should this document have been dropped, and for this reason?"

    nothing = done("refine", "audit", out, "--read", home=home)
    assert "not known" in nothing.out
    answer_all(home, drawn["project"])
    told = done("refine", "audit", out, "--read", "--json", home=home).json["findings"]

    lengths = [len(path.read_text()) for path in sorted((out.parent / "notes").iterdir())]
    n_dropped, n_wanted = sum(n < 60 for n in lengths), sum(n < 40 for n in lengths)
    assert told["n_answered"] == N
    assert told["precision"]["estimate"] == pytest.approx(n_wanted / n_dropped)
    assert told["recall"]["estimate"] == pytest.approx(n_wanted / (n_wanted + 1))
    assert "How right the filters are" in (out / "report.html").read_text()
    assert {path: path.read_bytes() for path in untouched} == untouched

    words = ("refine", "train", drawn["project"], "--keep", "keep", "--out", tmp_path / "mine.model")
    learnt = done(*words, "--leave-out", "cannot-say", "--json", home=home).json
    assert learnt["labels"] == {"keep": N - n_wanted - 1, "this-reason": n_wanted + 1}
    assert (tmp_path / "mine.model").is_file()
    assert "Use it in a recipe" in done(*words, home=home).out

    again = goldsmith("refine", "audit", out, home=home)
    assert again.code != 0
    assert "--again" in again.error
    assert "Drew 24 of 24" in done("refine", "audit", out, "--n", N, "--again", "--blind", home=home).out


def test_an_audit_works_beside_a_running_server(out, tmp_path):
    home = tmp_path / "home"
    with serving(home):
        drawn = done("refine", "audit", out, "--n", 10, "--json", home=home).json
        answer_all(home, drawn["project"])
        told = done("refine", "audit", out, "--read", home=home)
    assert "10 of 10 documents judged" in told.out
    assert "Length: too short" in told.out


def test_a_classifier_learns_from_a_file_and_refines(out, tmp_path):
    rows = [{"text": f"{word} {n} of many", "label": word} for n in range(9) for word in ("good", "bad")]
    (tmp_path / "rows.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
    words = ("refine", "train", tmp_path / "rows.jsonl", "--keep", "good", "--out", tmp_path / "notes.model")
    assert "area under the curve" in done(*words).out
    recipe = tmp_path / "scored.yaml"
    recipe.write_text(RECIPE.replace("length: {min_characters: 60}", "classifier: {model: notes.model, min_score: 1}"))
    assert done("refine", recipe, "--out", tmp_path / "scored", "--json").json["n_dropped"] == N
    (tmp_path / "rows.jsonl").write_text('{"text": "x"}\n')
    assert "line 1 has no 'label'" in goldsmith(*words).error
