"""The mathematics of the append-only log of certificates: a Merkle tree as in RFC 6962 / RFC 9162.

Every issue and every withdrawal is a leaf. The published root commits to all of them in order: a
leaf that is removed, changed or slipped in earlier gives another root, and the short proofs below
let anybody with two published roots see that the later log only grew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry; the prefix keeps a leaf from passing as an inner node."""
    return sha256(b"\0" + entry).digest()


def _join(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\1" + left + right).digest()


def _split(size: int) -> int:
    """Return the largest power of two below a size of at least two."""
    return 1 << (size - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes in order, level by level (one pass, no recursion)."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        pairs = [_join(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs if len(level) % 2 == 0 else [*pairs, level[-1]]
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the sibling hashes from a leaf up to the root.

    Raises:
        IndexError: if there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError("no such leaf")
    proof, level, place = [], list(leaves), index
    while len(level) > 1:
        if (sibling := place ^ 1) < len(level):
            proof.append(level[sibling])
        pairs = [_join(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs if len(level) % 2 == 0 else [*pairs, level[-1]]
        place //= 2
    return proof


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Tell whether a leaf stands at a place of a log of that size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            current = _join(sibling, current)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            current = _join(current, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and current == expected


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """Return the hashes that show that the first `old_size` leaves are still as they were.

    Source: RFC 9162, 2.1.4.1.

    Raises:
        IndexError: if the old log was longer than this one or empty.
    """
    if not 0 < old_size <= len(leaves):
        raise IndexError("no such earlier log")
    proof: list[bytes] = []
    part, whole = leaves, True
    while old_size < len(part):
        middle = _split(len(part))
        if old_size <= middle:
            proof.append(root(part[middle:]))
            part = part[:middle]
        else:
            proof.append(root(part[:middle]))
            part, old_size, whole = part[middle:], old_size - middle, False
    return list(reversed(proof if whole else [*proof, root(part)]))


def grew_from(
    old_size: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether a log is an earlier one with leaves appended (RFC 9162, 2.1.4.2)."""
    if old_size == size:
        return old_root == new_root and not proof
    if not 0 < old_size < size or not proof:
        return False
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = _join(sibling, old), _join(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = _join(new, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


@dataclass(frozen=True)
class Frontier:
    """The roots of a log's full subtrees, largest first: enough to append and to know the root.

    An append costs a handful of hashes, however long the log is.
    """

    size: int = 0
    peaks: tuple[tuple[int, bytes], ...] = ()  # (height, hash)

    def appended(self, leaf: bytes) -> "Frontier":
        """Return the frontier of the log with one more leaf."""
        peaks = [*self.peaks, (0, leaf)]
        while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
            (height, left), (_, right) = peaks[-2:]
            peaks[-2:] = [(height + 1, _join(left, right))]
        return Frontier(self.size + 1, tuple(peaks))

    @property
    def root(self) -> bytes:
        """The root over all leaves; equal to `root` of the whole list."""
        if not self.peaks:
            return EMPTY_ROOT
        found = self.peaks[-1][1]
        for _, left in reversed(self.peaks[:-1]):
            found = _join(left, found)
        return found
