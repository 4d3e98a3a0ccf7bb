"""What happens in the directory, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import func, select

from goldsmith.errors import Conflict, Forbidden, GoldsmithError, InputError, NotFound, Unauthenticated
from goldsmith.kit.clock import DAY, MINUTE, FixedClock
from goldsmith.kit.ids import Uuid7
from goldsmith.people.flows.members import NewMember, admit, change_role, end_engagement, ensure_owner, link_for_member
from goldsmith.people.flows.sign_in import (
    change_password,
    identify,
    note_use,
    prepare_password,
    sign_in_by_link,
    sign_in_verified,
    sign_out,
    verify_sign_in,
)
from goldsmith.people.flows.tokens import WantedToken, make_api_token, revoke_api_token
from goldsmith.people.model import Lifetimes
from goldsmith.people.store import credentials
from goldsmith.people.store import people as store
from goldsmith.store.homes import Home
from goldsmith.store.tables import directory as tables
from goldsmith.trust.authorize import Role

LASTING = Lifetimes()
NEW_ID = Uuid7()
PASSWORD = "seven quiet otters"


class People:
    """A home with its directory, and short words for the flows."""

    def __init__(self, home: Home, clock: FixedClock) -> None:
        self.home, self.clock = home, clock
        self.database = home.directory.database

    def act(self, flow, *args, **kwargs):
        return self.database.write(lambda unit: flow(unit, *args, **kwargs))

    def read(self, question, *args, **kwargs):
        with self.database.read() as connection:
            return question(connection, *args, **kwargs)

    def admit(self, role=Role.ANNOTATOR, slug="acme", name="Ada", email=None):
        member = NewMember(name, email, role)
        return self.act(admit, slug, member, actor="operator", new_id=NEW_ID, lifetimes=LASTING)

    def session(self, link_token):
        return self.act(sign_in_by_link, link_token, LASTING).token

    def identity(self, token):
        return self.read(identify, token, self.clock.now(), LASTING)

    def token(self, identity, role=Role.ANNOTATOR, vault="acme", days=30):
        return self.act(make_api_token, WantedToken("ci", vault, role, days), identity=identity, new_id=NEW_ID)

    def acts(self):
        leaves = tables.log_leaves.c
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(select(leaves.action, leaves.actor).order_by(leaves.seq))]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def people(request, tmp_path):
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else None
    clock = FixedClock()
    with Home(tmp_path / "home", clock=clock, database_url=url) as home:
        yield People(home, clock)


@pytest.fixture
def acme(people):
    """The first client, and the link of its owner."""
    return ensure_owner(people.home, "acme", "Acme", new_id=NEW_ID)


def test_a_new_home_gets_a_client_with_its_vault_and_an_owner(people, acme):
    assert people.home.vault_slugs() == ["acme"]
    identity = people.identity(people.session(acme))
    assert [(one.vault, one.client_name, one.role) for one in identity.engagements] == [("acme", "Acme", Role.OWNER)]
    assert people.read(store.find_person, identity.person_id).name == "Owner"


def test_asking_for_the_owner_again_gives_a_link_to_the_same_person(people, acme):
    again = ensure_owner(people.home, "acme", "Acme", new_id=NEW_ID)
    assert people.identity(people.session(again)).person_id == people.identity(people.session(acme)).person_id


def test_the_owner_of_the_first_client_owns_the_second(people, acme):
    link = ensure_owner(people.home, "globex", "Globex", new_id=NEW_ID)
    identity = people.identity(people.session(link))
    assert [one.vault for one in identity.engagements] == ["acme", "globex"]


def test_every_act_is_in_the_log_under_ids_alone(people, acme):
    identity = people.identity(people.session(acme))
    made = people.token(identity)
    people.act(revoke_api_token, made.row.id, identity=identity)
    admitted = people.admit(Role.MANAGER, email="ada@example.org")
    people.act(change_role, "acme", admitted.person_id, Role.AUDITOR, actor=identity.person_id)
    people.act(end_engagement, "acme", admitted.person_id, actor=identity.person_id)
    people.act(sign_out, identity.credential)
    owner = identity.person_id
    assert people.acts() == [
        ("client.added", "operator"),
        ("engagement.made", "operator"),
        ("sign-in-link.made", "operator"),
        ("session.opened", owner),
        ("token.made", owner),
        ("token.revoked", owner),
        ("engagement.made", "operator"),
        ("sign-in-link.made", "operator"),
        ("engagement.role-changed", owner),
        ("engagement.ended", owner),
        ("session.ended", owner),
    ]


def test_no_secret_is_kept_in_the_directory(people, acme):
    session = people.session(acme)
    made = people.token(people.identity(session))
    kept = []
    with people.database.read() as connection:
        for table in tables.metadata.sorted_tables:
            kept += [str(value) for row in connection.execute(select(table)) for value in row]
    for secret in (acme, session, made.token):
        assert not any(secret in value for value in kept)


def test_of_two_at_once_only_one_uses_a_link(people, acme):
    def attempt(_):
        try:
            return people.session(acme)
        except Unauthenticated:
            return None

    with ThreadPoolExecutor(8) as threads:
        opened = [token for token in threads.map(attempt, range(8)) if token is not None]
    assert len(opened) == 1


def test_a_link_from_an_owner_opens_that_client_alone(people, acme):
    ensure_owner(people.home, "globex", "Globex", new_id=NEW_ID)
    owner = people.identity(people.session(acme)).person_id
    link = people.act(link_for_member, "globex", owner, actor=owner, lifetimes=LASTING)
    identity = people.identity(people.session(link))
    assert [one.vault for one in identity.engagements] == ["globex"]
    with pytest.raises(NotFound):
        people.token(identity, vault="acme")


def test_a_first_password_cannot_be_set_from_one_of_several_clients(people, acme):
    ensure_owner(people.home, "globex", "Globex", new_id=NEW_ID)
    whole = people.identity(people.session(acme))
    link = people.act(link_for_member, "globex", whole.person_id, actor="operator", lifetimes=LASTING)
    scoped = people.identity(people.session(link))
    with pytest.raises(Forbidden):
        people.read(prepare_password, scoped, PASSWORD, None)
    people.act(change_password, whole, people.read(prepare_password, whole, PASSWORD, None))


def test_a_known_email_is_refused_without_saying_whose_it_is(people, acme):
    ensure_owner(people.home, "globex", "Globex", new_id=NEW_ID)
    people.admit(slug="globex", name="Maria", email="maria@example.org")
    with pytest.raises(Conflict) as refusal:
        people.admit(slug="acme", email="MARIA@example.org")
    assert "globex" not in str(refusal.value).casefold()
    assert "Maria" not in str(refusal.value)
    assert people.admit(slug="acme", email="other@example.org").person_id


def test_nobody_is_admitted_to_a_client_that_is_not_there(people, acme):
    with pytest.raises(NotFound):
        people.admit(slug="initech")


def test_a_client_keeps_its_last_owner(people, acme):
    owner = people.identity(people.session(acme)).person_id
    with pytest.raises(Conflict, match="only owner"):
        people.act(change_role, "acme", owner, Role.MANAGER, actor=owner)
    with pytest.raises(Conflict, match="only owner"):
        people.act(end_engagement, "acme", owner, actor=owner)
    second = people.admit(Role.OWNER)
    people.act(end_engagement, "acme", owner, actor=second.person_id)
    assert [member.person_id for member in people.read(_members)] == [second.person_id]


def _members(connection):
    return store.members(connection, store.find_client(connection, "acme").id)


def test_the_end_of_an_engagement_takes_the_tokens_of_that_vault_with_it(people, acme):
    admitted = people.admit(Role.MANAGER)
    identity = people.identity(people.session(admitted.link_token))
    made = people.token(identity)
    assert people.identity(made.token).engagements
    people.act(end_engagement, "acme", admitted.person_id, actor="operator")
    with pytest.raises(Unauthenticated):
        people.identity(made.token)
    assert people.read(credentials.tokens_of, admitted.person_id, None) == []


def test_people_of_other_clients_are_not_there(people, acme):
    ensure_owner(people.home, "globex", "Globex", new_id=NEW_ID)
    stranger = people.admit(slug="globex").person_id
    for flow in (partial(change_role, role=Role.OWNER, actor="x"), partial(end_engagement, actor="x")):
        with pytest.raises(NotFound):
            people.act(flow, slug="acme", person_id=stranger)
    with pytest.raises(NotFound):
        people.act(link_for_member, "acme", stranger, actor="x", lifetimes=LASTING)


@pytest.mark.parametrize(
    ("role", "wanted"),
    [(Role.ANNOTATOR, Role.ANNOTATOR), (Role.MANAGER, Role.AUDITOR), (Role.OWNER, Role.MANAGER)],
)
def test_a_token_may_be_less_than_its_maker(people, acme, role, wanted):
    identity = people.identity(people.session(people.admit(role).link_token))
    made = people.token(identity, wanted)
    assert people.identity(made.token).engagements[0].role is wanted


@pytest.mark.parametrize(
    ("role", "wanted"), [(Role.ANNOTATOR, Role.MANAGER), (Role.MANAGER, Role.OWNER), (Role.AUDITOR, Role.AUDITOR)]
)
def test_a_token_is_never_more_than_its_maker(people, acme, role, wanted):
    identity = people.identity(people.session(people.admit(role).link_token))
    with pytest.raises(Forbidden):
        people.token(identity, wanted)


def test_a_token_loses_what_its_maker_loses(people, acme):
    admitted = people.admit(Role.MANAGER)
    made = people.token(people.identity(people.session(admitted.link_token)), Role.MANAGER)
    people.act(change_role, "acme", admitted.person_id, Role.ANNOTATOR, actor="operator")
    assert people.identity(made.token).engagements[0].role is Role.ANNOTATOR
    people.act(change_role, "acme", admitted.person_id, Role.OWNER, actor="operator")
    assert people.identity(made.token).engagements[0].role is Role.MANAGER


@pytest.mark.parametrize("days", [0, 91, -1])
def test_a_token_has_an_end_within_ninety_days(people, acme, days):
    identity = people.identity(people.session(acme))
    with pytest.raises(InputError, match="1 to 90 days"):
        people.token(identity, days=days)


def test_a_token_works_until_its_last_moment_and_notes_its_use(people, acme):
    identity = people.identity(people.session(acme))
    made = people.token(identity, days=1)
    people.clock.advance(DAY - 2 * MINUTE)
    first = people.identity(made.token)
    assert first.is_stale
    people.act(note_use, first)
    people.clock.advance(MINUTE - 1)
    assert not people.identity(made.token).is_stale
    noted = people.read(credentials.tokens_of, identity.person_id, None)[0].last_used_at
    assert noted == people.clock.now() - MINUTE + 1
    people.clock.advance(MINUTE + 1)
    with pytest.raises(Unauthenticated):
        people.identity(made.token)


def test_only_its_maker_revokes_a_token(people, acme):
    made = people.token(people.identity(people.session(acme)))
    other = people.identity(people.session(people.admit(Role.OWNER).link_token))
    with pytest.raises(NotFound):
        people.act(revoke_api_token, made.row.id, identity=other)
    assert people.identity(made.token).engagements


def test_a_password_that_was_changed_meanwhile_opens_nothing(people, acme):
    admitted = people.admit(email="ada@example.org")
    identity = people.identity(people.session(admitted.link_token))
    people.act(change_password, identity, people.read(prepare_password, identity, PASSWORD, None))
    verified = people.read(verify_sign_in, "ada@example.org", PASSWORD)
    first = people.read(prepare_password, identity, "eleven loud herons", PASSWORD)
    second = people.read(prepare_password, identity, "twenty grey geese", PASSWORD)
    people.act(change_password, identity, first)
    with pytest.raises(InputError):
        people.act(change_password, identity, second)
    with pytest.raises(Unauthenticated):
        people.act(sign_in_verified, verified, LASTING)


def test_somebody_inactive_gets_in_by_no_door(people, acme):
    admitted = people.admit(email="ada@example.org")
    session = people.session(admitted.link_token)
    identity = people.identity(session)
    people.act(change_password, identity, people.read(prepare_password, identity, PASSWORD, None))
    made = people.token(identity)
    link = people.act(link_for_member, "acme", admitted.person_id, actor="operator", lifetimes=LASTING)
    people.database.write(
        lambda unit: unit.connection.execute(
            tables.people.update().where(tables.people.c.id == admitted.person_id).values(is_active=0)
        ).close()
    )
    doors = (
        lambda: people.identity(session),
        lambda: people.identity(made.token),
        lambda: people.session(link),
        lambda: people.read(verify_sign_in, "ada@example.org", PASSWORD),
    )
    for door in doors:
        with pytest.raises(Unauthenticated):
            door()


def test_a_refused_act_leaves_nothing_behind(people, acme):
    def counted():
        with people.database.read() as connection:
            return [
                connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in tables.metadata.sorted_tables
            ]

    before = counted()
    people_email = people.admit(email="ada@example.org")
    after = counted()
    assert people_email.person_id
    assert before != after
    with pytest.raises(GoldsmithError):
        people.admit(email="ada@example.org")
    assert counted() == after
