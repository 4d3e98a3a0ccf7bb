"""Web archives."""

import gzip
import zlib
from pathlib import Path
from secrets import token_bytes
from typing import Any

import pyarrow as pa
import pytest

from goldsmith.refine.archives import ROOM_FOR_HTTP, read_records
from goldsmith.refine.model import Places, RawDocument
from goldsmith.refine.readers.files import Files
from tests.unit.refine.made_files import http, record

PAGE = b"<!DOCTYPE html><p>Hello " + bytes(range(0x61, 0x7B)) * 40


def read(base: Path, name: str, **parameters: Any) -> list[RawDocument]:
    source = Files(paths=(name,), **parameters)
    return list(source.read(Places(base=base, doc_folders=(), packages=tuple)).documents)


def chunked(body: bytes) -> bytes:
    parts = [body[start : start + 100] for start in range(0, len(body), 100)]
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def zstd(body: bytes) -> bytes:
    return pa.Codec("zstd").compress(body, asbytes=True)


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    "block",
    [
        http(PAGE),
        http(gzip.compress(PAGE, mtime=0), "Content-Encoding: gzip"),
        http(zlib.compress(PAGE), "Content-Encoding: deflate"),
        http(raw_deflate(PAGE), "Content-Encoding: Deflate"),
        http(pa.Codec("brotli").compress(PAGE, asbytes=True), "content-encoding: br"),
        http(zstd(PAGE), "Content-Encoding: zstd"),
        http(gzip.compress(zstd(PAGE), mtime=0), "Content-Encoding: zstd, gzip"),
        http(chunked(PAGE), "Transfer-Encoding: chunked"),
        http(chunked(gzip.compress(PAGE, mtime=0)), "Transfer-Encoding: chunked", "Content-Encoding: gzip"),
        http(PAGE, "Content-Encoding: identity"),
        http(PAGE, "Content-Encoding: gzip"),
        http(PAGE, "Content-Encoding: br"),
        http(PAGE, "Content-Encoding: x-unheard-of"),
        http(PAGE, "Transfer-Encoding: chunked"),
        http(PAGE, kind=""),
        http(PAGE).replace(b"\r\n", b"\n"),
    ],
)
def test_the_encodings_of_http_are_undone(tmp_path: Path, block: bytes):
    (tmp_path / "a.warc").write_bytes(record(block))

    (found,) = read(tmp_path, "a.warc")

    assert found.failure is None
    assert (found.raw, found.media, found.id) == (PAGE, "html", "http://a/")


def archive(n: int = 30) -> list[bytes]:
    info = record(b"software: x\r\n", kind="warcinfo", Content_Type="application/warc-fields")
    pages = [record(http(b"<p>page %d" % each), uri=f"http://a/{each}", number=each) for each in range(n)]
    return [info, *pages]


def packed(records: list[bytes], packing: str) -> bytes:
    match packing:
        case ".gz":
            return b"".join(map(gzip.compress, records))
        case ".zst":
            return b"".join(map(zstd, records))
        case _:
            return b"".join(records)


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_archives_give_their_pages_with_address_date_and_type(tmp_path: Path, packing: str):
    (tmp_path / f"a.warc{packing}").write_bytes(packed(archive(), packing))

    found = read(tmp_path, f"a.warc{packing}")

    assert [each.id for each in found] == [f"http://a/{n}" for n in range(30)]
    assert [each.raw for each in found] == [b"<p>page %d" % n for n in range(30)]
    assert found[0].meta == {"url": "http://a/0", "date": "2024-01-02T03:04:05Z", "content_type": "text/html"}


def test_an_archive_packed_as_a_whole_is_read(tmp_path: Path):
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(b"".join(archive())))

    assert len(read(tmp_path, "a.warc.gz")) == 30


