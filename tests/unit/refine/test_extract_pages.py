"""The main text of pages: what is kept, in which form, and what is said about the rest."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from benchmarks.extracting.marked import load, score
from goldsmith.kit.arrow import as_utf8, make_batch
from goldsmith.kit.columns import Batch
from goldsmith.refine.extraction import containers, judges
from goldsmith.refine.extraction.features import N_FEATURES
from goldsmith.refine.extraction.lines import Lines
from goldsmith.refine.extraction.measures import DECLARED, DESCRIBED, N_NUMBERS, SIZE, TITLED, owners_of
from goldsmith.refine.extraction.pages import Blocks, LeftOut, MainText, blocks_of, bytes_of, main_texts
from goldsmith.refine.extraction.reasons import REASONS, reasons_of
from goldsmith.refine.extraction.trees import trees_of
from goldsmith.refine.stages.extract_html import ExtractHtml

MARKED = Path(__file__).resolve().parents[4] / "shared" / "data" / "web-articles"

ARTICLE = """<html><head><title>Die Mühle am Bach | Dorfzeitung</title></head><body>
<nav class="menu"><ul><li><a href="/">Start</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article class="post"><h1>Die Mühle am Bach</h1><div class="entry-content">
<p>Am Bach hinter dem Dorf steht seit dreihundert Jahren eine Mühle, die keiner mehr braucht und alle lieben.</p>
<p>Der Müller, ein alter Mann mit weißem Bart, öffnet sie jeden Sonntag für Besucher, und er erzählt gern.</p>
<h2>Wie alles begann</h2>
<ul><li>Zuerst kam der Stein, den acht Pferde zogen.</li><li>Dann kam das Rad, das der Bach bis heute dreht.</li></ul>
<pre>mahlen(korn)
    return mehl</pre>
