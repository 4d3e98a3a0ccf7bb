"""A home has one owner at a time, and says in one line what is wrong with it."""

import json
import os
import signal
import subprocess
import sys

import pytest

from goldsmith.errors import HomeInUse, InputError, KeyMissing, NotFound, StorageError
from goldsmith.store.homes import Home, owner_of

OPEN = """
import sys
from pathlib import Path
from goldsmith.errors import GoldsmithError
from goldsmith.store.homes import Home
try:
    with Home(Path(sys.argv[1])) as home:
        print("opened", flush=True)
        sys.stdin.read()
except GoldsmithError as error:
    print(error.code, error, flush=True)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home"


def another_process(path):
    command = [sys.executable, "-c", OPEN, str(path)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said_by_another_process(path) -> str:
    with another_process(path) as process:
        return process.communicate()[0]


def test_the_second_process_is_told_who_owns_the_home(path):
    with Home(path) as home:
        said = said_by_another_process(path)
        assert said.startswith("home-in-use")
        assert f"in use by process {os.getpid()}." in said
        home.announce("http://127.0.0.1:18999")
        assert f"process {os.getpid()} and serves at http://127.0.0.1:18999." in said_by_another_process(path)
        assert owner_of(path).url == "http://127.0.0.1:18999"
    assert owner_of(path) is None
    assert said_by_another_process(path) == "opened\n"


def test_a_home_of_a_killed_process_is_free(path):
    with another_process(path) as process:
        assert process.stdout.readline() == "opened\n"
        with pytest.raises(HomeInUse, match=f"process {process.pid}"):
            Home(path)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with Home(path) as home:
        assert owner_of(path).pid == os.getpid()
        assert home.vault_slugs() == []


def test_an_opened_home_keeps_its_name_and_its_keys(path):
    with Home(path) as home:
        first = (home.installation, home.directory.key.key_id, home.create_vault("acme").key.key_id)
    with Home(path) as home:
        assert (home.installation, home.directory.key.key_id, home.vault("acme").key.key_id) == first


@pytest.mark.parametrize("missing", ["keys/directory.key", "vaults/acme/keys/vault.key"])
def test_a_missing_key_is_told_and_never_replaced(path, missing):
    with Home(path) as home:
        home.create_vault("acme")
    (path / missing).rename(path / "kept")
    with pytest.raises(KeyMissing, match="no signing key can be read"), Home(path) as home:
        home.vault("acme")
    assert not (path / missing).exists()
    (path / "kept").rename(path / missing)
    with Home(path) as home:  # nothing was left locked
        home.vault("acme")


def test_a_key_whose_making_was_interrupted_is_kept(path):
    with Home(path) as home:
        key_id = home.directory.key.key_id
    (path / "keys" / "directory.made").unlink()
    with Home(path) as home:
        assert home.directory.key.key_id == key_id
    (path / "keys" / "directory.key").unlink()
    with pytest.raises(KeyMissing):
        Home(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe{", b'{"format": 1, "installation": "\xff"}', b'{"format": "1"}', b"[1]",
     b'{"format": 1, "installation": "../../etc"}', b'{"format": 1, "installation": ""}'],
)  # fmt: skip
def test_a_damaged_home_file_is_told(path, content):
    with Home(path):
        pass
    (path / "home.json").write_bytes(content)
    with pytest.raises(StorageError, match=r"home\.json is damaged: .* Restore it from a backup"):
        Home(path)
    assert owner_of(path) is None
    assert (path / "home.json").read_bytes() == content


def test_a_lost_home_file_is_not_replaced(path):
    with Home(path):
        pass
    (path / "home.json").unlink()
    with pytest.raises(StorageError, match=r"home\.json is missing from a home in use"):
        Home(path)
    assert not (path / "home.json").exists()


def test_a_home_of_a_newer_format_is_refused(path):
    path.mkdir()
    (path / "home.json").write_text(json.dumps({"format": 2, "installation": "abcd1234"}))
    with pytest.raises(StorageError, match="has format 2; this Goldsmith reads format 1"):
        Home(path)


def test_a_damaged_database_is_told_and_left_alone(path):
    with Home(path) as home:
        home.create_vault("acme")
    database = path / "vaults" / "acme" / "vault.db"
    database.write_bytes(b"this is not a database, whatever its name says" * 100)
    before = database.read_bytes()
    with Home(path) as home, pytest.raises(StorageError, match=r"vault\.db cannot be opened: file is not a database"):
        home.vault("acme")
    assert database.read_bytes() == before


def test_a_path_that_cannot_be_a_home_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"file cannot be used as a home: File exists"):
        Home(tmp_path / "file")
    with pytest.raises(StorageError, match=r"cannot be used as a home: Not a directory"):
        Home(tmp_path / "file" / "below")


@pytest.mark.parametrize("name", ["with space", "what?x=1", "a#b", "100%25", "ünï", "file:x"])
def test_a_home_may_have_any_name(tmp_path, name):
    with Home(tmp_path / name) as home:
        home.create_vault("acme")
    assert (tmp_path / name / "directory.db").is_file()
    assert (tmp_path / name / "vaults" / "acme" / "vault.db").is_file()
    assert [part.name for part in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("slug", ["", "A", "a/b", "../a", "-a", "a-", "a" * 41, "a b", "ä", "a\n"])
def test_a_slug_that_cannot_name_a_vault_is_refused(path, slug):
    with Home(path) as home:
        with pytest.raises(InputError, match="cannot name a vault"):
            home.create_vault(slug)
        with pytest.raises(NotFound):
            home.vault(slug)
        assert home.vault_slugs() == []


def test_what_a_killed_process_was_at_is_removed(path):
    with Home(path) as home:
        folder = home.create_vault("acme").folder
    (folder / "scratch" / "tmp123").mkdir(parents=True)
    (folder / "scratch" / "import-abc").write_text("half a file")
    with Home(path) as home:
        home.vault("acme")
        assert not (folder / "scratch").exists()


def test_a_commit_waits_for_the_disk(path):
    with Home(path) as home:
        database = home.directory.database

        def settings(unit):
            names = ("journal_mode", "synchronous", "foreign_keys")
            return [unit.connection.exec_driver_sql(f"pragma {name}").scalar_one() for name in names]

        assert database.write(settings) == ["wal", 2, 1]
