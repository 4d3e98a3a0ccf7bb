import csv
import io

import pytest
from release_factories import make_row

from goldsmith.errors import RowError
from goldsmith.releases.exporters.csv import CsvExporter


def _cells(rows, **columns):
    sink = io.BytesIO()
    CsvExporter(**columns).write(rows, sink)
    return list(csv.reader(io.StringIO(sink.getvalue().decode("utf-8-sig"), newline="")))


def _one(text):
    return _cells([make_row(1, payload={"text": text}, external_id=text)], fields=("text",))[1]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_cell_that_would_run_as_a_formula_gets_an_apostrophe(first):
    cells = _one(f"{first}cmd|' /C calc'!A0")
    assert cells[0] == cells[2] == f"'{first}cmd|' /C calc'!A0"


@pytest.mark.parametrize("text", ["plain", "a=b", "'tis", "1-2", " =1", "", "“=”"])
def test_other_cells_stay_as_they_are(text):
    assert _one(text)[2] == text


def test_an_apostrophe_that_was_there_is_kept_apart_from_an_added_one():
    assert _one("'=1")[2] == "''=1"
    assert _one("=1")[2] == "'=1"


def test_headings_are_made_safe_too():
    heading = _cells([], fields=("=cmd", "external_id"), questions=("licence",))[0]
    assert heading == [
        "external_id",
        "content_sha256",
        "'=cmd",
        "field.external_id",
        "label.licence",
        "confidence.licence",
    ]


def test_labels_and_confidences_stand_beside_the_fields():
    _, cells = _cells([make_row(1)], fields=("text", "source", "missing"), questions=("licence", "holder", "absent"))
    assert cells[2:] == [
        "'=HYPERLINK(1) 1", '{"rank":0.14285714285714285,"tags":["a",null]}', "",
        "MIT", "0.5099009900990099", '[{"end":3,"label":"name","start":0}]', "", "", "",
    ]  # fmt: skip


def test_text_fields_come_back_exactly():
    rows = [make_row(number, payload={"text": make_row(number).payload["text"]}) for number in range(12)]
    sink = io.BytesIO()
    exporter = CsvExporter(fields=("text",))
    exporter.write(rows, sink)
    assert [row.payload for row in exporter.read(io.BytesIO(sink.getvalue()))] == [row.payload for row in rows]


def test_a_very_long_text_is_written_and_read():
    row = make_row(1, payload={"text": "x" * 1_000_000})
    sink = io.BytesIO()
    CsvExporter().write([row], sink)
    limit = csv.field_size_limit()
    assert next(CsvExporter().read(io.BytesIO(sink.getvalue()))).payload == row.payload
    assert csv.field_size_limit() == limit


def test_a_file_with_other_columns_is_refused():
    with pytest.raises(RowError, match=r"not the columns \['external_id'"):
        list(CsvExporter().read(io.BytesIO(b"id,text\r\n1,2\r\n")))


def test_the_streamed_form_is_the_written_one():
    rows = [make_row(number) for number in range(3)]
    exporter, sink = CsvExporter(fields=("text",), questions=("licence",)), io.BytesIO()
    exporter.write(rows, sink)
    assert b"".join(exporter.portions(rows)) == sink.getvalue()
    assert sink.getvalue().startswith(b"\xef\xbb\xbf")
