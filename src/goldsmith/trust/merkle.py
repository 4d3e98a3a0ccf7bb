"""Merkle trees as in Certificate Transparency: roots, compact ranges, inclusion and consistency proofs.

Source: RFC 6962, section 2.1 (the same hashing as RFC 9162). All hashes are 32 bytes of SHA-256.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from goldsmith.errors import InputError

EMPTY_ROOT = hashlib.sha256(b"").digest()

_HASH_BYTES = 32
_LEAF = b"\x00"
_NODE = b"\x01"
_sha256 = hashlib.sha256


def leaf_hash(content: bytes) -> bytes:
    """The hash of one leaf."""
    return _sha256(_LEAF + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return _sha256(_NODE + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree reduced to the roots of its full subtrees, largest first: enough to append and to know the root.

    It holds at most one hash per bit of `size`, so an append costs the same at a million leaves as at ten.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise InputError(f"a tree of {self.size} leaves has no frontier of {len(self.hashes)} hashes.")

    def extended(self, leaf_hashes: Iterable[bytes]) -> "Frontier":
        """The frontier after appending leaves, given by their `leaf_hash`, in order."""
        stack, size = list(self.hashes), self.size
        for leaf in leaf_hashes:
            node, rest = leaf, size
            while rest & 1:
                node = _sha256(_NODE + stack.pop() + node).digest()
                rest >>= 1
            stack.append(node)
            size += 1
        return Frontier(size, tuple(stack))

    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def to_text(self) -> str:
        """One line without spaces: the size, a colon, and the hashes in hexadecimal digits."""
        return f"{self.size}:{b''.join(self.hashes).hex()}"

    @classmethod
    def from_text(cls, text: str) -> "Frontier":
        """The frontier that `to_text` wrote.

        Raises:
            InputError: the text is not one, or its number of hashes does not fit its size.
        """
        size, colon, digits = text.partition(":")
        try:
            joined = bytes.fromhex(digits)
        except ValueError as error:
            raise InputError(f"{text[:80]!r} is not the frontier of a tree: the hashes are not hexadecimal.") from error
        if not colon or not size.isascii() or not size.isdigit() or len(joined) % _HASH_BYTES:
            raise InputError(f"{text[:80]!r} is not the frontier of a tree, such as '2:' and 64 hexadecimal digits.")
        parts = (joined[start : start + _HASH_BYTES] for start in range(0, len(joined), _HASH_BYTES))
        return cls(int(size), tuple(parts))


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root of the tree over these leaves, in memory that grows with the logarithm of their number."""
    return Frontier().extended(leaf_hashes).root()


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes, lowest first, that lead from leaf `index` to the root of the tree over all `leaf_hashes`.

    Raises:
        IndexError: there is no such leaf.
    """
    size = len(leaf_hashes)
    if not 0 <= index < size:
        raise IndexError(f"leaf {index} is not in a tree of {size}")
    if size == 1:
        return []
    split = _split(size)
    if index < split:
        return [*inclusion_proof(leaf_hashes[:split], index), root_of(leaf_hashes[split:])]
    return [*inclusion_proof(leaf_hashes[split:], index - split), root_of(leaf_hashes[:split])]


def verify_inclusion(leaf: bytes, proof: Sequence[bytes], *, index: int, size: int, root: bytes) -> bool:
    """Whether `proof` shows that `leaf` (its hash) is leaf `index` of the tree of `size` leaves with this `root`.

    Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    here, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            node = node_hash(sibling, node)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and node == root


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """The hashes that show that the first `old_size` leaves are the beginning of all `leaf_hashes`.

    Raises:
        IndexError: `old_size` is negative or larger than the tree.
    """
    if not 0 <= old_size <= len(leaf_hashes):
        raise IndexError(f"a tree of {len(leaf_hashes)} leaves does not contain one of {old_size}")
    if old_size in {0, len(leaf_hashes)}:
        return []
    return _subproof(leaf_hashes, old_size, is_whole=True)


def verify_consistency(
    proof: Sequence[bytes], *, old_size: int, old_root: bytes, new_size: int, new_root: bytes
) -> bool:
    """Whether `proof` shows that the tree of `new_size` leaves begins with the tree of `old_size` leaves.

    Source: RFC 9162, section 2.1.4.2. An empty old tree begins every tree, with an empty proof.
    """
    if not 0 <= old_size <= new_size:
        return False
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    if old_size == new_size:
        return not proof and old_root == new_root
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    return bool(path) and _climb(path, old_size, new_size) == (old_root, new_root)


def _climb(path: Sequence[bytes], old_size: int, new_size: int) -> tuple[bytes, bytes] | None:
    here, last = old_size - 1, new_size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = path[0]
    for node in path[1:]:
        if last == 0:
            return None
        if here & 1 or here == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node_hash(new, node)
        here, last = here >> 1, last >> 1
    return (old, new) if last == 0 else None


def _subproof(leaf_hashes: Sequence[bytes], old_size: int, *, is_whole: bool) -> list[bytes]:
    size = len(leaf_hashes)
    if old_size == size:
        return [] if is_whole else [root_of(leaf_hashes)]
    split = _split(size)
    if old_size <= split:
        return [*_subproof(leaf_hashes[:split], old_size, is_whole=is_whole), root_of(leaf_hashes[split:])]
    right = _subproof(leaf_hashes[split:], old_size - split, is_whole=False)
    return [*right, root_of(leaf_hashes[:split])]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
