"""A staff file through all steps of the pages."""

import io

import openpyxl
from sqlalchemy import func, select

from app.core.files.models import StoredFile
from app.core.files.services import read_bytes
from skills.models import Employee, ImportBatch, ImportRow, Opd, PositionRecord, Unit
from tests.factories.staff import csv_file, nip, row, xlsx_file


def person(session, number):
    return session.scalar(select(Employee).where(Employee.nip == nip(number)))


def test_a_workbook_becomes_people_with_places(importer, session):
    importer.applied(xlsx_file([row(1), row(2, golongan="IV/a")]), "siasn.xlsx")
    found = person(session, 2)
    assert (found.name, found.golongan, found.opd.name) == (
        "Pegawai Uji 0002",
        "IV/a",
        "Dinas Kesehatan",
    )
    assert found.unit.name == "Bidang Contoh" and found.position.name == "Analis Contoh"
    record = session.scalars(select(PositionRecord).filter_by(employee_id=found.id)).one()
    assert record.until is None and record.source == "siasn"


def test_the_dry_run_shows_old_and_new_and_writes_nothing(importer, session):
    importer.applied(csv_file([row(1)]))
    batch_id = importer.checked(csv_file([row(1, golongan="III/b")]))
    page = importer.page(batch_id)
    assert "<del>III/a</del> → <ins>III/b</ins>" in page
    assert person(session, 1).golongan == "III/a"


def test_personal_columns_are_dropped_and_named(importer, session):
    batch_id = importer.checked(csv_file([row(1)]))
    page = importer.page(batch_id)
    assert "Dihapus sebelum disimpan: NIK, ALAMAT." in page
    stored = session.get_one(StoredFile, session.get_one(ImportBatch, batch_id).file_id)
    with importer.client.application.app_context():
        kept = read_bytes(stored)
    assert b"Pegawai Uji 0001" in kept and b"Rahasia" not in kept and b"61710000" not in kept


def test_a_double_click_applies_once(importer, session):
    batch_id = importer.checked(csv_file([row(1)]))
    version = importer.version(batch_id)
    assert importer.step(batch_id, "terapkan", version=version).status_code == 303
    assert importer.step(batch_id, "terapkan", version=version).status_code == 303
    assert session.scalar(select(func.count(Employee.id))) == 1
    assert session.scalar(select(func.count(ImportRow.id))) == 1


def test_a_stale_confirmation_is_refused(importer, session):
    batch_id = importer.checked(csv_file([row(1)]))
    answer = importer.step(batch_id, "terapkan", version="1")
    assert answer.status_code == 409 and "Uji coba baru saja diulang" in answer.text
    assert session.scalar(select(func.count(Employee.id))) == 0


def test_a_row_changed_since_the_dry_run_is_left_out(importer, session):
    importer.applied(csv_file([row(1), row(2)]))
    batch_id = importer.checked(csv_file([row(1, golongan="IV/a"), row(2, golongan="IV/a")]))
    person(session, 1).golongan = "III/c"
    importer.step(batch_id, "terapkan")
    assert (person(session, 1).golongan, person(session, 2).golongan) == ("III/c", "IV/a")
    assert "berubah sejak uji coba" in importer.page(batch_id)


def test_the_mapping_can_be_changed_and_is_remembered(importer, session):
    content = csv_file(
        [["1", nip(1), "Pegawai Uji 0001", "III/a", "Dinas Kesehatan", "PNS"]],
        ["NO", "NIP", "NAMA", "GOLONGAN", "TEMPAT TUGAS", "JENIS PEGAWAI"],
    )
    first = int(importer.upload(content).location.rsplit("/", 1)[1])
    importer.step(first, "kolom", **{"kolom-4": "opd_name"})
    assert '<option value="opd_name" selected>' not in importer.page(first)
    second = int(importer.upload(content).location.rsplit("/", 1)[1])
    assert '<option value="opd_name" selected>' in importer.page(second)


