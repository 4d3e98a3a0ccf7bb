import pytest

from goldsmith.refine.repairs import repair


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("In caf&eacute;s of K&ouml;ln one pays 5&nbsp;&euro;.", "In cafés of Köln one pays 5\xa0€."),
        ("Don&#8217;t say &#x201C;no&#x201D;.", "Don\u2019t say \u201cno\u201d."),
        ("Research &amp; development at AT&amp;T", "Research & development at AT&T"),
        ("twice escaped &amp;nbsp;and &amp;amp; so", "twice escaped \xa0and & so"),
        ("3 &lt; 5 &gt; 2", "3 < 5 > 2"),
    ],
)
def test_entities_that_were_left_over_become_their_character(before: str, after: str):
    done = repair(before)

    assert done.text == after
    assert set(done.counts) == {"entities"}


@pytest.mark.parametrize(
    "text",
    [
        "In HTML an ampersand is written &amp; and a space without break &nbsp; instead.",
        "Use '&lt;' to show the sign.",
        "The entity &eacute; stands for a letter.",
        "AT&T writes R&amp;D with its sign and Q&A without.",
        "f(&int; &sub; &not; &image;)",
        "&unknown; &; &#1; &#; &amp",
        "a = b & c; d = e & f;",
        "?x=1&copy=2&amp=3",
    ],
)
def test_entities_that_are_meant_stay(text: str):
    assert repair(text).text == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("first line<br>second line<br />third", "first line\nsecond line\nthird"),
        ("<p>A <b>bold</b> word.</p>\n<p>Next.</p>", "A bold word.\nNext."),
        ('see <a href="/x?y=1">this page</a> now', "see this page now"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1 2"),
        ("Größe: <font size=2>klein</font>", "Größe: klein"),
    ],
)
def test_tags_that_were_left_over_are_taken_out(before: str, after: str):
    done = repair(before)

    assert done.text == after
    assert set(done.counts) == {"tags"}


@pytest.mark.parametrize(
    "text",
    [
        "The tag <b>bold</b> of HTML makes text bold.",
        "write `<br>` twice: `<br>`",
        "std::vector<int> a; std::map<a, b> c;",
        "List<b> first; List<b> second;",
        "if a <b and c> d then e <i and f> g",
        "#include <stdio.h>\n<b>x</b>",
        "Ann <ann@example.org> and <https://example.org/p>",
        "one <br> alone",
        "<b>open <b>open again",
    ],
)
def test_tags_that_are_meant_stay(text: str):
    assert repair(text).text == text


def test_tags_next_to_links_in_brackets_are_taken_out():
    assert repair("<b>Ann</b> <ann@example.org>").text == "Ann <ann@example.org>"


def test_many_open_brackets_cost_no_more_than_the_text():
    text = "<a " * 100_000 + ">" + "&amp;" * 3

    assert repair(text).text.count("<a ") == 100_000
