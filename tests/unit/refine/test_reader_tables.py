"""CSV, TSV and Parquet."""

import datetime as dt
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goldsmith.refine.model import Places, RawDocument
from goldsmith.refine.readers.files import Files


def read(base: Path, name: str, **parameters: Any) -> list[RawDocument]:
    source = Files(paths=(name,), **parameters)
    return list(source.read(Places(base=base, doc_folders=(), packages=tuple)).documents)


def parquet(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    pq.write_table(pa.table(columns), path, **options)
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_of_a_table_is_found(tmp_path: Path, delimiter: str):
    rows = [
        ["id", "text", "stars"],
        ["a", '"one, two; three | four\n\tfive ""six"""', "5"],
        ["b", '"seven, eight; nine | ten\t."', "4"],
    ]
    (tmp_path / "t.csv").write_text("\n".join(delimiter.join(row) for row in rows))

    first, second = read(tmp_path, "t.csv")

    assert (first.id, first.text) == ("a", 'one, two; three | four\n\tfive "six"')
    assert first.meta == {"stars": "5"}
    assert second.origin == f"{tmp_path}/t.csv:4"


def test_a_table_with_one_column_is_not_cut_at_its_commas(tmp_path: Path):
    (tmp_path / "t.csv").write_text('text\n"a, b"\nplain words\n')

    assert [each.text for each in read(tmp_path, "t.csv")] == ["a, b", "plain words"]


def test_tabs_alone_delimit_tsv(tmp_path: Path):
    (tmp_path / "t.tsv").write_text("text\tid\na, b, c\tx\n\nd, e, f\ty\n")

    assert [(each.id, each.text) for each in read(tmp_path, "t.tsv")] == [("x", "a, b, c"), ("y", "d, e, f")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_in_the_encodings_of_spreadsheets(tmp_path: Path, encoding: str):
    (tmp_path / "t.csv").write_bytes("text;id\r\nGrüße, 世界;ä\r\n".encode(encoding))

    (found,) = read(tmp_path, "t.csv")

    assert (found.id, found.text) == ("ä", "Grüße, 世界")


def test_a_text_in_another_charset_comes_as_bytes_for_the_decoder(tmp_path: Path):
    (tmp_path / "t.csv").write_bytes("text,id,by\nschön,1,Jörg\nplain,2,x\n".encode("cp1252"))

    first, second = read(tmp_path, "t.csv")

    assert (first.raw, first.text, first.meta) == ("schön".encode("cp1252"), None, {"by": "J\\xf6rg"})
    assert (second.raw, second.text) == (None, "plain")


@pytest.mark.parametrize(
    ("content", "parameters", "said"),
    [
        ("body,id\na,1\n", {}, "t.csv: there is no column 'text'; known: body, id. Set `text_field` of its source."),
        ("texts,id\na,1\n", {}, "t.csv: there is no column 'text'; did you mean 'texts'?"),
        ("text,key\na,1\n", {"id_field": "keys"}, "t.csv: there is no column 'keys'; did you mean 'key'?"),
        ("", {}, "t.csv: the file has no header"),
        ("\n\n", {}, "t.csv: the file has no header"),
        ("\0\0\0\0", {}, "t.csv: there is no column 'text'"),
    ],
)
def test_a_table_without_its_columns_names_the_nearest(
    tmp_path: Path, content: str, parameters: dict[str, Any], said: str
):
    (tmp_path / "t.csv").write_text(content)

    (found,) = read(tmp_path, "t.csv", **parameters)

    assert found.failure is not None
    assert said in found.failure


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("only one", "t.csv:3: the row has 1 fields, the header 2"),
        ("a,b,c", "t.csv:3: the row has 3 fields, the header 2"),
        ("x," + "y" * 5000, "t.csv:3: the row is larger than `max_bytes`"),
    ],
)
def test_a_faulty_row_fails_with_its_line_and_the_others_are_read(tmp_path: Path, row: str, said: str):
    (tmp_path / "t.csv").write_text(f"id,text\n1,one\n{row}\n2,two\n")

    first, bad, last = read(tmp_path, "t.csv", max_bytes=2000)

    assert (first.text, last.text) == ("one", "two")
    assert bad.failure is not None
    assert said in bad.failure


