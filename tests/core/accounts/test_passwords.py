"""Rules and hashing of passwords."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.accounts import passwords
from app.core.errors import InvalidInput

passwords.configure(cheap=True)
GOOD = "kuda laut membaca peta"


@pytest.mark.parametrize(
    "password",
    [
        "pendek1!",
        "password1234",
        "P@ssw0rd2026!!",
        "Pontianak2026!",
        "rahasiarahasia",
        "aaaaaaaaaaaaaa",
        "123456789012345",
        "abcdefghijklmnop",
        "qwertyuiop123",
        "bismillah12345",
        "x" * 257,
    ],
)
def test_guessable_passwords_are_refused(password: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        passwords.check_rules(password)
    assert refusal.value.field == "password"


@pytest.mark.parametrize(
    "password", [GOOD, "tX9#kQ2!mZ7p", "a b c d e f x z 9", "ñandú cruza el río"]
)
def test_composition_does_not_matter(password: str) -> None:
    passwords.check_rules(password)


@pytest.mark.parametrize(
    "password", ["SitiRahma!2026", "siti.rahma.asn", "19870512xyzq!", "amharitis-2026!!"]
)
def test_own_name_and_number_are_refused(password: str) -> None:
    with pytest.raises(InvalidInput):
        passwords.check_rules(
            password, context=["Siti Rahma", "198705122010012003", "siti.rahma@contoh.go.id"]
        )


def test_a_name_inside_a_long_phrase_is_fine() -> None:
    passwords.check_rules("siti menanam lima belas pohon", context=["Siti Rahma"])


def test_the_list_is_long_enough() -> None:
    assert len(passwords.common_passwords()) >= 3000


@given(st.text(min_size=1, max_size=40))
def test_a_hash_fits_its_password_only(password: str) -> None:
    stored = passwords.hash_password(password)
    assert passwords.verify(stored, password)
    assert not passwords.verify(stored, password + "x")


def test_unknown_login_never_fits() -> None:
    assert not passwords.verify(None, "nobody has this password")


def test_both_unicode_forms_fit() -> None:
    assert passwords.verify(passwords.hash_password("cafe\u0301 dua belas"), "caf\u00e9 dua belas")


def test_weaker_hash_asks_for_a_new_one() -> None:
    stored = passwords.hash_password(GOOD)
    passwords.configure()
    try:
        assert passwords.needs_rehash(stored)
    finally:
        passwords.configure(cheap=True)
