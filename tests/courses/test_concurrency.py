"""What happens when two do the same at the same moment, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.core.actor import SYSTEM
from app.core.db import transaction
from courses.enums import EnrolmentState
from courses.models import Certificate, CertificateLogEntry, Enrolment, Session
from courses.services.enrolment import enrol
from courses.services.issuing import issue_certificates
from courses.services.results import load_session
from skills.models import Employee
from tests.factories.courses import (
    certificates_of,
    make_completed,
    make_session,
    make_signatory,
    people_of,
    reread,
)
from tests.factories.offices import make_opd
from tests.factories.people import make_employee


def joining(run_id: int, person_id: int) -> Callable[[Any], None]:
    def work(session: Any) -> None:
        run = load_session(session, run_id)
        person = session.get_one(Employee, person_id)
        enrol(session, actor=SYSTEM, run=run, employee=person)

    return work


def test_of_many_who_take_the_last_seat_at_once_one_gets_it(session, at_once):
    run = make_session(session, capacity=1)
    people = [make_employee(session).id for _ in range(6)]
    session.commit()

    errors = at_once(*(joining(run.id, person) for person in people))

    reread(session)
    states = [row.state for row in people_of(session, run)]
    assert errors == []
    assert sorted(states) == [EnrolmentState.ENROLLED] + [EnrolmentState.WAITLISTED] * 5
    assert run.seats_taken == 1


def test_of_forty_who_take_five_seats_at_once_five_get_one(session, at_once):
    run, office = make_session(session, capacity=5, default_quota=3), make_opd(session)
    people = [make_employee(session, opd=office).id for _ in range(20)]
    people += [make_employee(session, opd=make_opd(session)).id for _ in range(20)]
    session.commit()

    errors = at_once(*(joining(run.id, person) for person in people))

    reread(session)
    rows = people_of(session, run)
    seated = [row for row in rows if row.state == EnrolmentState.ENROLLED]
    assert errors == []
    assert (len(rows), len(seated), run.seats_taken) == (40, 5, 5)
    assert sum(row.employee.opd_id == office.id for row in seated) <= 3


def test_one_who_clicks_many_times_at_once_holds_one_seat(session, at_once):
    run, person = make_session(session, capacity=3), make_employee(session)
    session.commit()

    errors = at_once(*(joining(run.id, person.id) for _ in range(5)))

    reread(session)
    assert errors == []
    assert len(session.scalars(select(Enrolment)).all()) == 1
    assert run.seats_taken == 1


@pytest.mark.parametrize("app", [{"jobs_mode": "worker"}], indirect=True)
def test_issuing_at_once_reserves_each_number_once(session, at_once):
    run, signatory = make_completed(session, 4), make_signatory(session)
    ids = [row.id for row in people_of(session, run)]
    session.commit()

    def work(own: Any) -> None:
        issue_certificates(
            own,
            actor=SYSTEM,
            run=own.get_one(Session, run.id),
            enrolment_ids=ids,
            signatory=own.get_one(type(signatory), signatory.id),
        )

    errors = at_once(work, work, work)

    reread(session)
    numbers = [row.number[:4] for row in certificates_of(session, run)]
    assert errors == []
    assert numbers == ["0001", "0002", "0003", "0004"]


@pytest.mark.parametrize("app", [{"jobs_mode": "worker"}], indirect=True)
def test_numbers_of_sessions_issued_at_once_have_no_gap(session, at_once):
    runs = [make_completed(session, 3).id for _ in range(4)]
    signatory = make_signatory(session)
    session.commit()

    def issuing(run_id: int) -> Callable[[Any], None]:
        def work(own: Any) -> None:
            run = load_session(own, run_id)
            issue_certificates(
                own,
                actor=SYSTEM,
                run=run,
                enrolment_ids=[row.id for row in people_of(own, run)],
                signatory=own.get_one(type(signatory), signatory.id),
            )

        return work

    errors = at_once(*map(issuing, runs))

    reread(session)
    numbers = sorted(int(n[:4]) for n in session.scalars(select(Certificate.number)))
    assert errors == []
    assert numbers == list(range(1, 13))


def test_certificates_issued_at_once_stand_one_after_another_in_the_log(session, at_once):
    from courses.services.certificate_log import append

    run = make_completed(session, 1)
    session.commit()
    with transaction(SYSTEM) as own:
        issue_certificates(
            own,
            actor=SYSTEM,
            run=own.get_one(Session, run.id),
            enrolment_ids=[row.id for row in people_of(own, run)],
            signatory=make_signatory(own),
        )
    reread(session)
    number = certificates_of(session, run)[0].id
    session.commit()

    def work(own: Any) -> None:
        append(own, certificate=own.get_one(Certificate, number), kind="issue")

    errors = at_once(work, work, work, work)

    reread(session)
    assert errors == []
    positions = session.scalars(select(CertificateLogEntry.position).order_by("position")).all()
    assert positions == [0, 1, 2, 3, 4]
