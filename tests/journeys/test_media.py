"""Files from a folder to a release with the commands, and imports of files that are killed and run again."""

import csv
import hashlib
import io
import random
import sqlite3
import threading
import zipfile
from contextlib import suppress
from pathlib import Path

import httpx
import msgspec
import yaml
from cli_commands import done, goldsmith, serving

from goldsmith.media.blobs import Blobs
from goldsmith.media.model import blob_label
from goldsmith.store.homes import Home
from goldsmith.trust.reports import VerifyStatus
from goldsmith.trust.verifier import verify_release
from tests.unit.media.made_media import made_image, made_pdf, made_sound

OPTIONS = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]
QUESTION = {"name": "which", "type": "choice", "label": "Which?", "options": OPTIONS}


def schema_file(folder: Path, *types: str) -> Path:
    path = folder / "schema.yaml"
    path.write_text(yaml.safe_dump({"fields": [{"name": one, "type": one} for one in types], "questions": [QUESTION]}))
    return path


def test_a_folder_becomes_items_and_a_release_that_names_its_files(tmp_path: Path):
    home, folder = tmp_path / "home", tmp_path / "files"
    (folder / "sub").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    files = {
        "a.png": made_image(),
        "sub/b.jpg": made_image("JPEG", seed=1),
        "c.wav": made_sound(),
        "d.pdf": made_pdf([["x"]]),
    }
    for name, content in files.items() | {
        ("same.png", made_image()),
        (".hidden/x.png", b"x"),
        ("cut.png", b"\x89PNG\r\n\x1a\n"),
    }:
        (folder / name).write_bytes(content)
    done("project", "create", "Mixed", "--schema", schema_file(tmp_path, "image", "audio", "pdf"), home=home)

    imported = goldsmith("import", folder, home=home)
    assert imported.code == 1
    assert imported.out == "6 rows: 4 imported, 1 there already, 1 refused\n"
    assert imported.err.startswith("  line 3: cut.png: It is a broken PNG file")
    assert goldsmith("import", folder, home=home).out == "6 rows: 0 imported, 5 there already, 1 refused\n"

    made = done("release", "make", "--json", home=home).json["release"]
    release = Path(made["folder"])
    rows = [msgspec.json.decode(line) for line in (release / "items.jsonl").read_bytes().splitlines()]
    named = {value["name"]: value["blob"] for row in rows for value in row["payload"].values()}
    assert named == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    with Home(home) as opened:
        key = opened.vault("default").key.verifying
    assert verify_release(release, key).status is VerifyStatus.OK


def test_a_table_names_files_beside_it_and_none_elsewhere(tmp_path: Path):
    home, folder = tmp_path / "home", tmp_path / "data"
    folder.mkdir()
    (folder / "1.png").write_bytes(made_image())
    (tmp_path / "secret.png").write_bytes(made_image(seed=5))
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    rows = [
        ("id", "image"),
        ("a", "1.png"),
        ("b", "../secret.png"),
        ("c", str(tmp_path / "secret.png")),
        ("d", "link.png"),
    ]
    with (folder / "table.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    done("project", "create", "Pictures", "--schema", schema_file(tmp_path, "image"), home=home)
    imported = goldsmith("import", folder / "table.csv", "--id-column", "id", home=home)
    assert imported.out == "4 rows: 1 imported, 0 there already, 3 refused\n"
    assert imported.err.count("which is not there") == 3


def test_an_import_of_files_that_is_killed_again_and_again_ends_whole(tmp_path: Path):
    home, draw = tmp_path / "home", random.Random(8)  # noqa: S311 - moments, not secrets
    files = {f"{seed:03}.png": made_image("PNG", (120, 90), seed=seed) for seed in range(150)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    done("project", "create", "Killed", "--schema", schema_file(tmp_path, "image"), home=home)
    path = "/api/vaults/default/projects/killed/files"

    def send(served) -> dict:
        with httpx.Client(base_url=served.url, headers={"origin": served.url}, timeout=120) as owner:
            owner.post("/api/sign-in/link", json={"token": served.link_token}).raise_for_status()
            headers = {"content-type": "application/zip"}
            return owner.post(path, content=packed.getvalue(), headers=headers).raise_for_status().json()

    for _ in range(3):
        with serving(home) as served:
            killer = threading.Timer(draw.uniform(0.2, 1.5), served.process.kill)
            killer.start()
            with suppress(httpx.HTTPError):
                send(served)
            killer.cancel()
            served.process.kill()
            served.process.wait(60)
    with serving(home) as served:
        report = send(served)
        vault = home / "vaults" / "default"
        assert list((vault / "scratch").iterdir()) == []
    assert report["n_accepted"] + report["n_duplicate"] == len(files)
    with sqlite3.connect(vault / "vault.db") as database:
        (n_items,) = database.execute("select count(*) from items").fetchone()
        known = {row[0] for row in database.execute("select sha256 from blobs")}
        (n_links,) = database.execute("select count(*) from item_blobs").fetchone()
    digests = {hashlib.sha256(content).hexdigest() for content in files.values()}
    assert (n_items, n_links, known) == (len(files), len(files), digests)
    with Home(home) as opened:
        key = opened.vault("default").key
    blobs = Blobs(vault / "blobs", vault / "scratch", key)
    assert all(blobs.digest(blob_label(digest)) == digest for digest in digests)
