"""A file becomes rows of values and findings, from upload to parsed row."""

from datetime import date
from itertools import islice

import pytest

from app.core.errors import InvalidInput
from app.core.spreadsheet.reader import read_table
from app.core.spreadsheet.writer import ColumnSpec, SheetSpec, write_csv, write_xlsx
from skills.siasn.columns import SIASN_COLUMNS
from skills.siasn.mapping import guess_mapping
from skills.siasn.problems import Severity
from skills.siasn.rows import parse_rows, redact_rows

HEADERS = [column.header for column in SIASN_COLUMNS]
PERSON = {
    "NIP BARU": "199008172014022003",
    "NAMA": "Contoh Pegawai",
    "GELAR BELAKANG": "S.Kom., M.T.",
    "TANGGAL LAHIR": "17-08-1990",
    "JENIS KELAMIN": "F",
    "NIK": "6171000000000001",
    "AGAMA NAMA": "X",
    "EMAIL": "pribadi@contoh.id",
    "EMAIL GOV": "contoh@contoh.go.id",
    "JENIS PEGAWAI NAMA": "PNS Daerah",
    "KEDUDUKAN HUKUM NAMA": "Aktif",
    "STATUS CPNS PNS": "PNS",
    "TMT CPNS": "01-02-2014",
    "GOL AKHIR NAMA": "III/c",
    "TMT GOLONGAN": 44287.0,
    "JENIS JABATAN NAMA": "Struktural",
    "JABATAN NAMA": "Kepala Seksi Aplikasi",
    "TMT JABATAN": date(2022, 1, 3),
    "TINGKAT PENDIDIKAN NAMA": "S-2",
    "TAHUN LULUS": 2018.0,
    "UNOR NAMA": "Seksi Aplikasi",
    "SATUAN KERJA KERJA NAMA": "Dinas Komunikasi dan Informatika",
    "ESELON NAMA": "IV.a",
}


def siasn_row(**changes):
    cells = PERSON | {key.replace("_", " "): cell for key, cell in changes.items()}
    return [cells.get(header, "") for header in HEADERS]


def parse(*rows, headers=HEADERS, **options):
    table = [headers, *rows]
    return list(parse_rows(table, guess_mapping(table), **options))


def messages(row, severity=Severity.ERROR):
    return [(p.field, str(p.message)) for p in row.problems if p.severity is severity]


def test_a_siasn_row_becomes_values():
    (row,) = parse(siasn_row())

    assert row.is_ok and row.problems == () and row.row_number == 2
    assert row.values["nip"] == "199008172014022003"
    assert row.values["birth_date"] == date(1990, 8, 17)
    assert row.values["golongan_since"] == date(2021, 4, 1)
    assert row.values["position_since"] == date(2022, 1, 3)
    assert row.values["position_kind"] == "PENGAWAS"
    assert (row.values["sex"], row.values["education_level"]) == ("P", "S2")
    assert (row.values["graduation_year"], row.values["title_front"]) == (2018, None)


def test_no_personal_cell_is_among_the_values():
    (row,) = parse(siasn_row())

    assert not {"6171000000000001", "X", "pribadi@contoh.id"} & set(map(str, row.values.values()))


def test_a_bad_cell_of_a_main_field_keeps_the_row_out():
    (row,) = parse(siasn_row(TANGGAL_LAHIR="31-02-1990", GOL_AKHIR_NAMA="IIX"))

    assert not row.is_ok
    assert [field for field, _ in messages(row)] == ["birth_date", "golongan"]


def test_a_bad_cell_of_a_side_field_is_left_out_with_a_warning():
    (row,) = parse(siasn_row(EMAIL_GOV="bukan surel", TAHUN_LULUS="12"))

    assert row.is_ok
    assert [field for field, _ in messages(row, Severity.WARNING)] == [
        "official_email",
        "graduation_year",
    ]
    assert not {"official_email", "graduation_year"} & row.values.keys()


def test_a_row_without_number_or_name_is_an_error():
    (row,) = parse(siasn_row(NIP_BARU="", NAMA=" "))

    assert messages(row) == [("nip", "NIP kosong."), ("name", "Nama kosong.")]


def test_rows_of_spaces_and_remarks_are_passed_over():
    rows = parse(
        ["  ", "", "-", ""],
        ["", "", "", "Pontianak, 1 Januari 2026"],
        ["199008172014022003", "A", "", ""],
        headers=["NIP", "NAMA", "OPD", "KETERANGAN"],
    )

    assert [row.row_number for row in rows] == [4]


