"""Encrypted secrets survive a change of the application key."""

import pytest

from app.core.accounts.sealing import Sealer, Unsealable


def test_it_opens_what_it_sealed() -> None:
    box = Sealer(["one key"])
    assert box.open(box.seal("rahasia")) == "rahasia"
    assert b"rahasia" not in box.seal("rahasia")


def test_the_former_key_still_opens() -> None:
    sealed = Sealer(["old"]).seal("rahasia")
    assert Sealer(["new", "old"]).open(sealed) == "rahasia"


def test_renewing_drops_the_former_key() -> None:
    renewed = Sealer(["new", "old"]).renew(Sealer(["old"]).seal("rahasia"))
    assert Sealer(["new"]).open(renewed) == "rahasia"


def test_a_foreign_key_opens_nothing() -> None:
    with pytest.raises(Unsealable):
        Sealer(["other"]).open(Sealer(["one"]).seal("rahasia"))
