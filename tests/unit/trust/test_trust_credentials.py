import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.errors import InputError
from goldsmith.trust.passwords import check_password, hash_password, needs_rehash, verify_password
from goldsmith.trust.tokens import TokenKind, hash_token, make_token, shown_prefix, token_kind

GOOD = "seven quiet otters"


def _check(password):
    check_password(password, email="maria.curie@example.org", name="Maria Curie")


def test_a_password_is_verified_against_its_hash_only():
    stored = hash_password(GOOD)
    assert stored.startswith("$argon2id$")
    assert GOOD not in stored
    assert verify_password(GOOD, stored)
    assert not verify_password(GOOD + "x", stored)
    assert not needs_rehash(stored)


def test_the_same_password_twice_gives_two_hashes():
    assert hash_password(GOOD) != hash_password(GOOD)


def test_nothing_is_the_password_of_somebody_unknown():
    assert not verify_password(GOOD, None)
    assert not verify_password(GOOD, "not a hash")
    assert not verify_password("x" * 1000, hash_password(GOOD))


def test_two_keyboards_write_the_same_password():
    assert verify_password("cafe\u0301 au lait noir", hash_password("caf\u00e9 au lait noir"))


def test_old_costs_ask_for_a_new_hash():
    cheap = "$argon2id$v=19$m=8192,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    assert needs_rehash(cheap)
    assert needs_rehash("not a hash")


@pytest.mark.parametrize(
    "password", [GOOD, "x7$kk2!fQ9@p", "мій довгий пароль", "maria sings loud in the park", "abcde" * 25 + "xyz"]
)
def test_any_long_enough_password_is_accepted(password):
    _check(password)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "has 5"),
        ("x7$kk2!fQ9@", "has 11"),
        ("abcdef" * 22, "has 132"),
        ("y" * 10_000, "at most 128"),
        ("password1234", "first that anybody"),
        ("PassWord1234", "first that anybody"),
        ("aaaaaaaaaaaa", "first that anybody"),
        ("121212121212", "first that anybody"),
        ("MariaCurie26", "your own name"),
        ("Maria Curie!", "your own name"),
        ("maria.curie@example.org", "your own name"),
        ("MARIA.CURIE1", "your own name"),
        ("half \ud83d a character", "half of a character"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password, reason):
    with pytest.raises(InputError, match=reason):
        _check(password)


def test_a_person_without_an_address_can_have_a_password():
    check_password(GOOD, email=None, name="Jo")


@pytest.mark.parametrize("kind", list(TokenKind))
def test_a_token_is_well_formed_and_new_each_time(kind):
    token = make_token(kind)
    assert token_kind(token) is kind
    assert token.startswith(f"gsm_{kind}_")
    assert len(token) == len(f"gsm_{kind}_") + {"api": 30, "link": 43, "session": 43}[kind] + 6
    assert make_token(kind) != token


@given(st.data())
def test_a_mistyped_token_is_noticed(data):
    token = "gsm_api_" + "0A1b2C3d4E5f6G7h8I9j0K1l2M3n4O"
    token += _base62(zlib.crc32(token.encode()))
    assert token_kind(token) is TokenKind.API
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(
        st.sampled_from("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_ \n").filter(
            lambda x: x != token[place]
        )
    )
    assert token_kind(token[:place] + letter + token[place + 1 :]) is None


def _base62(value):
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return "".join(alphabet[value // 62**power % 62] for power in range(5, -1, -1))


@given(st.text(max_size=80))
def test_other_text_is_no_token(text):
    assert token_kind(text) is None
    assert len(hash_token(text)) == 64


def test_a_link_cannot_pass_for_an_api_token():
    link = make_token(TokenKind.LINK)
    assert token_kind(link.replace("gsm_link_", "gsm_api_")) is None


def test_only_the_beginning_of_a_token_is_shown():
    token = make_token(TokenKind.API)
    assert shown_prefix(token) == token[:12]
    assert hash_token(token) != hash_token(make_token(TokenKind.API))
