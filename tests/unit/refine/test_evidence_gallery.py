"""The documents that a report shows: enough of every reason, the same ones however they come, never too many."""

import tracemalloc
from pathlib import Path

import msgspec
import pytest

from goldsmith.errors import Conflict, InputError, NotFound
from goldsmith.kit.markup import write
from goldsmith.refine import Places, load_recipe, refine
from goldsmith.refine.evidence.documents import weight_of
from goldsmith.refine.evidence.finding import Wanted, find_documents
from goldsmith.refine.evidence.gallery import Gallery
from goldsmith.refine.evidence.passages import MAX_SHOWN, passages_of
from goldsmith.refine.pipeline import Read, parts_by_fate, run_stages
from goldsmith.refine.report.documents import Shelf
from goldsmith.refine.report.page import render_report
from goldsmith.refine.reports import RefineReport
from goldsmith.refine.stages.decode import Decode
from goldsmith.refine.stages.length import Length
from tests.laws.test_stage_laws import raw_batch

N_SHORT = 60


def test_the_same_documents_are_shown_whatever_the_batches():
    documents = [(f"d{number}", b"word " * (number % 70), "text") for number in range(200)]
    stages = (Read(), Decode(), Length(min_characters=100))
    whole = run_stages(stages, raw_batch(documents)).batch
    found: list[object] = []
    for size in (200, 7, 64):
        gallery = Gallery(stages)
        for start in reversed(range(0, 200, size)):
            parts = parts_by_fate(whole.slice(start, size), stages)
            gallery.see_stopped(parts.dropped, "dropped")
            gallery.see_stopped(parts.failed, "failed")
            gallery.see_kept(parts.kept)
        found.append(gallery.chosen())

    assert found[0] == found[1] == found[2]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RefineReport]:
    base = tmp_path_factory.mktemp("gallery")
    (base / "in").mkdir()
    for number in range(N_SHORT):
        (base / f"in/short{number:02}.txt").write_text("word " * number)
    (base / "in/lines.txt").write_text("the same line\n" * 300 + "the end, with schÃ¶ne words\n" * 2)
    (base / "in/other.txt").write_text(" ".join(f"w{n}" for n in range(120)))
    recipe = load_recipe(
        "goldsmith: 1\nname: shown\nsource: [{kind: files, paths: [in]}]\nstages:\n  - decode\n  - repair\n"
        "  - length: {min_characters: 300}\n  - gopher-repetition\n",
        origin="shown.yaml",
    )
    return base / "out", refine(recipe, base / "out", places=Places(base=base, doc_folders=(), packages=lambda: ()))


def test_a_reason_shows_those_nearest_to_the_threshold_and_counts_all(run: tuple[Path, RefineReport]):
    out, report = run
    (length,) = (stage for stage in report.stages if stage.stage == "length")
    names = {document.number: document.id for document in report.documents}

    (rule,) = length.rules

    assert (rule.n, rule.n_all) == (N_SHORT, N_SHORT)
    assert len(rule.shown) == 13 + len(set(rule.shown) - set(rule.shown[:13]))
    assert [names[number] for number in rule.shown[:2]] == ["files/short59.txt", "files/short58.txt"]
    page = (out / "report.html").read_text()
    assert f"Stopped: {len(rule.shown)} of 60, nearest to the threshold first" in page
    assert "goldsmith refine show . --stage length --rule too-short" in page


def test_every_reason_leads_to_documents_with_their_marks_and_scores(run: tuple[Path, RefineReport]):
    out, report = run
    page = (out / "report.html").read_text()
    (lines,) = (document for document in report.documents if document.id == "files/lines.txt")

    for stage in report.stages:
        for rule in (rule for rule in stage.rules if rule.n_all):
            assert f'href="#{stage.stage}.{rule.rule}"' in page
            assert f'id="{stage.stage}.{rule.rule}"' in page
    assert lines.rules[0].rule == "repeated-lines"
    assert lines.rules[0].n_spans == 300
    drawn = write(Shelf(report).entry(lines.number, "gopher-repetition", "repeated-lines") or pytest.fail("not drawn"))
    assert ">the same line</mark>" in drawn
    assert "300, 50 marked" in drawn
    assert "<dt>repeated_lines</dt>" in drawn
    assert 'title="mojibake">Ã¶</del><ins>ö</ins>' in page