def test_a_quote_that_is_never_closed_fails_instead_of_swallowing_the_rest_in_silence(tmp_path: Path):
    (tmp_path / "t.csv").write_text('id,text\n1,one\n2,"two\n3,three\n')
    (tmp_path / "long.csv").write_text('id,text\n1,"one\n' + "".join(f"{n},text {n}\n" for n in range(1000)))

    _, bad = read(tmp_path, "t.csv")
    long = read(tmp_path, "long.csv", max_bytes=500)

    assert bad.failure == f"{tmp_path}/t.csv:3: a quote in the row is never closed"
    assert long[0].failure is not None
    assert long[0].failure.endswith("or a quote in it is never closed")
    assert len(long) > 900


def test_rows_larger_than_the_usual_limit_of_fields_are_read(tmp_path: Path):
    (tmp_path / "t.csv").write_text("id,text\n1," + "word " * 100_000 + "\n")

    (found,) = read(tmp_path, "t.csv")

    assert found.text == "word " * 100_000


def test_rows_of_parquet_keep_their_ids_and_other_columns(tmp_path: Path):
    _ = parquet(
        tmp_path / "t.parquet",
        {
            "key": [7, 8, None],
            "body": ["one", "two", "three"],
            "price": [Decimal("1.50"), None, None],
            "when": [dt.datetime(2024, 1, 2, tzinfo=dt.UTC)] * 3,
            "tags": [["a"], [], None],
            "picture": [b"\xff", b"", None],
            "embedding": [[0.1, 0.2]] * 3,
        },
    )

    found = read(tmp_path, "t.parquet", text_field="body", id_field="key")

    assert [(each.id, each.text) for each in found] == [("7", "one"), ("8", "two"), ("files/t.parquet:3", "three")]
    assert found[0].meta == {"price": '"1.50"', "when": "2024-01-02T00:00:00Z", "tags": '["a"]'} or found[0].meta == {
        "price": '"1.50"',
        "when": '"2024-01-02T00:00:00Z"',
        "tags": '["a"]',
    }
    assert found[1].meta.keys() == {"when", "tags"}


def test_parquet_with_bytes_conversations_and_odd_times_is_read(tmp_path: Path):
    _ = parquet(tmp_path / "bytes.parquet", {"text": [b"sch\xf6n", b"two"]})
    chat = [{"role": "user", "content": "Hi"}]
    _ = parquet(tmp_path / "chat.parquet", {"id": ["a"], "messages": [chat]})
    times = pa.array([1_700_000_000_123_456_789], pa.timestamp("ns"))
    _ = parquet(tmp_path / "time.parquet", {"text": ["a"], "when": times})

    assert [each.raw for each in read(tmp_path, "bytes.parquet")] == [b"sch\xf6n", b"two"]
    assert [(each.id, each.text) for each in read(tmp_path, "chat.parquet")] == [("a", "user:\nHi")]
    (timed,) = read(tmp_path, "time.parquet")
    assert timed.text == "a"
    assert timed.meta["when"].startswith(("2023-11-14", '"2023-11-14'))


def test_parquet_is_read_row_group_by_row_group(tmp_path: Path):
    texts = [f"number {n} " + "x" * 3000 for n in range(4000)]
    _ = parquet(tmp_path / "t.parquet", {"text": texts, "id": [f"r{n}" for n in range(4000)]}, row_group_size=700)

    found = read(tmp_path, "t.parquet")

    assert [each.id for each in found] == [f"r{n}" for n in range(4000)]
    assert [each.text for each in found] == texts


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"txt": ["a"]}, "there is no column 'text'; did you mean 'txt'? Set `text_field` of its source."),
        ({"text": [1]}, "the column 'text' holds int64, no text"),
    ],
)
def test_parquet_without_the_column_names_file_column_and_nearest(tmp_path: Path, columns: dict[str, Any], said: str):
    _ = parquet(tmp_path / "t.parquet", columns)

    (found,) = read(tmp_path, "t.parquet")

    assert found.failure is not None
    assert found.failure.startswith(f"{tmp_path}/t.parquet: ")
    assert said in found.failure


def test_a_row_of_parquet_without_text_or_with_too_much_fails_alone(tmp_path: Path):
    _ = parquet(tmp_path / "t.parquet", {"text": ["a", None, "x" * 5000, "b"]})

    first, none, large, last = read(tmp_path, "t.parquet", max_bytes=1000)

    assert (first.text, last.text) == ("a", "b")
    assert none.failure == f"{tmp_path}/t.parquet:2: the field 'text' holds no text; the row's fields: text"
    assert (
        large.failure == f"{tmp_path}/t.parquet:3: the text has more than 1,000 bytes; raise `max_bytes` of its source"
    )


