"""DOCX and EPUB."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from goldsmith.refine.model import Places, RawDocument
from goldsmith.refine.readers.files import Files

NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="urn:mc"'
CONTAINER = '<container xmlns="urn:c"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
BOOK = """<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
<metadata><dc:title> A
 book </dc:title></metadata><manifest>
<item id="two" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="css" href="a.css" media-type="text/css"/></manifest>
<spine><itemref idref="one"/><itemref idref="two"/><itemref idref="css"/><itemref idref="gone"/></spine></package>"""
PARTS = {
    "META-INF/container.xml": CONTAINER,
    "OEBPS/book.opf": BOOK,
    "OEBPS/text/one.xhtml": "<html><head><title>x</title></head><body class='a'><p>Erste Seite: ä</p></body></html>",
    "OEBPS/text/two b.xhtml": "<html><body><p>Second</p></body></html>",
}


def zipped(path: Path, parts: Mapping[str, str | bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def docx(body: str) -> dict[str, str]:
    return {"word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>"}


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def read(base: Path, name: str, **parameters: Any) -> list[RawDocument]:
    source = Files(paths=(name,), **parameters)
    return list(source.read(Places(base=base, doc_folders=(), packages=tuple)).documents)


def test_paragraphs_and_tables_of_a_text_document_are_lines(tmp_path: Path):
    cell = "<w:tc>{}</w:tc>"
    rows = "".join(f"<w:tr>{cell.format(p(a) + p('x'))}{cell.format(p(b))}</w:tr>" for a, b in (("1", "2"), ("3", "4")))
    body = (
        p("Größe &amp; Form")
        + f"<w:tbl>{rows}</w:tbl>"
        + "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>"
        + "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
        + "<mc:AlternateContent><mc:Choice>" + p("box") + "</mc:Choice><mc:Fallback>" + p("box") + "</mc:Fallback>"
        + "</mc:AlternateContent>"
    )  # fmt: skip
    zipped(tmp_path / "a.docx", docx(body))

    (found,) = read(tmp_path, "a.docx")

    assert found.text == "Größe & Form\n1 x\t2\n3 x\t4\na\tb\nc\nbox"
    assert found.id == "files/a.docx"


def test_the_chapters_of_a_book_are_one_page_in_their_order(tmp_path: Path):
    zipped(tmp_path / "a.epub", PARTS)

    (found,) = read(tmp_path, "a.epub")

    assert found.failure is None
    assert found.raw is not None
    assert found.media == "html"
    assert found.raw.decode().split("<body>\n")[1] == "<p>Erste Seite: ä</p>\n<p>Second</p>\n</body></html>"
    assert found.meta == {"title": "A book"}


def without(name: str) -> dict[str, str]:
    return {each: content for each, content in PARTS.items() if each != name}


@pytest.mark.parametrize(
    ("name", "parts", "said"),
    [
        ("a.docx", {"x": "y"}, "the part 'word/document.xml' is missing"),
        ("a.docx", {"word/document.xml": "<a><b>"}, "not sound XML"),
        ("a.docx", docx(p("word " * 3_000_000)), "its parts are larger than `max_bytes` of its source"),
        ("a.docx", {"word/document.xml": "<a>" * 90_000}, "not sound XML"),
        ("a.docx", {"word/document.xml": '<?xml version="1.0" encoding="no-such"?><a/>'}, "not sound XML"),
        ("a.docx", {"word/document.xml": '<?xml version="1.0" encoding="gbk"?><a/>'}, "not sound XML"),
        ("a.epub", without("META-INF/container.xml"), "the part 'META-INF/container.xml' is missing"),
        ("a.epub", without("OEBPS/text/one.xhtml"), "the part 'OEBPS/text/one.xhtml' is missing"),
        ("a.epub", {**PARTS, "OEBPS/book.opf": "<package/>"}, "the book has no chapters"),
        ("a.epub", {**PARTS, "META-INF/container.xml": "<x/>"}, "META-INF/container.xml names no book"),
        ("a.epub", {**PARTS, "META-INF/encryption.xml": "<x u='OEBPS/text/one.xhtml'/>"}, "the book is encrypted"),
        ("a.epub", {**PARTS, "OEBPS/text/one.xhtml": b" " * 9_000_000}, "its parts are larger than `max_bytes`"),
    ],
)
def test_a_faulty_book_says_why(tmp_path: Path, name: str, parts: dict[str, str | bytes], said: str):
    zipped(tmp_path / name, parts)

    (found,) = read(tmp_path, name, max_bytes=1_000_000)

    assert found.failure is not None
    assert said in found.failure


@pytest.mark.parametrize("name", ["a.docx", "a.epub"])
def test_what_is_no_zip_file_or_damaged_fails(tmp_path: Path, name: str):
    zipped(tmp_path / name, {**PARTS, **docx(p("text " * 500))})
    whole = (tmp_path / name).read_bytes()
    (tmp_path / f"packed-{name}.gz").write_bytes(b"")

    for content in (b"", b"nothing of the kind", whole[:-40], whole.replace(b"\x4b", b"\xff")):
        (tmp_path / name).write_bytes(content)
        (found,) = read(tmp_path, name)
        assert found.failure is not None
    for place in range(30, len(whole), 23):
        (tmp_path / name).write_bytes(whole[:place] + b"\xff" + whole[place + 1 :])
        (found,) = read(tmp_path, name)
        assert (found.failure is None) == (found.text is not None or found.raw is not None)
    assert "unpack the file itself first" in (read(tmp_path, f"packed-{name}.gz")[0].failure or "")


def test_xml_that_is_made_to_harm_harms_nothing(tmp_path: Path):
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 20}">' for n in range(9))
    bomb = f'<!DOCTYPE a [<!ENTITY e0 "{"x" * 20}">{entities}]><a xmlns:w="w"><w:t>&e9;</w:t></a>'
    zipped(tmp_path / "bomb.docx", {"word/document.xml": bomb})
    zipped(tmp_path / "deep.docx", {"word/document.xml": "<a>" * 100_000 + "</a>" * 100_000})

    assert "not sound XML" in (read(tmp_path, "bomb.docx")[0].failure or "")
    assert read(tmp_path, "deep.docx")[0].text == ""
