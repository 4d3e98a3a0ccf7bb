"""The operator's way into a home, and the two ways in which a command reaches it."""

import stat
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from goldsmith.cli.doors import connected
from goldsmith.cli.local import ensure_first_client
from goldsmith.cli.operator import OperatorDoor, OperatorSessions
from goldsmith.cli.operator_file import FILE, read_operator_file
from goldsmith.cli.options import Where
from goldsmith.errors import Conflict, HomeInUse, InputError, NotFound, Unauthenticated
from goldsmith.people.flows.sign_in import identify
from goldsmith.people.model import Lifetimes
from goldsmith.people.store.credentials import revoke_sessions
from goldsmith.people.store.people import first_owner
from goldsmith.settings import Settings, load_settings
from goldsmith.store.homes import Home, owner_of
from goldsmith.trust.authorize import Role

OPTIONS = [{"value": value, "label": value} for value in ("good", "bad")]


def where(home: Path, vault: str = "default") -> Where:
    return Where(settings=msgspec.structs.replace(load_settings({}), home=home), vault=vault)


@pytest.fixture
def home(tmp_path: Path):
    with closing(Home(tmp_path / "home")) as opened:
        ensure_first_client(opened, Settings())
        yield opened


def is_live(home: Home, token: str) -> bool:
    with home.directory.database.read() as connection:
        try:
            return bool(identify(connection, token, home.clock.now(), Lifetimes()).engagements)
        except Unauthenticated:
            return False


def test_the_operator_is_the_owner_while_the_server_runs_and_nobody_afterwards(home: Home):
    with OperatorDoor(home) as door:
        door.open_at("http://127.0.0.1:1")
        path = home.path / FILE
        left = read_operator_file(home.path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert left is not None
        assert left.url == "http://127.0.0.1:1"
        assert is_live(home, left.tokens["default"])
    assert not path.exists()
    assert not is_live(home, left.tokens["default"])


def test_what_a_killed_server_left_is_ended_by_the_next_one(home: Home):
    killed = OperatorDoor(home)
    killed.__enter__()
    killed.open_at("http://127.0.0.1:1")
    left = read_operator_file(home.path)
    assert left is not None
    with OperatorDoor(home):
        assert not is_live(home, left.tokens["default"])
        assert read_operator_file(home.path) is None
    killed.__exit__(None, None, None)


def test_a_change_of_password_does_not_lock_the_operator_out(home: Home):
    with OperatorSessions(home) as sessions:
        before = sessions.tokens["default"]
        assert not sessions.renew()

        def end_all(unit) -> None:
            owner = first_owner(unit.connection)
            assert owner is not None
            revoke_sessions(unit.connection, owner, but="", now=unit.now)

        home.directory.database.write(end_all)
        assert not is_live(home, before)
        assert sessions.renew()
        assert is_live(home, sessions.tokens["default"])


def test_a_home_that_is_not_there_is_not_made_by_looking_at_it(tmp_path: Path):
    with pytest.raises(NotFound, match="no home at"), connected(where(tmp_path / "home")):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_serves_nobody_is_in_use(home: Home):
    with pytest.raises(HomeInUse, match="does not serve it"), connected(where(home.path)):
        pass


def test_a_vault_that_is_not_there_is_named_with_those_that_are(tmp_path: Path):
    with pytest.raises(NotFound, match="known: default"), connected(where(tmp_path / "home", "acme"), makes_home=True):
        pass
    assert owner_of(tmp_path / "home") is None


def test_a_command_opens_the_home_works_through_the_api_and_lets_go(tmp_path: Path):
    place = where(tmp_path / "home")
    schema = {
        "fields": [{"name": "text"}],
        "questions": [{"type": "choice", "name": "mood", "label": "Mood?", "options": OPTIONS}],
    }
    with connected(place, makes_home=True) as door:
        assert door.served_at is None
        project = door.vault.create_project("Reviews", schema)
        report = project.import_rows({"text": f"text {number}"} for number in range(1200))
        assert (report.n_read, report.n_accepted) == (1200, 1200)
        assert len(list(project.items())) == 1200
        assert b"".join(project.export()).count(b"\n") == 1200
    assert owner_of(place.home) is None
    with connected(place) as door:
        assert door.project(None).show().slug == "reviews"
        door.vault.create_project("Others", schema)
        with pytest.raises(InputError, match="2 projects"):
            door.project(None)
        with pytest.raises(NotFound, match="did you mean 'reviews'"):
            door.project("review")
        with pytest.raises(Conflict, match="only owner"):
            door.vault.remove_person(door.vault.people()[0].person_id)
        made = door.client.create_token("t", vault="default", role=Role.AUDITOR, expires_in_days=1)
        assert [token.id for token in door.client.tokens()] == [made.id]