def test_damaged_parquet_fails_and_sound_row_groups_are_read(tmp_path: Path):
    texts = [f"{n} {sha256(b'%d' % n).hexdigest()}" for n in range(900)]
    whole = parquet(
        tmp_path / "t.parquet",
        {"text": texts},
        row_group_size=300,
        compression="zstd",
        use_dictionary=False,
        write_page_checksum=True,
    ).read_bytes()
    middle = pq.ParquetFile(tmp_path / "t.parquet").metadata.row_group(1).column(0).data_page_offset + 2000
    (tmp_path / "hurt.parquet").write_bytes(whole[:middle] + b"\xff" * 40 + whole[middle + 40 :])
    (tmp_path / "cut.parquet").write_bytes(whole[:-200])
    (tmp_path / "none.parquet").write_bytes(b"nothing of the kind")
    (tmp_path / "empty.parquet").write_bytes(b"")
    (tmp_path / "packed.parquet.gz").write_bytes(b"")

    hurt = read(tmp_path, "hurt.parquet")

    assert [each.text for each in hurt if each.failure is None] == texts[:300] + texts[600:]
    (bad,) = [each.failure for each in hurt if each.failure]
    assert "hurt.parquet:301: rows 301 to 600 cannot be read: " in bad
    for name in ("cut", "none", "empty"):
        (found,) = read(tmp_path, f"{name}.parquet")
        assert found.failure is not None
        assert "not a sound Parquet file" in found.failure
    (packed,) = read(tmp_path, "packed.parquet.gz")
    assert packed.failure is not None
    assert packed.failure.endswith("unpack the file itself first")


def test_one_large_text_that_stands_in_many_rows_is_not_held_many_times(tmp_path: Path):
    large = "x" * (4 << 20)
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 2000, pa.int32()), pa.array([large]))
    _ = parquet(tmp_path / "t.parquet", {"text": texts})
    before = pa.total_allocated_bytes()
    most = 0

    source = Files(paths=("t.parquet",)).read(Places(base=tmp_path, doc_folders=(), packages=tuple))
    for number, document in enumerate(source.documents):
        assert document.text == large
        most = max(most, pa.total_allocated_bytes() - before)
        if number == 300:
            break

    assert most < 200 << 20


def test_damage_anywhere_in_parquet_gives_rows_or_reasons(tmp_path: Path):
    columns = {"id": ["a", "b"] * 30, "text": ["one", "two"] * 30, "tags": [["x"], None] * 30}
    whole = parquet(tmp_path / "t.parquet", columns, row_group_size=20).read_bytes()
    for place in range(0, len(whole), 3):
        (tmp_path / "t.parquet").write_bytes(whole[:place] + b"\x01" + whole[place + 1 :])

        assert all((each.text is None) == (each.failure is not None) for each in read(tmp_path, "t.parquet"))


@pytest.mark.parametrize("n_rows", [1, 300])
def test_texts_of_parquet_that_are_no_unicode_come_as_bytes_or_fail_alone(tmp_path: Path, n_rows: int):
    odd = pa.array([b"sch\xf6n"] * n_rows).cast(pa.binary()).view(pa.string())
    tags = pa.ListArray.from_arrays(pa.array(range(n_rows + 1), pa.int32()), odd)
    chats = pa.ListArray.from_arrays(
        pa.array(range(n_rows + 1), pa.int32()),
        pa.StructArray.from_arrays([pa.array(["user"] * n_rows), odd], names=["role", "content"]),
    )
    ids = [str(n) for n in range(n_rows)]
    _ = parquet(tmp_path / "text.parquet", {"id": ids, "text": odd, "by": odd, "tags": tags})
    _ = parquet(tmp_path / "id.parquet", {"id": odd, "text": ids})
    _ = parquet(tmp_path / "chat.parquet", {"messages": chats})

    texts, by_id, by_chat = (read(tmp_path, f"{name}.parquet") for name in ("text", "id", "chat"))

    assert {each.raw for each in texts} == {b"sch\xf6n"}
    assert {len(each.meta) for each in texts} == {1}
    assert all("the field 'id' is no text or whole number" in (each.failure or "") for each in by_id)
    assert all("the field 'text' holds no text" in (each.failure or "") for each in by_chat)
    assert len(texts) == len(by_id) == len(by_chat) == n_rows
