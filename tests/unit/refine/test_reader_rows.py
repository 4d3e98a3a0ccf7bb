"""JSON Lines, JSON, and conversations in both."""

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from goldsmith.refine.model import Places, RawDocument
from goldsmith.refine.readers.files import Files


def read(base: Path, name: str, **parameters: Any) -> list[RawDocument]:
    source = Files(paths=(name,), **parameters)
    return list(source.read(Places(base=base, doc_folders=(), packages=tuple)).documents)


def zstd(content: bytes) -> bytes:
    return pa.Codec("zstd").compress(content, asbytes=True)


def failures(documents: list[RawDocument]) -> list[str]:
    return [document.failure for document in documents if document.failure]


OPENAI = {
    "id": "c1",
    "model": "x",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "image_url", "image_url": {}}]},
        {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "now", "arguments": "{}"}}]},
        {"role": "tool", "content": "12:00"},
        {"role": "assistant", "content": "Noon."},
    ],
}
SHAREGPT = {
    "id": "c2",
    "conversations": [{"from": "human", "value": "Hallo\nSie"}, {"from": "gpt", "value": "Guten Tag"}],
}


def test_conversations_become_one_document_each_with_a_line_for_each_speaker(tmp_path: Path):
    (tmp_path / "chat.jsonl").write_text(json.dumps(OPENAI) + "\n" + json.dumps(SHAREGPT) + "\n")

    openai, sharegpt = read(tmp_path, "chat.jsonl")

    assert openai.id == "c1"
    assert openai.text == (
        "system:\nBe brief.\n\nuser:\nHi\n[image_url]\n\nassistant:\nnow({})\n\ntool:\n12:00\n\nassistant:\nNoon."
    )
    assert openai.meta == {"model": "x", "chat": "openai", "n_messages": "5"}
    assert (sharegpt.id, sharegpt.text) == ("c2", "user:\nHallo\nSie\n\nassistant:\nGuten Tag")
    assert sharegpt.meta == {"chat": "sharegpt", "n_messages": "2"}


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([], "the conversation in 'messages' has no messages"),
        ([{"role": "user", "content": "x"}, "y"], "message 2 of 'messages' has no role and content"),
        ([{"content": "x"}], "message 1 of 'messages' has no role and content"),
        ([{"role": "user"}], "message 1 of 'messages' has no role and content"),
        ([{"role": "user", "content": {"a": 1}}], "message 1 of 'messages' has no role and content"),
        ("[]", "the field 'text' holds no text; the row's fields: messages"),
    ],
)
def test_a_malformed_conversation_fails_with_its_line(tmp_path: Path, messages: object, said: str):
    (tmp_path / "chat.jsonl").write_text(json.dumps(OPENAI) + "\n" + json.dumps({"messages": messages}))

    good, bad = read(tmp_path, "chat.jsonl")

    assert good.failure is None
    assert bad.failure == f"{tmp_path}/chat.jsonl:2: {said}"


@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_of_conversations_is_read_one_by_one(tmp_path: Path, indent: int | None):
    rows = [OPENAI, SHAREGPT, {"id": "n", "conversations": [{"from": "gpt", "value": '[{"}]'}]}] * 40
    (tmp_path / "chat.json").write_text(json.dumps(rows, indent=indent))

    found = read(tmp_path, "chat.json")

    assert [each.id for each in found] == ["c1", "c2", "n"] * 40
    assert found[2].text == 'assistant:\n[{"}]'


def test_json_of_any_shape_of_rows_is_read(tmp_path: Path):
    (tmp_path / "one.json").write_text('{\n "text": "a"\n}\n')
    (tmp_path / "more.json").write_text('{"text": "a"}\n{"text": "b"}')
    (tmp_path / "mark.json").write_bytes(b'\xef\xbb\xbf [ {"text": "caf\xc3\xa9"} ] ')
    (tmp_path / "none.json").write_text(" [ ] ")

    assert [each.text for each in read(tmp_path, "one.json")] == ["a"]
    assert [each.id for each in read(tmp_path, "more.json")] == ["files/more.json:1", "files/more.json:2"]
    assert [each.text for each in read(tmp_path, "mark.json")] == ["café"]
    assert read(tmp_path, "none.json") == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'[{"text": "a"}, {"text": "b"', "bad.json:2: not JSON: "),
        (b'[{"text": "a"} {"text": "b"}]', "bad.json:2: not JSON: after a row comes ',' or ']', not '{'"),
        (b'[{"text": "a"}', "bad.json:2: not JSON: the list has no end"),
        (b'[{"text": "a"}, ', "bad.json:2: not JSON: the file ends before the list does"),
        (b'[{"text": "a"}, {"text": "\xff"}]', "bad.json:"),
        (b'[{"text": "a"}, {"text": "\\ud800"}]', "bad.json:2: half of a surrogate pair"),
        (b'[{"text": "a"}, 7]', "bad.json:2: a row has to be an object with 'text'"),
        (b'[{"text": "a"}, {"text": "' + b"x" * 3_000_000 + b'"}]', "bad.json:2: "),
        (b'[{"text": "a"}, ' + b"[" * 200_000, "bad.json:2: not JSON: nested too deeply"),
        (b"\0\0\0\0", "bad.json:1: not JSON"),
    ],
)
def test_faulty_json_fails_where_it_is_faulty(tmp_path: Path, content: bytes, said: str):
    (tmp_path / "bad.json").write_bytes(content)

    found = read(tmp_path, "bad.json", max_bytes=1_000_000)

    assert said in failures(found)[0]
    assert len(failures(found)) == 1


