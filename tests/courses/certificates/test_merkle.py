"""The Merkle log: what is in it can be proven, what was taken out or slipped in shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.certificates import merkle

entries = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


def hashes(items: list[bytes]) -> list[bytes]:
    return [merkle.leaf_hash(item) for item in items]


def test_root_agrees_with_the_published_test_vectors() -> None:
    # RFC 6962 test data of the reference implementation: the tree of eight inputs.
    inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    leaves = hashes([bytes.fromhex(item) for item in inputs])

    assert merkle.root([]).hex().startswith("e3b0c44298fc1c14")
    assert merkle.root(leaves[:1]).hex().startswith("6e340b9cffb37a98")
    assert merkle.root(leaves).hex().startswith("5dc9da79a70659a9")


@given(entries, st.integers(0, 69))
def test_every_entry_can_be_proven(items: list[bytes], index: int) -> None:
    leaves, index = hashes(items), index % len(items)
    proof = merkle.inclusion_proof(leaves, index)

    assert merkle.includes(leaves[index], index, len(leaves), proof, merkle.root(leaves))
    other = merkle.leaf_hash(b"not in the log at all")
    assert not merkle.includes(other, index, len(leaves), proof, merkle.root(leaves))


@given(entries, st.integers(1, 70))
def test_a_log_that_only_grew_is_consistent(items: list[bytes], old: int) -> None:
    leaves = hashes(items)
    old = 1 + old % len(leaves)
    proof = merkle.consistency_proof(leaves, old)

    assert merkle.grew_from(old, merkle.root(leaves[:old]), len(leaves), merkle.root(leaves), proof)


@given(st.integers(2, 60), st.data())
def test_a_deleted_or_back_dated_entry_shows(size: int, data: st.DataObject) -> None:
    leaves = hashes([bytes([n]) for n in range(size)])
    old = data.draw(st.integers(1, size - 1))
    place = data.draw(st.integers(0, old - 1))
    deleted = leaves[:place] + leaves[place + 1 :]
    back_dated = [*leaves[:place], merkle.leaf_hash(b"back-dated"), *leaves[place:]]

    for changed in (deleted, back_dated):
        if len(changed) < old:
            continue
        proof = merkle.consistency_proof(changed, old)
        assert not merkle.grew_from(
            old, merkle.root(leaves[:old]), len(changed), merkle.root(changed), proof
        )


@given(entries, st.integers(0, 69), st.integers(0, 255))
def test_a_damaged_proof_proves_nothing(items: list[bytes], index: int, byte: int) -> None:
    leaves, index = hashes(items), index % len(items)
    proof = merkle.inclusion_proof(leaves, index)
    if not proof:
        return
    damaged = [bytes([proof[0][0] ^ (byte or 1)]) + proof[0][1:], *proof[1:]]

    for wrong in (damaged, proof[:-1], [*proof, proof[0]]):
        assert not merkle.includes(leaves[index], index, len(leaves), wrong, merkle.root(leaves))


def test_there_is_no_proof_for_what_is_not_there() -> None:
    leaves = hashes([b"a", b"b"])

    for index in (-1, 2):
        with pytest.raises(IndexError):
            merkle.inclusion_proof(leaves, index)
    for old in (0, 3):
        with pytest.raises(IndexError):
            merkle.consistency_proof(leaves, old)