def test_a_page_stays_small_however_much_there_is_to_show(run: tuple[Path, RefineReport], monkeypatch):
    _, report = run
    recipe = load_recipe((run[0] / "recipe.yaml").read_text(), origin="r")
    for document in report.documents:
        entry = Shelf(report).entry(document.number, "length", "too-short")
        assert len(write(entry or pytest.fail("not drawn")).encode()) < weight_of(document)
    assert len(render_report(report, recipe)) < 5_000_000


def test_only_as_many_are_chosen_as_there_is_room_for(monkeypatch):
    documents = [(f"d{number}", ("<&\u200b>" * 200).encode(), "text") for number in range(300)]
    stages = (Read(), Decode(), Length(min_characters=5000))
    parts = parts_by_fate(run_stages(stages, raw_batch(documents)).batch, stages)
    monkeypatch.setattr("goldsmith.refine.evidence.gallery.MAX_WEIGHT", 300_000)
    gallery = Gallery(stages)
    gallery.see_stopped(parts.dropped, "dropped")

    shown = gallery.chosen()

    assert 1 < len(shown.documents) < 25
    assert sum(map(weight_of, shown.documents)) <= 300_000
    assert {number for places in shown.places.values() for number in places} == {one.number for one in shown.documents}


def test_long_texts_are_not_held_until_the_end():
    documents = [(f"d{number}", b"word " * 200_000, "text") for number in range(8)]
    stages = (Read(), Decode(), Length(max_characters=100))
    gallery = Gallery(stages)
    whole = run_stages(stages, raw_batch(documents)).batch
    tracemalloc.start()
    for row in range(8):
        gallery.see_stopped(parts_by_fate(whole.slice(row, 1), stages).dropped, "dropped")

    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert held < 1_000_000
    assert len(gallery.chosen().documents) == 8


def test_passages_hold_the_first_places_of_every_reason():
    text = "".join(f"{number:06} " for number in range(3000))
    shown = passages_of(text, [[(70 * n, 70 * n + 6) for n in range(100)], [(14_000, 14_900)]])

    assert all(text.startswith(passage.text, passage.start) for passage in shown)
    assert sum(len(passage.text) for passage in shown) <= MAX_SHOWN
    assert shown[-1].start < 14_000 < shown[-1].start + len(shown[-1].text)
    assert shown[0].start == 0
    assert passages_of("", []) == ()


def test_documents_of_a_run_are_found_by_rule_and_by_id(run: tuple[Path, RefineReport]):
    out, _ = run
    found = find_documents(out, Wanted(stage="length", rule="too-short"))
    assert (found.n, len(list(found.documents))) == (N_SHORT, N_SHORT)
    found = find_documents(out, Wanted())
    assert found.n == len(list(found.documents)) == N_SHORT + 1
    (one,) = find_documents(out, Wanted(id="files/lines.txt", rule="top-2-words")).documents
    assert (one.rules[0].rule, one.fate) == ("top-2-words", "dropped")
    (kept,) = find_documents(out, Wanted(id="files/other.txt")).documents
    assert (kept.fate, kept.rules) == ("kept", ())


def test_what_is_not_there_is_told(run: tuple[Path, RefineReport], tmp_path):
    out, _ = run
    with pytest.raises(InputError, match="no stage 'lenght'; did you mean 'length'"):
        find_documents(out, Wanted(stage="lenght"))
    with pytest.raises(InputError, match="no rule 'too-shrt'; did you mean 'too-short'"):
        find_documents(out, Wanted(rule="too-shrt"))
    with pytest.raises(NotFound, match="holds no document 'x'"):
        find_documents(out, Wanted(id="x"))
    with pytest.raises(NotFound, match="holds no refined documents"):
        find_documents(tmp_path, Wanted())
    (tmp_path / "report.json").write_text('{"name": "old"}')
    with pytest.raises(Conflict, match="another version of Goldsmith"):
        find_documents(tmp_path, Wanted())


def test_the_data_of_the_page_is_the_report(run: tuple[Path, RefineReport]):
    out, _ = run
    recipe = load_recipe((out / "recipe.yaml").read_text(), origin="r")
    read = msgspec.json.decode((out / "report.json").read_bytes(), type=RefineReport)

    assert render_report(read, recipe) == (out / "report.html").read_text()
