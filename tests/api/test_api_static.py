"""The browser app's files: pages fall back to the app, hashed files are kept for ever, nothing else is reachable."""

import asyncio

import httpx
import pytest

from goldsmith.server.static import StaticFiles

INDEX = b"<!doctype html><title>Goldsmith</title>" + b"<!-- -->" * 200
SCRIPT = b"export const gold = 79;" * 100


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "_ui"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_bytes(INDEX)
    (root / "service-worker.js").write_bytes(b"self.skipWaiting()")
    (root / "assets" / "app-4f2a.js").write_bytes(SCRIPT)
    (root / "assets" / "notes.exe").write_bytes(b"not one of ours")
    (tmp_path / "secret.txt").write_text("outside")
    return root


@pytest.fixture
def ask(folder):
    return _asking(StaticFiles(folder))


def _asking(files):
    async def app(scope, receive, send):
        await files(scope, send)

    async def ask(path, method="GET", **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, headers=sent)

    def run(*args, **kwargs):
        return asyncio.run(ask(*args, **kwargs))

    return run


@pytest.mark.parametrize(
    "path", ["/", "/index.html", "/sign-in", "/acme/projects/licences/items", "/acme/refine/licences-v1.2"]
)
def test_every_page_of_the_app_is_its_index(ask, path):
    answer = ask(path)
    assert answer.status_code == 200
    assert answer.content == INDEX
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


def test_a_hashed_file_is_kept_for_ever_and_the_service_worker_never(ask):
    script = ask("/assets/app-4f2a.js")
    assert script.content == SCRIPT
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert ask("/service-worker.js").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/app-old.js",
        "/assets/page",
        "/assets/notes.exe",
        "/favicon.png",
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "//etc/passwd.txt",
    ],
)
def test_what_is_not_a_file_of_the_app_is_not_found(ask, path):
    answer = ask(path)
    assert answer.status_code == 404
    assert b"outside" not in answer.content


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_files_are_only_read(ask, method):
    assert ask("/", method).status_code == 404


def test_an_unchanged_file_is_not_sent_again(ask):
    etag = ask("/").headers["etag"]
    again = ask("/", if_none_match=etag)
    assert (again.status_code, again.content) == (304, b"")
    assert ask("/", if_none_match='"other"').status_code == 200


def test_a_head_has_the_headers_alone(ask):
    answer = ask("/assets/app-4f2a.js", "HEAD", accept_encoding="identity")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) == len(SCRIPT)


def test_text_is_squeezed_for_those_who_can_read_it(ask):
    squeezed = ask("/assets/app-4f2a.js", accept_encoding="gzip")
    assert squeezed.headers["content-encoding"] == "gzip"
    assert int(squeezed.headers["content-length"]) < len(SCRIPT)
    assert squeezed.content == SCRIPT
    plain = ask("/assets/app-4f2a.js", accept_encoding="identity")
    assert "content-encoding" not in plain.headers
    assert squeezed.headers["vary"] == plain.headers["vary"] == "accept-encoding"


def test_without_a_built_app_the_page_says_how_to_build_it(tmp_path):
    ask = _asking(StaticFiles(tmp_path / "nothing"))
    answer = ask("/")
    assert answer.status_code == 200
    assert "make web" in answer.text
    assert answer.headers["cache-control"] == "no-store"
