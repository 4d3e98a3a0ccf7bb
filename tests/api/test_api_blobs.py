"""Blobs over the API: sent in once, given out whole or by ranges, seen by those who may see their items alone."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from goldsmith.errors import GoldsmithError
from goldsmith.sdk import Client
from goldsmith.trust.authorize import Role

BLOBS = "/api/vaults/acme/blobs"
SCHEMA = {
    "fields": [{"name": "photo", "type": "image"}],
    "questions": [
        {
            "name": "mood",
            "type": "choice",
            "label": "Which?",
            "options": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}],
        }
    ],
}


def made_image(form: str = "PNG", size: tuple[int, int] = (300, 200), seed: int = 0) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, (seed, 20, 30))
    image.paste((200, 100, seed), (5, 5, size[0] // 2, size[1] // 2))
    image.save(out, form)
    return out.getvalue()


def sent(client, content: bytes, name: str = "a.png"):
    headers = {"content-type": "application/octet-stream"}
    return client.post(BLOBS, params={"name": name}, content=content, headers=headers)


@pytest.fixture(scope="module")
def owner(shared):
    return shared.signed_in(Role.OWNER)


@pytest.fixture(scope="module")
def photo(owner):
    """Some 200 kB, so that it has several chunks."""
    content = io.BytesIO()
    Image.effect_noise((512, 400), 90).save(content, "PNG")
    answer = sent(owner, content.getvalue(), "noise.png")
    assert answer.status_code == 200, answer.text
    return content.getvalue(), answer.json()


def test_a_file_is_told_by_its_bytes_and_comes_back_as_it_was(owner, photo):
    content, value = photo
    digest = hashlib.sha256(content).hexdigest()
    assert value == {
        "blob": digest,
        "media_type": "image/png",
        "name": "noise.png",
        "size": len(content),
        "width": 512,
        "height": 400,
    }
    answer = owner.get(f"{BLOBS}/{digest}")
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["etag"] == f'"{digest}"'
    assert "immutable" in answer.headers["cache-control"] and "private" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "noise" not in answer.headers["content-disposition"]
    assert owner.get(f"{BLOBS}/{digest}", headers={"if-none-match": f'"{digest}"'}).status_code == 304


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=65530-65545", 65_530, 65_545),
        ("bytes=70000-", 70_000, None),
        ("bytes=-5", -5, None),
        ("bytes=0-99999999", 0, None),
        ("bytes=-99999999", 0, None),
    ],
)
def test_a_range_gives_these_bytes_and_no_others(owner, photo, *, asked, first, last):
    content, value = photo
    size = len(content)
    start = first if first >= 0 else size + first
    end = size - 1 if last is None else last
    answer = owner.get(f"{BLOBS}/{value['blob']}", headers={"range": asked})
    assert (answer.status_code, answer.content) == (206, content[start : end + 1])
    assert answer.headers["content-range"] == f"bytes {start}-{end}/{size}"
    assert answer.headers["content-length"] == str(end + 1 - start)


@pytest.mark.parametrize("asked", ["bytes=0-1,3-4", "lines=1-2", "bytes=9-3", "bytes=x-", "bytes=-", "bytes 1-2"])
def test_what_is_no_single_range_gives_the_whole_file(owner, photo, asked):
    content, value = photo
    answer = owner.get(f"{BLOBS}/{value['blob']}", headers={"range": asked})
    assert (answer.status_code, answer.content) == (200, content)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_outside_the_file_says_how_long_it_is(owner, photo, asked):
    content, value = photo
    answer = owner.get(f"{BLOBS}/{value['blob']}", headers={"range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(content)}"
    assert answer.json()["code"] == "range-not-satisfiable"


def test_a_range_of_a_file_that_has_changed_gives_the_whole_one(owner, photo):
    content, value = photo
    path, headers = f"{BLOBS}/{value['blob']}", {"range": "bytes=0-9"}
    assert owner.get(path, headers={**headers, "if-range": f'"{value["blob"]}"'}).content == content[:10]
    assert owner.get(path, headers={**headers, "if-range": '"other"'}).content == content


def test_whether_a_file_is_there_is_told_without_its_bytes(owner, photo):
    content, value = photo
    answer = owner.head(f"{BLOBS}/{value['blob']}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(content))
    assert answer.headers["content-type"] == "image/png"
    assert owner.head(f"{BLOBS}/{'0' * 64}").status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
        (b'<?xml version="1.0"?><!-- x --><svg/>', "SVG"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "HTML"),
        (b"plain text", "no known image"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50, "HEIC"),
        (b"\x00\x00\x00\x18ftypisom" + b"\x00" * 50, "video"),
        (b"\x89PNG\r\n\x1a\n" + b"rubbish" * 100, "broken PNG"),
        (b"GIF89a/*" + b"<script>alert(1)</script>" * 20, "broken GIF"),
        (made_image()[:200], "broken PNG"),
        (made_image("JPEG")[:900], "broken JPEG"),
        (b"%PDF-1.4 <script>" + b"x" * 2000, "broken PDF"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt rubbish", "broken WAV"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_not_taken_says_what_it_is_and_leaves_nothing(owner, shared, content, said):
    before = stored_files(shared)
    answer = sent(owner, content)
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert problem["code"] == "unusable-file"
    assert said.lower() in problem["detail"].lower()
    assert problem["hint"]
    assert stored_files(shared) == before


def test_a_name_or_type_that_lies_changes_nothing(owner):
    content = made_image("JPEG", seed=7)
    headers = {"content-type": "application/octet-stream"}
    value = owner.post(BLOBS, params={"name": "x.html"}, content=content, headers=headers).json()
    answer = owner.get(f"{BLOBS}/{value['blob']}")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"].endswith('.jpg"')


@pytest.mark.parametrize("name", ["a\nb.png", "x" * 1001, "a\u2028b"])
def test_a_name_that_cannot_be_shown_is_refused(owner, name):
    assert sent(owner, made_image(), name).status_code == 400


def test_the_same_bytes_are_stored_once_for_a_client_and_never_shared_with_another(owner, shared):
    content = made_image(seed=11)
    first, second = sent(owner, content).json(), sent(owner, content, "b.png").json()
    assert (first["blob"], first["name"], second["name"]) == (second["blob"], "a.png", "b.png")
    other = shared.signed_in(Role.OWNER, "globex")
    theirs = f"/api/vaults/globex/blobs/{first['blob']}"
    assert other.get(theirs).status_code == 404
    before = stored_files(shared)
    headers = {"content-type": "application/octet-stream"}
    assert other.post("/api/vaults/globex/blobs", content=content, headers=headers).status_code == 200
    assert other.get(theirs).content == content
    new = stored_files(shared) - before
    assert any("globex/blobs" in path for path in new)
    assert not {path.rpartition("/")[2] for path in new} & {path.rpartition("/")[2] for path in before}


def test_no_plain_byte_of_a_file_is_on_the_disk(owner, shared):
    content = made_image("BMP", seed=99)
    assert sent(owner, content).status_code == 200
    needle = content[5000:5064]
    assert needle in content
    for path in (shared.home.path / "vaults").rglob("*"):
        assert not (path.is_file() and needle in path.read_bytes()), path


def test_a_damaged_file_is_told_downloaded_nowhere_and_mended_by_sending_it_again(owner, shared, tmp_path):
    content = made_image("BMP", (300, 300), seed=77)
    before = stored_files(shared)
    digest = sent(owner, content).json()["blob"]
    (stored,) = (Path(path) for path in stored_files(shared) - before if "/acme/blobs/" in path)
    token = owner.post("/api/tokens", json={"name": "d", "vault": "acme", "role": "owner", "expires_in_days": 1})
    with Client(str(owner.base_url), token.json()["token"]) as client:
        vault = client.vault("acme")
        vault.download_file(digest, tmp_path / "sound.bmp")
        assert (tmp_path / "sound.bmp").read_bytes() == content
        broken = bytearray(stored.read_bytes())
        broken[128 + 70_000] ^= 1
        stored.write_bytes(broken)
        damaged = owner.get(f"{BLOBS}/{digest}", headers={"range": "bytes=70000-70009"})
        assert (damaged.status_code, damaged.json()["code"]) == (507, "blob-damaged")
        with pytest.raises(GoldsmithError):
            vault.download_file(digest, tmp_path / "broken.bmp")
        assert [path.name for path in tmp_path.iterdir()] == ["sound.bmp"]
        assert sent(owner, content).status_code == 200
        vault.download_file(digest, tmp_path / "mended.bmp")
    assert (tmp_path / "mended.bmp").read_bytes() == content


def test_an_annotator_sees_the_files_of_their_own_items_alone(owner, shared):
    one, two = (sent(owner, made_image(seed=seed)).json() for seed in (41, 42))
    made = owner.post("/api/vaults/acme/projects", json={"name": "Seen files", "schema": SCHEMA})
    project = f"/api/vaults/acme/projects/{made.json()['slug']}"
    rows = "\n".join(f'{{"photo": {{"blob": "{value["blob"]}"}}}}' for value in (one, two))
    report = owner.post(f"{project}/items", content=rows, headers={"content-type": "application/x-ndjson"}).json()
    assert report["n_accepted"] == 2
    annotator, auditor = shared.signed_in(Role.ANNOTATOR), shared.signed_in(Role.AUDITOR)
    assert {annotator.get(f"{BLOBS}/{value['blob']}").status_code for value in (one, two)} == {404}
    assert {auditor.get(f"{BLOBS}/{value['blob']}").status_code for value in (one, two)} == {200}
    leased = annotator.post(f"{project}/leases", json={"n": 1}).json()["leases"]
    assert [lease["payload"]["photo"]["width"] for lease in leased] == [300]
    seen = {leased[0]["payload"]["photo"]["blob"]}
    answers = {value["blob"]: annotator.get(f"{BLOBS}/{value['blob']}").status_code for value in (one, two)}
    assert answers == {blob: 200 if blob in seen else 404 for blob in answers}


def stored_files(shared) -> set[str]:
    return {
        str(path)
        for path in (shared.home.path / "vaults").rglob("*")
        if path.is_file() and {"blobs", "derived", "scratch"} & set(path.parts)
    }
