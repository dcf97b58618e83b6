"""Renewal by a shorter course: the chain, the term, the levels, and who is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.notifications.models import Notification
from courses.services.issuing import eligibility
from courses.services.renewals import add_path, remind_renewals
from skills.models import LevelInForce
from skills.rules import months_after
from tests.factories.accounts import make_account
from tests.factories.courses import (
    certificates_of,
    make_completed,
    make_course,
    make_enrolment,
    make_present,
    people_of,
)


def second_run(session, person, course):
    run = make_completed(session, 0, course=course)
    row = make_enrolment(session, run, person, state="passed", score=90.0, attendance_percent=100.0)
    make_present(session, run, row)
    return run


@pytest.fixture
def held(session, issue_all):
    """A person with a certificate that ends in 30 days, and the short course that renews it."""
    long = make_course(session, "AP-02", to_level=4, valid_months=36)
    short = make_course(session, "AP-03", to_level=2, jp=8, valid_months=36)
    add_path(
        session,
        course_code=long.code,
        renewed_by_code=short.code,
        days_before=60,
        days_after=30,
    )
    run = make_completed(session, 1, course=long)
    issue_all(run)
    old = certificates_of(session, run)[0]
    old.valid_until = clock.today() + timedelta(days=30)
    session.commit()
    return old, short


def test_a_renewal_is_a_chain_and_loses_no_day(session, client, held, issue_all):
    old, short = held
    run = second_run(session, people_of(session, old.enrolment.session)[0].employee, short)

    issue_all(run)

    new = certificates_of(session, run)[0]
    level = session.scalar(
        select(LevelInForce).where(
            LevelInForce.employee_id == new.employee_id, LevelInForce.verified_level == 4
        )
    )
    assert new.renews_id == old.id
    assert new.valid_until == months_after(old.valid_until, 36)
    assert level is not None  # what the renewed certificate proved goes on
    assert f"/s/{new.code}" in client.get(f"/s/{old.code}").get_data(as_text=True)
    assert client.get(f"/api/v1/certificates/{new.code}").json["renews"] == old.code


def test_outside_the_window_the_short_course_gives_no_certificate(session, held):
    old, short = held
    old.valid_until = clock.today() + timedelta(days=200)
    run = second_run(session, people_of(session, old.enrolment.session)[0].employee, short)

    row = eligibility(session, run=run)[0]

    assert not row.is_eligible
    assert "diperpanjang" in str(row.reason)


def test_taking_the_same_course_again_makes_a_chain_with_a_new_term(session, held, issue_all):
    old, _short = held
    person = people_of(session, old.enrolment.session)[0].employee
    run = second_run(session, person, old.enrolment.session.course)

    issue_all(run)

    new = certificates_of(session, run)[0]
    assert new.renews_id == old.id
    assert new.valid_until.year == clock.today().year + 3


def test_the_holder_is_told_once_when_the_window_opens(session, held):
    old, short = held
    make_account(session, "employee", employee=old.employee)

    told = [remind_renewals(session, day=clock.today()) for _ in range(2)]

    notes = session.scalars(select(Notification).where(Notification.key.contains("renewable")))
    assert told == [1, 0]
    assert [short.title in str(row.message) for row in notes] == [True]


def test_the_own_page_says_how_to_renew_until_when(session, client_as, held):
    old, short = held

    page = client_as("employee", employee=old.employee).get("/pelatihan/saya")

    assert "Dapat diperpanjang sampai" in page.get_data(as_text=True)
    assert short.title in page.get_data(as_text=True)


def test_paths_are_kept_on_their_page_and_refused_in_words(session, client_as, held):
    old, short = held
    browser = client_as("organiser")
    data = {
        "course_code": old.enrolment.session.course.code,
        "renewed_by_code": short.code,
        "days_before": "9",
        "days_after": "9",
    }

    twice = browser.post("/sertifikat/perpanjangan", data=data)
    wrong = browser.post(
        "/sertifikat/perpanjangan",
        data=data | {"renewed_by_code": data["course_code"], "days_before": "-4"},
    )
    added = browser.post(
        "/sertifikat/perpanjangan", data=data | {"renewed_by_code": data["course_code"]}
    )

    assert (twice.status_code, wrong.status_code, added.status_code) == (422, 422, 303)
    assert "sudah ada" in twice.get_data(as_text=True)
    assert short.title in browser.get("/sertifikat/perpanjangan").get_data(as_text=True)
