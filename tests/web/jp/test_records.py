"""Records of learning that nobody claimed hours for: corrected, approved, returned."""

from datetime import timedelta

import pytest

from app.core import clock
from courses.services.record_review import mark_of
from skills.models import TrainingRecord
from tests.factories.people import make_employee

DAY = clock.today() - timedelta(days=20)


@pytest.fixture
def make_record(session):
    def make(person, **fields):
        row = TrainingRecord(
            **{
                "employee_id": person.id,
                "title": "Diklat <b>Lama</b>",
                "organiser": "Lembaga Uji",
                "form_code": "KL10",
                "started_on": DAY,
                "ended_on": DAY,
                "jp": 8,
                "source": "siasn",
                **fields,
            }
        )
        session.add(row)
        session.flush()
        return row

    return make


def form_of(row, **changes):
    return {
        "title": row.title,
        "organiser": row.organiser or "",
        "form_code": row.form_code or "",
        "started_on": f"{row.started_on or ''}",
        "ended_on": f"{row.ended_on or ''}",
        "jp": row.jp or "",
        "quantity": 1,
        "number": row.number or "",
        "note": "",
        "mark": mark_of(row),
        "langkah": "setuju",
        **changes,
    }


def test_a_record_from_an_import_is_corrected_approved_and_its_owner_told(
    client_as, session, make_record, query_counter
):
    person = make_employee(session, name="D'Angelo & <b>X</b>")
    own, officer = client_as(employee=person), client_as("officer")
    row = make_record(person, form_code=None, jp=None)
    assert "Riwayat belum diperiksa (1)" in officer.get("/jp/klaim").text
    listed = officer.get("/jp/riwayat").text
    assert "Diklat &lt;b&gt;Lama" in listed and "D&#39;Angelo &amp; &lt;b&gt;X" in listed
    address, mark = f"/jp/riwayat/{row.id}", mark_of(row)
    assert officer.get(address).status_code == 200

    bare = officer.post(address, data=form_of(row, form_code="KL10", jp=12))
    assert bare.status_code == 422 and "Tulis alasan perbaikannya" in bare.text
    assert (row.state, row.jp) == ("claimed", None)
    said = {"form_code": "KL10", "jp": 12, "note": "Menurut sertifikat"}
    assert officer.post(address, data=form_of(row, **said)).status_code == 303
    assert (row.state, row.jp, row.form_code) == ("verified", 12, "KL10")
    assert "diverifikasi: 12 JP" in own.get("/notifikasi").text
    assert officer.post(address, data=form_of(row, mark=mark)).status_code == 404, "decided"

    for _ in range(3):
        make_record(make_employee(session))
    with query_counter() as few:
        officer.get("/jp/riwayat")
    for _ in range(8):
        make_record(make_employee(session))
    with query_counter() as many:
        officer.get("/jp/riwayat")
    assert few.count == many.count


def test_a_record_is_returned_with_a_reason_and_a_stale_form_changes_nothing(
    client_as, session, make_record
):
    person = make_employee(session)
    own, officer = client_as(employee=person), client_as("officer")
    row = make_record(person)
    address, returned = f"/jp/riwayat/{row.id}", {"langkah": "kembali"}

    assert officer.post(address, data=form_of(row, **returned)).status_code == 422
    stale = form_of(row, **returned, note="Tidak ada bukti", mark="0" * 24)
    assert officer.post(address, data=stale).status_code == 409
    assert row.state == "claimed"
    officer.post(address, data=form_of(row, **returned, note="Tidak ada bukti"))
    assert row.state == "returned"
    assert "dikembalikan: Tidak ada bukti" in own.get("/notifikasi").text


def test_ticked_records_are_approved_where_they_are_complete(client_as, session, make_record):
    me = make_employee(session)
    officer = client_as("officer", employee=me)
    good = make_record(make_employee(session))
    bare = make_record(make_employee(session), jp=None)
    above = make_record(make_employee(session), form_code="NKL09", jp=4)
    mine = make_record(me)
    ids = {"id": [good.id, bare.id, above.id]}

    told = officer.post("/jp/riwayat/setujui", data=ids, follow_redirects=True).text
    assert "1 riwayat disetujui" in told and "2 dilewati" in told
    assert [row.state for row in (good, bare, above)] == ["verified", "claimed", "claimed"]
    assert f"/jp/riwayat/{mine.id}" not in officer.get("/jp/riwayat").text
    assert officer.post("/jp/riwayat/setujui", data={"id": [mine.id]}).status_code == 404
    assert officer.get(f"/jp/riwayat/{mine.id}").status_code == 404
    assert mine.state == "claimed", "never one's own"
    assert client_as("supervisor").get("/jp/riwayat").status_code == 403
