"""Gold goes in from a file, and how good labels are comes out, from the terminal and from Python."""

import json
from pathlib import Path

import pytest
from cli_commands import done, goldsmith

from goldsmith.cli.doors import connected
from goldsmith.cli.options import DEFAULT_VAULT, where
from goldsmith.errors import AnswerError, NotFound

N = 12


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A project of twelve texts, ten of which its owner has answered."""
    home, file = tmp_path / "home", tmp_path / "texts.csv"
    file.write_text("id,text\n" + "".join(f"t{i},text {i}\n" for i in range(N)), encoding="utf-8")
    done("project", "create", "Moods", "--question", "How?", "--option", "Good", "--option", "Bad", home=home)
    done("import", file, "--id-column", "id", home=home)
    with connected(where(home, DEFAULT_VAULT)) as door:
        project = door.project(None)
        for _ in range(10):
            (lease,) = project.lease().leases
            project.submit(lease, {"answer": "good"}, active_ms=1000)
    return home


def question_of(home: Path) -> str:
    shown = done("project", "show", "--json", home=home).json
    return shown["project"]["schema"]["questions"][0]["name"]


def test_gold_from_a_file_is_stored_and_each_bad_row_is_named(home, tmp_path):
    name = question_of(home)
    file = tmp_path / "gold.csv"
    file.write_text(f"id,{name}\nt0,good\nt1,bad\nnobody,good\nt2,splendid\nt3,\n", encoding="utf-8")
    ended = goldsmith("project", "gold", file, "--note", "by Ada", home=home)
    assert ended.code == 1
    assert ended.out == "5 rows: 2 stored, 0 known already, 3 refused\n"
    assert "row 3 (nobody): There is no item" in ended.err
    assert "row 4 (t2)" in ended.err
    assert "row 5 (t3): The row names no question." in ended.err
    again = goldsmith("project", "gold", file, "--json", home=home).json
    assert (again["n_stored"], again["n_unchanged"], again["n_rejected"]) == (0, 2, 3)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id\nt0\n", "needs `id` and a column"),
        ("text,mood\na,b\n", "needs `id`"),
        ("id,answer\n,good\n", "row 1: there is no id"),
    ],
)
def test_a_file_that_is_no_gold_gets_one_line_and_stores_nothing(home, tmp_path, content, words):
    file = tmp_path / "gold.csv"
    file.write_text(content, encoding="utf-8")
    ended = goldsmith("project", "gold", file, home=home)
    assert ended.code == 2
    assert words in ended.error


def test_quality_is_told_in_words_and_as_json(home):
    assert "Nothing is measured yet" in done("project", "quality", home=home).out
    done("project", "infer", home=home)
    told = done("project", "quality", home=home).out
    assert "accuracy by audit: not estimated" in told
    assert "10 items, 10 answers" in told
    found = done("project", "quality", "--json", home=home).json
    assert found["questions"][0]["n_answers"] == 10


def test_decisions_and_gold_are_made_and_taken_back_from_python(home):
    name = question_of(home)
    with connected(where(home, DEFAULT_VAULT), runs_jobs=True) as door:
        project = door.project(None)
        first, second, *_ = project.items()
        item = project.decide(first.id, {name: "bad"}, note="looked at it")
        assert [json.loads(json.dumps(one.value)) for one in item.consensus] in ([], ["bad"])
        report = project.give_gold((row.external_id, {name: "good"}) for row in (first, second))
        assert (report.n_read, report.n_stored, report.n_rejected) == (2, 1, 1)
        assert {(one.external_id, one.origin) for one in project.known_answers()} == {
            (first.external_id, "review"),
            (second.external_id, "given"),
        }
        project.infer()
        assert [one.value for one in project.item(first.id).consensus] == ["bad"]
        assert project.quality().questions[0].n_gold == 1
        project.forget_known(first.id, question=name)
        with pytest.raises(NotFound):
            project.forget_known(first.id)
        with pytest.raises(AnswerError):
            project.decide(first.id, {name: "splendid"})
