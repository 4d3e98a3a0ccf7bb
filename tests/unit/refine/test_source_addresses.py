"""What is decided by a document's address."""

import gzip
import itertools
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from goldsmith.errors import Cancelled, InputError
from goldsmith.kit.arrow import with_columns
from goldsmith.refine.address_forms import same_form
from goldsmith.refine.addresses import parse_address, parse_domains
from goldsmith.refine.comparisons.urls import UrlComparison
from goldsmith.refine.model import Places
from goldsmith.refine.stages.url_duplicates import UrlDuplicates
from goldsmith.refine.stages.url_rules import UrlRules
from tests.unit.refine.source_lab import Given, batch_of, stops_of, values_of


def form(text: str, *, drop_www: bool = True, join_versions: bool = False) -> str:
    address = parse_address(text)
    assert address is not None
    return same_form(address, drop_www=drop_www, join_versions=join_versions)


def page(url: str, **meta: str) -> Given:
    return Given("rows:1", meta={"url": url, **meta})


@pytest.mark.parametrize(
    ("url", "rule", "shown"),
    [
        ("https://news.bad.example/a?b", "blocked-domain", "bad.example"),
        ("http://user:pw@BAD.example.:8080/", "blocked-domain", "BAD.example"),
        ("http://93.184.216.34/page", "ip-address", "93.184.216.34"),
        ("http://[2001:db8::1]:80/page", "ip-address", "[2001:db8::1]"),
        ("https://a.example/photo.JPG?size=3", "no-text-file", "JPG"),
        ("https://a.example/free/Hentai-list", "banned-word", "Hentai"),
        ("https://a.xxx/", "banned-word", "xxx"),
        ("https://www.bestonlinecasinos.example/", "banned-part", "onlinecasino"),
        ("https://a.example/own-word/", "banned-word", "own"),
    ],
)
def test_the_evidence_is_the_entry_and_where_it_stands_in_the_address(url: str, rule: str, shown: str):
    stops = stops_of(UrlRules(blocked_domains=("bad.example",), words=("own",)), page(url))

    assert list(stops) == [rule]
    evidence: Any = stops[rule].evidence
    (span,) = evidence["in_url"]
    assert evidence["url"][span["start"] : span["end"]] == shown
    assert span["entry"] in stops[rule].reason


@pytest.mark.parametrize(
    "url",
    [
        "https://notbad.example/",
        "https://bad.example.org/",
        "https://www.essex.ac.uk/sussex/scunthorpe",
        "https://experts-exchange.com/analysis",
        "https://en.wikipedia.org/wiki/File:Tree.jpg",
        "https://casino.example/",
        "https://a.example/v1.2.3/page.html",
        "https://a.example/doc.pdf",
        "https://1.2.3.example/",
    ],
)
def test_addresses_that_only_look_like_those_pass(url: str):
    assert stops_of(UrlRules(blocked_domains=("bad.example",)), page(url)) == {}


def test_soft_words_count_when_they_meet_and_each_once():
    stage = UrlRules()

    (verdict,) = stops_of(stage, page("https://casino.example/Poker-bonus")).values()

    assert (verdict.value, verdict.threshold) == (3, 1)
    assert [each["entry"] for each in verdict.evidence["in_url"]] == ["casino", "poker", "bonus"]
    assert stops_of(stage, page("https://casino.example/casino/casino")) == {}
    assert stops_of(UrlRules(max_soft_words=3), page("https://casino.example/Poker-bonus")) == {}


def test_an_allowed_domain_passes_whatever_it_is_called():
    stage = UrlRules(blocked_domains=("example.org",), allowed_domains=("good.example.org",))

    assert stops_of(stage, page("https://www.good.example.org/porn.jpg")) == {}
    assert list(stops_of(stage, page("https://www.example.org/"))) == ["blocked-domain"]


def test_with_domains_to_keep_all_others_are_dropped_but_not_documents_without_an_address():
    stage = UrlRules(only_domains=("*.example.org",))

    assert stops_of(stage, page("https://a.example.org/")) == {}
    assert list(stops_of(stage, page("https://example.com/"))) == ["other-domain"]
    assert stops_of(stage, Given("files/a.txt")) == {}


