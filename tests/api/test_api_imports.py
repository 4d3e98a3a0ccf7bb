"""Importing a user's own file over HTTP: whatever it is, each row is imported once or told by its line."""

import json
import socket
from contextlib import closing

import httpx
import pytest
from labeling_desk import new_desk, problem
from labeling_jobs import wait_until

from goldsmith.labeling.rows import MAX_LINE_BYTES
from goldsmith.trust.authorize import Role

COUNTS = ("n_read", "n_accepted", "n_duplicate", "n_changed", "n_rejected")


@pytest.fixture(scope="module")
def manager(shared):
    return shared.signed_in(Role.MANAGER)


@pytest.fixture
def desk(manager):
    return new_desk(manager)


def counts(report: dict) -> tuple[int, ...]:
    found = tuple(report[name] for name in COUNTS)
    assert found[0] == sum(found[1:])
    return found


def texts(desk) -> list[str]:
    return [row["title"] for row in desk.items()]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_table_in_each_charset_becomes_the_same_items(desk, charset):
    content = 'nr;text\r\n1;"café; ""crème""\r\nand more"\r\n2;naïve\r\n3;Über uns\r\n'.encode(charset)
    answer = desk.send_file(content, "csv", id_column="nr")
    assert counts(answer.json()) == (3, 3, 0, 0, 0)
    rows = desk.items()
    assert [(row["external_id"], row["title"]) for row in rows] == [
        ("1", 'café; "crème" and more'), ("2", "naïve"), ("3", "Über uns"),
    ]  # fmt: skip
    detail = desk.get(f"items/{rows[0]['id']}").json()
    assert detail["payload"] == {"nr": "1", "text": 'café; "crème"\r\nand more'}


def test_sending_a_file_again_imports_nothing_twice(desk):
    content = "id,text\na,first\nb,second\n"
    assert counts(desk.send_file(content, id_column="id").json()) == (2, 2, 0, 0, 0)
    assert counts(desk.send_file(content, id_column="id").json()) == (2, 0, 2, 0, 0)
    without_ids = desk.send_file(content)  # the id is the content's hash then: other ids, other items
    assert counts(without_ids.json()) == (2, 2, 0, 0, 0)
    assert counts(desk.send_file(content).json()) == (2, 0, 2, 0, 0)
    assert len(desk.items()) == 4


def test_an_id_with_other_content_is_told_and_what_is_there_stays(desk):
    desk.send_file("id,text\na,first\n", id_column="id")
    report = desk.send_file("id,text\na,other\nb,second\nb,third\nb,second\n", id_column="id").json()
    assert counts(report) == (4, 1, 1, 2, 0)
    assert [one["line"] for one in report["rejected"]] == [2, 4]
    assert "'a' is there with other content" in report["rejected"][0]["reason"]
    assert texts(desk) == ["first", "second"]


def test_a_malformed_line_is_named_and_the_others_are_imported(desk):
    lines = ['{"text": "one"}', '{"text": "two"', '{"text": "three"}', "[]", '{"other": "x"}', '{"text": "six"}']
    report = desk.send_file("\n".join(lines), "jsonl").json()
    assert counts(report) == (6, 3, 0, 0, 3)
    assert [one["line"] for one in report["rejected"]] == [2, 4, 5]
    assert "not JSON" in report["rejected"][0]["reason"]
    assert "nothing in 'text'" in report["rejected"][2]["reason"]
    assert texts(desk) == ["one", "three", "six"]


def test_an_array_is_imported_and_its_bad_entries_are_numbered(desk):
    content = json.dumps([{"text": "one"}, "two", {"text": ""}, {"text": "four", "more": [1, {"a": None}]}])
    report = desk.send_file(content, "json").json()
    assert counts(report) == (4, 2, 0, 0, 2)
    assert [one["line"] for one in report["rejected"]] == [2, 3]
    item = desk.get(f"items/{desk.items()[1]['id']}").json()
    assert item["payload"] == {"text": "four", "more": [1, {"a": None}]}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('{"text": "a\\u0000b"}', "NUL"),
        ('{"text": "\\ud800 alone"}', "not JSON"),
        ('{"id": "deep", "text": "deep", "more": ' + "[" * 70 + "]" * 70 + "}", "nested more than 64 deep"),
        ('{"text": "deeper", "more": ' + "[" * 50_000 + "]" * 50_000 + "}", "not JSON"),
        ('{"text": "' + "x" * (MAX_LINE_BYTES + 10) + '"}', f"longer than {MAX_LINE_BYTES:,} bytes"),
        ('{"id": "' + "x" * 513 + '", "text": "long id"}', "its id must have 1 to 512 characters"),
        ('{"id": "nu\\u0000l", "text": "nul id"}', "NUL"),
        ('{"id": [], "text": "list id"}', "no id in 'id'"),
    ],
)
def test_a_row_that_cannot_be_an_item_is_rejected_alone(desk, row, reason):
    good = ['{"id": "before", "text": "before"}', '{"id": "after", "text": "after"}']
    report = desk.send_file("\n".join([good[0], row, good[1]]), "jsonl", id_column="id").json()
    assert counts(report) == (3, 2, 0, 0, 1)
    ((rejected,),) = (report["rejected"],)
    assert rejected["line"] == 2
    assert reason in rejected["reason"]
    assert len(rejected["reason"]) < 300
    assert texts(desk) == ["before", "after"]


