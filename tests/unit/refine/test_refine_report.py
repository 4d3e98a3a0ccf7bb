import itertools
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from goldsmith.kit.markup import VOID, e, write
from goldsmith.refine import Places, RefineReport, load_recipe, refine
from goldsmith.refine.diffs import MAX_ROW_WORDS, MAX_ROWS, side_by_side
from goldsmith.refine.report.page import render_report

HOSTILE = '<script>alert(1)</script> <img src=x onerror="alert(2)"> </style> "quoted" & \x01 ]]> '
RECIPE = """\
goldsmith: 1
name: hostile
title: <b>Which & what?</b> "x"
source: [{kind: files, paths: [in]}]
stages:
  - decode
  - repair
  - language
  - length: {min_characters: 30, max_characters: 900}
  - exact-duplicates
  - near-duplicates: {threshold: 0.8}
"""


class Tree(HTMLParser):
    """Notes the elements of a page, and whether every one that is opened is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.ids: set[str] = set()
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.ids |= {value or "" for name, value in attrs if name == "id"}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def corpus(folder: Path) -> None:
    folder.mkdir()
    base = " ".join(f"word{n}" for n in range(90))
    for number in range(6):
        (folder / f"near{number}.txt").write_text(f"{base} {HOSTILE} ending {number}", encoding="utf-8")
    (folder / "copy1.txt").write_text(base * 1, encoding="utf-8")
    (folder / "copy2.txt").write_text(base + "\n", encoding="utf-8")
    (folder / "short.txt").write_text(HOSTILE[:20], encoding="utf-8")
    (folder / "long.txt").write_text(HOSTILE * 20, encoding="utf-8")
    (folder / "mended.txt").write_text("Das ist schÃ¶n, und zero\u200bwidth auch. " * 2, encoding="utf-8")
    (folder / "binary.txt").write_bytes(b"\0\1\2")
    (folder / "<i>name.txt").write_text("A text whose name is no harm to anybody at all.", encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[RefineReport, str]:
    base = tmp_path_factory.mktemp("report")
    corpus(base / "in")
    recipe = load_recipe(RECIPE, origin="hostile.yaml")
    report = refine(recipe, base / "out", places=Places(base=base, doc_folders=(), packages=lambda: ()))
    return report, (base / "out/report.html").read_text(encoding="utf-8")


def test_the_page_is_whole_and_runs_nothing(made: tuple[RefineReport, str]):
    _, page = made

    tree = Tree(page)

    assert tree.open == []
    assert not {"script", "img", "iframe", "object", "link", "base", "form"} & set(tree.names)
    assert not [name for name, _ in tree.attributes if name.startswith("on")]
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in tree.attributes


def test_nothing_is_loaded_from_elsewhere(made: tuple[RefineReport, str]):
    _, page = made
    tree = Tree(page)

    links = [value for name, value in tree.attributes if name in ("href", "src", "xlink:href", "action")]

    assert links
    assert all(link.startswith("#") and link[1:] in tree.ids for link in links)
    assert not re.search(r"url\(|@import", page)


def test_what_documents_say_is_shown_and_never_obeyed(made: tuple[RefineReport, str]):
    _, page = made

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;b&gt;Which &amp; what?&lt;/b&gt;" in page
    assert "files/&lt;i&gt;name.txt" in page
    assert "<i>" not in page
    assert "\x01" not in page
    assert page.count("</style>") == 1


def test_every_number_rule_has_its_histogram_with_the_threshold_and_its_neighbours(made: tuple[RefineReport, str]):
    report, page = made

    drawn = {chart.rule: chart for chart in report.histograms}

    assert list(drawn) == ["too-short", "too-long", "near-duplicate"]
    assert page.count("<svg") == len(drawn) == page.count('class="threshold"')
    assert "at least 30" in page
    assert "at most 900" in page
    assert "dropped from 0.8" in page
    for chart in drawn.values():
        assert sum(chart.counts) == chart.n
        assert len(chart.edges) == len(chart.counts) + 1
        assert chart.edges[0] <= chart.threshold <= chart.edges[-1]
        assert [*chart.edges] == sorted(chart.edges)
    names = {document.number: document.id for document in report.documents}
    (rule,) = (rule for stage in report.stages for rule in stage.rules if rule.rule == "too-short")
    assert [names[number] for number in rule.shown] == ["files/short.txt"]
    assert names[drawn["too-short"].just_passed[0]] == "files/<i>name.txt"


def test_the_numbers_of_the_funnel_are_those_of_the_report(made: tuple[RefineReport, str]):
    report, page = made

    assert (report.n_read, report.n_failed) == (13, 1)
    assert f"{report.n_read} read = {report.n_kept} + {report.n_dropped} + {report.n_failed}" in page
    for stage in report.stages:
        assert stage.title in page


def test_clusters_show_how_a_dropped_document_differs(made: tuple[RefineReport, str]):
    report, page = made

    same, cluster = report.clusters

    assert (len(cluster.cluster.members), cluster.n_members) == (6, 6)
    assert any(piece.is_changed for row in cluster.rows or () for piece in row.kept)
    assert (same.stage, same.kept, same.dropped, same.rows) == (
        "exact-duplicates", "files/copy1.txt", "files/copy2.txt", None,
    )  # fmt: skip
    assert "<ins>" in page
    assert "<del>" in page


def test_repairs_show_what_cannot_be_seen(made: tuple[RefineReport, str]):
    _, page = made

    assert ">U+200B<" in page
    assert 'sch<del title="mojibake+invisible">Ã¶</del><ins>ö</ins>n' in page


def test_the_same_report_is_drawn_the_same(made: tuple[RefineReport, str]):
    report, page = made

    assert render_report(report, load_recipe(RECIPE, origin="other.yaml")) == page


def test_an_empty_result_can_be_drawn(tmp_path: Path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_bytes(b"\0")
    recipe = load_recipe(RECIPE, origin="r.yaml")

    report = refine(recipe, tmp_path / "out", places=Places(base=tmp_path, doc_folders=(), packages=lambda: ()))

    assert (report.n_read, report.n_kept, report.n_failed) == (1, 0, 1)
    assert Tree((tmp_path / "out/report.html").read_text(encoding="utf-8")).open == []


@pytest.mark.browser
def test_a_browser_shows_it_without_complaint(made: tuple[RefineReport, str], browser: Browser, tmp_path: Path):
    (tmp_path / "report.html").write_text(made[1], encoding="utf-8")
    complaints: list[str] = []
    seen: dict[tuple[str, int], tuple[bool, str]] = {}
    for scheme, width in itertools.product(("light", "dark"), (1440, 390)):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("request", lambda request: complaints.append(request.url))
        page.goto((tmp_path / "report.html").as_uri())
        widest = page.evaluate("document.documentElement.scrollWidth")
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        seen[scheme, width] = (widest <= width, background)
        page.close()

    assert set(complaints) == {(tmp_path / "report.html").as_uri()}
    colours = {"light": "rgb(251, 250, 247)", "dark": "rgb(20, 22, 26)"}
    assert seen == {(scheme, width): (True, colours[scheme]) for scheme, width in seen}


def test_markup_escapes_texts_and_attributes():
    tree = e("p", 'a < b & "c"', None, ["x", 3, e("br")], class_="n", title='"&<', data_x=1.5, hidden=True, lang=None)

    assert write(tree) == ('<p class="n" title="&quot;&amp;&lt;" data-x="1.5" hidden="">a &lt; b &amp; "c"x3<br></p>')


def test_markup_refuses_what_is_no_name():
    with pytest.raises(ValueError, match="is no name of an element"):
        e("p onclick=x")


def test_a_diff_shows_words_whatever_the_lines_and_their_case():
    rows = side_by_side("One two\nthree four", "one TWO three\n\nfive, six")

    (row,) = rows
    assert [(piece.text, piece.is_changed) for piece in row.kept] == [("One two three", False), ("four", True)]
    assert [(piece.text, piece.is_changed) for piece in row.dropped] == [("one TWO three", False), ("five, six", True)]
    assert side_by_side("Same, text", "same text") == ()


def test_a_diff_stays_small():
    ours = " ".join(f"a{n}" if n % 40 == 0 else f"same{n % 300}" for n in range(4000))
    theirs = " ".join(f"b{n}" if n % 40 == 0 else f"same{n % 300}" for n in range(4000))

    rows = side_by_side(ours, theirs)
    (long,) = side_by_side("x", " ".join(f"w{n}" for n in range(500)))

    assert len(rows) == MAX_ROWS
    assert [(piece.text, piece.is_changed) for piece in rows[1].dropped][1] == ("b40", True)
    assert len(" ".join(piece.text for piece in long.dropped).split()) <= MAX_ROW_WORDS + 1


def test_where_a_long_text_is_cut_is_no_difference():
    words = [f"w{n}" for n in range(9000)]

    (row,) = side_by_side(" ".join(words), " ".join(["new", *words]))

    assert (row.dropped[0].text, row.dropped[0].is_changed) == ("new", True)


def test_a_text_of_one_word_over_and_over_takes_no_time():
    started = time.process_time()

    side_by_side("same " * 5000 + "a", "other same " * 2500)

    assert time.process_time() - started < 2


def test_a_diff_of_texts_without_spaces_shows_letters():
    (row,) = side_by_side("這裡有一隻貓在睡覺。", "這裡有一隻狗在睡覺。")

    assert [(piece.text, piece.is_changed) for piece in row.kept] == [
        ("這裡有一隻", False), ("貓", True), ("在睡覺。", False),
    ]  # fmt: skip
    (long,) = side_by_side("x", "y" * 9000)
    assert len(long.dropped[0].text) < 300