def test_what_is_not_to_be_dropped_is_written_down():
    stage = UrlRules(drop=("ip-address",))
    document = page("https://porn.example/casino-poker.jpg")

    assert stops_of(stage, document) == {}
    found = values_of(stage, document)
    assert (found["url_host"], found["n_soft_words"]) == ("porn.example", 2)
    assert {each["flag"] for each in found["url_flags"]} == {"no-text-file", "banned-word", "soft-word"}


def test_an_id_that_is_an_address_counts_when_the_source_names_none():
    assert values_of(UrlRules(), Given("https://a.example/x urn:uuid:3"))["url_host"] == "a.example"
    assert (
        values_of(UrlRules(), Given("https://a.example/", meta={"url": "http://b.example"}))["url_host"] == "b.example"
    )
    assert values_of(UrlRules(), Given("files/x.txt"))["url_host"] is None


def test_topics_can_be_left_out():
    assert stops_of(UrlRules(topics=("gambling",)), page("https://porn.example/")) == {}


def test_a_domain_in_other_letters_is_the_same_as_in_ascii():
    stage = UrlRules(blocked_domains=("münchen.example",))

    assert list(stops_of(stage, page("http://www.xn--mnchen-3ya.example/"))) == ["blocked-domain"]
    assert list(stops_of(stage, page("http://WWW.MÜNCHEN.example/"))) == ["blocked-domain"]


def test_lists_of_domains_can_be_hosts_files():
    lines = [
        "# Title: a list",
        "127.0.0.1 localhost localhost.localdomain",
        "::1 localhost",
        "0.0.0.0 ads.example  # tracker",
        "0.0.0.0 a.example b.example",
        "",
        "C.Example.",
        "*.d.example",
        ".e.example",
        "https://f.example/path",
        "no-domain",
    ]

    assert parse_domains(lines) == {f"{name}.example" for name in ("ads", *"abcdef")}


@pytest.mark.parametrize("entry", ["", "example", "# x", "two.example words.example"])
def test_a_domain_that_is_none_is_refused(entry: str):
    with pytest.raises(ValueError, match="blocked_domains"):
        UrlRules(blocked_domains=(entry,))


SAME = [
    "http://www.example.org/b%7Ea/%c3%a9?x=1&y=2",
    "https://example.org/b~a/é/?y=2&x=1",
    "HTTPS://Example.ORG:443/a/../b~a/./%C3%A9?utm_source=mail&x=1&y=2&fbclid=z#top",
    "http://user@example.org.:80/b~a/%C3%A9;jsessionid=12AB?x=1&y=2&PHPSESSID=4",
]
OTHER = [
    "https://example.org/b~a/é?x=1&y=3",
    "https://example.org/B~a/é?x=1&y=2",
    "https://example.org:8080/b~a/é?x=1&y=2",
    "https://news.example.org/b~a/é?x=1&y=2",
    "https://example.org/b~a/é",
    "https://example.org/b~a/é?x=1&y=2#!/page",
    "https://example.org/b~a%2Fé?x=1&y=2",
]


def test_addresses_of_one_page_have_one_form_and_others_do_not():
    assert {form(url) for url in SAME} == {"example.org/b~a/%C3%A9?x=1&y=2"}
    assert len({form(url) for url in [SAME[0], *OTHER]}) == len(OTHER) + 1


def test_a_form_is_its_own_form():
    for url in [*SAME, *OTHER, "http://a.example/../../x//y/", "http://a.example?q=%zz&%41"]:
        assert form(f"https://{form(url)}") == form(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://m.example.org/story",
        "https://amp.example.org/story/",
        "https://example.org/story/amp/",
        "https://example.org/story?amp=1",
        "https://example.org/amp/story",
        "https://example-org.cdn.ampproject.org/c/s/www.example.org/story/amp",
        "https://www.google.com/amp/s/example.org/story/amp.html",
    ],
)
def test_versions_for_telephones_are_the_page_when_that_is_asked_for(url: str):
    assert form(url, join_versions=True) == "example.org/story"
    assert form(url) != "example.org/story"


def test_versions_in_the_middle_of_a_host_and_in_caches_are_known():
    assert form("https://en.m.wikipedia.org/wiki/Tree", join_versions=True) == "en.wikipedia.org/wiki/Tree"
    assert form("https://www.google.com/amp/s/example.org/story", join_versions=True) == "example.org/story"
    assert form("https://www.google.com/maps/x.y", join_versions=True) == "google.com/maps/x.y"
    assert form("https://m.org/a", join_versions=True) == "m.org/a"


