"""What people bring from elsewhere: with proof, verified by somebody else, then part of them."""

import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core import clock
from app.core.notifications.models import Notification
from skills.models import Employee, OutsideRecord, TrainingRecord
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import pdf_with, png


@pytest.fixture
def person(session: Session) -> Employee:
    """The owner."""
    return make_person(session, make_opd(session))


@pytest.fixture
def owner(client_as: Any, person: Employee) -> Any:
    """A client of the owner."""
    return client_as(employee=person)


def drop(client: Any, kind: str, content: bytes, name: str) -> Any:
    """Take step one."""
    data = {"kind": kind, "file": (io.BytesIO(content), name)}
    return client.post("/profil/luar/baru", data=data)


def test_a_certificate_from_elsewhere_is_read_sent_and_verified(owner, client_as, session, person):
    lines = ["Nomor: 77/CERT/2025", "telah mengikuti Jaringan <Dasar>", "30 JP"]
    answer = drop(owner, "certificate", pdf_with(lines), "sertifikat.pdf")
    page = owner.get(answer.location).text
    assert 'value="77/CERT/2025"' in page and "Terbaca dari berkas" in page
    row = session.query(OutsideRecord).one()
    assessor = client_as("assessor")
    assert assessor.get(f"/berkas/{row.file_id}").status_code == 404  # a draft is the owner's
    assert assessor.get(f"/verifikasi/riwayat/{row.id}").status_code == 404
    until = clock.today() + timedelta(days=40)
    values = {
        "title": "Jaringan <Dasar>",
        "number": "77/CERT/2025",
        "ended_on": (clock.today() - timedelta(days=30)).isoformat(),
        "valid_until": until.isoformat(),
        "aksi": "kirim",
    }
    for _click in range(2):
        assert owner.post(f"/profil/luar/{row.id}", data=values).status_code == 303
    assert row.state == "sent" and "Menunggu pemeriksaan" in owner.get("/profil").text

    assert "Jaringan &lt;Dasar&gt;" in assessor.get("/verifikasi/riwayat").text
    assert assessor.get(f"/berkas/{row.file_id}").status_code == 200
    reply = {"aksi": "kembalikan", "answer": "", "version": row.version}
    assert assessor.post(f"/verifikasi/riwayat/{row.id}", data=reply).status_code == 422
    reply = {"aksi": "terima", "version": row.version}
    assert assessor.post(f"/verifikasi/riwayat/{row.id}", data=reply).status_code == 303
    assert assessor.post(f"/verifikasi/riwayat/{row.id}", data=reply).status_code == 409

    record = session.query(TrainingRecord).filter_by(employee_id=person.id).one()
    assert (record.state, record.reference, record.valid_until) == (
        "verified",
        f"outside:{row.id}",
        until,
    )
    assert session.query(Notification).filter_by(kind="claim").count() == 1
    page = owner.get("/profil").text
    assert "40 hari lagi" in page and "Jaringan &lt;Dasar&gt;" in page
    again = drop(owner, "certificate", png(), "lagi.png")
    answer = owner.post(again.location.split("?")[0], data=values)
    assert answer.status_code == 422 and "sudah ada di riwayat Anda" in answer.text


def test_a_language_with_its_level_stands_on_the_profile_once_verified(owner, client_as, session):
    drop(owner, "language", png(), "toefl.png")
    row = session.query(OutsideRecord).one()
    values = {"language": "en", "language_level": "B2", "aksi": "kirim"}
    answer = owner.post(f"/profil/luar/{row.id}", data=values)
    assert answer.status_code == 422 and "Isi tanggal selesai" in answer.text
    assert row.language_level == "B2"  # what was typed is kept
    values["ended_on"] = clock.today().isoformat()
    owner.post(f"/profil/luar/{row.id}", data=values)
    reply = {"aksi": "terima", "version": row.version}

    client_as("officer").post(f"/verifikasi/riwayat/{row.id}", data=reply)

    page = owner.get("/profil").text
    assert "Bahasa Inggris B2" in page and row.state == "verified"
    assert session.query(TrainingRecord).count() == 0
    assert owner.get("/profil/talenta.pdf").status_code == 200


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (png(), "gambar.pdf", "tidak sesuai dengan akhiran"),
        (b"%PDF-1.7 broken", "rusak.pdf", "PDF ini rusak"),
        (b"PK\x03\x04", "makro.docm", "Jenis berkas ini tidak diterima"),
    ],
)
def test_a_bad_proof_leaves_nothing_half_done(owner, session, content, name, words):
    answer = drop(owner, "training", content, name)

    assert answer.status_code == 422 and words in answer.text
    assert session.query(OutsideRecord).count() == 0


def test_records_of_others_look_like_none(owner, client_as, session, person):
    drop(owner, "training", png(), "foto.png")
    row = session.query(OutsideRecord).one()
    stranger = client_as(employee=make_person(session, person.opd))
    assert stranger.get(f"/profil/luar/{row.id}").status_code == 404
    assert stranger.post(f"/profil/luar/{row.id}/hapus").status_code == 404
    row.state, row.sent_at, row.title = "sent", clock.now(), "Bimtek"
    far = client_as("supervisor", employee=make_person(session, make_opd(session)))
    assert far.get(f"/verifikasi/riwayat/{row.id}").status_code == 404
    assert "Bimtek" not in far.get("/verifikasi/riwayat").text
    row.state = "draft"
    assert owner.post(f"/profil/luar/{row.id}/hapus").status_code == 303
    assert session.query(OutsideRecord).count() == 0


def test_the_queue_of_records_takes_as_many_statements_for_many(client_as, session, query_counter):
    assessor = client_as("assessor")

    def add(count: int) -> None:
        for _number in range(count):
            session.add(
                OutsideRecord(
                    employee_id=make_person(session, make_opd(session)).id,
                    kind="language",
                    language="en",
                    state="sent",
                    created_at=clock.now(),
                    sent_at=clock.now(),
                )
            )
        session.commit()

    add(1)
    assessor.get("/verifikasi/riwayat")
    with query_counter() as few:
        assessor.get("/verifikasi/riwayat")
    add(6)
    with query_counter() as many:
        assessor.get("/verifikasi/riwayat")

    assert many.count == few.count, many.statements
