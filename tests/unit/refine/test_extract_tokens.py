"""HTML is cut as browsers cut it, whatever people forgot to close."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.kit.arrow import as_utf8
from goldsmith.refine.extraction.attributes import IS_HIDDEN
from goldsmith.refine.extraction.lines import Lines
from goldsmith.refine.extraction.measures import owners_of
from goldsmith.refine.extraction.pages import bytes_of
from goldsmith.refine.extraction.tags import NUMBERS, fnv
from goldsmith.refine.extraction.trees import Tree, trees_of
from goldsmith.refine.extraction.words import MARK_BITS

NOTHING: set[str] = set()


def tree(html: str) -> Tree:
    return trees_of(as_utf8([html])).tree(0)


def blocks(html: str) -> list[str]:
    page, found = bytes_of(html), tree(html)
    lines = Lines(page, found, owners_of(found))
    return [lines.text(block) for block in range(found.n_blocks)]


def marks(tag: str) -> set[str]:
    bits = int(tree(tag).marks[1])
    return {name for name, bit in MARK_BITS.items() if bits & bit} | ({"unseen"} if bits & IS_HIDDEN else set())


def test_the_hash_is_fnv_1a():
    assert fnv("") == 0xCBF29CE484222325
    assert fnv("a") == 0xAF63DC4C8601EC8C
    assert fnv("foobar") == 0x85944171F73967E8


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>one<p>two", ["one", "two"]),
        ("<ul><li>one<li>two <b>bold</b></ul>after", ["one", "two bold", "after"]),
        ("<table><tr><td>a<td>b<tr><td>c</table>", ["a", "b", "c"]),
        ("<dl><dt>term<dd>what it means</dl>", ["term", "what it means"]),
        ("a<br>b<br><br>c", ["a\nb", "c"]),
        ("1 < 2 and a<b", ["1 < 2 and a"]),
        ('<p title="a > b">text</p>', ["text"]),
        ("<p title='it\"s >'>text", ["text"]),
        ("<script>if (a < b) { x = '<p>no</p>' }</script>yes", ["yes"]),
        ("<SCRIPT>no</ScRiPt>yes", ["yes"]),
        ("<style>p { no }</style ><p>yes", ["yes"]),
        ("<textarea><p>no</textarea>yes", ["yes"]),
        ("<!-- <p>no</p> -->yes", ["yes"]),
        ("<!-->yes", ["yes"]),
        ("<!doctype html><?xml no?></ no>yes", ["yes"]),
        ("<head><title>no</title><meta name=a><p>yes", ["yes"]),
        ("<noscript>no</noscript><template>no</template>yes", ["yes"]),
        ("<p>sch&ouml;n &amp; gut &#47; 5&nbsp;%", ["schön & gut / 5 %"]),
        ("<p>  many \n\t spaces  ", ["many spaces"]),
        ("<a href=x>one</a><my-box><p>two</p></my-box>", ["one", "two"]),
        ("", []),
        ("<div></div> \n <p> </p>", []),
        ("<", ["<"]),
        ("<p", []),
        ("<!--", []),
        ("<script>never closed", []),
    ],
)
def test_the_blocks_of_a_page(html: str, expected: list[str]):
    assert blocks(html) == expected


def test_an_end_tag_inside_a_cell_does_not_close_what_is_around_the_table():
    found = tree("<article><table><tr><td>a</article>b</td></tr></table><p>c</p>")

    last = int(found.run_elements[-1])
    assert NUMBERS["article"] in [int(found.names[element]) for element in around(found, last)]


def around(found: Tree, element: int) -> list[int]:
    path: list[int] = []
    while element > 0:
        path.append(element)
        element = int(found.parents[element])
    return path


def test_only_the_text_of_a_link_counts_as_link():
    found = tree("<a href=x>in</a> out <a href=y>in<div>in</div></a> out")

    assert [bool(link) for link in found.run_links] == [True, False, True, True, False]


def test_a_link_that_is_never_closed_ends_with_what_it_stands_in():
    found = tree("<p><a href=x>in</p><p>out</p>")

    assert [bool(link) for link in found.run_links] == [True, False]


def test_the_depth_counts_what_is_open():
    assert tree("<div>" * 50 + "x" + "</div>" * 50).depth == 51
    assert tree("<p>x" * 50).depth == 2
    assert tree("<br>" * 50).depth == 1


def test_nesting_takes_time_in_proportion_to_the_page():
    html = "<b><div>x" * 50_000

    assert tree(html).depth == 100_001


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("<div class='entry-content'>", {"article", "content"}),
        ("<div class=articleBody>", {"article", "content"}),
        ("<div itemprop=articleBody>", {"exact-body"}),
        ("<div id='commentlist'>", {"comment"}),
        ('<div class="relatedPosts">', {"related", "article"}),
        ("<div role='navigation'>", {"navigation"}),
        ("<div class='article post tag-cookies category-newsletter hentry'>", {"article"}),
        ("<div style='color: red; DISPLAY : none'>", {"unseen"}),
        ("<div hidden>", {"unseen"}),
        ("<div data-x=1 hidden>", {"unseen"}),
        ("<div aria-hidden='true'>", {"unseen"}),
        ("<div aria-hidden='false'>", NOTHING),
        ("<div title='comment sidebar'>", NOTHING),
        ("<div class>", NOTHING),
        ("<div class=>", NOTHING),
        ("<body class='has-sidebar comments-open'>", NOTHING),
    ],
)
def test_what_attributes_say(tag: str, expected: set[str]):
    assert marks(tag) == expected


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<li>", "<a href=x>", "</a>", "<td>", "</table>", "<div class='a", "'>", "x ", "<b"]
        )
        | st.text(max_size=5),
        max_size=40,
    ).map("".join)
)
def test_any_text_has_a_tree_in_document_order(html: str):
    found = tree(html)

    assert np.all(found.parents[1:] < np.arange(1, len(found.parents)))
    assert np.all(np.diff(found.run_blocks) >= 0)
    assert all(blocks(html))


WHITE = [chr(code) for code in range(0x10000) if chr(code).isspace()]


@pytest.mark.parametrize("ahead", ["", "&lt;"])
@pytest.mark.parametrize("white", WHITE, ids=[f"{ord(white):04x}" for white in WHITE])
def test_white_space_of_any_kind_becomes_one_space_with_and_without_escapes(white: str, ahead: str):
    html = f"<p>{white}{ahead}a{white}{white} <b>{white}b</b>ü{white}<br>{white}\u4e2d{white}</p>"

    assert blocks(html) == [f"{ahead.replace('&lt;', '<')}a bü\n\u4e2d"]


@pytest.mark.parametrize(
    "near", ["\xa1", "\u1681", "\u200b", "\u2027", "\u202a", "\u2060", "\u3001", "\u2080", "\ue000"]
)
def test_what_is_written_like_white_space_stays(near: str):
    assert blocks(f"<p>a{near}{near}b</p>") == [f"a{near}{near}b"]
