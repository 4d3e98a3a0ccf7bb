"""PDF files, made here object by object."""

import gzip
import os
import signal
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from goldsmith.refine.formats import pdf
from goldsmith.refine.formats.pdf_lines import tidied
from goldsmith.refine.model import Places, RawDocument
from goldsmith.refine.readers.files import Files
from goldsmith.refine.rows import InputFile
from tests.unit.refine.made_files import made_pdf

LOCKED = b"/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -44 /O (%s) /U (%s) >> /ID [<00> <00>]" % (
    b"o" * 32,
    b"u" * 32,
)


def read(base: Path, name: str, **parameters: Any) -> list[RawDocument]:
    source = Files(paths=(name,), **parameters)
    return list(source.read(Places(base=base, doc_folders=(), packages=tuple)).documents)


def test_the_text_of_all_pages_is_one_document(tmp_path: Path):
    pages = [["First page: Grüße.", "Second line."], ["Another page."]]
    (tmp_path / "a.pdf").write_bytes(made_pdf(pages, info=b"/Title (A report) /Author (Ann)"))

    (found,) = read(tmp_path, "a.pdf")

    assert found.failure is None
    assert found.text == "First page: Grüße.\nSecond line.\n\nAnother page."
    assert found.id == "files/a.pdf"
    assert found.meta == {"title": "A report", "author": "Ann", "pages": "2"}


def test_a_packed_pdf_and_one_with_an_odd_name_are_read(tmp_path: Path):
    content = made_pdf([["Hello."]])
    (tmp_path / "a.pdf.gz").write_bytes(gzip.compress(content))
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9 \n.pdf"))
    odd.write_bytes(content)

    assert [each.text for each in read(tmp_path, "*.pdf*")] == ["Hello.", "Hello."]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (made_pdf([[], []]), "the PDF has no text layer: 2 pages of pictures, which would have to be recognised first"),
        (made_pdf([["x"]], trailer=LOCKED), "the PDF is encrypted; it needs a password"),
        (b"no pdf at all", "not a sound PDF file"),
        (b"", "not a sound PDF file"),
        (b"%PDF-1.4\n" + b"\xff\x00" * 500, "not a sound PDF file"),
        (made_pdf([["word " * 300]] * 9), "its text has more than 10,000 bytes; raise `max_bytes` of its source"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why_and_the_next_one_is_read(tmp_path: Path, content: bytes, said: str):
    (tmp_path / "1.pdf").write_bytes(content)
    (tmp_path / "2.pdf").write_bytes(made_pdf([["sound"]]))

    bad, good = read(tmp_path, "*.pdf", max_bytes=10_000)

    assert bad.failure == said
    assert good.text == "sound"


def test_a_large_file_with_little_text_is_read(tmp_path: Path):
    (tmp_path / "a.pdf").write_bytes(made_pdf([["small text"]]) + b"\n%" + b"x" * (1 << 20))

    assert [each.text for each in read(tmp_path, "a.pdf", max_bytes=5000)] == ["small text"]


@pytest.mark.parametrize("seed", range(4))
def test_damage_anywhere_gives_text_or_a_reason(tmp_path: Path, seed: int):
    whole = made_pdf([["First page."], ["Second page."]])
    for number in range(8):
        place = (seed * 8 + number) * len(whole) // 32
        (tmp_path / f"{number}.pdf").write_bytes(whole[:place] + b"\xff\x00" * 4 + whole[place + 8 :])

    found = read(tmp_path, "*.pdf")

    assert len(found) == 8
    assert all((each.text is None) != (each.failure is None) for each in found)


def as_input(path: Path) -> InputFile:
    return InputFile(path=path, origin=str(path), name=path.name, text_field="text", id_field="id", max_bytes=1 << 20)


def test_a_file_that_kills_its_reader_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    child = tmp_path / "child.py"
    child.write_text("import os, sys\nsys.stdin.buffer.readline()\nos.abort()\n")
    (tmp_path / "a.pdf").write_bytes(made_pdf([["sound"]]))
    with closing(pdf.Pdf()) as reader:
        with monkeypatch.context() as patch:
            patch.setattr(pdf, "_CHILD", child)
            (killed,) = reader.read(as_input(tmp_path / "a.pdf"))
        (good,) = reader.read(as_input(tmp_path / "a.pdf"))

    assert killed.failure == "the PDF took too long or too much memory to read, or broke its reader"
    assert good.text == "sound"


def test_a_file_that_takes_too_long_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    child = tmp_path / "child.py"
    child.write_text("import signal\nsignal.pause()\n")
    monkeypatch.setattr(pdf, "_CHILD", child)
    monkeypatch.setattr(pdf, "WALL_SECONDS", 0.05)
    (tmp_path / "a.pdf").write_bytes(made_pdf([["sound"]]))

    with closing(pdf.Pdf()) as reader:
        (slow,) = reader.read(as_input(tmp_path / "a.pdf"))

    assert slow.failure is not None
    assert slow.failure.startswith("the PDF took too long")


def test_the_reading_process_ends_with_the_source(tmp_path: Path):
    (tmp_path / "a.pdf").write_bytes(made_pdf([["sound"]]))
    reader = pdf.Pdf()
    _ = list(reader.read(as_input(tmp_path / "a.pdf")))
    process = reader._process
    assert process is not None
    assert process.poll() is None

    reader.close()
    reader.close()

    assert process.poll() == -signal.SIGKILL


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("one manip\ufffeulation\r\ntwo", "one manipulation\ntwo"),
        ("no Front\ufffeCover texts", "no Front-Cover texts"),
        (
            "A sentence as wide as the page and\r\ngoes on here. It has one more of them and it\r\nends.\r\n1. A list.",
            "A sentence as wide as the page and goes on here. It has one more of them and it ends.\n1. A list.",
        ),
        ("name  price\r\napple 3\r\npear 4", "name price\napple 3\npear 4"),
        (
            "中文的段落在每一行的末尾都没有标点符号所以应该\r\n接着写下去。",
            "中文的段落在每一行的末尾都没有标点符号所以应该接着写下去。",
        ),
        ("\r\n\0 \r\n", ""),
    ],
)
def test_the_lines_of_a_page_become_paragraphs(page: str, text: str):
    assert tidied(page) == text
