"""What is said against the use of documents."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from goldsmith.refine.addresses import parse_address
from goldsmith.refine.http_messages import parse_headers, parse_response
from goldsmith.refine.markup import Page
from goldsmith.refine.model import Places, RawDocument
from goldsmith.refine.readers.files import Files
from goldsmith.refine.stages.usage_signals import UsageSignals
from goldsmith.refine.usage import sites
from goldsmith.refine.usage.robots import blocked_agents, fits, parse_robots, usage_for_all
from goldsmith.refine.usage.sites import Sites
from tests.unit.refine.made_files import http, record
from tests.unit.refine.source_lab import Given, stops_of, values_of


def opt_outs(document: Given, **parameters: Any) -> list[str]:
    return values_of(UsageSignals(**parameters), document)["opt_outs"] or []


def page(head: str) -> Given:
    return Given("a", f"<!DOCTYPE html><head>{head}</head><body><p>Grüße, text.</p>", media="html")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta name="robots" content="noindex, nofollow">', ["noindex"]),
        ("<META NAME=Robots CONTENT='NoAI,NoImageAI'/>", ["noai", "noimageai"]),
        ('<meta content="none" name="robots">', ["noindex"]),
        ('<meta name="robots" content="max-snippet:-1, noarchive">', ["noarchive"]),
        ('<meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="https://a/p">', ["tdm-reserved"]),
        ('<meta name="GPTBot" content="noindex">', ["ai-crawlers-blocked"]),
        ('<meta name="CCBot" content="nofollow">', []),
        ('<meta name="googlebot" content="noindex">', []),
        ('<meta name="robots" content="index, follow, all">', []),
        ('<meta name="tdm-reservation" content="0">', []),
        ('<meta name="description" content="noai">', []),
        ('<!-- <meta name="robots" content="noai"> -->', []),
        ('<script>x = \'<meta name="robots" content="noai">\'</script>', []),
    ],
)
def test_the_meta_elements_of_a_page_are_read(head: str, expected: list[str]):
    assert opt_outs(page(head)) == expected


def test_the_evidence_is_the_element_and_where_it_stands():
    document = page('<title>Größe</title><meta name="robots" content="noai">')

    (said,) = values_of(UsageSignals(), document)["opt_out_evidence"]

    assert document.text[said["start"] : said["end"]] == said["quote"] == '<meta name="robots" content="noai">'
    assert (said["signal"], said["by"]) == ("noai", "meta robots")


def test_markup_in_a_plain_text_says_nothing():
    assert opt_outs(Given("a", '<meta name="robots" content="noai">')) == []


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"x_robots_tag": "noai"}, ["noai"]),
        ({"X-Robots-Tag": "googlebot: noindex\nnoarchive"}, ["noarchive"]),
        ({"x_robots_tag": "unavailable_after: 25 Jun 2010 15:00:00 PST, noindex"}, ["noindex"]),
        ({"x_robots_tag": "otherbot: noindex, nofollow, CCBot: noindex"}, ["ai-crawlers-blocked"]),
        ({"tdm_reservation": "1", "tdm_policy": "https://a/p"}, ["tdm-reserved"]),
        ({"tdm_reservation": "0"}, []),
        ({"tdm_reservation": "10"}, []),
        ({"tdmrep_reservation": "1"}, ["tdm-reserved"]),
        ({"content_signal": "search=yes, ai-train=no"}, ["no-ai-training"]),
        ({"content_usage": "train-ai=n, search=y"}, ["no-ai-training"]),
        ({"content_signal": "ai-input=no,search = No,ai-train=yes"}, ["no-ai-input", "no-search"]),
        ({"content_signal": "ai-train=nobody"}, []),
        ({"robots_txt_blocks": "googlebot, GPTBot, *"}, ["ai-crawlers-blocked", "all-crawlers-blocked"]),
        ({"robots_txt_blocks": "googlebot"}, []),
        ({"ai_txt_blocks": "*"}, ["all-crawlers-blocked"]),
        ({"url": "https://noai.example/"}, []),
    ],
)
def test_what_the_source_carries_is_read(meta: dict[str, str], expected: list[str]):
    assert opt_outs(Given("a", meta=meta)) == expected


def test_more_crawlers_can_be_named():
    assert opt_outs(Given("a", meta={"robots_txt_blocks": "ownbot"}), agents=("OwnBot",)) == ["ai-crawlers-blocked"]


def test_documents_are_dropped_only_for_what_is_respected():
    document = Given("a", meta={"x_robots_tag": "noai", "tdm_reservation": "1", "tdm_policy": "https://a/p"})

    assert stops_of(UsageSignals(), document) == {}
    assert stops_of(UsageSignals(respect=("noindex",)), document) == {}
    stops = stops_of(UsageSignals(respect=("noindex", "tdm-reserved", "tdm-reserved")), document)
    assert list(stops) == ["tdm-reserved"]
    assert stops["tdm-reserved"].evidence["said"] == [
        {"signal": "tdm-reserved", "by": "header TDM-Reservation", "quote": "1 https://a/p"}
    ]


ROBOTS = b"""\xef\xbb\xbf# a comment
Content-Signal: search=yes
User-agent: GPTBot
User-Agent: CCBot # two of them
Disallow: /

