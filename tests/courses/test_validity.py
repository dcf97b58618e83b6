"""Another end of validity: for a whole list, logged, shown with its reason, found if forged."""

from datetime import date, timedelta

from app.core import clock
from courses.services.certificate_audit import audit_log
from courses.services.validity import changes_of
from skills.models import LevelRecord
from tests.factories.courses import certificates_of, make_completed, make_course, reread


def test_a_change_covers_the_whole_filtered_list_and_leaves_others(session, client_as, issue_all):
    course = make_course(session, valid_months=12)
    run, other = make_completed(session, 3, course=course), make_completed(session, 1)
    issue_all(run), issue_all(other)
    until = clock.today() + timedelta(days=900)
    browser = client_as("organiser")
    data = {"saringan": f"kursus={course.id}", "until": until.isoformat()}

    look = browser.get("/sertifikat/masa-berlaku", query_string=data).get_data(as_text=True)
    refused = browser.post("/sertifikat/masa-berlaku", data=data | {"reason": " "})
    browser.post("/sertifikat/masa-berlaku", data=data | {"reason": "Standar diperpanjang"})

    reread(session)
    assert "Ubah 3 sertifikat" in look
    assert refused.status_code == 422
    assert {row.valid_until for row in certificates_of(session, run)} == {until}
    assert certificates_of(session, other)[0].valid_until is None
    assert audit_log(session) == []


def test_the_public_check_tells_the_change_and_the_printed_day(
    session, client, client_as, issue_all
):
    run = make_completed(session, 1, course=make_course(session, "AP-02", valid_months=12))
    issue_all(run)
    row = certificates_of(session, run)[0]
    printed, until = row.valid_until, clock.today() + timedelta(days=20)
    client_as("organiser").post(
        "/sertifikat/masa-berlaku",
        data={"saringan": "", "until": until.isoformat(), "reason": "Standar <b>diganti</b>"},
    )

    reread(session)
    page = client.get(f"/s/{row.code}").get_data(as_text=True)
    answer = client.get(f"/api/v1/certificates/{row.code}").json

    levels = session.query(LevelRecord).filter_by(reference=f"certificate:{row.id}").all()
    assert "Masa berlaku diubah setelah terbit" in page
    assert "Standar &lt;b&gt;diganti&lt;/b&gt;" in page
    assert (answer["valid_until"], answer["printed_valid_until"]) == (
        until.isoformat(),
        printed.isoformat(),
    )
    assert {level.valid_until for level in levels} == {until}


def test_a_day_before_the_issue_is_a_failure_that_is_told(session, client_as, issue_all):
    run = make_completed(session, 1)
    issue_all(run)
    row = certificates_of(session, run)[0]

    client_as("organiser").post(
        "/sertifikat/masa-berlaku",
        data={"saringan": "", "until": "2001-01-01", "reason": "Salah ketik"},
    )

    reread(session)
    assert row.valid_until is None
    assert changes_of(session, row.id) == []


def test_a_day_that_was_moved_past_the_log_is_found(session, issue_all):
    run = make_completed(session, 1, course=make_course(session, valid_months=12))
    issue_all(run)
    row = certificates_of(session, run)[0]

    row.valid_until = date(2060, 1, 1)
    session.commit()

    assert [finding.text for finding in audit_log(session) if "2060-01-01" in finding.text]
