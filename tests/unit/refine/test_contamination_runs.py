"""Whole runs with planted test items: all are named, with their places; what is left says how common they are."""

import itertools
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rephrased_items import Pair, clean_documents, hidden, pairs

from goldsmith.errors import InputError
from goldsmith.refine import Places, RefineReport, load_recipe, redecide, refine
from goldsmith.refine.contamination.items import find_files, read_items

PLANTED = pairs()[::6]
Planted = dict[str, Pair]
Held = dict[str, str]
FILES = ("sets/a.jsonl", "sets/b.csv", "sets/c.parquet", "sets/deep/d.json")


def places(base: Path) -> Places:
    return Places(base=base, doc_folders=(), packages=lambda: ())


def write_sets(base: Path) -> dict[str, Pair]:
    """The planted items, spread over files of four kinds; the names that they get."""
    (base / "sets" / "deep").mkdir(parents=True)
    parts = [PLANTED[start::4] for start in range(4)]
    rows = [[{"id": each.id, "question": each.question, "answer": each.answer} for each in part] for part in parts]
    (base / FILES[0]).write_text("\n".join(json.dumps(row) for row in rows[0]), encoding="utf-8")
    table = "prompt;target\n" + "\n".join(f'"{each.question}";"{each.answer}"' for each in parts[1])
    (base / FILES[1]).write_text(table, encoding="utf-8")
    texts = [{"id": row["id"], "text": row["question"]} for row in rows[2]]
    pq.write_table(pa.Table.from_pylist(texts), base / FILES[2])
    (base / FILES[3]).write_text(json.dumps(rows[3]), encoding="utf-8")
    names = [
        [f"a.jsonl:{each.id}" for each in parts[0]],
        [f"b.csv:{number}" for number in range(2, 2 + len(parts[1]))],
        [f"c.parquet:{each.id}" for each in parts[2]],
        [f"deep/d.json:{each.id}" for each in parts[3]],
    ]
    return dict(zip(itertools.chain(*names), itertools.chain(*parts), strict=True))