user-agent: *
Content-Signal: ai-train=no
Disallow: /private
Allow: /private/open
Disallow: /*.pdf$
Disallow: /caf%C3%A9

User-agent: OtherBot
Content-Usage: train-ai=y
Disallow:
Sitemap: https://a.example/sitemap.xml
nonsense
"""


@pytest.mark.parametrize(
    ("path", "blocked"),
    [
        ("/", ("gptbot", "ccbot")),
        ("/private/x", ("gptbot", "ccbot", "*")),
        ("/private/open/x", ("gptbot", "ccbot")),
        ("/a/b.pdf", ("gptbot", "ccbot", "*")),
        ("/a/b.pdf?x", ("gptbot", "ccbot")),
        ("/caf%c3%a9/1", ("gptbot", "ccbot", "*")),
        ("/%70rivate", ("gptbot", "ccbot", "*")),
    ],
)
def test_robots_txt_is_read_as_the_standard_says(path: str, blocked: tuple[str, ...]):
    assert blocked_agents(parse_robots(ROBOTS), path) == blocked


def test_words_on_usage_for_all_are_those_of_no_one_and_of_all():
    assert usage_for_all(parse_robots(ROBOTS)) == ("search=yes", "ai-train=no")


def test_of_rules_as_long_the_one_that_allows_counts():
    assert blocked_agents(parse_robots(b"User-agent: a\nDisallow: /p\nAllow: /p"), "/p") == ()


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/a*c*e", "/abcde", True),
        ("/a*c$", "/acbc", True),
        ("/a*c$", "/acb", False),
        ("*", "/x", True),
        ("/*a$", "/", False),
    ],
)
def test_patterns_fit_as_in_robots_txt(pattern: str, path: str, expected: bool):
    assert fits(pattern, path) is expected


def test_many_stars_take_no_time():
    assert not fits("/" + "*a" * 2000 + "b", "/" + "a" * 20000)


def read(folder: Path, *records: bytes) -> dict[str, RawDocument]:
    (folder / "a.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    source = Files(paths=("a.warc.gz",))
    return {each.id: each for each in source.read(Places(base=folder, doc_folders=(), packages=tuple)).documents}


def test_an_archive_tells_pages_what_headers_and_their_site_say(tmp_path: Path):
    a, b = "https://a.example", "https://b.example"
    free, rest = (
        b'{"location": "/free/", "tdm-reservation": 0}',
        b'{"location": "/", "tdm-reservation": 1, "tdm-policy": "P"}',
    )
    pages = gzip.compress(b"User-agent: *\nDisallow: *.html")
    found = read(
        tmp_path,
        record(http(ROBOTS, kind="text/plain"), uri=f"{a}/robots.txt", number=1),
        record(http(b"[%s, %s]" % (free, rest), kind="application/json"), uri=f"{a}/.well-known/tdmrep.json", number=2),
        record(http(pages, "Content-Encoding: gzip", kind="text/plain"), uri=f"{a}/ai.txt", number=3),
        record(http(b"<p>1", "X-Robots-Tag: noai", "x-robots-tag: CCBot:", "  noindex"), uri=f"{a}/private/1.html"),
        record(http(b"<p>2", "Content-Usage: train-ai=n"), uri="http://a.example/free/", number=5),
        record(http(b"<p>3"), uri=f"{b}/private", number=6),
        record(http(b"", status="404 Not Found"), uri=f"{b}/robots.txt", number=7),
    )

    one, two, three = (
        dict(found[url].meta) for url in (f"{a}/private/1.html", "http://a.example/free/", f"{b}/private")
    )

    assert one["x_robots_tag"] == "noai\nCCBot: noindex"
    assert (one["robots_txt_blocks"], one["ai_txt_blocks"]) == ("gptbot, ccbot, *", "*")
    assert (one["tdmrep_reservation"], one["tdmrep_policy"]) == ("1", "P")
    assert (two["content_usage"], two["tdmrep_reservation"]) == ("train-ai=n", "0")
    assert "ai_txt_blocks" not in two
    assert set(three) == {"url", "date", "content_type"}
    assert f"{a}/.well-known/tdmrep.json" not in found
    said = ["tdm-reserved", "no-ai-training", "noai", "ai-crawlers-blocked", "all-crawlers-blocked"]
    assert opt_outs(Given("1", meta=one)) == said


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[1]", b'[{"location": 1}]', b'[{"location": "/", "tdm-reservation": 2}]', b"\xff["]
)
def test_files_of_sites_that_cannot_be_read_say_nothing(raw: bytes):
    known, address = Sites(), parse_address("https://a.example/.well-known/tdmrep.json")
    assert address is not None

    known.note(address, raw)

    assert known.said_of(address) == {}


def test_the_oldest_site_is_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sites, "MAX_SITES", 2)
    known = Sites()
    addresses = [parse_address(f"https://{name}.example/robots.txt") for name in "abac"]
    for address in addresses:
        assert address is not None
        known.note(address, b"User-agent: *\nDisallow: /")

    assert [bool(known.said_of(each)) for each in addresses if each] == [True, False, True, True]


def test_a_damaged_robots_txt_does_not_stop_the_archive(tmp_path: Path):
    broken = record(
        http(b"\x1f\x8b\x08rubbish\0", "Content-Encoding: gzip", kind="text/plain"), uri="https://a.example/robots.txt"
    )

    found = read(tmp_path, broken, record(http(b"<p>one"), uri="https://a.example/1", number=2))

    assert found["https://a.example/1"].failure is None
    assert found["https://a.example/robots.txt"].failure is not None


def test_all_headers_of_one_name_are_kept_in_order():
    response = parse_response(b"HTTP/1.1 200 OK\r\nA: 1\r\nB: x\r\na: 2\r\n\t3\r\nno header\r\n\r\nbody")

    assert response.all_of("a") == "1\n2 3"
    assert (response.headers["a"], response.headers["b"]) == ("1", "x")
    assert parse_headers([" begins with a space", "A: 1"]) == {"a": "1"}


def test_the_visible_text_of_a_page_knows_where_it_stood():
    html = "<title>T</title><p class='ä>'>Grüße 𝄞 <b>fett</b><!-- no --><script>no</script> &copy; \ud800 Ende"

    seen = Page(html).visible()

    assert seen.text == " Grüße 𝄞 fett &copy; ? Ende"
    for word in ("Grüße", "fett", "&copy;", "Ende"):
        place = seen.place(seen.text.index(word))
        assert html[place : place + len(word)] == word
    assert seen.before(len(html[: html.index("<script")].encode()), 5) == " fett"


def test_listings_are_left_out_where_they_are_the_smaller_part():
    assert Page("<p>Some words<pre>x = 1</pre>and more").visible().text.split() == ["Some", "words", "and", "more"]
    assert Page("<p>Short<pre>License: MIT</pre>").visible().text.split() == ["Short", "License:", "MIT"]


def test_a_page_without_text_has_none():
    assert Page("<p><br>").visible().text == ""
    assert Page("<p><br>").visible().place(0) == 0


def test_elements_can_be_those_with_a_word_among_their_attributes():
    page = Page("<p>license</p><a HREF='/Licence'>x</a><a>license</a><link rel=license><b license>")

    assert [each.name for each in page.elements("a", "link", with_one_of=("licen",))] == ["a", "link"]


def test_crawlers_have_names_of_any_length_but_none():
    blocked = page('<meta name="xy" content="noindex">')

    assert opt_outs(blocked, agents=("XY",)) == ["ai-crawlers-blocked"]
    assert not opt_outs(blocked)
    with pytest.raises(ValueError, match="empty name"):
        _ = UsageSignals(agents=("XY", " "))