def test_www_can_make_a_difference():
    assert form("http://www.example.org", drop_www=False) == "www.example.org"
    assert form("http://www.org/") == "www.org"


COPIES = [
    Given("c", "long text of the page", {"url": "http://example.org/a", "date": "2024-01-01T00:00:00Z"}),
    Given("b", "long text of the page", {"url": "https://www.example.org/a/", "date": "2024-03-01T00:00:00+05:00"}),
    Given("a", "short", {"url": "https://example.org/a#x", "date": "2024-02-29T20:00:00Z"}),
    Given("d", "another", {"url": "https://example.org/b"}),
    Given("e", "no address"),
    Given("f", "no address"),
]


@pytest.mark.parametrize(("keep", "kept"), [("longest", "b"), ("latest", "a"), ("first", "a")])
def test_the_same_document_of_one_address_is_kept_in_any_order(tmp_path: Path, keep: Any, kept: str):
    stage = UrlDuplicates(keep=keep)
    for permuted in [*itertools.permutations(COPIES[:4])][::5]:
        order = [*COPIES[4:], *permuted]
        comparison = UrlComparison(stage, tmp_path)
        comparison.add(batch_of(order[:2]))
        comparison.add(batch_of(order[2:]))
        found = comparison.decide(lambda: False)
        comparison.close()

        same_as = dict(zip([each.id for each in order], found.columns["_same_url_as"], strict=True))
        counts = dict(zip([each.id for each in order], found.columns["n_url_copies"], strict=True))
        assert same_as == {**dict.fromkeys("abc", kept), **dict.fromkeys("def"), kept: None}
        assert counts == {**dict.fromkeys("abcdef", 0), kept: 2}
        (cluster,) = found.clusters
        assert (cluster.kept, {each.id for each in cluster.members}) == ((kept,), {*"abc"} - {kept})


def test_the_verdict_names_the_kept_document_and_the_form_that_both_have(tmp_path: Path):
    stage = UrlDuplicates()
    comparison = UrlComparison(stage, tmp_path)
    comparison.add(batch_of(COPIES))
    batch = with_columns(batch_of(COPIES), comparison.decide(lambda: False).columns, stage.columns)

    (rule,) = stage.rules()
    first, *_ = rule.verdicts(batch)

    assert first is not None
    assert first.evidence == {"kept": "b", "url": "http://example.org/a", "compared_as": "example.org/a"}
    assert "b" in first.reason


def test_a_stopped_comparison_says_so(tmp_path: Path):
    with pytest.raises(Cancelled):
        UrlComparison(UrlDuplicates(), tmp_path).decide(lambda: True)


def test_lists_in_files_are_read_from_the_folder_of_the_recipe_and_pinned(tmp_path: Path):
    (tmp_path / "hosts.gz").write_bytes(gzip.compress(b"# a list\n0.0.0.0 bad.example\n"))
    (tmp_path / "good.txt").write_text("\ufeffgood.example\n", encoding="utf-8")
    places = Places(base=tmp_path, doc_folders=(), packages=tuple)
    given = UrlRules(blocked_files=("hosts.gz",), only_files=("good.txt",), only_domains=("bad.example",))

    stage = given.bound(places)

    assert list(stops_of(stage, page("https://www.bad.example/"))) == ["blocked-domain"]
    assert list(stops_of(stage, page("https://other.example/"))) == ["other-domain"]
    assert stops_of(stage, page("https://good.example/")) == {}
    pins = given.pins(places)
    assert pins["hosts.gz"] == sha256((tmp_path / "hosts.gz").read_bytes()).hexdigest()
    assert set(pins) == {"hosts.gz", "good.txt"}
    (tmp_path / "good.txt").write_text("other.example and-this.example", encoding="utf-8")
    assert stops_of(stage, page("https://other.example/")) == {}


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("none.txt", None, "No such file"),
        ("a.gz", b"bad.example", "gzip"),
        ("empty.txt", b"# nothing\n", "holds no domain"),
    ],
)
def test_a_list_that_cannot_be_read_stops_the_run_before_it_starts(
    tmp_path: Path, name: str, content: bytes | None, why: str
):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    places = Places(base=tmp_path, doc_folders=(), packages=tuple)

    with pytest.raises(InputError, match=why):
        UrlRules(blocked_files=(name,)).bound(places)
