"""The profile page: what it promises about levels, gaps, validity and the next step."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEvent
from skills.enums import ClaimState, LevelSource
from skills.models import Employee, Position
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import competency, make_claim, make_level


@pytest.fixture
def person(session: Session) -> Employee:
    """A holder of a position with a standard."""
    position = session.query(Position).filter(Position.standard_code.is_not(None)).first()
    return make_person(session, make_opd(session), position_id=position.id, name="Rani Uji")


@pytest.fixture
def owner(client_as: Any, person: Employee) -> Any:
    """A client of the person."""
    return client_as(employee=person)


def main_of(page: str) -> str:
    """Return the main part of a page."""
    return page.split("<main")[1]


def test_an_unknown_level_is_said_in_words_and_is_not_zero(owner):
    page = main_of(owner.get("/profil").text)

    assert "Belum diketahui" in page and "Level 0" not in page


def test_the_position_standard_applies_by_itself(owner, session, person):
    page = main_of(owner.get("/profil").text)

    assert "Kompetensi yang dituntut jabatan" in page and "syarat" in page


def test_the_one_next_step_is_a_returned_claim_before_anything_else(owner, session, person):
    make_claim(session, person, competency(session), state=ClaimState.DRAFT)
    assert "Kirim draf" in owner.get("/profil").text

    of = competency(session, "DI-01")
    make_claim(session, person, of, state=ClaimState.RETURNED)

    page = owner.get("/profil").text
    assert "Perbaiki klaim" in page and "Kirim draf" not in page


def test_what_ends_soon_and_what_has_ended_is_marked(owner, session, person):
    soon, over = clock.today() + timedelta(days=20), clock.today() - timedelta(days=3)
    make_level(session, person, competency(session), 3, valid_until=soon)
    make_level(
        session,
        person,
        competency(session, "DI-01"),
        3,
        obtained_on=date(2024, 1, 1),
        valid_until=over,
    )

    page = main_of(owner.get("/profil").text)

    assert "20 hari lagi" in page and "Berakhir " in page


def test_the_rule_in_force_is_printed_beside_the_level(owner, session, person):
    of = competency(session, policy="best_within", policy_years=3)
    make_level(session, person, of, 4, obtained_on=date(2019, 1, 1))
    make_level(session, person, of, 2, source=LevelSource.EVIDENCE)

    page = main_of(owner.get(f"/profil/{person.id}/kompetensi/{of.id}").text)

    assert "tidak lebih tua dari 3 tahun" in page
    assert "Menentukan level" in page and "Terlalu lama menurut aturan" in page


def test_a_claim_is_shown_apart_from_a_verified_level(owner, session, person):
    make_level(session, person, competency(session), 4, source=LevelSource.SELF)

    assert "Klaim level 4, belum diperiksa" in owner.get("/profil").text


def test_a_role_can_be_tried_on(owner):
    page = owner.get("/profil").text
    code = page.split('<option value="')[2].split('"')[0]

    chosen = main_of(owner.get(f"/profil?peran={code}").text)

    assert f'value="{code}" selected' in chosen
    assert owner.get("/profil?peran=tidak-ada").status_code == 200


def test_others_see_a_profile_only_within_their_reach_and_it_is_recorded(
    client_as, session, person
):
    other_opd = make_opd(session)
    assert client_as(employee=make_person(session, person.opd)).get(
        f"/profil/{person.id}"
    ).status_code in (403, 404)
    outside = client_as("opd_manager", opd_id=other_opd.id)
    assert outside.get(f"/profil/{person.id}").status_code == 404
    inside = client_as("opd_manager", opd_id=person.opd_id)

    assert inside.get(f"/profil/{person.id}").status_code == 200
    assert session.query(AuditEvent).filter_by(tag="skills:profile:read").count() == 1
    assert inside.get("/profil/999999").status_code == 404


def test_drafts_stay_private(client_as, session, person):
    claim = make_claim(
        session, person, competency(session), state=ClaimState.DRAFT, title="Rahasia saya"
    )

    page = client_as("officer").get(f"/profil/{person.id}").text

    assert "Rahasia saya" not in page and f"/profil/klaim/{claim.id}" not in page


def test_the_page_takes_as_many_statements_for_a_long_history(
    owner, session, person, query_counter
):
    make_claim(session, person, competency(session))
    session.commit()
    owner.get("/profil")
    with query_counter() as few:
        owner.get("/profil")
    for code in ("DI-01", "DI-02", "AR-01", "KS-01", "AP-01"):
        make_claim(session, person, competency(session, code))
    session.commit()
    with query_counter() as many:
        owner.get("/profil")

    assert many.count == few.count, many.statements


def test_an_account_without_an_employee_has_no_own_profile(client_as):
    assert client_as("admin").get("/profil").status_code == 403


def test_names_with_markup_are_shown_as_text(client_as, session, person):
    person.name = "O'Neil <script>alert(1)</script>"

    page = client_as("officer").get(f"/profil/{person.id}").text

    assert "<script>alert" not in page and "O&#39;Neil &lt;script&gt;" in page
