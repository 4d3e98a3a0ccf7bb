"""Who is remembered for how long, and how many attempts are counted."""

import pytest

from goldsmith.errors import TooManyRequests
from goldsmith.kit.clock import SECOND
from goldsmith.people.model import Identity
from goldsmith.server.callers import REMEMBERED, Caller, CallerMemory
from goldsmith.server.cookies import bearer_token, cookie_value
from goldsmith.server.limits import TokenBuckets
from goldsmith.trust.tokens import TokenKind


def caller(credential="c1", person="p1", expires_at=10**15):
    identity = Identity(
        person_id=person,
        kind=TokenKind.SESSION,
        credential=credential,
        client_id=None,
        expires_at=expires_at,
        engagements=(),
        is_stale=False,
    )
    return Caller(identity=identity, accesses={})


def test_a_caller_is_remembered_for_half_a_minute():
    memory, known = CallerMemory(), caller()
    memory.remember(known, now=0, begun_in=memory.round)
    assert memory.recall("c1", REMEMBERED - 1) is known
    assert memory.recall("c1", REMEMBERED) is None
    assert memory.recall("c2", 0) is None


def test_nobody_is_remembered_beyond_the_end_of_their_session():
    memory = CallerMemory()
    memory.remember(caller(expires_at=5 * SECOND), now=0, begun_in=memory.round)
    assert memory.recall("c1", 5 * SECOND - 1) is not None
    assert memory.recall("c1", 5 * SECOND) is None


def test_a_forgotten_person_is_forgotten_under_all_their_credentials():
    memory = CallerMemory()
    for one in (caller("c1"), caller("c2"), caller("c3", "p2")):
        memory.remember(one, now=0, begun_in=memory.round)
    memory.forget_person("p1")
    assert [memory.recall(name, 1) is not None for name in ("c1", "c2", "c3")] == [False, False, True]


@pytest.mark.parametrize("forget", [lambda memory: memory.forget("c1"), lambda memory: memory.forget_person("p1")])
def test_an_answer_from_before_a_change_is_not_kept_after_it(forget):
    memory = CallerMemory()
    begun_in = memory.round
    forget(memory)
    memory.remember(caller(), now=0, begun_in=begun_in)
    assert memory.recall("c1", 1) is None


def test_the_memory_is_bounded():
    memory = CallerMemory()
    for number in range(10_001):
        memory.remember(caller(f"c{number}"), now=0, begun_in=memory.round)
    assert memory.recall("c0", 1) is None
    assert memory.recall("c10000", 1) is not None


def test_attempts_come_back_one_at_a_time():
    buckets = TokenBuckets(capacity=2, micros_each=10 * SECOND)
    buckets.take(("a",), 0)
    buckets.take(("a",), 0)
    with pytest.raises(TooManyRequests) as refusal:
        buckets.take(("a",), 2 * SECOND)
    assert refusal.value.retry_after_s == 8
    buckets.take(("b",), 2 * SECOND)
    buckets.take(("a",), 10 * SECOND)
    with pytest.raises(TooManyRequests):
        buckets.take(("a",), 11 * SECOND)


def test_asking_while_refused_does_not_prolong_the_wait():
    buckets = TokenBuckets(capacity=1, micros_each=10 * SECOND)
    buckets.take(("a",), 0)
    for second in range(1, 10):
        with pytest.raises(TooManyRequests):
            buckets.take(("a",), second * SECOND)
    buckets.take(("a",), 10 * SECOND)


def test_the_longest_unused_bucket_goes_first_when_there_are_too_many():
    buckets = TokenBuckets(capacity=1, micros_each=10**12)
    for number in range(20_000):
        buckets.take((f"a{number}",), 0)
    with pytest.raises(TooManyRequests):
        buckets.take(("a0",), 0)
    buckets.take(("new",), 0)
    with pytest.raises(TooManyRequests):
        buckets.take(("a0",), 0)
    buckets.take(("a1",), 0)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        (b"gold=v1", "v1"),
        (b"a=b; gold=v1; c=d", "v1"),
        (b"notgold=x;gold=v1", "v1"),
        (b"gold=first; gold=second", "first"),
        (b"gold=", ""),
        (b"golden=x", None),
        (b"", None),
    ],
)
def test_a_cookie_is_found_by_its_whole_name(header, value):
    assert cookie_value([(b"accept", b"gold=no"), (b"cookie", header)], "gold") == value


@pytest.mark.parametrize(
    ("header", "token"), [(b"Bearer t", "t"), (b"bearer  t ", "t"), (b"Basic eDp5", ""), (b"Bearer", ""), (b"t", "")]
)
def test_only_a_bearer_token_counts(header, token):
    assert bearer_token([(b"authorization", header)]) == token
    assert bearer_token([(b"cookie", header)]) is None
