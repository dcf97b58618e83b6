"""The sealed payload of the QR code, and the signed list of withdrawn certificates."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.core.errors import InvalidInput
from courses.certificates import seal
from courses.certificates.codes import ALPHABET, new_code
from courses.certificates.facts import CertificateFacts, ParticipantRole
from courses.certificates.keystore import KeyStore
from tests.courses.certificates.samples import LONG_NAME, NOW, facts_of

WORST = {
    "number": "800.2/0123/BKPSDM/PELATIHAN-TEKNIS-FUNGSIONAL/XII/2026",
    "holder": LONG_NAME,
    "title": "Pelatihan Teknis " * 12,
    "predicate": "Sangat Memuaskan Sekali Dengan Pujian",
}


def url_of(facts: CertificateFacts, store: KeyStore) -> str:
    return seal.sealed_url(facts, seal.make_seal(facts, key=store.seal_key, sign=store.seal))


def test_a_seal_says_what_is_printed(store: KeyStore) -> None:
    facts = facts_of(role=ParticipantRole.SPEAKER, jp=Decimal("7.5"))

    sealed = seal.open_seal(url_of(facts, store), store.keyring)

    for name in ("code", "number", "holder", "title", "predicate", "role", "jp"):
        assert getattr(sealed, name) == getattr(facts, name)
    assert (sealed.starts_on, sealed.ends_on) == (facts.starts_on, facts.ends_on)
    assert (sealed.issued_on, sealed.valid_until) == (facts.issued_on, facts.valid_until)


@given(holder=st.text(alphabet=st.characters(categories=["L", "N", "P"]), min_size=1, max_size=90))
def test_any_name_fits_and_is_cut_at_a_whole_character(holder: str) -> None:
    field = seal._text_field(holder, seal.FIELD_LIMITS[1])
    text = field[1:].decode()

    assert field[0] == len(field) - 1 <= seal.FIELD_LIMITS[1]
    assert text == holder or (text.endswith("…") and holder.startswith(text[:-1]))


@given(place=st.integers(0, 10_000), step=st.integers(1, 31))
def test_any_changed_character_is_noticed(store: KeyStore, place: int, step: int) -> None:
    head, _, payload = url_of(facts_of(), store).partition("#")
    at = place % len(payload)
    other = ALPHABET[(ALPHABET.index(payload[at]) + step) % 32]

    with pytest.raises(InvalidInput):
        seal.open_seal(f"{head}#{payload[:at]}{other}{payload[at + 1 :]}", store.keyring)


def test_a_seal_moved_to_another_code_is_refused(store: KeyStore) -> None:
    facts = facts_of()
    url = url_of(facts, store).replace(facts.code, new_code())

    with pytest.raises(InvalidInput, match="diubah"):
        seal.open_seal(url, store.keyring)


def test_a_seal_by_another_key_is_refused(store: KeyStore, foreign: KeyStore) -> None:
    with pytest.raises(InvalidInput, match="kunci penerbit"):
        seal.open_seal(url_of(facts_of(), foreign), store.keyring)


def test_a_seal_that_borrows_our_key_name_is_refused(store: KeyStore, foreign: KeyStore) -> None:
    forged = seal.make_seal(facts_of(), key=store.seal_key, sign=foreign.seal)

    with pytest.raises(InvalidInput, match="tidak cocok"):
        seal.open_seal(seal.sealed_url(facts_of(), forged), store.keyring)


@pytest.mark.parametrize("text", ["", "#", "https://a/s/x#y", "x" * 5000, "https://a/s/%00#\x00"])
def test_what_is_no_seal_is_refused_in_words(store: KeyStore, text: str) -> None:
    with pytest.raises(InvalidInput):
        seal.open_seal(text, store.keyring)


@pytest.mark.parametrize("changes", [{}, WORST], ids=["usual", "longest"])
def test_the_code_is_readable_at_25_mm(store: KeyStore, changes: dict[str, str]) -> None:
    url = url_of(facts_of(**changes), store)
    rows = seal.qr_matrix(url)
    pixels = bytes(0 if bit else 255 for row in rows for bit in row)
    image = Image.frombytes("L", (len(rows), len(rows)), pixels)
    scanned = image.resize((295, 295), Image.Resampling.BILINEAR)  # 25 mm at 300 dpi

    assert 25 / len(rows) >= 0.25  # millimetres a module, quiet zone counted
    assert [found.text for found in zxingcpp.read_barcodes(scanned)] == [url]


def test_the_code_carries_no_nip_and_no_address(store: KeyStore) -> None:
    url = url_of(facts_of(), store)

    assert "@" not in url and not any(len(run) > 17 for run in url.split() if run.isdigit())


@pytest.fixture
def withdrawals() -> tuple[seal.Withdrawal, ...]:
    return (
        seal.Withdrawal(new_code(), "revoked", date(2026, 10, 20)),
        seal.Withdrawal(new_code(), "replaced", date(2026, 10, 21), "800.2/0124/BKPSDM/2026"),
    )


def listed(
    store: KeyStore,
    withdrawals: tuple[seal.Withdrawal, ...],
    changed: tuple[seal.NewLastDay, ...] = (),
) -> str:
    return seal.sign_revocations(
        withdrawals,
        changed,
        sequence=7,
        issued_at=NOW,
        next_update=NOW + timedelta(days=7),
        key=store.seal_key,
        sign=store.seal,
    )


def test_the_list_names_the_withdrawn_and_nobody_else(
    store: KeyStore, withdrawals: tuple[seal.Withdrawal, ...]
) -> None:
    token = listed(store, withdrawals)

    content = seal.read_revocations(token, store.keyring)

    assert content.sequence == 7
    assert content.state_of(withdrawals[0].code) == ("revoked", date(2026, 10, 20), "")
    assert content.state_of(withdrawals[1].code) == (
        "replaced",
        date(2026, 10, 21),
        "800.2/0124/BKPSDM/2026",
    )
    assert content.state_of(new_code()) is None


def test_the_list_carries_changed_last_days_and_leaves_others_as_printed(store: KeyStore) -> None:
    longer, endless = (
        seal.NewLastDay(new_code(), date(2031, 1, 1)),
        seal.NewLastDay(new_code(), None),
    )
    content = seal.read_revocations(listed(store, (), (longer, endless)), store.keyring)
    printed = date(2029, 10, 11)

    assert content.last_day(longer.code, printed) == date(2031, 1, 1)
    assert content.last_day(endless.code, printed) is None
    assert content.last_day(new_code(), printed) == printed


@given(st.permutations(range(12)))
def test_the_same_changes_make_the_same_compact_list(store: KeyStore, order: list[int]) -> None:
    codes = [f"{n:026}" for n in range(12)]
    withdrawn = [seal.Withdrawal(code, "revoked", date(2026, 10, 20)) for code in codes]
    changed = [seal.NewLastDay(code[::-1], date(2031, 1, 1)) for code in codes]

    mixed = listed(
        store, tuple(withdrawn[n] for n in order), tuple(changed[n] for n in reversed(order))
    )

    assert mixed == listed(store, tuple(withdrawn), tuple(changed))
    assert len(mixed) < 300 + 24 * 75


def test_the_list_gives_no_code_away(
    store: KeyStore, withdrawals: tuple[seal.Withdrawal, ...]
) -> None:
    payload, _ = seal.read_token(listed(store, withdrawals), store.keyring)

    assert not any(w.code in str(payload) for w in withdrawals)


def test_the_list_says_when_it_is_too_old(
    store: KeyStore, withdrawals: tuple[seal.Withdrawal, ...]
) -> None:
    content = seal.read_revocations(listed(store, withdrawals), store.keyring)

    assert not content.is_stale(NOW + timedelta(days=6))
    assert content.is_stale(NOW + timedelta(days=8))


def test_a_list_by_another_key_is_refused(
    store: KeyStore, foreign: KeyStore, withdrawals: tuple[seal.Withdrawal, ...]
) -> None:
    token = listed(foreign, withdrawals)
    borrowed = replace(foreign, seal_key=store.seal_key)

    for text in (token, listed(borrowed, withdrawals), token[:-4], "a.b.c", ""):
        with pytest.raises(InvalidInput):
            seal.read_revocations(text, store.keyring)
