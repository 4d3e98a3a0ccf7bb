"""People's own files: every charset and quirk that can be read is read, and a bad row is told by its line."""

import codecs
import json
import tracemalloc

import pytest

from goldsmith.errors import InputError
from goldsmith.labeling.guesses import guess
from goldsmith.labeling.rows import MAX_LINE_BYTES, SAMPLE_BYTES, charset_of, read_rows

TEXTS = ["plain", "café au lait", "naïve façade", "Über die Brücke", "señor, ¿qué?"]


@pytest.fixture
def read(tmp_path):
    """The rows of a file with this content."""

    def run(content: bytes | str, form: str = "csv", **options):
        path = tmp_path / "file"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(read_rows(path, form, **options))

    return run


def payloads(rows):
    assert not [row.fault for row in rows if row.fault]
    return [row.payload for row in rows]


def faults(rows):
    return [(row.line, row.fault) for row in rows if row.fault]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_table_is_read_in_every_usual_charset_and_line_ending(read, charset, ending):
    lines = ["id;text", *(f'{i};"{text}"' for i, text in enumerate(TEXTS * 5))]
    content = ending.join([*lines, ""]).encode(charset)
    expected = [{"id": str(i), "text": text} for i, text in enumerate(TEXTS * 5)]
    assert payloads(read(content)) == expected
    found = guess(content, None)
    assert (found.format, found.delimiter, found.text_column, found.id_column) == ("csv", ";", "text", "id")
    assert found.rows == expected[:20]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_lines_of_json_are_read_in_the_same_charsets(read, charset):
    content = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in TEXTS).encode(charset)
    assert payloads(read(content, "jsonl")) == [{"text": text} for text in TEXTS]
    assert guess(content, None).rows == [{"text": text} for text in TEXTS]


def test_an_array_is_read_with_its_mark(read):
    content = codecs.BOM_UTF8 + json.dumps([{"text": text} for text in TEXTS], ensure_ascii=False).encode()
    assert payloads(read(content, "json")) == [{"text": text} for text in TEXTS]
    assert guess(content, None).format == "json"


def test_lines_of_two_charsets_are_each_read_in_theirs(read):
    lines = [b"text", *["grün wie Gras".encode()] * 5, "café".encode("cp1252")]
    assert [row["text"] for row in payloads(read(b"\n".join(lines)))] == ["grün wie Gras"] * 5 + ["café"]


def test_quoted_cells_hold_delimiters_quotes_and_new_lines(read):
    content = 'id,text\n1,"two\nlines, and ""quotes"""\n\n2,"a\r\nb"\n3,\n'
    rows = read(content)
    assert [(row.line, row.payload["text"]) for row in rows] == [
        (2, 'two\nlines, and "quotes"'), (5, "a\r\nb"), (7, ""),
    ]  # fmt: skip


def test_rows_that_are_no_rows_are_told_by_their_line(read):
    rows = read(b'id,text\n1,fine\n2\n3,a,b\n4,"open" end\n5,fine\n6,nu\x00l\n7,fine\n')
    assert [row.payload["id"] for row in rows if not row.fault] == ["1", "5", "7"]
    assert faults(rows) == [
        (3, "it has 1 cells where the first line has 2."),
        (4, "it has 3 cells where the first line has 2."),
        (5, "it is not CSV: ',' expected after '\"'."),
        (7, "it holds a NUL character."),
    ]


def test_bytes_that_turn_up_late_and_are_in_another_charset_cost_their_own_row_only(read):
    lines = [b"text", *["überall gleich".encode()] * (SAMPLE_BYTES // 14), "später".encode("cp1252"), b"and on"]
    rows = read(b"\n".join(lines))
    assert faults(rows) == [(len(lines) - 1, "it is not utf-8; save the file in UTF-8.")]
    assert rows[-1].payload == {"text": "and on"}


def test_a_raw_nul_in_a_long_file_costs_its_own_row_only(read):
    lines = [b'{"text": "fine and long enough"}'] * 10
    rows = read(b"\n".join([*lines, b'{"text": "nu\x00l"}', *lines]), "jsonl")
    assert [line for line, _ in faults(rows)] == [11]


def test_a_quote_that_is_never_closed_is_told_by_the_line_where_it_opens(read):
    rows = read('text\nfine\n"never closed\nand so on\n')
    assert [row.payload for row in rows if not row.fault] == [{"text": "fine"}]
    assert faults(rows) == [(3, "it is not CSV: unexpected end of data.")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "it is not JSON: Input data was truncated."),
        ("[1, 2]", "it is not an object of columns and values."),
        ('"text"', "it is not an object of columns and values."),
        ('{"text": NaN}', "it is not JSON: JSON is malformed"),
        ('{"text": "a", }', "it is not JSON: JSON is malformed"),
        ('{"text": "\\ud800"}', "it is not JSON: "),
        ('{"text": "\\udc00 lone"}', "it is not JSON: "),
        ('{"text": "nu\\u0000l"}', "it holds a NUL character."),
        ('{"te\\u0000xt": "a"}', "it holds a NUL character."),
        ('{"text": 1e999}', "it is not JSON: Number out of range"),
        ('{"n": 1' + "0" * 5000 + "}", "it is not JSON: Integer value out of range"),
        ('{"deep": ' + "[" * 100_000 + "]" * 100_000 + "}", "it is not JSON: maximum recursion depth"),
    ],
)
def test_a_malformed_line_of_json_is_told_and_the_others_are_read(read, line, reason):
    rows = read(f'{{"text": "before"}}\n\n{line}\n{{"text": "after"}}', "jsonl")
    assert [row.payload["text"] for row in rows if not row.fault] == ["before", "after"]
    ((number, fault),) = faults(rows)
    assert number == 3
    assert fault.startswith(reason)


