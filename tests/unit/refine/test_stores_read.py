import gzip
import http.server
import logging
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goldsmith.errors import InputError
from goldsmith.refine import Places, load_recipe, refine
from goldsmith.refine.model import RawDocument
from goldsmith.refine.readers.files import Files

obstore = pytest.importorskip("obstore")
moto = pytest.importorskip("moto.server")

SECRET = "wJalrXUtnFEMI-not-a-real-key"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Any:
    """A new bucket in a server that speaks S3, found by the usual environment."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    name = f"corpus-{crc32(request.node.name.encode())}"
    httpx.put(f"{endpoint}/{name}").raise_for_status()
    return obstore.store.S3Store(name, client_options={"allow_http": True})


def name_of(bucket: Any) -> str:
    return str(bucket.config["bucket"])


def put(bucket: Any, **objects: bytes) -> None:
    for key, content in objects.items():
        obstore.put(bucket, key, content)


def places(base: Path) -> Places:
    return Places(base=base, doc_folders=(), packages=tuple, may_fetch=True)


def read(base: Path, *paths: str, **parameters: Any) -> list[RawDocument]:
    return list(Files(paths=paths, **parameters).read(places(base)).documents)


def parquet(texts: list[str]) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"id": [f"p{n}" for n in range(len(texts))], "text": texts}), sink)
    return sink.getvalue().to_pybytes()


FILES = {
    "b.txt": b"second",
    "a/x.html": b"<p>first",
    "a.txt": b"in front of the folder, as keys are sorted",
    "rows.jsonl.gz": gzip.compress(b'{"id": "r1", "text": "one"}\n{"id": "r2", "text": "two"}\n'),
    "settings.json": b'{"width": 80}',
    "chats.json": b'[{"id": "c1", "text": "rows"}]',
    "table.parquet": parquet(["alpha", "beta"]),
    "picture.png": b"\x89PNG",
    "ä b%20.txt": b"odd name",
}


def test_objects_are_read_like_the_files_of_a_folder(tmp_path: Path, bucket: Any):
    folder = tmp_path / "corpus"
    for name, content in FILES.items():
        put(bucket, **{f"in/corpus/{name}": content, f"in/corpus2/{name}": b"another folder"})
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    where = f"s3://{name_of(bucket)}/in/corpus"

    stored = read(tmp_path, where)

    def told(documents: list[RawDocument]) -> dict[str, tuple[object, ...]]:
        return {each.id: (each.media, each.raw, each.text, each.failure, each.meta) for each in documents}

    assert told(stored) == told(read(tmp_path, "corpus"))
    assert told(stored) == told(read(tmp_path, where + "/"))
    assert told(stored) == told(read(tmp_path, folder.as_uri()))
    ids = [each.id.removeprefix("files/") for each in stored]
    assert ids == ["a.txt", "a/x.html", "b.txt", "c1", "r1", "r2", "p0", "p1", "ä b%20.txt"]
    assert stored[0].origin == f"{where}/a.txt"
    assert stored[4].origin == f"{where}/rows.jsonl.gz:1"


def test_globs_and_single_objects_are_found(tmp_path: Path, bucket: Any):
    put(bucket, **{"2024/a.log": b"1", "2024/deep/b.log": b"2", "2025/c.log": b"3", "2025/c.txt": b"4"})
    where = f"s3://{name_of(bucket)}"

    assert [each.id for each in read(tmp_path, f"{where}/2024/*.log")] == ["files/a.log"]
    assert [each.id for each in read(tmp_path, f"{where}/**/*.log")] == [
        *("files/2024/a.log", "files/2024/deep/b.log", "files/2025/c.log"),
    ]
    assert [each.raw for each in read(tmp_path, f"{where}/2025/c.txt")] == [b"4"]


def test_more_objects_than_are_fetched_ahead_keep_their_order_and_leave_no_files(
    tmp_path: Path, bucket: Any, monkeypatch: pytest.MonkeyPatch
):
    put(bucket, **{f"{n:03}.txt": str(n).encode() for n in range(40)})
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    source = Files(paths=(f"s3://{name_of(bucket)}",))
    here = Places(base=tmp_path, doc_folders=(), packages=tuple, may_fetch=True, scratch=scratch)

    documents = source.read(here).documents
    first = next(documents)
    n_ahead = len(list(scratch.glob("*/*")))
    rest = list(documents)

    assert [each.raw for each in [first, *rest]] == [str(n).encode() for n in range(40)]
    assert n_ahead <= 17
    assert list(scratch.iterdir()) == []


def test_an_object_that_goes_or_is_too_large_fails_alone(tmp_path: Path, bucket: Any):
    put(bucket, **{"a.txt": b"a", "b.txt": b"b", "large.txt": b"x" * 2000})
    reading = Files(paths=(f"s3://{name_of(bucket)}",), max_bytes=1000).read(places(tmp_path))
    obstore.delete(bucket, "b.txt")

    found = {each.id: each.failure for each in reading.documents}

    assert found == {
        "files/a.txt": None,
        "files/b.txt": "cannot be fetched: there is no such object",
        "files/large.txt": "2,000 bytes, more than 1,000 bytes; raise `max_bytes` of its source to read it",
    }


def test_a_whole_run_names_no_secret_anywhere(tmp_path: Path, bucket: Any):
    put(bucket, **{"a.txt": b"a text of some words", "b.txt": b"PK\x03\x04\x00"})
    text = f"goldsmith: 1\nname: t\nsource: [{{kind: files, paths: ['s3://{name_of(bucket)}']}}]\nstages: [decode]\n"

    recipe = load_recipe(text, origin="t.yaml")
    report = refine(recipe, tmp_path / "out", places=places(tmp_path), keep_journal=False)

    assert (report.n_kept, report.n_failed) == (1, 1)
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"report.json", "recipe.lock.json", "recipe.yaml", "report.html"}
    assert not [path for path in files if SECRET.encode() in path.read_bytes() or b"AKIAEXAMPLE" in path.read_bytes()]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        ["kept", "dropped", "failed", "report.json", "report.html", "recipe.yaml", "recipe.lock.json"]
    )


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("s3://{bucket}/nothing/", "has no object that ends in .txt"),
        ("s3://{bucket}/nothing.txt", "has no object that ends in .txt"),
        ("s3://{bucket}/*.log", "no object matches s3://"),
        ("s3://no-such-bucket/x/", "s3://no-such-bucket cannot be read: there is no such bucket."),
    ],
)
def test_an_address_of_nothing_says_so(tmp_path: Path, bucket: Any, path: str, problem: str):
    put(bucket, **{"a.png": b"1"})
    with pytest.raises(InputError, match=problem.replace("*", "[*]")):
        read(tmp_path, path.format(bucket=name_of(bucket)))


def test_a_store_that_does_not_answer_is_named(tmp_path: Path, bucket: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(InputError, match="cannot be read: nothing answers there"):
        read(tmp_path, f"s3://{name_of(bucket)}")


def test_a_file_of_a_web_server_is_read(tmp_path: Path):
    (tmp_path / "rows.jsonl").write_text('{"id": "w1", "text": "from the web"}\n', encoding="utf-8")
    handler = partial(QuietHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        where = f"http://127.0.0.1:{server.server_port}"
        try:
            assert [(each.id, each.text) for each in read(tmp_path, f"{where}/rows.jsonl")] == [("w1", "from the web")]
            with pytest.raises(InputError, match="there is no file"):
                read(tmp_path, f"{where}/nothing.jsonl")
        finally:
            server.shutdown()
            thread.join()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""
