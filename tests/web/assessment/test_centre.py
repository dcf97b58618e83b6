"""Results of an assessment centre: dry run, result file, write, undo."""

import io
from datetime import timedelta

import openpyxl
from sqlalchemy import select

from app.core import clock
from app.core.spreadsheet.writer import csv_text
from skills.models import LevelInForce, LevelRecord, ResultBatch
from tests.factories.people import competency, make_employee


def upload(client, header, rows, **fields):
    data = {
        "berkas": (io.BytesIO(csv_text(header, rows).encode()), "hasil <1>.csv"),
        "provider": "Pusat asesmen",
        "band_index": "JPM_BRIN",
        "assessed_on": (clock.today() - timedelta(days=10)).isoformat(),
        **fields,
    }
    return client.post("/asesmen/pusat", data=data, content_type="multipart/form-data")


def test_results_are_tried_written_once_and_withdrawn_with_a_reason(client_as, session):
    person, item = make_employee(session), competency(session, "AP-02")
    officer = client_as("officer")
    header = ("NIP", "JPM", item.code, "Tanggal asesmen")
    ahead = (clock.today() + timedelta(days=3)).isoformat()
    rows = [
        (person.nip, "91,5", "4", ""),
        ("199001012015019999", "80", "3", ""),
        (person.nip, "80", "3", ""),
        (make_employee(session).nip, "101", "6", ahead),
    ]
    answer = upload(officer, header, rows)
    assert answer.status_code == 303, answer.text
    url = answer.location
    page = officer.get(url).text
    assert "hasil &lt;1&gt;.csv" in page and "Optimal" in page
    assert "tidak dikenal" in page and "baris sebelumnya" in page
    assert "bukan angka 0 sampai 100" in page and "level 6 bukan" in page and "masa depan" in page
    assert not session.scalars(select(LevelRecord)).all()  # a dry run writes nothing
    report = openpyxl.load_workbook(io.BytesIO(officer.get(f"{url}/hasil.xlsx").data)).active
    assert [row[7] for row in report.values][1:] == ["baru", "galat", "galat", "galat"]

    batch = session.scalars(select(ResultBatch)).one()
    for _time in range(2):  # a double click
        answer = officer.post(f"{url}/terapkan", data={"version": batch.version})
    row = session.scalars(select(LevelRecord)).one()
    assert (row.level, row.source, row.reference) == (4, "assessment", f"result:{batch.id}")
    assert session.get(LevelInForce, (person.id, item.id)).verified_level == 4
    again = upload(officer, header, rows[:1]).location
    assert "Sudah ada" in officer.get(again).text
    nothing = officer.post(f"{again}/terapkan", data={"version": 1})
    assert nothing.status_code == 422 and "Tidak ada baris baru" in nothing.text
    assert officer.post(f"{again}/buang").status_code == 303

    assert "Sebutkan alasan" in officer.post(f"{url}/batalkan").text
    assert officer.post(f"{url}/batalkan", data={"reason": "Salah berkas"}).status_code == 303
    session.expire_all()
    assert session.scalars(select(LevelRecord)).one().withdrawn_reason == "Salah berkas"
    assert session.get(LevelInForce, (person.id, item.id)) is None
    assert "Salah berkas" in officer.get(url).text


def test_a_file_that_cannot_be_read_is_refused_at_its_field(client_as, session):
    officer = client_as("officer")
    wrong = upload(officer, ("Nama", "Nilai"), [("a", "1")])
    assert wrong.status_code == 422 and "Judul kolom tidak ditemukan" in wrong.text
    empty = upload(officer, ("NIP", "JPM"), [])
    assert empty.status_code == 422 and "Tidak ada baris data" in empty.text
    assert "Sebutkan penyelenggara" in upload(officer, ("NIP", "JPM"), [], provider=" ").text
    assert "tabel kategori" in upload(officer, ("NIP", "JPM"), [], band_index="X").text
    assert officer.get("/asesmen/pusat/templat.xlsx").status_code == 200
    assert officer.get("/asesmen/pusat/99").status_code == 404
    assert client_as("auditor").get("/asesmen/pusat").status_code == 403
