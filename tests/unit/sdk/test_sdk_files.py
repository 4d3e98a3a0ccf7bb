"""Files that go up and releases that come down: constant memory, whole or not at all."""

import hashlib
from pathlib import Path

import httpx
import msgspec
import pytest
from sdk_factories import answer, client_of

from goldsmith.errors import Conflict, InputError, ServerError, VerificationError

REPORT = {"n_read": 1, "n_accepted": 1, "n_duplicate": 0, "n_changed": 0, "n_rejected": 0, "rejected": []}
CERTIFICATE = {
    "title": "Reviews",
    "client": "My data",
    "project": "reviews",
    "version": "v1",
    "summary": "",
    "n_items": 1,
    "n_answered": 0,
    "n_annotations": 0,
    "who": [],
    "agreement": [],
    "accuracy": {"text": "", "estimate": None, "low": None, "high": None, "n": 0},
    "known_limits": [],
    "recipe": None,
    "schema_version": 1,
    "guideline_version": 1,
    "policy_version": 1,
    "content_root": "ab",
    "log": {"origin": "x", "size": 1, "root": "ab"},
    "created_at": 0,
    "signed_by": "x",
    "goldsmith_version": "0",
}
FILES = {"items.jsonl": b'{"a":1}\n', "rows/items.sha256": b"ab e1\n"}


def release_json(files: dict[str, bytes]) -> dict[str, object]:
    listed = [
        {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)}
        for name, content in files.items()
    ]
    return {
        "version": "v1",
        "created_at": 0,
        "certificate": CERTIFICATE,
        "envelope_key_id": "x",
        "key_fingerprint": "x",
        "files": listed,
        "verify_commands": ["goldsmith verify . --key k", "", ""],
        "changes": None,
        "since": None,
    }


def releasing(listed: dict[str, bytes], sent: dict[str, bytes]):
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/releases/v1"):
            return answer(release_json(listed))
        name = request.url.path.partition("/files/")[2]
        return httpx.Response(200, content=sent[name])

    return client_of(handler).vault("default").project("reviews")


def uploading():
    seen: dict[str, object] = {}

    def handler(request: httpx.Request) -> httpx.Response:
        seen.update(body=request.read(), type=request.headers["content-type"], query=dict(request.url.params))
        return answer(REPORT)

    return client_of(handler).vault("default").project("reviews"), seen


@pytest.mark.parametrize(
    ("name", "form", "media_type"),
    [
        ("a.csv", "csv", "text/csv"),
        ("a.TSV", "csv", "text/csv"),
        ("a.ndjson", "jsonl", "application/x-ndjson"),
        ("a.json", "json", "application/json"),
    ],
)
def test_the_end_of_a_name_says_what_a_file_is(tmp_path: Path, name: str, form: str, media_type: str):
    path = tmp_path / name
    path.write_bytes(b"text\nhello\n")
    project, seen = uploading()
    project.import_file(path, id_column="id")
    assert seen == {"body": b"text\nhello\n", "type": media_type, "query": {"format": form, "id_column": "id"}}


def test_rows_go_up_as_json_lines():
    project, seen = uploading()
    project.import_rows({"text": word} for word in ("one", "two"))
    assert seen["body"] == b'{"text":"one"}\n{"text":"two"}\n'


def test_a_row_that_has_no_json_form_is_named():
    project, _ = uploading()
    with pytest.raises(InputError, match="Row 2 cannot be written as JSON"):
        project.import_rows([{"text": "one"}, {"text": object()}])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.csv", None, "cannot be read: No such file"),
        ("empty.csv", b"\n ", "is empty"),
        ("odd.doc", b"x", "does not say what it is"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_before_anything_is_sent(tmp_path: Path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    project, seen = uploading()
    with pytest.raises(InputError, match=said):
        project.import_file(tmp_path / name)
    assert seen == {}


def test_a_folder_is_no_file(tmp_path: Path):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match="Is a directory"):
        uploading()[0].import_file(tmp_path / "folder.csv")


def test_a_release_comes_down_file_by_file(tmp_path: Path):
    target = tmp_path / "new" / "v1"
    releasing(FILES, FILES).download_release("v1", target)
    assert {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*.*")} == FILES
    assert list((tmp_path / "new").iterdir()) == [target]


def test_a_file_that_arrives_changed_leaves_nothing(tmp_path: Path):
    with pytest.raises(VerificationError, match=r"items\.jsonl arrived otherwise"):
        releasing(FILES, FILES | {"items.jsonl": b'{"a":2}\n'}).download_release("v1", tmp_path / "v1")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_downloaded_over_what_is_there(tmp_path: Path):
    (tmp_path / "v1").mkdir()
    with pytest.raises(Conflict, match="is there already"):
        releasing(FILES, FILES).download_release("v1", tmp_path / "v1")


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/passwd", "rows/../../outside.txt", ".hidden"])
def test_a_server_cannot_write_outside_the_folder(tmp_path: Path, name: str):
    with pytest.raises(ServerError, match="not what this version reads"):
        releasing({name: b"x"}, {name: b"x"}).download_release("v1", tmp_path / "in" / "v1")
    assert list(tmp_path.iterdir()) == []


def test_an_export_arrives_in_parts():
    lines = [msgspec.json.encode({"n": number}) + b"\n" for number in range(3)]
    project = client_of(lambda _: httpx.Response(200, content=iter(lines))).vault("default").project("reviews")
    assert b"".join(project.export()) == b"".join(lines)