def write_corpus(base: Path, planted: dict[str, Pair]) -> dict[str, str]:
    """Real documents, every second with an item; which document holds which."""
    (base / "in").mkdir()
    documents, held = clean_documents(), dict[str, str]()
    waiting = list(planted.items())
    rows: list[dict[str, str]] = []
    for number, document in enumerate(documents[:50]):
        text = document[:4000]
        if number % 2 and waiting:
            name, pair = waiting.pop()
            text = hidden(pair.question, text, number)
            held[f"d{number}"] = name
        rows.append({"id": f"d{number}", "text": text})
    assert not waiting
    (base / "in" / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return held


def run(base: Path, out: str = "out", *, parameters: str = "") -> RefineReport:
    stage = f"contamination: {{test_sets: [sets]{parameters}}}"
    text = f"goldsmith: 1\nname: t\nsource: [{{kind: files, paths: [in]}}]\nstages: [decode, {stage}]\n"
    return refine(load_recipe(text, origin="t.yaml"), base / out, places=places(base))


def rows_of(base: Path, kind: str, out: str = "out") -> dict[str, dict[str, object]]:
    return {row["id"]: row for row in pq.read_table(base / out / kind).to_pylist()}


def section(base: Path, out: str = "out") -> str:
    """The section of the page that lists the items; their names stand in other places of it too."""
    page = (base / out / "report.html").read_text("utf-8")
    return page.partition('id="contamination-rate"')[2].partition("</section>")[0]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("contamination")


@pytest.fixture(scope="module")
def planted(base: Path) -> dict[str, Pair]:
    return write_sets(base)


@pytest.fixture(scope="module")
def held(base: Path, planted: dict[str, Pair]) -> dict[str, str]:
    return write_corpus(base, planted)


def test_the_report_names_every_planted_item_and_its_document(base: Path, planted: Planted, held: Held):
    report = run(base)

    (names, _) = report.names
    assert {name.name: name.documents for name in names.names} == {name: (document,) for document, name in held.items()}
    assert {name.n_kept for name in names.names} == {0}
    dropped = rows_of(base, "dropped")
    assert set(dropped) == set(held)
    for document, row in dropped.items():
        pair = planted[held[document]]
        (match,) = json.loads(str(row["contamination"]))
        item = pair.question[match["item_start"] : match["item_end"]]
        assert str(row["text"])[match["start"] : match["end"]] == item
        assert item == pair.question[:-1]
        assert held[document] in str(row["reason"])
        evidence = json.loads(str(row["evidence"]))
        assert evidence["items"] == [held[document]]
        assert evidence["spans"] == [[match["start"], match["end"]]]
    assert all(f">{name}<" in section(base) for name in planted)


def test_a_document_with_every_item_names_every_one(tmp_path: Path):
    planted = write_sets(tmp_path)
    (tmp_path / "in").mkdir()
    between = "\n\nSomething else altogether.\n\n"
    (tmp_path / "in" / "all.txt").write_text(between.join(each.question for each in planted.values()), "utf-8")

    report = run(tmp_path)

    (names, _) = report.names
    assert {name.name: name.documents for name in names.names} == dict.fromkeys(planted, ("files/all.txt",))
    (row,) = rows_of(tmp_path, "dropped").values()
    assert set(json.loads(str(row["test_items"]))) == set(planted)
    assert all(f">{name}<" in section(tmp_path) for name in planted)


def test_the_report_says_how_common_items_are_before_and_after(base: Path, held: dict[str, str]):
    (found,) = run(base, "rates").contamination

    assert (found.n, found.n_found, found.n_kept_found) == (50, len(held), 0)
    assert sum(each.n_found for each in found.check.probes) > 0.8 * sum(each.n for each in found.check.probes)
    assert found.before.low is not None and found.before.high is not None and found.after.high is not None
    assert found.before.low <= len(held) / 50 <= found.before.high
    assert found.after.low == 0
    assert found.after.high < found.before.low
    assert found.false_alarms.estimate is None
    assert "False alarms were not measured" in (base / "rates" / "report.html").read_text("utf-8")


def test_sentences_with_items_are_taken_out_and_written_down(base: Path, planted: Planted, held: Held):
    report = run(base, "spans", parameters=", remove: spans")

    kept = rows_of(base, "kept", "spans")
    assert len(kept) == 50
    written = (base / "in" / "rows.jsonl").read_text("utf-8").splitlines()
    before = {row["id"]: row["text"] for row in map(json.loads, written)}
    for document, name in held.items():
        row = kept[document]
        text = str(row["text"])
        assert planted[name].question not in text
        assert row["test_items"] == json.dumps([name], separators=(",", ":"), ensure_ascii=False)
        assert row["test_items_left"] is None
        (change,) = json.loads(str(row["contamination_removals"]))
        (at,) = change["at"]
        assert text[:at] + change["before"] + text[at:] == before[document]
    assert {row["text"] for name, row in kept.items() if name not in held} == {
        text for name, text in before.items() if name not in held
    }
    assert report.stages[-1].changes[0].n_spans == len(held)
    assert report.contamination[0].n_mended == len(held)


def test_nothing_is_removed_when_that_is_asked_for(base: Path, held: dict[str, str]):
    report = run(base, "nothing", parameters=", remove: nothing")

    assert (report.n_kept, report.contamination[0].n_kept_found) == (50, len(held))


def test_false_alarms_are_counted_on_clean_documents(base: Path, held: dict[str, str]):
    (base / "clean").mkdir()
    for number, text in enumerate(clean_documents()[50:]):
        (base / "clean" / f"{number}.txt").write_text(text, encoding="utf-8")

    (found,) = run(base, "cleaned", parameters=", clean: [clean]").contamination

    assert found.check.n_clean == len(clean_documents()[50:])
    assert found.false_alarms.estimate == found.check.n_false / found.check.n_clean


def test_another_share_decides_as_a_fresh_run_would(base: Path, held: dict[str, str]):
    stage = "contamination: {test_sets: [sets], min_share: 1.0}"
    text = f"goldsmith: 1\nname: t\nsource: [{{kind: files, paths: [in]}}]\nstages: [decode, {stage}]\n"
    fresh = run(base, "fresh", parameters=", min_share: 1.0")
    run(base, "stored")

    again = redecide(base / "stored", load_recipe(text, origin="t.yaml"), base / "again")

    assert again.contamination == fresh.contamination
    assert again.n_dropped == fresh.n_dropped


def test_two_processes_decide_the_same_and_the_lock_pins_every_file(base: Path, held: dict[str, str]):
    run(base, "one")
    stage = "contamination: {test_sets: [sets]}"
    text = f"goldsmith: 1\nname: t\nsource: [{{kind: files, paths: [in]}}]\nstages: [decode, {stage}]\n"
    refine(load_recipe(text, origin="t.yaml"), base / "two", places=places(base), jobs=2)

    assert rows_of(base, "dropped", "one") == rows_of(base, "dropped", "two")
    lock = json.loads((base / "two" / "recipe.lock.json").read_text("utf-8"))
    assert set(lock["stages"][1]["files"]) == {"a.jsonl", "b.csv", "c.parquet", "deep/d.json"}


@pytest.mark.parametrize(
    ("content", "fields", "words"),
    [
        ('{"frage": "Was ist das?", "loesung": 3}\n', (), ["set.jsonl", "question", "frage, loesung"]),
        ('{"question": "What?", "answer": "x"}\n', ("question", "hint"), ["set.jsonl", "'hint'", "answer, question"]),
        ('{"question": "What?"}\n{oops\n', (), ["set.jsonl", ":2: not JSON"]),
        ('{"question": " "}\n', (), ["set.jsonl", "no item with a text"]),
        ("", (), ["set.jsonl", "it has no rows"]),
    ],
    ids=["other fields", "field that is nowhere", "broken row", "empty items", "empty file"],
)
def test_a_test_set_that_gives_no_items_says_what_it_has(tmp_path, content, fields, words):
    (tmp_path / "set.jsonl").write_text(content, encoding="utf-8")

    with pytest.raises(InputError) as error:
        read_items(find_files(["set.jsonl"], places(tmp_path), fields), fields)

    assert all(word in str(error.value) for word in words)


def test_a_path_that_leads_nowhere_stops_the_run_before_it_starts(tmp_path: Path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Some text.", encoding="utf-8")

    with pytest.raises(InputError, match="sets does not exist"):
        run(tmp_path)
    assert not (tmp_path / "out").exists()


def test_choices_and_numbers_belong_to_an_item(tmp_path: Path):
    row = {"question": "Which one?", "choices": {"text": ["red", "blue"], "label": ["A", "B"]}, "answer": 1}
    (tmp_path / "set.jsonl").write_text(json.dumps(row), encoding="utf-8")

    (item,) = read_items(find_files(["set.jsonl"], places(tmp_path), ()), ())

    assert (item.name, item.question, item.rest) == ("set.jsonl:1", "Which one?", "red\nblue\nA\nB\n1")


def test_files_of_one_name_and_items_of_one_id_stay_apart(tmp_path: Path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "test.jsonl").write_text('{"id": "x", "question": "Why?"}\n' * 2, encoding="utf-8")

    items = read_items(find_files(["one", "two"], places(tmp_path), ()), ())

    assert [item.name for item in items] == [
        "one/test.jsonl:x",
        "one/test.jsonl:x#2",
        "two/test.jsonl:x",
        "two/test.jsonl:x#2",
    ]