def test_two_columns_for_one_field_are_refused_at_the_column(importer):
    batch_id = int(importer.upload(csv_file([row(1)])).location.rsplit("/", 1)[1])
    answer = importer.step(batch_id, "kolom", **{"kolom-1": "name", "kolom-4": "name"})
    assert answer.status_code == 422
    assert "ditujukan ke data yang sama" in answer.text and "#kolom-4" in answer.text


def test_an_unknown_opd_can_be_mapped_or_made(importer, session):
    rows = [row(1, opd="Dinas Antah"), row(2, opd="Badan Berantah")]
    batch_id = importer.checked(csv_file(rows))
    assert "belum dikenal" in importer.page(batch_id)
    known = session.scalar(select(Opd.id).where(Opd.name == "Dinas Kesehatan"))
    answer = importer.step(
        batch_id,
        "opd",
        **{
            "nama-1": "dinas antah",
            "opd-1": str(known),
            "nama-2": "badan berantah",
            "opd-2": "new",
        },
    )
    assert answer.status_code == 303
    importer.step(batch_id, "terapkan")
    assert person(session, 1).opd.name == "Dinas Kesehatan"
    assert person(session, 2).opd.name == "Badan Berantah"


def test_the_result_file_has_the_rows_with_their_status(importer):
    batch_id = importer.applied(csv_file([row(1), row(2, nip="123")]))
    answer = importer.client.get(f"/pegawai/impor/{batch_id}/hasil")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data), read_only=True).active
    rows = [list(line) for line in sheet.iter_rows(values_only=True)]
    assert rows[0][-2:] == ["STATUS IMPOR", "CATATAN IMPOR"] and "NIK" not in rows[0]
    assert rows[1][0] == nip(1) and rows[1][-2] == "Dibuat"
    assert rows[2][-2] == "Galat, dilewati" and "NIP" in rows[2][-1]


def test_undo_takes_everything_back(importer, session):
    importer.applied(csv_file([row(1)]))
    batch_id = importer.applied(csv_file([row(1, golongan="IV/b"), row(2, unit="Bidang Baru")]))
    assert importer.step(batch_id, "batalkan").status_code == 303
    assert person(session, 1).golongan == "III/a" and person(session, 2) is None
    assert session.scalar(select(Unit).where(Unit.name == "Bidang Baru")) is None
    assert "Impor dibatalkan" in importer.page(batch_id)


def test_undo_leaves_what_was_changed_since_and_names_it(importer, session):
    importer.applied(csv_file([row(1), row(2)]))
    batch_id = importer.applied(csv_file([row(1, golongan="IV/b"), row(2, golongan="IV/b")]))
    person(session, 1).golongan = "IV/c"
    preview = importer.client.get(f"/pegawai/impor/{batch_id}/batalkan").text
    assert "Pegawai Uji 0001" in preview and "Sudah diubah lagi" in preview
    importer.step(batch_id, "batalkan")
    assert (person(session, 1).golongan, person(session, 2).golongan) == ("IV/c", "III/a")


def test_a_full_file_lists_who_is_missing(importer, session):
    importer.applied(csv_file([row(1), row(2)]))
    batch_id = importer.applied(csv_file([row(1, golongan="IV/a")]), penuh="1")
    page = importer.client.get(f"/pegawai/impor/{batch_id}/tindak-lanjut").text
    assert "Pegawai Uji 0002" in page and "Pegawai Uji 0001" not in page
    assert person(session, 2).employment_state == "active"


def test_only_officers_import(client_as, client):
    for role in ("employee", "opd_manager", "auditor", "admin"):
        assert client_as(role).get("/pegawai/impor").status_code == 403
    assert client.get("/pegawai/impor").status_code == 302


def test_an_import_with_counts_of_one_kind_alone_is_listed(client_as, importer, session):
    batch = session.get(ImportBatch, importer.checked(csv_file([row(1)])))
    batch.summary = {"rows": 1, "counts": {"update": 1}}
    session.commit()
    page = client_as("officer").get("/pegawai/impor")
    assert page.status_code == 200
    assert "0 baru, 1 berubah, 0 galat" in page.get_data(as_text=True)