def test_only_html_and_text_that_was_sent_with_success_is_taken(tmp_path: Path):
    (tmp_path / "a.warc").write_bytes(
        record(http(b"x", kind="image/png"), uri="http://a/png")
        + record(http(b"x", status="404 Not Found"), uri="http://a/404")
        + record(http(b"x", kind="text/css"), uri="http://a/css")
        + record(http(b"\x89PNG", kind=""), uri="http://a/unknown")
        + record(b"GET / HTTP/1.1\r\n\r\n", kind="request", uri="http://a/request")
        + record(http(b""), kind="revisit", uri="http://a/revisit")
        + record(b"no http at all", uri="http://a/none")
        + record(http(b"text", kind="text/plain; charset=x"), uri="http://a/text", WARC_Truncated="length")
        + record(b"<p>kept", kind="resource", uri="file:///a.html", Content_Type="text/html")
        + record(b"extracted", kind="conversion", uri="http://a/wet", Content_Type="text/plain")
    )

    found = read(tmp_path, "a.warc")

    assert [(each.id, each.media, each.raw) for each in found] == [
        ("http://a/text", "text", b"text"),
        ("file:///a.html", "html", b"<p>kept"),
        ("http://a/wet", "text", b"extracted"),
    ]
    assert found[0].meta["truncated"] == "length"
    assert found[0].meta["content_type"] == "text/plain; charset=x"


def test_an_address_that_comes_again_gets_the_id_of_its_record_in_any_file(tmp_path: Path):
    (tmp_path / "a.warc").write_bytes(record(http(PAGE), number=1) + record(http(PAGE), number=2))
    (tmp_path / "b.warc").write_bytes(record(http(PAGE), number=3))

    found = read(tmp_path, "*.warc")

    assert [each.id for each in found] == ["http://a/", "http://a/ urn:uuid:2", "http://a/ urn:uuid:3"]


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (http(gzip.compress(PAGE * 9, mtime=0)[:-12], "Content-Encoding: gzip"), "the compressed content ends early"),
        (http(b"\x1f\x8b\x08" + b"\xff" * 90, "Content-Encoding: gzip"), "the compressed content is damaged"),
        (http(b"\xff\xfe\xfd" * 30, "Content-Encoding: br"), "the compressed content is damaged"),
        (http(b"\xff\xfe" * 30, "Content-Encoding: compress"), "the content encoding 'compress' is not known"),
        (http(chunked(PAGE)[:300], "Transfer-Encoding: chunked"), "the content ends early: a chunk is cut"),
        (http(b"3\r\nabc\r\n", "Transfer-Encoding: chunked"), "the content ends early: a chunk is missing"),
        (
            http(gzip.compress(bytes(300 << 20), mtime=0), "Content-Encoding: gzip"),
            "unpacked more than 1,048,576 bytes",
        ),
        (http(bytes(2 << 20)), "2,097,196 bytes, more than 1,048,576 bytes"),
    ],
)
def test_a_page_that_cannot_be_read_fails_alone(tmp_path: Path, block: bytes, said: str):
    (tmp_path / "a.warc.gz").write_bytes(packed([record(block, uri="http://a/bad"), *archive(3)], ".gz"))

    bad, *others = read(tmp_path, "a.warc.gz", max_bytes=1 << 20)

    assert bad.id == "http://a/bad"
    assert bad.failure is not None
    assert said in bad.failure
    assert [each.raw for each in others] == [b"<p>page 0", b"<p>page 1", b"<p>page 2"]


def test_a_bomb_in_an_archive_is_not_unpacked_into_memory(tmp_path: Path):
    video = record(http(bytes(40 << 20), kind="video/mp4"), uri="http://a/film")
    large = record(http(bytes(40 << 20)), uri="http://a/bomb")
    (tmp_path / "a.warc.gz").write_bytes(packed([video, large, *archive(1)], ".gz"))

    records = read_records(tmp_path / "a.warc.gz", types=frozenset({"response"}), max_bytes=9)
    held = [len(each.block) for each in records]
    film_left_out, last = read(tmp_path, "a.warc.gz")

    assert held[:2] == [ROOM_FOR_HTTP, ROOM_FOR_HTTP]
    assert film_left_out.id == "http://a/bomb"
    assert film_left_out.failure is not None
    assert last.raw == b"<p>page 0"