def test_a_number_that_comes_twice_is_flagged_with_the_first_row():
    rows = parse(siasn_row(), [], siasn_row(NAMA="Orang Lain"), siasn_row(NIP_BARU="5"))

    assert [row.row_number for row in rows] == [2, 4, 5]
    assert rows[0].is_ok
    assert messages(rows[1]) == [("nip", "NIP sama sudah ada di baris 2 berkas ini.")]


def test_the_cpns_column_refines_the_kind_and_stands_in_for_it():
    first, second, third = parse(
        siasn_row(STATUS_CPNS_PNS="C"),
        siasn_row(STATUS_CPNS_PNS="P", JENIS_PEGAWAI_NAMA=""),
        siasn_row(STATUS_CPNS_PNS="P", JENIS_PEGAWAI_NAMA="PPPK Daerah"),
    )

    kinds = [row.values["employment_kind"] for row in (first, second, third)]
    assert kinds == ["CPNS", "PNS", "PPPK"]
    assert "cpns_status" not in first.values


def test_a_structural_position_without_eselon_has_no_kind():
    (row,) = parse(siasn_row(ESELON_NAMA="-"))

    assert row.is_ok and "position_kind" not in row.values
    assert messages(row, Severity.WARNING)[0][0] == "position_kind"


def test_it_warns_of_unusual_grades_and_dates_to_come():
    (row,) = parse(siasn_row(GOL_AKHIR_NAMA="IX"), today=date(2021, 1, 1))

    fields = [field for field, _ in messages(row, Severity.WARNING)]
    assert fields == ["golongan_since", "position_since", "golongan"]


def test_true_one_and_text_are_not_confused():
    first, second, third = parse(
        ["199008172014022003", "A", "1"],
        ["199008172014022004", "B", True],
        ["199008172014022005", "C", 1.0],
        headers=["NIP", "NAMA", "JENIS KELAMIN"],
    )

    assert [row.values.get("sex") for row in (first, second, third)] == ["L", None, "L"]


def test_a_short_row_has_blank_cells():
    (row,) = parse(["199008172014022003", "A"], headers=["NIP", "NAMA", "OPD", "ESELON"])

    assert row.values["opd_name"] is None and row.is_ok


def test_a_file_without_number_column_is_refused_at_once():
    with pytest.raises(InvalidInput, match="data wajib: NIP"):
        parse(["A"], headers=["NAMA"])


def test_it_streams():
    def endless():
        yield ["NIP", "NAMA"]
        number = 0
        while True:
            number += 1
            yield [f"{199008172014000000000 + number}"[:18], "A"]

    mapping = guess_mapping([["NIP", "NAMA"]])

    assert len(list(islice(parse_rows(endless(), mapping), 5))) == 5


def test_the_stored_copy_has_no_personal_cell_and_reads_the_same():
    table = [["Rahasia: 0811"], HEADERS, siasn_row()]
    mapping = guess_mapping(table)

    copy = list(redact_rows(table, mapping))

    assert list(parse_rows(copy, mapping)) == list(parse_rows(table, mapping))
    stored = {str(cell) for row in copy for cell in row}
    assert not stored & {"6171000000000001", "X", "pribadi@contoh.id", "Rahasia: 0811", "NIK"}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_damaged_number_is_reported_from_a_real_file(tmp_path, kind):
    path = tmp_path / f"staf.{kind}"
    rows = [["Daftar Pegawai"], ["NIP", "Nama", "Tgl Lahir"], [1.97e17, "Rusak", "17 Agustus 1970"]]
    if kind == "csv":
        write_csv(path, *rows[:1], [*rows[1:], *[["199008172014022003", "Baik", ""]] * 3])
    else:
        columns = [ColumnSpec(header) for header in rows[0]]
        write_xlsx(path, [SheetSpec("A", columns, [*rows[1:], ["199008172014022003", "Baik", ""]])])

    table = read_table(path)
    first, second, *_ = parse_rows(table, guess_mapping(table.head()))

    assert (first.row_number, first.values["birth_date"]) == (3, date(1970, 8, 17))
    assert messages(first)[0][1].startswith("NIP rusak oleh aplikasi lembar kerja")
    assert second.values["nip"] == "199008172014022003"
