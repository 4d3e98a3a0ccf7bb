import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.errors import InputError
from goldsmith.trust.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

LARGEST = 70
LEAVES = [leaf_hash(str(number).encode()) for number in range(LARGEST)]


def _defined_root(leaves):
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + _defined_root(leaves[:split]) + _defined_root(leaves[split:])).digest()


ROOTS = [_defined_root(LEAVES[:size]) for size in range(LARGEST + 1)]


def test_the_published_values_hold():
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_the_published_tree_of_eight_leaves_has_its_roots():
    """The reference tree of the Certificate Transparency test data."""
    contents = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [leaf_hash(bytes.fromhex(content)) for content in contents]
    assert [root_of(leaves[:size]).hex()[:16] for size in (1, 2, 3, 4, 5, 6, 7, 8)] == [
        "6e340b9cffb37a98", "fac54203e7cc696c", "aeb6bcfe274b70a1", "d37ee418976dd957",
        "4e3bbb1f7b478dcf", "76e67dadbcdf1e10", "ddb89be403809e32", "5dc9da79a70659a9",
    ]  # fmt: skip


@pytest.mark.parametrize("size", range(LARGEST + 1))
def test_roots_are_those_of_the_definition(size):
    assert root_of(LEAVES[:size]) == ROOTS[size]
    one_by_one = Frontier()
    for leaf in LEAVES[:size]:
        one_by_one = one_by_one.extended([leaf])
    assert one_by_one == Frontier().extended(LEAVES[:size])
    assert one_by_one.root() == ROOTS[size]
    assert Frontier.from_text(one_by_one.to_text()) == one_by_one


@pytest.mark.parametrize("size", range(LARGEST + 1))
def test_every_leaf_is_proved_in_and_no_other(size):
    for index in range(size):
        proof = inclusion_proof(LEAVES[:size], index)
        assert verify_inclusion(LEAVES[index], proof, index=index, size=size, root=ROOTS[size])
        assert not verify_inclusion(leaf_hash(b"other"), proof, index=index, size=size, root=ROOTS[size])
        assert not verify_inclusion(LEAVES[index], [*proof, LEAVES[0]], index=index, size=size, root=ROOTS[size])
        assert not verify_inclusion(LEAVES[index], proof, index=index, size=size, root=EMPTY_ROOT)
        assert not proof or not verify_inclusion(LEAVES[index], proof[:-1], index=index, size=size, root=ROOTS[size])
    with pytest.raises(IndexError, match=f"leaf {size} is not"):
        inclusion_proof(LEAVES[:size], size)


@pytest.mark.parametrize("new_size", range(LARGEST + 1))
def test_every_beginning_is_proved_and_no_other_history(new_size):
    for old_size in range(new_size + 1):
        proof = consistency_proof(LEAVES[:new_size], old_size)
        old, new = ROOTS[old_size], ROOTS[new_size]
        assert verify_consistency(proof, old_size=old_size, old_root=old, new_size=new_size, new_root=new)
        assert not verify_consistency(
            proof, old_size=old_size, old_root=leaf_hash(b"x"), new_size=new_size, new_root=new
        )
        longer = [*proof, LEAVES[0]]
        assert not verify_consistency(longer, old_size=old_size, old_root=old, new_size=new_size, new_root=new)
        if 0 < old_size < new_size:
            forged = leaf_hash(b"x")
            assert not verify_consistency(proof, old_size=old_size, old_root=old, new_size=new_size, new_root=forged)
            assert not verify_consistency(proof[:-1], old_size=old_size, old_root=old, new_size=new_size, new_root=new)


def test_sizes_that_cannot_be_are_not_proved():
    assert not verify_inclusion(LEAVES[0], [], index=-1, size=1, root=LEAVES[0])
    assert not verify_inclusion(LEAVES[0], [], index=1, size=1, root=LEAVES[0])
    assert not verify_consistency([], old_size=3, old_root=ROOTS[3], new_size=2, new_root=ROOTS[2])
    assert not verify_consistency([], old_size=2, old_root=ROOTS[2], new_size=3, new_root=ROOTS[3])
    with pytest.raises(IndexError, match="of 4"):
        consistency_proof(LEAVES[:3], 4)


@given(st.lists(st.binary(max_size=8), max_size=40), st.integers(0, 40))
def test_a_frontier_grows_in_any_portions(contents, cut):
    leaves = [leaf_hash(content) for content in contents]
    grown = Frontier().extended(leaves[:cut]).extended(leaves[cut:])
    assert grown.root() == _defined_root(leaves)
    assert grown.size == len(leaves)


def test_the_order_of_children_matters():
    assert node_hash(LEAVES[0], LEAVES[1]) != node_hash(LEAVES[1], LEAVES[0])


@pytest.mark.parametrize(
    "text", ["", "3", "3:", "x:" + "00" * 32, "1:" + "0" * 63, "1:zz", "3:" + "00" * 32, "-1:", "\u0661:" + "00" * 32]
)
def test_a_malformed_frontier_is_refused(text):
    with pytest.raises(InputError, match="frontier"):
        Frontier.from_text(text)
