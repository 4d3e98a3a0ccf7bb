"""A newcomer's own texts, in the terminal: project, import, labelling, release."""

from pathlib import Path

from cli_commands import done, goldsmith, process

TEXTS = "id,text\n1,A lovely film\n2,I slept\n3,Great acting\n4,\n1,A lovely film\n"


def test_own_texts_become_a_release(tmp_path: Path):
    home, file = tmp_path / "home", tmp_path / "reviews.csv"
    file.write_text(TEXTS, encoding="utf-8")
    made = done("project", "create", "Reviews", "--question", "How?", "--option", "Good", "--option", "Bad", home=home)
    assert "goldsmith import FILE --project reviews" in made.out

    imported = goldsmith("import", file, "--id-column", "id", home=home)
    assert imported.code == 1
    assert imported.out == "5 rows: 3 imported, 1 there already, 1 refused\n"
    assert imported.err == "  line 5: it has nothing in 'text'.\n"

    labelled = process("label", home=home, typed="1\nx\n2\ns\ntoo short\n")
    assert labelled.code == 0
    assert labelled.out.count("saved ✓") == 3
    assert "1 to 2, s, m or q" in labelled.out
    assert labelled.out.endswith("2 items answered, 1 skipped.\n")
    assert "2 items answered" not in done("label", home=home, typed="q\n").out

    progress = done("project", "infer", "--json", home=home).json
    assert progress["n_people_annotations"] == 2
    assert "2 answered by people" in done("project", "show", home=home).out
    released = done("release", "make", "--json", home=home).json
    assert released["certificate"]["n_answered"] == 2
    assert done(*released["verify"].split()[1:]).out.startswith("Verified")


def test_an_item_that_is_left_at_the_end_goes_back_to_the_queue(tmp_path: Path):
    home, file = tmp_path / "home", tmp_path / "one.jsonl"
    file.write_text('{"text": "only one"}\n', encoding="utf-8")
    done("project", "create", "One", "--question", "How?", "--option", "Good", "--option", "Bad", home=home)
    done("import", file, home=home)
    assert "only one" in done("label", home=home, typed="q\n").out
    assert "1 item answered, 0 skipped." in done("label", home=home, typed="2\n").out
    (row,) = done("items", "list", "--json", home=home).json["rows"]
    assert row["n_people"] == 1
