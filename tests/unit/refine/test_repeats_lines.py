"""Lines that many documents have: found exactly, kept once, put back on demand."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldsmith.errors import Cancelled
from goldsmith.kit.arrow import make_batch
from goldsmith.refine import Places, load_recipe, refine
from goldsmith.refine.comparisons.lines import LineComparison
from goldsmith.refine.documents import read_kept
from goldsmith.refine.stages.line_duplicates import LineDuplicates
from tests.unit.refine.repeated_texts import original, rows_after

BANNER = "We use cookies to make this site better for you."
LINES = st.sampled_from(["a b", "A  b", " a b\t", "c", "c d e", "中文", "", "é", "x\r"])
TEXTS = st.lists(st.lists(LINES, max_size=5).map("\n".join), min_size=1, max_size=6)

STAGES = st.builds(
    LineDuplicates,
    max_documents=st.integers(1, 3),
    min_characters=st.integers(1, 4),
    keep=st.sampled_from(["first", "none"]),
)


def plainly(texts: Mapping[str, str], stage: LineDuplicates) -> dict[str, str]:
    """What stays of each text, by the words of the stage's description."""

    def key(line: str) -> str | None:
        words = " ".join(line.lower().split())
        return (
            words if len(words) + sum("\u4e00" <= each <= "\u9fff" for each in words) >= stage.min_characters else None
        )

    having: dict[str, set[str]] = {}
    for name, text in texts.items():
        for line in text.split("\n"):
            if (words := key(line)) is not None:
                having.setdefault(words, set()).add(name)
    stays: dict[str, str] = {}
    for name, text in texts.items():
        left: list[str] = []
        seen: set[str] = set()
        for line in text.split("\n"):
            words = key(line)
            goes = words is not None and len(having[words]) > stage.max_documents
            if (
                words is not None
                and goes
                and stage.keep == "first"
                and words not in seen
                and name == min(having[words])
            ):
                goes = False
            if words is not None:
                seen.add(words)
            if not goes:
                left.append(line)
        stays[name] = "\n".join(left)
    return stays


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS, stage=STAGES, seed=st.integers(0, 99))
def test_what_stays_is_what_plain_python_says_in_any_order(
    tmp_path: Path, texts: list[str], stage: LineDuplicates, seed: int
):
    named = {f"d{number}": text for number, text in enumerate(texts)}
    shuffled = {name: named[name] for name in np.random.default_rng(seed).permutation(list(named))}

    found = rows_after(stage, tmp_path, shuffled, step=1 + seed % 4)

    assert {name: row["text"] for name, row in found.items()} == plainly(named, stage)
    assert {name: original(row, "repeated_line_spans") for name, row in found.items()} == named


def test_a_line_of_many_documents_stays_in_the_first_one_and_says_so(tmp_path: Path):
    texts = {f"page{number}": f"Story number {number}\n{BANNER}\nThe end of {number}" for number in range(9)}

    found = rows_after(LineDuplicates(), tmp_path, texts)

    assert found["page0"]["text"] == texts["page0"]
    assert found["page0"]["repeated_line_spans"] is None
    assert found["page4"]["text"] == "Story number 4\nThe end of 4"
    assert found["page4"]["shared_lines"] == 1
    assert found["page4"]["repeated_line_share"] == pytest.approx((len(BANNER) + 1) / len(texts["page4"]))
    (taken,) = msgspec.json.decode(found["page4"]["repeated_line_spans"])
    assert taken == {
        "kind": "repeated-line",
        "before": BANNER + "\n",
        "after": "",
        "at": [15],
        "kept": ["page0"],
        "documents": [9],
    }


def test_as_many_documents_as_allowed_keep_their_line(tmp_path: Path):
    texts = {f"page{number}": f"{number}\n{BANNER}" for number in range(6)}

    found = rows_after(LineDuplicates(), tmp_path, texts)

    assert {name: row["text"] for name, row in found.items()} == texts


def test_one_document_may_repeat_a_line_as_often_as_it_likes(tmp_path: Path):
    text = "\n".join([BANNER] * 20)

    assert rows_after(LineDuplicates(), tmp_path, {"a": text})["a"]["text"] == text


def test_chinese_lines_need_half_the_characters(tmp_path: Path):
    texts = {f"d{number}": f"{number}\n未经许可不得转载本网站的任何内容\nshort line of 21 here" for number in range(8)}

    found = rows_after(LineDuplicates(), tmp_path, texts)

    assert found["d3"]["text"] == "3\nshort line of 21 here"


def test_a_document_of_nothing_else_becomes_empty_and_is_dropped(tmp_path: Path):
    stage = LineDuplicates(keep="none")
    batch = make_batch({"repeated_line_share": [1.0, 0.5, None]}, {"repeated_line_share": "float"})

    found = rows_after(stage, tmp_path, {f"d{number}": BANNER for number in range(7)})

    assert {row["text"] for row in found.values()} == {""}
    assert [verdict is not None for verdict in stage.rules()[0].verdicts(batch)] == [True, False, False]


def test_lines_of_many_parts_come_back_in_their_order(tmp_path: Path):
    texts = {f"d{number:03}": "\n".join(f"line {each}" for each in range(number, number + 9)) for number in range(50)}
    stage = LineDuplicates(max_documents=2, min_characters=1, max_share=None)

    found = rows_after(stage, tmp_path, texts, step=7)

    assert {name: row["text"] for name, row in found.items()} == plainly(texts, stage)


def test_stopping_leaves_nothing_on_the_disk(tmp_path: Path):
    comparison = LineComparison(LineDuplicates(), tmp_path)
    comparison.add(make_batch({"id": ["a"], "text": [BANNER]}, {"id": "text", "text": "text"}))

    with pytest.raises(Cancelled):
        comparison.decide(lambda: True)
    comparison.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [{"max_documents": 0}, {"min_characters": 0}, {"max_share": 1.5}])
def test_limits_that_mean_nothing_are_refused(wrong: dict[str, int]):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        LineDuplicates(**wrong)  # pyright: ignore[reportArgumentType]


def test_a_run_writes_what_it_took_out_and_passes_by_what_was_dropped_before(tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(8):
        (folder / f"{number}.txt").write_text(
            f"{BANNER}\nArticle {number}\n" + f"words{number} " * 40, encoding="utf-8"
        )
    (folder / "short.txt").write_text(BANNER, encoding="utf-8")
    stages = "stages: [decode, {length: {min_characters: 100}}, line-duplicates]"
    recipe = load_recipe(
        f"goldsmith: 1\nname: t\nsource:\n  - {{kind: files, paths: [in]}}\n{stages}\n", origin="test.yaml"
    )

    refine(recipe, tmp_path / "out", places=Places(base=tmp_path, doc_folders=(), packages=tuple))

    kept = {document.id: document.text for document in read_kept(tmp_path / "out")}
    assert [text.startswith(BANNER) for _, text in sorted(kept.items())] == [True] + [False] * 7