<table><tr><th>Jahr</th><th>Säcke</th></tr><tr><td>1850</td><td>412</td></tr></table>
<p>Im Winter friert der Bach zu, dann steht das Rad still, und der Müller liest am Ofen seine alten Bücher.</p>
</div></article>
<div id="comments" class="comment-list"><div class="comment"><p>Sehr schön geschrieben, ich war im letzten Sommer mit
meinen Enkeln dort, und wir haben sogar Mehl mitgenommen.</p></div></div>
<aside class="related"><a href="/1">Noch eine Mühle im Nachbardorf, die Sie noch nicht kennen</a></aside>
<footer>Copyright 2020 Dorfzeitung, alle Rechte vorbehalten. <a href="/impressum">Impressum</a></footer>
</body></html>"""


def extract(html: str) -> MainText:
    (found,) = main_texts(as_utf8([html]))
    assert found is not None
    return found


def batch(*pages: tuple[str, str]) -> Batch:
    columns = {"text": [text for text, _ in pages], "_media": [media for _, media in pages]}
    return make_batch(columns, {"text": "text", "_media": "text"})


def test_the_article_is_kept_and_what_stands_around_it_is_not():
    text = extract(ARTICLE).text

    assert "seit dreihundert Jahren eine Mühle" in text
    assert "am Ofen seine alten Bücher." in text
    for other in ("Sport", "Enkeln", "Nachbardorf", "Copyright", "Impressum"):
        assert other not in text


def test_items_rows_and_code_keep_their_form():
    text = extract(ARTICLE).text

    assert "- Zuerst kam der Stein, den acht Pferde zogen.\n- Dann kam das Rad" in text
    assert "mahlen(korn)\n    return mehl" in text or "mahlen" not in text


def test_lines_follow_the_elements_that_they_stand_in():
    html = "<ol><li>1<li><p>2<p>3</ol><table><tr><td>a<td>b<tr><td>c<td>d</table><pre>x\n  y</pre><p>z\n z"
    tree = trees_of(as_utf8([html])).tree(0)

    text = Lines(bytes_of(html), tree, owners_of(tree)).joined(np.arange(tree.n_blocks))

    assert text == "- 1\n- 2\n3\n\na | b\nc | d\n\nx\n  y\n\nz z"


def test_long_cells_are_paragraphs_of_a_layout():
    long = "so many words " * 30
    html = f"<table><tr><td>{long}<td>b<tr><td>c<td>d</table>"
    tree = trees_of(as_utf8([html])).tree(0)

    text = Lines(bytes_of(html), tree, owners_of(tree)).joined(np.arange(tree.n_blocks))

    assert text == f"{long.strip()}\n\nb\nc | d"


def test_the_largest_blocks_that_are_left_out_say_why():
    left_out = {block.text[:9]: block for block in extract(ARTICLE).left_out}

    assert left_out["Sehr schö"].why == "named as comments"
    assert left_out["Sehr schö"].link_share == 0
    assert left_out["Noch eine"].why == "mostly links"
    assert left_out["Noch eine"].link_share == 1
    assert all(0 <= block.probability <= 1 for block in left_out.values())


def test_of_blocks_of_one_size_the_earlier_are_shown():
    others = "".join(f"<p><a href=/{n}>Noch eine Mühle in einem anderen Dorf, die Nummer {n}</a>" for n in range(7))

    left_out = extract(ARTICLE.replace("<aside", f"<aside class=related>{others}</aside><aside")).left_out

    shown = [block.text[-1] for block in left_out if "Nummer" in block.text]
    assert shown == [str(n) for n in range(len(shown))]
    assert len(shown) > 1


def test_words_of_the_title_the_description_and_the_declared_body_are_counted():
    head = (
        "<title>Die alte Mühle</title><meta name='description' content='am Bach hinter dem Dorf'>"
        '<script type="application/ld+json">{"articleBody": "der Müller liest am Ofen"}</script>'
    )
    pages = [
        "<p>am Bach hinter dem Dorf",
        f"<head>{head}</head><p>am Bach hinter dem Dorf<p>Mühle<p>der Müller liest am",
    ]
    numbers = measured(pages).measures.numbers

    assert numbers[:, [TITLED, DESCRIBED, DECLARED]].tolist() == [[0, 0, 0], [0, 3, 0], [1, 0, 0], [0, 0, 2]]


def test_a_text_that_a_page_holds_twice_is_kept_once():
    words = " ".join(f"wort{number}" for number in range(90))
    long = f"<p>Es war einmal, sagt man, {words} und so ging es aus.</p>"

    found = extract(f"<article><h1>Märchen</h1>{long}{long}</article>")

    assert found.text.count("wort50") == 1
    assert "repeats other blocks" in {block.why for block in found.left_out}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>hello", "hello"),
        ("<h1>Title</h1><p>hello<footer>Copyright</footer>", "Title\n\nhello"),
        ("plain", "plain"),
        ("<p>短い文章です。", "短い文章です。"),
        ("<nav><a href=a>Home</a><a href=b>Away</a></nav>", ""),
        ("<script>x</script><style>y</style>", ""),
        ("", ""),
    ],
)
def test_small_pages_keep_what_nothing_speaks_against(html: str, expected: str):
    assert extract(html).text == expected


def test_the_stage_says_what_it_left_out_as_json():
    columns = ExtractHtml().annotate(batch((ARTICLE, "html"), ("<b>as it is</b>", "text")))

    (page, plain) = columns["text"]
    assert plain == "<b>as it is</b>"
    assert columns["n_markup"] == [len(ARTICLE) - len(str(page)), 0]
    held = msgspec.json.decode(str(columns["left_out"][0]), type=list[LeftOut])
    assert "named as comments" in {block.why for block in held}
    assert columns["left_out"][1] is None


def test_all_visible_text_is_kept_on_request():
    (text,) = ExtractHtml(main_content=False).annotate(batch((ARTICLE, "html")))["text"]

    assert "Enkeln" in str(text)
    assert "Impressum" in str(text)


@pytest.mark.parametrize("main_content", [True, False])
def test_pages_without_text_and_pages_nested_too_deeply_say_so(main_content: bool):
    pages = [("<p> </p>", "html"), ("<div>" * 2100 + "text", "html"), ("<div>" * 100 + "text", "html")]

    columns = ExtractHtml(main_content=main_content).annotate(batch(*pages))

    assert [reason is None for reason in columns["no_text"]] == [False, True, True]
    assert [reason is None for reason in columns["_too_deep"]] == [True, False, True]
    assert columns["text"][2] == "text"


def test_judges_for_other_features_are_refused():
    written = judges.Written(
        made_by="a test",
        intercept=0,
        weights=(1.0,),
        start=0,
        roots=(0,),
        feature=(-1,),
        threshold=(0.0,),
        left=(0,),
        right=(0,),
    )

    with pytest.raises(ValueError, match=f"not the {N_FEATURES} measured"):
        judges.as_judges(written)


def test_what_is_sure_enough_depends_on_the_page():
    numbers = np.zeros((9, N_NUMBERS))
    numbers[:, SIZE] = 200
    probability = np.array([0.9, 0.4, 0.1, 0.4, 0.3, 0.1, 0.05, 0.02, 0.01])

    kept = judges.kept(probability, numbers, np.array([0, 3, 6, 9]))

    assert kept.tolist() == [True, False, False, True, True, False, False, False, False]


@pytest.mark.skipif(not MARKED.is_dir(), reason="the marked pages are not beside the repository")
def test_the_main_text_of_marked_pages_is_found():
    pages = load(MARKED)[::3]

    found = score(pages, {page.name: extract(page.html).text for page in pages})

    assert found.precision >= 0.96
    assert found.recall >= 0.97


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<p>a</p>", ""),
        ("<div hidden><p>a</p></div>", "hidden"),
        ('<div class="comment"><p>a</p></div>', "named as comments"),
        ('<div class="comment entry-content"><p>a</p></div>', ""),
        ('<div class="comment"><nav><p>a</p></nav></div>', "in <nav>"),
        ('<nav><div class="comment"><p>a</p></div></nav>', "named as comments"),
        (f"<footer>{'<div>' * 20}<p>a</p></footer>", ""),
    ],
)
def test_the_nearest_element_that_says_something_is_the_reason(html: str, reason: str):
    tree = trees_of(as_utf8([html])).tree(0)

    (found,) = reasons_of(tree, owners_of(tree)).tolist()

    assert REASONS[found] == reason


def test_blocks_count_less_outside_of_the_named_article_and_more_in_its_fullest_part():
    nothing, none = np.zeros(0), np.zeros(0, np.int64)
    known = judges.Judges(0.0, np.zeros(N_FEATURES), 0.0, none, none, none, nothing, none, nothing)
    at = N_FEATURES - containers.N_FEATURES
    features = np.zeros((3, N_FEATURES))
    features[0, at] = features[1, at + 1 + containers.CLEAR] = features[1, at + 14] = features[2, at + 2] = 1

    odds = [np.log(each / (1 - each)) for each in judges.probabilities(known, features, np.array([0, 3]))]

    assert odds == pytest.approx([-judges.AGAINST, judges.IN_FAVOUR, 0])
    assert judges.probabilities(known, features, np.array([0, 1, 3]))[0] == 0.5


def test_a_page_has_the_same_text_alone_and_among_others():
    pages = [
        "",
        "<p>only words, and no more of them than fit a line of a page.",
        "<div>" * 300 + "deep" + "</div>" * 300,
        *(ARTICLE.replace("Bach", word) for word in ("Fluss", "Kanal", "Weiher")),
        f"<head><meta name='description' content='{'word ' * 50}'></head><nav><a>home</a></nav><p>{'word ' * 50}",
    ]

    together = main_texts(as_utf8(pages * 200), max_depth=200)

    assert together == [main_texts(as_utf8([page]), max_depth=200)[0] for page in pages] * 200
    assert [text is None for text in together[: len(pages)]] == [False, False, True, False, False, False, False]


def test_a_page_is_measured_the_same_alone_and_among_others():
    pages = [*(ARTICLE[:stop] for stop in range(100, len(ARTICLE), 50)), "<td>a<p>b<li>c<dt>d", ARTICLE]
    together = measured(pages)

    apart = [measured([page]) for page in pages]

    assert np.array_equal(together.features, np.concatenate([blocks.features for blocks in apart]))
    for name in ("numbers", "cues", "hashes", "owners"):
        each = np.concatenate([getattr(blocks.measures, name) for blocks in apart])
        assert np.array_equal(getattr(together.measures, name), each), name


def measured(pages: list[str]) -> Blocks:
    trees = trees_of(as_utf8(pages))
    return blocks_of(trees, trees.n_blocks)
