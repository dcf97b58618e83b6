"""Corrections keep the old certificate and name the new one; the log sees every tampering."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from app.core.db import db, transaction
from app.core.errors import InvalidInput
from courses.enums import CertificateState, EnrolmentState
from courses.models import Certificate, CertificateLogEntry, Session, Signatory
from courses.services.certificate_audit import audit_log
from courses.services.corrections import correct_result, replace_certificate
from skills.models import LevelInForce, LevelRecord
from tests.factories.courses import certificates_of, make_completed, people_of, reread


@pytest.fixture
def issued(session, issue_all):
    run = make_completed(session, 3)
    issue_all(run)
    return run


def correct(organiser, run, row, **values):
    usual = {"score": 91.0, "attendance": 100.0, "reason": "Salah ketik"}
    with transaction(organiser) as own:
        correct_result(
            own,
            actor=organiser,
            run=own.get_one(Session, run.id),
            enrolment=own.get_one(type(row), row.id),
            **{**usual, **values},
        )


def replace(organiser, certificate):
    with transaction(organiser) as own:
        replace_certificate(
            own,
            actor=organiser,
            certificate=own.get_one(Certificate, certificate.id),
            signatory=own.query(Signatory).filter(~Signatory.name.startswith("(")).first(),
            reason="Nilai dikoreksi",
        )


def test_a_replacement_is_linked_and_the_old_one_stays(session, issued, organiser):
    row, old = people_of(session, issued)[0], certificates_of(session, issued)[0]
    correct(organiser, issued, row)
    replace(organiser, old)

    reread(session)
    new = certificates_of(session, issued)[-1]
    assert (old.state, old.replaced_by_id) == (CertificateState.REPLACED, new.id)
    assert (new.state, new.facts["score"]) == (CertificateState.ISSUED, "91")
    assert old.facts["score"] == "88"


def test_the_level_of_a_replaced_certificate_counts_once(session, issued, organiser):
    row, old = people_of(session, issued)[0], certificates_of(session, issued)[0]
    replace(organiser, old)

    reread(session)
    records = session.query(LevelRecord).filter_by(employee_id=row.employee_id).all()
    level = session.query(LevelInForce).filter_by(employee_id=row.employee_id).one()
    assert [bool(record.withdrawn_at) for record in records] == [True, False]
    assert level.verified_level == 3


def test_who_no_longer_passes_loses_the_certificate(session, issued, organiser):
    row = people_of(session, issued)[0]
    correct(organiser, issued, row, score=40.0)

    reread(session)
    assert row.state == EnrolmentState.FAILED
    assert certificates_of(session, issued)[0].state == CertificateState.REVOKED


def test_a_correction_needs_a_reason(session, issued, organiser):
    with pytest.raises(InvalidInput):
        correct(organiser, issued, people_of(session, issued)[0], reason=" ")


def test_a_log_that_nobody_touched_is_whole(session, issued, organiser):
    replace(organiser, certificates_of(session, issued)[0])
    reread(session)

    assert audit_log(session) == []


@pytest.mark.parametrize(
    "tamper",
    [
        delete(CertificateLogEntry).where(CertificateLogEntry.position == 2),
        delete(CertificateLogEntry).where(CertificateLogEntry.position == 0),
        update(Certificate).where(Certificate.number.startswith("0001")).values(facts_hash="0"),
        update(Certificate).where(Certificate.number.startswith("0001")).values(state="revoked"),
        update(CertificateLogEntry).where(CertificateLogEntry.position == 1).values(root="0" * 64),
    ],
)
def test_what_was_deleted_or_changed_is_found(session, issued, tamper):
    session.execute(tamper)
    session.commit()

    assert audit_log(session) != []


def test_a_row_that_was_dated_back_is_found(session, issued):
    row = session.get(CertificateLogEntry, 1)
    row.at = row.at - timedelta(days=400)
    session.commit()

    assert [finding.position for finding in audit_log(session)] == [1, 1]


def test_a_published_root_convicts_a_log_that_was_cut(session, issued):
    row = session.get(CertificateLogEntry, 2)
    head = {3: row.root}

    assert audit_log(session, head) == []
    assert audit_log(session, {4: row.root}) != []


def test_the_command_says_so_and_ends_with_one(app, session, issued):
    runner = app.test_cli_runner()
    whole = runner.invoke(args=["certificates", "audit"])
    db.session.remove()
    session.execute(delete(CertificateLogEntry).where(CertificateLogEntry.position == 1))
    session.commit()

    assert (whole.exit_code, runner.invoke(args=["certificates", "audit"]).exit_code) == (0, 1)