@pytest.mark.parametrize("packing", ["", ".gz"])
def test_after_damage_reading_goes_on_at_the_next_record(tmp_path: Path, packing: str):
    parts = [packed([each], packing) for each in archive(9)]
    parts[4] = b"\xff" * 30 + parts[4][30:] if not packing else parts[4][:20] + b"\xff" * 30 + parts[4][50:]
    (tmp_path / f"a.warc{packing}").write_bytes(b"".join(parts))

    found = read(tmp_path, f"a.warc{packing}")

    failed = [each.failure for each in found if each.failure]
    assert len(failed) == 1
    assert failed[0].endswith("; reading goes on at the next record")
    assert [each.raw for each in found if not each.failure] == [b"<p>page %d" % n for n in (0, 1, 2, 4, 5, 6, 7, 8)]


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_an_archive_that_ends_early_says_so(tmp_path: Path, packing: str):
    large = [record(http(b"<p>%d" % n + token_bytes(9000))) for n in range(9)]
    (tmp_path / f"a.warc{packing}").write_bytes(packed(large, packing)[:-25])

    found = read(tmp_path, f"a.warc{packing}")

    assert [(each.raw or b"")[:4] for each in found[:-1]] == [b"<p>%d" % n for n in range(8)]
    assert found[-1].failure is not None
    assert "ends" in found[-1].failure
    assert found[-1].failure.endswith("; the rest of the file is not read")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.warc", b"<p>no archive", "here should be a record"),
        ("a.warc.gz", b"<p>no archive", "not a sound gzip file"),
        ("a.warc.gz", gzip.compress(b"no archive", mtime=0), "here should be a record"),
        ("a.warc.zst", b"<p>no archive", "not a sound zstd file"),
        ("a.warc", b"WARC/1.0\r\nWARC-Type: response\r\n\r\nx", "does not say how long it is"),
        ("a.warc", b"WARC/1.0\r\nContent-Length: -5\r\n\r\nx", "does not say how long it is"),
        ("a.warc", b"WARC/1.0\r\nContent-Length: 9" + b"9" * 99 + b"\r\n\r\nx", "does not say how long it is"),
        ("a.warc", b"WARC/1.0\r\nWARC-Type: x\r\nContent-Length: 99999\r\n\r\nx", "ends inside a record"),
        ("a.warc", b"WARC/1.0\r\nContent-Length: 1\r\n\r\nx", "does not say of which type it is"),
        ("a.warc", b"WARC/1.0\r\n" + b"x: y\r\n" * 30_000, "the headers of a record have no end"),
        ("a.warc", b"WARC/1.0\r\n", "the headers of a record have no end"),
    ],
)
def test_what_is_no_archive_fails(tmp_path: Path, name: str, content: bytes, said: str):
    (tmp_path / name).write_bytes(content)

    (found,) = read(tmp_path, name)

    assert found.failure is not None
    assert said in found.failure


def test_an_empty_archive_holds_nothing(tmp_path: Path):
    (tmp_path / "a.warc").write_bytes(b"")

    assert read(tmp_path, "a.warc") == []


def test_bytes_of_all_kinds_in_headers_harm_nothing(tmp_path: Path):
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <http://a/\xff\xed\xa0\x80>\r\n folded\r\n"
    block = b"HTTP/1.1 200 \xff\r\nContent-Type: text/html; charset=\xff\x00\r\n\r\nx"
    (tmp_path / "a.warc").write_bytes(
        head + b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n" % len(block) + block
    )

    (found,) = read(tmp_path, "a.warc")

    assert found.raw == b"x"
    assert found.id.encode().startswith(b"http://a/")


def test_a_file_full_of_places_to_go_on_at_is_given_up_in_time(tmp_path: Path):
    (tmp_path / "a.warc.gz").write_bytes(b"\x1f\x8b\x08" * 100_000)

    (found,) = read(tmp_path, "a.warc.gz")

    assert found.failure is not None
    assert found.failure.endswith("the rest of the file is not read")