def test_a_long_list_is_held_in_memory_a_part_at_a_time(tmp_path: Path):
    with (tmp_path / "long.json").open("w") as file:
        _ = file.write("[" + ",\n".join(json.dumps({"text": f"{n} " + "word " * 200}) for n in range(9000)) + "]")

    found = read(tmp_path, "long.json", max_bytes=2000)

    assert len(found) == 9000
    assert not failures(found)
    assert found[-1].text is not None
    assert found[-1].text.startswith("8999 ")


def test_json_in_a_folder_is_taken_when_it_holds_texts_or_conversations(tmp_path: Path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/chat.json").write_text(json.dumps([SHAREGPT]))
    (tmp_path / "in/rows.json").write_text('[{"text": "a"}]')
    (tmp_path / "in/package.json").write_text('{"name": "x", "version": "1"}')
    (tmp_path / "in/index.json").write_text("[1, 2, 3]")

    assert [each.id for each in read(tmp_path, "in")] == ["c2", "files/rows.json:1"]
    assert failures(read(tmp_path, "in/package.json")) == [
        f"{tmp_path}/in/package.json:1: the field 'text' holds no text; the row's fields: name, version"
    ]


def test_what_other_writers_put_into_json_is_understood(tmp_path: Path):
    (tmp_path / "a.jsonl").write_text('{"text": "a", "score": NaN, "id": 12}\n{"text": "b", "far": -Infinity}\n')

    first, second = read(tmp_path, "a.jsonl")

    assert (first.text, first.id, first.meta) == ("a", "12", {"score": "null"})
    assert second.text == "b"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"text": "\\ud83d"}', "half of a surrogate pair"),
        (b'{"text": "a", "\\udc00": 1}', "half of a surrogate pair"),
        (b'{"a": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"text": "a", "n": ' + b"9" * 6000 + b"}", "not JSON"),
        (b"\0\0\0", "not JSON"),
    ],
)
def test_a_row_that_no_text_can_hold_fails_alone(tmp_path: Path, line: bytes, said: str):
    (tmp_path / "a.jsonl").write_bytes(line + b'\n{"text": "next"}\n')

    bad, good = read(tmp_path, "a.jsonl")

    assert bad.failure is not None
    assert said in bad.failure
    assert good.text == "next"


def test_zstd_is_unpacked_and_its_faults_are_named(tmp_path: Path):
    rows = b"".join(b'{"text": "number %d"}\n' % n for n in range(50_000))
    (tmp_path / "a.jsonl.zst").write_bytes(zstd(rows) + zstd(b'{"text": "second frame"}\n'))
    (tmp_path / "b.txt.zst").write_bytes(zstd(b"hello " * 90_000)[:-9])
    (tmp_path / "c.txt.zst").write_bytes(b"no zstd at all")
    (tmp_path / "d.txt.zst").write_bytes(zstd(bytes(30 << 20)))
    (tmp_path / "e.html.zst").write_bytes(zstd(b"<p>page"))
    (tmp_path / "f.jsonl.zst").write_bytes(zstd(rows)[:-3000])

    assert [each.text for each in read(tmp_path, "a.jsonl.zst")][-1] == "second frame"
    assert failures(read(tmp_path, "b.txt.zst")) == ["the zstd file ends before its content does"]
    assert failures(read(tmp_path, "c.txt.zst"))[0].startswith("not a sound zstd file")
    assert failures(read(tmp_path, "d.txt.zst", max_bytes=1 << 20))[0].startswith("more than 1,048,576 bytes")
    assert read(tmp_path, "e.html.zst")[0].media == "html"
    assert failures(read(tmp_path, "f.jsonl.zst"))[0].endswith("the zstd file ends before its content does")


def test_an_unreadable_file_in_the_middle_fails_and_the_rest_goes_on(tmp_path: Path):
    for number in range(30):
        (tmp_path / f"{number:02}.jsonl.gz").write_bytes(gzip.compress(b'{"text": "%d"}\n' % number))
    (tmp_path / "15.jsonl.gz").write_bytes(b"")
    (tmp_path / "16.jsonl.gz").write_bytes(b"nothing of the kind")
    (tmp_path / "17.jsonl.gz").unlink()
    (tmp_path / "17.jsonl.gz").mkdir()

    found = read(tmp_path, "*.jsonl.gz")

    assert len(failures(found)) == 1
    assert failures(found)[0].startswith("after line 0: not a sound gzip file: Not a gzipped file")
    assert len(found) == 28
