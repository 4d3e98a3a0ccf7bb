"""`goldsmith agreement`: what it measures, and what it says of files that it cannot measure."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from goldsmith.cli.agreement import app
from goldsmith.errors import VotesError

ROWS = [("1", "a", "2"), ("1", "b", "2"), ("2", "a", "3"), ("2", "b", "1"), ("3", "a", "1"), ("3", "b", "1")]


def votes_file(folder: Path, rows: list[tuple[str, str, str]]) -> Path:
    path = folder / "votes.csv"
    path.write_text("\n".join(["task,worker,label", *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path


def said(*arguments: object) -> str:
    run = CliRunner().invoke(app, [str(one) for one in arguments])
    if run.exception is not None:
        raise run.exception
    return run.stdout


def measures(*arguments: object) -> dict[str, dict]:
    return {one["name"]: one for one in json.loads(said(*arguments, "--json"))["measures"]}


def test_names_get_every_measure_with_an_interval_or_a_reason(tmp_path):
    rows = [(str(t), name, str((t + (name == "c" and t % 4 == 0)) % 3)) for t in range(60) for name in "abc"]

    found = measures(votes_file(tmp_path, rows))

    assert list(found) == ["krippendorff-alpha", "mean-cohen-kappa", "percent-agreement", "fleiss-kappa", "gwet-ac1"]
    assert found["percent-agreement"]["value"] == pytest.approx(0.75 + 0.25 / 3)
    for one in found.values():
        assert one["low"] < one["value"] < one["high"]
        assert one["n"] == 60


def test_the_level_decides_what_disagreement_weighs(tmp_path):
    path = votes_file(tmp_path, ROWS)

    alphas = [
        measures(path, "--level", level)[f"krippendorff-alpha-{level}"]["value"] for level in ("interval", "ratio")
    ]
    graded = measures(path, "--level", "ordinal")["krippendorff-alpha-ordinal"]["value"]
    turned = measures(path, "--level", "ordinal", "--order", "1, 3, 2")["krippendorff-alpha-ordinal"]["value"]

    assert len({*alphas, graded, turned}) == 4


def test_the_table_shows_reasons_where_there_is_no_value(tmp_path):
    shown = said(votes_file(tmp_path, [("1", "a", "x"), ("2", "b", "y"), ("2", "b", "x")]))

    assert "2 votes by 2 annotators on 2 tasks; 1 earlier answer replaced by later ones" in shown
    assert shown.count("no item has two answers") == 4
    assert "no two annotators share 10 items" in shown


def test_the_same_seed_gives_the_same_intervals(tmp_path):
    rows = [(str(t), name, str((t * (name + "x").count("a") + t) % 3)) for t in range(40) for name in "ab"]
    path = votes_file(tmp_path, rows)

    assert said(path, "--json") == said(path, "--json")
    assert said(path, "--json") != said(path, "--json", "--seed", 1)
    assert measures(path, "--resamples", 0)["krippendorff-alpha"]["low"] is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--level", "interval"], "the label 'bad' is not a number, as level interval needs; use nominal or ordinal"),
        (["--level", "ordinal"], "level ordinal needs; give their order"),
        (["--level", "ordinal", "--order", "bad,fair"], "the label 'good' is not in the order bad, fair"),
        (["--level", "ordinal", "--order", "bad,bad,good"], "names a label twice"),
        (["--order", "bad,good"], "an order of labels is for the level ordinal, not nominal"),
    ],
)
def test_labels_that_do_not_fit_the_level_are_refused(tmp_path, options: list[str], message: str):
    path = votes_file(tmp_path, [("1", "a", "bad"), ("1", "b", "good")])

    with pytest.raises(VotesError, match=message):
        said(path, *options)


def test_files_that_are_no_votes_are_refused(tmp_path):
    empty, other = tmp_path / "empty.csv", tmp_path / "other.csv"
    empty.write_text("")
    other.write_text("a,b\n1,2\n")
    negative = votes_file(tmp_path, [("1", "a", "-1"), ("1", "b", "2")])
    for path, message in ((empty, "is empty"), (other, "has no column"), (tmp_path / "no.csv", "is not there")):
        with pytest.raises(VotesError, match=message):
            said(path)
    with pytest.raises(VotesError, match="ratios need values of at least 0"):
        said(negative, "--level", "ratio")
    with pytest.raises(VotesError, match="not a finite number"):
        said(votes_file(tmp_path, [("1", "a", "nan"), ("1", "b", "2")]), "--level", "interval")
