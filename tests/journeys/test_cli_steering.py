"""Who gets which items, steered from the terminal."""

from pathlib import Path

from cli_commands import done, goldsmith

TEXTS = "id,text\n1,A lovely film\n2,I slept\n3,Great acting\n"


def test_items_are_routed_paused_and_explained(tmp_path: Path):
    home, file = tmp_path / "home", tmp_path / "reviews.csv"
    file.write_text(TEXTS, encoding="utf-8")
    done("project", "create", "Reviews", "--question", "How?", "--option", "Good", "--option", "Bad", home=home)
    done("import", file, "--id-column", "id", home=home)
    first, _, third = (row["id"] for row in done("items", "list", "--json", home=home).json["rows"])

    assert done("items", "route", third, first, "--priority", "5", home=home).out == "Changed 2 items.\n"
    assert "1 had that already" in done("items", "route", third, "--priority", "5", home=home).out
    nothing = goldsmith("items", "route", third, home=home)
    assert nothing.code != 0
    assert "--priority" in nothing.err

    assert done("items", "why", first, "--json", home=home).json["gets"] is True
    paused = done("project", "pause", "--reason", "the guideline is being written", home=home)
    assert "goldsmith project resume reviews" in paused.out
    assert done("items", "why", first, "--json", home=home).json["gets"] is False
    assert "\n  - " in done("items", "why", first, home=home).out
    assert done("project", "resume", home=home).out == "reviews hands out items again.\n"
    assert done("items", "why", first, "--json", home=home).json["gets"] is True


def test_an_item_is_kept_for_one_annotator_until_everybody_may_have_it(tmp_path: Path):
    home, file = tmp_path / "home", tmp_path / "reviews.csv"
    file.write_text(TEXTS, encoding="utf-8")
    done("project", "create", "Reviews", "--question", "How?", "--option", "Good", "--option", "Bad", home=home)
    done("import", file, "--id-column", "id", home=home)
    done("label", home=home, typed="1\nq\n")
    (person,) = done("project", "show", "--json", home=home).json["progress"]["annotators"]
    free = done("items", "list", "--state", "unanswered", "--json", home=home).json["rows"][0]["id"]

    assert person["name"] in done("items", "assign", free, "--to", person["name"], home=home).out
    assert "everybody" in done("items", "assign", free, "--to-all", home=home).out
    unsaid = goldsmith("items", "assign", free, home=home)
    assert unsaid.code != 0
    assert "--to-all" in unsaid.err
    unknown = goldsmith("items", "assign", free, "--to", "nobody at all", home=home)
    assert unknown.code != 0
    assert "nobody at all" in unknown.err
    assert done("project", "reviews", home=home).out == "Nothing has been reviewed yet.\n"
    assert done("project", "reviews", "--json", home=home).json == {"rows": []}
    for state in ("to-review", "in-rework", "to-adjudicate", "settled", "set-aside", "removed"):
        assert done("items", "list", "--state", state, "--json", home=home).json["rows"] == []
