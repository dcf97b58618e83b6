"""From passed participants to certificates in the profile: each exactly once, numbers whole."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.db import transaction
from app.core.errors import InvalidInput, InvalidTransition
from app.core.files.models import StoredFile
from app.core.files.services import read_bytes
from app.core.jobs.models import Job
from courses.certificates.keystore import read_keyring
from courses.certificates.verify_pdf import check_pdf
from courses.enums import CertificateState, EnrolmentState
from courses.models import Certificate, CertificateLogEntry, Session, Signatory
from courses.services import workshop
from courses.services.certificate_records import facts_of, revoke, void_unused
from courses.services.issuing import eligibility, issue_certificates
from courses.services.workshop import keys_folder
from skills.enums import ClaimState
from skills.models import Claim, LevelInForce, TrainingRecord
from tests.factories.courses import (
    certificates_of,
    make_completed,
    make_course,
    make_enrolment,
    make_signatory,
    people_of,
    reread,
)


def test_it_issues_a_signed_file_that_the_check_accepts(session, issue_all):
    run = make_completed(session, 2)

    job = session.get_one(Job, issue_all(run))

    assert (job.state, job.done) == ("done", 2)
    first = certificates_of(session, run)[0]
    data = read_bytes(session.get_one(StoredFile, first.file_id))
    found = check_pdf(
        data,
        keyring=read_keyring(keys_folder()),
        expected=facts_of(first),
        stored_sha256=first.file_hash,
    )
    assert first.state == CertificateState.ISSUED
    assert found.genuine, found.problems


def test_passing_raises_the_level_without_retyping(session, issue_all):
    run = make_completed(session, 1, course=make_course(session, "AP-02", to_level=4))
    issue_all(run)

    person = people_of(session, run)[0].employee_id
    level = session.scalars(select(LevelInForce).where(LevelInForce.employee_id == person)).one()
    training = session.scalars(select(TrainingRecord)).one()
    assert (level.verified_level, level.verified_source) == (4, "certificate")
    assert (training.employee_id, training.jp, training.state) == (person, 20, "verified")


def test_a_course_that_proposes_sends_a_claim_with_the_certificate(session, issue_all):
    run = make_completed(session, 1, course=make_course(session, effect="propose"))
    issue_all(run)

    claim = session.scalars(select(Claim)).one()
    certificate = certificates_of(session, run)[0]
    assert claim.state == ClaimState.SUBMITTED
    assert [row.file_id for row in claim.evidence] == [certificate.file_id]
    assert claim.document_number == certificate.number


def test_asking_twice_issues_once(session, issue_all):
    run = make_completed(session, 3)

    first, second = issue_all(run), issue_all(run)

    assert first == second
    assert len(certificates_of(session, run)) == 3


def test_numbers_have_no_gap_over_several_jobs(session, issue_all):
    for _ in range(2):
        issue_all(make_completed(session, 2))

    numbers = [row.number.split("/")[0] for row in session.scalars(select_certificates())]
    assert numbers == ["0001", "0002", "0003", "0004"]


def select_certificates():
    return select(Certificate).order_by(Certificate.id)


def test_a_certificate_keeps_what_it_said_when_person_session_and_official_change(
    session, client, issue_all
):
    run = make_completed(session, 1)
    person = people_of(session, run)[0].employee
    issue_all(run)
    row = certificates_of(session, run)[0]
    before, answer = dict(row.facts), client.get(f"/api/v1/certificates/{row.code}").json

    person.name, run.title, run.course.jp, run.organiser.name = (
        "Nama Baru",
        "Judul baru",
        99,
        "Lain",
    )
    run.starts_on = run.ends_on = run.ends_on - timedelta(100)
    session.query(Signatory).update({"name": "Pejabat Baru", "office": "Kepala Lain"})
    session.commit()

    reread(session)
    after = client.get(f"/api/v1/certificates/{row.code}").json
    assert row.facts == before
    assert {k: v for k, v in after.items() if k != "checked_at"} == {
        k: v for k, v in answer.items() if k != "checked_at"
    }


def test_issuing_one_session_never_touches_an_earlier_one(session, organiser):
    earlier, run = make_completed(session, 1), make_completed(session, 1)
    ids = [row.id for one in (earlier, run) for row in people_of(session, one)]

    with pytest.raises(InvalidInput):
        issue_certificates(
            session, actor=organiser, run=run, enrolment_ids=ids, signatory=make_signatory(session)
        )
    assert session.scalars(select(Certificate)).all() == []


def test_it_names_who_is_not_eligible_and_why(session):
    run = make_completed(session, 1, capacity=2)
    make_enrolment(session, run, state=EnrolmentState.FAILED, result_reason="score")

    rows = eligibility(session, run=run)

    assert sorted(str(row.reason) for row in rows) == ["Nilai di bawah syarat", "None"]


def test_it_refuses_a_signatory_without_a_name(session, organiser):
    run = make_completed(session, 1)
    nobody = make_signatory(session, "(nama pejabat)")
    ids = [row.id for row in people_of(session, run)]

    with pytest.raises(InvalidInput) as refused:
        issue_certificates(session, actor=organiser, run=run, enrolment_ids=ids, signatory=nobody)
    assert refused.value.field == "signatory_id"


def test_revoking_takes_level_and_training_back_and_keeps_the_record(session, issue_all, organiser):
    run = make_completed(session, 1)
    issue_all(run)
    with transaction(organiser) as own:
        certificate = certificates_of(own, own.get_one(Session, run.id))[0]
        revoke(own, actor=organiser, certificate=certificate, reason="Salah peserta")

    reread(session)
    assert session.scalars(select(LevelInForce)).all() == []
    assert session.scalars(select(TrainingRecord.state)).all() == ["revoked"]
    kinds = session.scalars(select(CertificateLogEntry.kind).order_by("position")).all()
    assert kinds == ["issue", "revoke"]


def test_revoking_withdraws_the_claim_it_supported(session, issue_all, organiser):
    run = make_completed(session, 1, course=make_course(session, effect="propose"))
    issue_all(run)
    with transaction(organiser) as own:
        certificate = certificates_of(own, own.get_one(Session, run.id))[0]
        revoke(own, actor=organiser, certificate=certificate, reason="Salah peserta")

    reread(session)
    assert session.scalars(select(Claim.state)).all() == [ClaimState.WITHDRAWN]


def test_a_certificate_is_revoked_once_and_with_a_reason(session, issue_all, organiser):
    run = make_completed(session, 1)
    issue_all(run)
    certificate = certificates_of(session, run)[0]

    with pytest.raises(InvalidInput):
        revoke(session, actor=organiser, certificate=certificate, reason="  ")
    revoke(session, actor=organiser, certificate=certificate, reason="Salah")
    with pytest.raises(InvalidTransition):
        revoke(session, actor=organiser, certificate=certificate, reason="Lagi")


@pytest.mark.parametrize("app", [{"jobs_mode": "worker"}], indirect=True)
def test_a_reserved_number_that_is_not_used_is_recorded_as_void(session, issue_all, organiser):
    run = make_completed(session, 2)
    issue_all(run)  # no worker runs here

    with transaction(organiser) as own:
        numbers = void_unused(own, certificates=certificates_of(own, run), reason="Sesi diulang")

    reread(session)
    assert len(numbers) == 2
    assert {row.state for row in certificates_of(session, run)} == {CertificateState.VOID}


def test_a_missing_key_is_told_keeps_the_numbers_and_the_job_goes_on_when_it_is_back(
    session, client, issue_all, monkeypatch
):
    issue_all(make_completed(session, 1))
    [earlier] = session.scalars(select_certificates())
    (key,) = keys_folder().glob("seal-*.pem")
    content = key.read_bytes()
    key.unlink()
    workshop.close_workshop()  # as in a worker that was started anew
    run = make_completed(session, 2)
    job_id = issue_all(run)

    assert session.get_one(Job, job_id).state == "failed"
    assert {row.state for row in certificates_of(session, run)} == {CertificateState.RESERVED}
    for address in (f"/s/{earlier.code}", f"/api/v1/certificates/{earlier.code}"):
        assert client.get(address).status_code == 200, "checking needs public keys alone"
    offline = client.get("/sertifikat/cek/luring")
    assert offline.status_code == 400 and "kunci" in offline.get_data(as_text=True).lower()

    key.write_bytes(content)
    key.chmod(0o600)
    again = issue_all(run)

    assert session.get_one(Job, again).done == 2
    numbers = [row.number.split("/")[0] for row in session.scalars(select_certificates())]
    assert numbers == ["0001", "0002", "0003"]
