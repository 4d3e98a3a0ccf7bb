import base64
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.errors import InputError
from goldsmith.kit.clock import DAY, HOUR, MINUTE
from goldsmith.people.model import (
    Engagement,
    Lifetimes,
    checked_email,
    checked_name,
    extended_session,
    is_use_to_note,
    is_within,
    outbox_key,
    pseudonym,
    role_of_token,
    sign_in_address,
)
from goldsmith.trust.authorize import Action, Role, authorize
from goldsmith.trust.keys import SigningKey

WITHIN = {
    Role.OWNER: {Role.OWNER, Role.MANAGER, Role.REVIEWER, Role.ANNOTATOR, Role.AUDITOR},
    Role.MANAGER: {Role.MANAGER, Role.REVIEWER, Role.ANNOTATOR, Role.AUDITOR},
    Role.REVIEWER: {Role.REVIEWER, Role.ANNOTATOR},
    Role.ANNOTATOR: {Role.ANNOTATOR},
    Role.AUDITOR: {Role.AUDITOR},
}


@pytest.mark.parametrize(("role", "limit"), list(itertools.product(Role, Role)))
def test_a_role_is_within_another_that_may_do_all_it_may(role, limit):
    assert is_within(role, limit) is (role in WITHIN[limit])


@pytest.mark.parametrize(("token_role", "role_now"), list(itertools.product(Role, Role)))
def test_a_token_never_does_what_its_role_or_its_maker_may_not(token_role, role_now):
    role = role_of_token(token_role, role_now)
    allowed = {action for action in Action if authorize(role, action)}
    assert allowed <= {action for action in Action if authorize(token_role, action)}
    assert allowed <= {action for action in Action if authorize(role_now, action)}


def test_a_token_shrinks_with_its_maker_and_grows_no_further_than_it_was_made():
    at_owner = Engagement(client_id="c", vault="acme", client_name="Acme", role=Role.OWNER)
    at_annotator = Engagement(client_id="c", vault="acme", client_name="Acme", role=Role.ANNOTATOR)
    assert at_owner.limited_to(Role.MANAGER).role is Role.MANAGER
    assert at_annotator.limited_to(Role.MANAGER).role is Role.ANNOTATOR
    assert at_annotator.limited_to(Role.AUDITOR) is None


def test_a_pseudonym_is_stable_in_a_vault_and_unrelated_elsewhere():
    key, other = SigningKey.generate(), SigningKey.generate()
    name = pseudonym(key, "p1", "acme")
    assert name == pseudonym(key, "p1", "acme")
    assert name.startswith("person-")
    assert len(name) == len("person-") + 12
    int(name.removeprefix("person-"), 16)
    names = {name, pseudonym(key, "p1", "globex"), pseudonym(key, "p2", "acme"), pseudonym(other, "p1", "acme")}
    assert len(names) == 4


def test_an_outbox_key_belongs_to_one_person_in_one_vault():
    vault, other = SigningKey.generate(), SigningKey.generate()
    key, key_id = outbox_key(vault, "person-1")
    assert len(base64.b64decode(key)) == 32
    assert outbox_key(vault, "person-1") == (key, key_id)
    keys = {outbox_key(vault, "person-1"), outbox_key(vault, "person-2"), outbox_key(other, "person-1")}
    assert len({key for key, _ in keys}) == len({key_id for _, key_id in keys}) == 3


@given(st.lists(st.integers(min_value=0, max_value=11 * HOUR), max_size=40))
def test_a_session_in_steady_use_lasts_to_its_absolute_end_and_never_longer(pauses):
    lifetimes = Lifetimes()
    created_at = now = 1_760_000_000_000_000
    expires_at = created_at + lifetimes.idle
    for pause in pauses:
        now += pause
        if expires_at <= now:
            break
        expires_at = (
            extended_session(created_at=created_at, expires_at=expires_at, now=now, lifetimes=lifetimes) or expires_at
        )
    assert expires_at <= created_at + DAY
    assert expires_at > min(now, created_at + DAY - 1)


def test_a_session_is_not_written_at_every_use():
    at = {"created_at": 0, "lifetimes": Lifetimes()}
    assert extended_session(expires_at=12 * HOUR, now=9 * MINUTE, **at) is None
    assert extended_session(expires_at=12 * HOUR, now=10 * MINUTE, **at) == 12 * HOUR + 10 * MINUTE
    assert extended_session(expires_at=DAY - MINUTE, now=20 * HOUR, **at) == DAY
    assert extended_session(expires_at=DAY, now=21 * HOUR, **at) is None


def test_a_tokens_use_is_noted_once_a_minute():
    assert is_use_to_note(None, 5)
    assert not is_use_to_note(0, MINUTE - 1)
    assert is_use_to_note(0, MINUTE)


def test_the_links_token_stands_behind_the_hash():
    assert sign_in_address("http://127.0.0.1:8321/", "T") == "http://127.0.0.1:8321/sign-in#T"


@pytest.mark.parametrize("name", ["", "  ", "a" * 201, "Ada\nLovelace", "Ada\x00", "a\u2028b", "\ud800"])
def test_a_malformed_name_is_refused(name):
    with pytest.raises(InputError, match="A person's name"):
        checked_name(name, what="A person's name")


def test_names_of_all_scripts_are_kept():
    assert checked_name("  Оксана 李 \u0646\u0648\u0631 ", what="A name") == "Оксана 李 \u0646\u0648\u0631"


@pytest.mark.parametrize(
    "email",
    ["", "ada", "ada@", "@example.org", "a b@example.org", "a@b@c.org", "x" * 300 + "@example.org", "a\x00@b.c"],
)
def test_a_malformed_email_is_refused(email):
    with pytest.raises(InputError, match="not an e-mail"):
        checked_email(email)


def test_two_ways_to_write_an_email_are_one():
    assert checked_email(" Ada@Example.ORG ") == checked_email("ada@example.org") == "ada@example.org"