def test_only_the_first_hundred_rejected_rows_are_listed_but_all_are_counted(desk):
    report = desk.send_file("\n".join(["text", *["fine"], *["a,b"] * 250])).json()
    assert counts(report) == (251, 1, 0, 0, 250)
    assert len(report["rejected"]) == 100


@pytest.mark.parametrize(
    ("content", "form", "words"),
    [
        (b"", "csv", "The file is empty"),
        (b"", "jsonl", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "csv", "not text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "jsonl", "not text"),
        (bytes(1000), "csv", "not text"),
        (b"text,text\n1,2\n", "csv", "Column 'text' stands twice"),
        (b'{"text": "an object"}', "json", "not an array"),
        (b'[{"text": "cut off"}', "json", "not JSON"),
        (b"[" * 100_000, "json", "not JSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(desk, content, form, words):
    told = problem(desk.send_file(content, form), 400, "invalid-input")
    assert words in told["detail"]
    assert len(told["detail"]) < 300
    assert desk.items() == []


def test_an_unknown_format_or_column_is_refused(desk):
    assert (
        "csv, jsonl, json" in problem(desk.send_file("text\na\n", "csv", format="xlsx"), 400, "invalid-input")["detail"]
    )
    told = problem(desk.send_file("idx,text\n1,a\n", "csv", id_column="id"), 400, "invalid-input")
    assert "no column 'id'; did you mean 'idx'?" in told["detail"]
    answer = desk.client.post(f"{desk.path}/items", content=b"a", headers={"content-type": "application/zip"})
    problem(answer, 400, "invalid-input")


def test_the_format_is_taken_from_the_content_type(desk):
    headers = {"content-type": "application/x-ndjson; charset=utf-8"}
    answer = desk.client.post(f"{desk.path}/items", content=b'{"text": "a"}', headers=headers)
    assert counts(answer.json()) == (1, 1, 0, 0, 0)


def test_nothing_of_the_file_stays_on_the_server(desk, shared):
    desk.send_file("text\na\n")
    desk.send_file(bytes(1000))
    assert list((shared.home.vault("acme").folder / "scratch").iterdir()) == []


def test_a_sender_who_goes_away_leaves_nothing_and_is_no_error(desk, shared, caplog):
    scratch = shared.home.vault("acme").folder / "scratch"
    with closing(socket.create_connection(("127.0.0.1", httpx.URL(shared.url).port), timeout=30)) as sender:
        cookies = "; ".join(f"{name}={value}" for name, value in desk.client.cookies.items())
        head = f"POST {desk.path}/items?format=jsonl HTTP/1.1\r\nhost: {httpx.URL(shared.url).netloc.decode()}\r\n"
        head += f"origin: {shared.url}\r\ncookie: {cookies}\r\n"
        head += "content-type: application/x-ndjson\r\ncontent-length: 1000000\r\n\r\n"
        sender.sendall(head.encode() + b'{"id": "1", "text"')
        wait_until(lambda: scratch.is_dir() and list(scratch.iterdir()))
    wait_until(lambda: not list(scratch.iterdir()))
    assert caplog.text == ""
    assert desk.items() == []


def test_a_large_file_is_imported_whole(desk):
    lines = "".join(
        json.dumps({"id": i, "text": f"text {i} " + "é" * 40}, ensure_ascii=False) + "\n" for i in range(5000)
    )
    assert counts(desk.send_file(lines, "jsonl", id_column="id").json()) == (5000, 5000, 0, 0, 0)
    page = desk.get("items", limit=1).json()
    assert page["total"] == 5000


def test_the_beginning_of_a_file_is_guessed(shared, manager):
    def guess(content: bytes, kind: str = "text/csv"):
        return manager.post("/api/vaults/acme/imports/guess", content=content, headers={"content-type": kind})

    found = guess("id;text\n1;café\n2;naïve\n".encode("cp1252")).json()
    assert (found["format"], found["delimiter"], found["text_column"], found["id_column"]) == ("csv", ";", "text", "id")
    assert found["charset"] in {"windows-1252", "cp1252"}
    assert found["rows"] == [{"id": "1", "text": "café"}, {"id": "2", "text": "naïve"}]
    assert guess(b'{"body": "a"}\n{"body": "b"}\n').json()["text_column"] == "body"
    array = json.dumps([{"body": "x" * 1000, "n": i} for i in range(2000)]).encode()[: 1 << 20]
    assert [row["n"] for row in guess(array, "application/json").json()["rows"]] == list(range(20))
    problem(guess(b""), 400, "invalid-input")
    problem(guess(bytes(500)), 400, "invalid-input")
    problem(guess(b"[" * 100_000, "application/json"), 400, "invalid-input")
    problem(guess(b"x" * (2 << 20)), 413, "invalid-input")


def test_who_may_not_import_is_told(shared, desk):
    for role in (Role.ANNOTATOR, Role.AUDITOR):
        problem(desk.of(shared.signed_in(role)).send_file("text\na\n"), 403, "forbidden")
    stranger = shared.signed_in(Role.MANAGER, "globex")
    told = problem(desk.of(stranger).send_file("text\na\n"), 404, "not-found")
    missing = stranger.get("/api/vaults/nowhere/projects")
    assert told["detail"] == missing.json()["detail"]