def test_large_integers_and_astral_characters_are_kept(read):
    rows = read('{"n": 123456789012345678901234567890, "text": "\\ud83d\\ude00 \U0001f600"}', "jsonl")
    assert payloads(rows) == [{"n": 123456789012345678901234567890, "text": "\U0001f600 \U0001f600"}]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_line_longer_than_the_limit_is_told_in_little_memory(tmp_path, form):
    path = tmp_path / "file"
    head, before, after = {
        "csv": (b"text\n", b"before\n", b"after\n"),
        "jsonl": (b"", b'{"text": "before"}\n', b'{"text": "after"}\n'),
    }[form]
    with path.open("wb") as file:
        file.write(head + before)
        for _ in range(100):
            file.write(b"x" * (1 << 20))
        file.write(b"\n" + after)
    tracemalloc.start()
    rows = list(read_rows(path, form))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [row.payload["text"] for row in rows if not row.fault] == ["before", "after"]
    assert faults(rows) == [(3 if form == "csv" else 2, f"it is longer than {MAX_LINE_BYTES:,} bytes.")]
    assert peak < 4 * MAX_LINE_BYTES


def test_a_cell_of_many_lines_that_grows_too_large_is_told(read, monkeypatch):
    quoted = '"' + "line\n" * (MAX_LINE_BYTES // 5 + 10) + '"'
    rows = read(f"text\nbefore\n{quoted}\n")
    assert rows[0].payload == {"text": "before"}
    assert rows[1].line == 3
    assert rows[1].fault.startswith("it is not CSV: field larger than field limit")


@pytest.mark.parametrize(
    ("content", "form", "message"),
    [
        (b"", "csv", "The file is empty"),
        (b"", "jsonl", "The file is empty"),
        (b"\n\n", "csv", "no column names"),
        (b"a,b,a\n1,2,3\n", "csv", "Column 'a' stands twice"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "csv", "The file is not text: binary"),
        (b"PK\x03\x04" + bytes(500), "jsonl", "The file is not text: binary"),
        (b'{"a": 1}', "json", "not an array of objects"),
        (b'[{"a": 1}', "json", "The file is not JSON: Input data was truncated"),
        (b"[" * 100_000, "json", "The file is not JSON: maximum recursion depth"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_told_in_one_line(read, content, form, message):
    with pytest.raises(InputError, match=message) as caught:
        read(content, form)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_an_id_column_that_is_not_there_is_told_before_any_row(read):
    with pytest.raises(InputError, match=r"no column 'ident'; did you mean 'idents'\?"):
        read("idents,text\n1,a\n", id_column="ident")


def test_ids_are_texts_or_integers(read):
    lines = ['{"id": 7}', '{"id": "x"}', '{"id": true}', '{"id": null}', '{"id": 1.5}', '{"id": ""}', "{}"]
    rows = read("\n".join(lines), "jsonl", id_column="id")
    assert [row.external_id for row in rows[:2]] == ["7", "x"]
    assert [fault for _, fault in faults(rows)] == ["it has no id in 'id'."] * 5


def test_a_sample_that_ends_inside_a_character_is_still_utf_8():
    text = "text\n" + "é" * SAMPLE_BYTES
    sample = text.encode()[:SAMPLE_BYTES]
    assert sample[-1:] == "é".encode()[:1] or sample[:-1].decode()
    for cut in (SAMPLE_BYTES, SAMPLE_BYTES - 1, 1001, 1000):
        assert charset_of(sample[:cut], is_whole=False) == "utf-8"


def test_an_array_that_is_cut_off_shows_its_first_objects():
    content = json.dumps([{"id": i, "text": f"text {i} " + "é" * 50} for i in range(20_000)]).encode()
    found = guess(content[:SAMPLE_BYTES], None)
    assert found.format == "json"
    assert [row["id"] for row in found.rows] == list(range(20))
    assert (found.text_column, found.id_column) == ("text", "id")


def test_columns_are_guessed_by_name_then_by_length():
    found = guess(b"nr,remark,verdict\n1,a rather long remark,yes\n2,another long remark,no\n2,,no\n", None)
    assert (found.text_column, found.id_column) == ("remark", None)
    assert [(column.name, column.n_filled) for column in found.columns] == [("nr", 3), ("remark", 2), ("verdict", 3)]
    assert found.columns[1].examples == ["a rather long remark", "another long remark"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b"  \n \n", "The file is empty"),
        (bytes(200), "The file is not text"),
        (b"\x00\x01\x02\xff" * 100, "The file is not text"),
        (b"[" * 50_000, "No row could be read as JSON"),
        (b"{" * 50_000, "No row could be read as JSONL"),
        (b"just a line", "No row could be read as CSV"),
        (b"a,a\n1,2", "Column 'a' stands twice"),
    ],
)
def test_what_cannot_be_guessed_is_told(content, message):
    with pytest.raises(InputError, match=message):
        guess(content, None)
