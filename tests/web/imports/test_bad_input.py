"""Hostile and clumsy files: a sentence in Indonesian each, and nothing half-written."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from skills.models import Employee, ImportBatch, Opd, Position, Unit
from tests.core.spreadsheet import hostile
from tests.factories.staff import HEADER, csv_file, nip, row, xlsx_file


def written(session):
    """Return how many people and batches there are."""
    return tuple(session.scalar(select(func.count(t.id))) for t in (Employee, ImportBatch))


@pytest.mark.parametrize(
    ("make", "name", "sentence"),
    [
        (hostile.zip_bomb, "a.xlsx", ""),
        (hostile.entity_bomb, "a.xlsx", ""),
        (hostile.sparse_giant, "a.xlsx", ""),
        (hostile.empty_sheet, "a.xlsx", "kosong"),
        (hostile.content(b"%PDF-1.7 bukan tabel"), "a.xlsx", ""),
        (hostile.content(b""), "a.csv", ""),
        (hostile.content(b"\x00\x01\x02" * 99), "a.csv", ""),
        (hostile.content(b"halo;dunia\n1;2\n"), "a.csv", "Baris judul kolom tidak ditemukan"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(importer, session, tmp_path, make, name, sentence):
    path = Path(tmp_path) / name
    make(path)
    answer = importer.upload(path.read_bytes(), name)
    assert answer.status_code == 422
    assert 'id="f-berkas-error"' in answer.text and "Traceback" not in answer.text
    assert sentence in answer.text
    assert written(session) == (0, 0)


@pytest.mark.parametrize("name", ["foto.png", "macro.xlsm", "lama.xls", "tanpa-akhiran"])
def test_a_wrong_type_is_refused_by_its_name(importer, session, name):
    answer = importer.upload(b"apa saja", name)
    assert answer.status_code == 422 and "Jenis berkas ini tidak diterima" in answer.text
    assert written(session) == (0, 0)


def test_no_file_at_all_is_refused(importer):
    answer = importer.client.post("/pegawai/impor", data={})
    assert answer.status_code == 422 and "Pilih berkas" in answer.text


def test_only_a_header_is_refused(importer, session):
    answer = importer.upload(csv_file([]))
    assert answer.status_code == 422 and "Tidak ada baris data" in answer.text
    assert written(session) == (0, 0)


def test_thirty_megabytes_get_the_page_of_413(importer, session):
    answer = importer.upload(b"x" * 30_000_000)
    assert answer.status_code == 413 and "terlalu besar" in answer.text.lower()
    assert written(session) == (0, 0)


def test_a_formula_stays_text(importer, session):
    importer.applied(xlsx_file([row(1, unit="=1+1", position="@SUM(A1)")]), "a.xlsx")
    assert session.scalar(select(Unit.name).where(Unit.name == "=1+1")) == "=1+1"
    batch = session.scalars(select(ImportBatch)).one()
    answer = importer.client.get(f"/pegawai/impor/{batch.id}/hasil")
    assert answer.status_code == 200 and b"<f>" not in answer.data


def test_a_number_twice_in_the_file_is_an_error_at_the_second_row(importer, session):
    batch_id = importer.applied(csv_file([row(1), row(1, name="Orang Lain")]))
    assert "NIP sama sudah ada di baris 2" in importer.page(batch_id)
    assert session.scalars(select(Employee.name)).all() == ["Pegawai Uji 0001"]


def test_a_number_damaged_by_a_spreadsheet_is_never_guessed(importer, session):
    batch_id = importer.checked(csv_file([row(1, nip="1,99001E+17"), row(2)]))
    page = importer.page(batch_id, "?status=error")
    assert "1,99001E+17" in page
    importer.step(batch_id, "terapkan")
    assert session.scalars(select(Employee.nip)).all() == [nip(2)]


def test_an_unknown_opd_keeps_its_row_out_and_makes_no_unit(importer, session):
    before = session.scalar(select(func.count(Opd.id)))
    importer.applied(csv_file([row(1, opd="Dinas Antah"), row(2)]))
    assert session.scalars(select(Employee.nip)).all() == [nip(2)]
    assert session.scalar(select(func.count(Opd.id))) == before


@pytest.mark.parametrize(
    "name", ["Siti Nur'aini", 'Ahmad "Mamat" S.', "<script>alert(1)</script> A", "Ba'asyir & Co; X"]
)
def test_odd_names_are_kept_and_shown_as_text(importer, session, name):
    importer.applied(csv_file([row(1, name=name)]))
    found = session.scalars(select(Employee)).one()
    assert found.name == name
    page = importer.client.get(f"/pegawai/{found.id}").text
    assert "<script>alert" not in page


def test_a_name_of_200_characters_fits_and_one_of_201_is_named(importer, session):
    batch_id = importer.applied(csv_file([row(1, name="A" * 200), row(2, name="B" * 201)]))
    assert session.scalars(select(Employee.name)).all() == ["A" * 200]
    assert "201" in importer.page(batch_id, "?status=error")


def test_new_people_need_an_opd_and_a_kind(importer, session):
    rows = [row(1, opd="", unit=""), row(2, kind="", golongan=""), row(3, kind="", golongan="IX")]
    batch_id = importer.applied(csv_file(rows))
    page = importer.page(batch_id)
    assert "Perangkat daerah kosong" in page and "Jenis pegawai (PNS, CPNS, PPPK) kosong" in page
    assert session.scalars(select(Employee.employment_kind)).all() == ["PPPK"]


def test_a_blank_cell_does_not_erase(importer, session):
    importer.applied(csv_file([row(1)]))
    batch_id = importer.checked(csv_file([row(1, golongan="", position="", unit="")]))
    assert "Tidak ada baris" in importer.page(batch_id)


def test_a_missing_required_column_is_named(importer):
    rows = [[1, "Nama Saja"]]
    answer = importer.upload(csv_file(rows, ["NO", "NAMA"]))
    batch_id = int(answer.location.rsplit("/", 1)[1])
    answer = importer.step(batch_id, "kolom")
    assert answer.status_code == 422 and "Belum ada kolom untuk data wajib: NIP" in answer.text


def test_a_stale_column_form_is_refused(importer, session):
    batch_id = importer.checked(csv_file([row(1)]))
    answer = importer.step(batch_id, "kolom", version="1")
    assert answer.status_code == 409 and session.scalar(select(func.count(Employee.id))) == 0


def test_an_import_of_nobody_is_404(importer):
    for path in ("", "/hasil", "/batalkan", "/tindak-lanjut"):
        assert importer.client.get(f"/pegawai/impor/999{path}").status_code == 404
    for step in ("kolom", "opd", "terapkan", "lanjutkan", "buang", "batalkan"):
        answer = importer.client.post(f"/pegawai/impor/999/{step}", data={"version": 1})
        assert answer.status_code == 404


def test_a_discarded_import_cannot_go_on(importer, session):
    batch_id = importer.checked(csv_file([row(1)]))
    assert importer.step(batch_id, "buang").status_code == 303
    assert importer.step(batch_id, "terapkan").status_code == 409
    assert session.scalar(select(func.count(Position.id)).where(Position.from_import)) == 0


def test_header_below_a_title_in_any_order_and_case(importer, session):
    title = ["DAFTAR PEGAWAI", *[""] * (len(HEADER) - 1)]
    header = [text.lower() for text in HEADER[::-1]]
    importer.applied(csv_file([header, row(1)[::-1]], title))
    assert session.scalars(select(Employee.name)).all() == ["Pegawai Uji 0001"]
