"""Canonical facts and verification codes."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from courses.certificates.codes import (
    decode32,
    display_code,
    encode32,
    new_code,
    normalise_code,
)
from courses.certificates.facts import CertificateFacts, digest, from_json, to_json
from tests.courses.certificates.samples import CODE, facts_of

names = st.text(min_size=1, max_size=60).filter(
    lambda text: text.strip(" \t\r\n\v\f").isprintable()
)


@given(holder=names, jp=st.integers(0, 65530), score=st.none() | st.decimals(0, 100, places=2))
def test_canonical_form_reads_back_to_the_same_facts(
    holder: str, jp: int, score: Decimal | None
) -> None:
    try:
        facts = facts_of(holder=holder, jp=Decimal(jp) / 10, score=score)
    except InvalidInput:
        return  # nothing printable is left of such a name
    assert from_json(to_json(facts)) == facts
    assert to_json(from_json(to_json(facts))) == to_json(facts)


def test_digest_ignores_how_a_number_or_letter_was_written() -> None:
    composed, decomposed = facts_of(holder="Andr\u00e9"), facts_of(holder="  Andre\u0301 ")

    assert digest(composed) == digest(decomposed)
    assert digest(facts_of(jp=Decimal("32.0"))) == digest(facts_of(jp=Decimal(32)))


@pytest.mark.parametrize("field", [f.name for f in fields(CertificateFacts)])
def test_digest_depends_on_every_field(field: str) -> None:
    other = {
        "code": new_code(),
        "jp": Decimal(33),
        "score": None,
        "role": "narasumber",
        "starts_on": date(2026, 10, 6),
        "ends_on": date(2026, 10, 10),
        "issued_on": date(2026, 10, 13),
        "valid_until": None,
        "signatories": (),
        "topics": (),
        "competencies": (),
        "language": "en",
    }.get(field, "lain")
    if field == "role":
        other = type(facts_of().role)(other)

    assert digest(replace(facts_of(), **{field: other})) != digest(facts_of())


@pytest.mark.parametrize(
    "changes",
    [
        {"holder": " \t "},
        {"number": ""},
        {"ends_on": date(2026, 10, 4)},
        {"valid_until": date(2026, 10, 11)},
        {"jp": Decimal("1.25")},
        {"jp": Decimal(-1)},
        {"language": "xx"},
        {"code": "short"},
        {"note": "x" * 161},
    ],
)
def test_facts_that_no_certificate_can_say_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        facts_of(**changes)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"null", b'{"version":2}', b"\xff"])
def test_foreign_json_is_no_facts(data: bytes) -> None:
    with pytest.raises(ValueError):
        from_json(data)


def test_facts_with_an_added_field_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown field"):
        from_json(to_json(facts_of()).replace(b'{"agency"', b'{"aa":"x","agency"', 1))


def test_what_was_issued_before_a_field_was_added_keeps_its_digest() -> None:
    old = to_json(facts_of())
    noted = facts_of(note="Peserta terbaik.")

    assert digest(facts_of()) == (
        "30836b25733b1bc7c7b4a4c7b7ef6edaf5f845e15bd86b7874df3380ff70804c"
    )
    assert b'"note"' not in old and from_json(old).note == ""
    assert from_json(to_json(noted)) == noted and digest(noted) != digest(facts_of())
    with pytest.raises(ValueError, match="empty"):  # would be a second form of the same facts
        from_json(old.replace(b'"number"', b'"note":"","number"', 1))


def test_control_characters_never_reach_the_page() -> None:
    assert facts_of(holder="A\x00B\x1b\n C").holder == "AB C"


def test_a_code_cannot_be_guessed_and_is_never_repeated() -> None:
    codes = {new_code() for _ in range(2000)}

    assert len(codes) == 2000
    assert 32 ** len(CODE) >= 2**128


def test_a_typed_code_survives_hyphens_spaces_and_lookalikes() -> None:
    assert normalise_code(display_code(CODE).lower()) == CODE
    assert normalise_code(" " + CODE.replace("0", "o") + " ") == CODE


@given(st.binary(max_size=200))
def test_base_32_reads_back(data: bytes) -> None:
    assert decode32(encode32(data)) == data


@pytest.mark.parametrize("text", ["U", "0", "01", "ZZ", "!!"])
def test_base_32_refuses_what_it_never_writes(text: str) -> None:
    if text == "01":
        text = "01Z"
    with pytest.raises(ValueError, match="not"):
        decode32(text)
