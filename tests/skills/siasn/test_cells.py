"""Cells are understood in their usual spellings and refused, never guessed, otherwise."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.siasn import cells, terms
from skills.siasn.problems import CellError

CELLS = st.one_of(
    st.text(max_size=60),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.none(),
)
PARSERS = [
    cells.clean_text,
    cells.parse_name,
    cells.parse_date,
    cells.parse_year,
    cells.parse_email,
    cells.text_parser(10),
    terms.parse_golongan,
    terms.parse_employment_kind,
    terms.parse_cpns_status,
    terms.parse_employment_state,
    terms.parse_position_kind,
    terms.parse_eselon,
    terms.parse_sex,
    terms.parse_education_level,
]
DAYS = st.dates(date(1910, 1, 1), date(2099, 12, 31))
MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
@given(cell=CELLS)
def test_any_cell_gives_a_value_or_a_sentence(parse, cell):
    try:
        parse(cell)
    except CellError as error:
        assert str(error.message).endswith(".")


@given(DAYS)
def test_a_date_is_the_same_in_every_notation(day):
    serial = (day - date(1899, 12, 30)).days
    spellings = [
        day,
        datetime(day.year, day.month, day.day, 7, 30),
        float(serial),
        str(serial),
        f"{day:%d-%m-%Y}",
        f"{day:%d/%m/%Y}",
        f"{day:%d.%m.%Y}",
        f"{day.day} {MONTHS.split()[day.month - 1]} {day.year}",
        f"{day:%Y-%m-%d}",
        f"{day:%Y-%m-%d} 00:00:00",
    ]
    assert {cells.parse_date(spelling) for spelling in spellings} == {day}


@pytest.mark.parametrize(
    "cell, words",
    [
        ("17-08-90", "tahun dua angka"),
        ("31-02-1990", "bukan tanggal"),
        ("08/17/1990", "bukan tanggal"),
        ("17 Agustusan 1990", "bukan tanggal"),
        ("segera", "bukan tanggal"),
        ("17-08-0990", "tidak masuk akal"),
        (19900817.0, "bukan tanggal"),
        (1990, "bukan tanggal"),
        (float("nan"), "bukan tanggal"),
        (True, "bukan tanggal"),
        (date(1066, 1, 1), "tidak masuk akal"),
    ],
)
def test_it_refuses_what_is_no_date(cell, words):
    with pytest.raises(CellError) as caught:
        cells.parse_date(cell)
    assert words in str(caught.value.message)


@pytest.mark.parametrize("cell", ["", "  ", "-", "NULL", "#N/A", None, "\u200b"])
@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
def test_a_blank_cell_is_none(parse, cell):
    assert parse(cell) is None


@pytest.mark.parametrize(
    "cell",
    ["Nur'aini", 'Budi "Budi" S.', "<b>Ani</b>", "Drs. H. Abdul, M.Si.", "Zoë", "x" * 200, "=Ani"],
)
def test_a_name_is_kept_as_written(cell):
    assert cells.parse_name(cell) == cell


def test_a_name_is_tidied_of_what_cannot_be_seen():
    assert cells.parse_name("  Siti\u00a0 \u200bAminah\n") == "Siti Aminah"


@pytest.mark.parametrize(
    "cell, words",
    [
        ("x" * 201, "201 karakter"),
        ("12345", "tidak memuat huruf"),
        ("Budi\x07", "tidak dapat ditampilkan"),
        ("Budi\u202egnp", "tidak dapat ditampilkan"),
    ],
)
def test_it_refuses_what_is_no_name(cell, words):
    with pytest.raises(CellError) as caught:
        cells.parse_name(cell)
    assert words in str(caught.value.message)


@pytest.mark.parametrize(
    "parse, cell, value",
    [
        (terms.parse_golongan, "III/a", "III/a"),
        (terms.parse_golongan, "iii a", "III/a"),
        (terms.parse_golongan, "III/A", "III/a"),
        (terms.parse_golongan, "3b", "III/b"),
        (terms.parse_golongan, "Penata Muda Tk. I, III/b", "III/b"),
        (terms.parse_golongan, "Pembina Utama (IV/e)", "IV/e"),
        (terms.parse_golongan, "IX", "IX"),
        (terms.parse_golongan, "Golongan XVII", "XVII"),
        (terms.parse_golongan, 9.0, "IX"),
        (terms.parse_golongan, "V", "V"),
        (terms.parse_employment_kind, "PNS Daerah Kab/Kota", "PNS"),
        (terms.parse_employment_kind, "Calon Pegawai Negeri Sipil", "CPNS"),
        (terms.parse_employment_kind, "PPPK Paruh Waktu", "PPPK"),
        (terms.parse_cpns_status, "C", "CPNS"),
        (terms.parse_cpns_status, "PNS", "PNS"),
        (terms.parse_employment_state, "Aktif", "active"),
        (terms.parse_employment_state, "PPPK Aktif", "active"),
        (terms.parse_employment_state, "Cuti Luar Tanggungan Negara", "unpaid_leave"),
        (terms.parse_employment_state, "Tugas Belajar", "study_leave"),
        (terms.parse_employment_state, "Pemberhentian Sementara", "suspended"),
        (terms.parse_employment_state, "Pindah Instansi", "moved"),
        (terms.parse_employment_state, "Pensiun BUP", "retired"),
        (terms.parse_employment_state, "Tidak Aktif", "left"),
        (terms.parse_employment_state, "Masa Persiapan Pensiun", "active"),
        (terms.parse_position_kind, "Jabatan Fungsional Tertentu", "FUNGSIONAL"),
        (terms.parse_position_kind, "Fungsional Umum", "PELAKSANA"),
        (terms.parse_position_kind, "JPT Pratama", "JPT"),
        (terms.parse_position_kind, "Struktural", terms.STRUCTURAL),
        (terms.parse_eselon, "II/b", "II.b"),
        (terms.parse_eselon, "eselon IVa", "IV.a"),
        (terms.parse_eselon, "Non Eselon", None),
        (terms.parse_sex, "Laki-laki", "L"),
        (terms.parse_sex, "F", "P"),
        (terms.parse_education_level, "S-1/Sarjana", "S1"),
        (terms.parse_education_level, "S1 Teknik Informatika", "S1"),
        (terms.parse_education_level, "Diploma III/Sarjana Muda", "D3"),
        (terms.parse_education_level, "Diploma IV", "D4"),
        (terms.parse_education_level, "D.II", "D2"),
        (terms.parse_education_level, "SLTA Kejuruan", "SLTA"),
        (terms.parse_education_level, "Sekolah Menengah Pertama", "SLTP"),
        (terms.parse_education_level, "Sekolah Dasar", "SD"),
        (terms.parse_education_level, "S-3/Doktor", "S3"),
        (cells.parse_year, 2012.0, 2012),
        (cells.parse_year, "2012", 2012),
        (cells.parse_year, date(2012, 7, 1), 2012),
        (cells.parse_email, " Budi@Contoh.GO.ID ", "budi@contoh.go.id"),
    ],
)
def test_it_understands_usual_spellings(parse, cell, value):
    assert parse(cell) == value


@pytest.mark.parametrize(
    "parse, cell",
    [
        (terms.parse_golongan, "III/e"),
        (terms.parse_golongan, "V/a"),
        (terms.parse_golongan, "3"),
        (terms.parse_golongan, "XVIII"),
        (terms.parse_golongan, "IIX"),
        (terms.parse_employment_kind, "Honorer"),
        (terms.parse_employment_kind, "Non ASN"),
        (terms.parse_employment_state, "Lainnya"),
        (terms.parse_position_kind, "Staf ahli muda"),
        (terms.parse_eselon, "VI.a"),
        (terms.parse_sex, "X"),
        (terms.parse_education_level, "Kursus"),
        (cells.parse_year, "12"),
        (cells.parse_email, "budi@contoh"),
        (cells.parse_email, "a@b.id; c@d.id"),
    ],
)
def test_it_refuses_what_it_does_not_understand(parse, cell):
    with pytest.raises(CellError):
        parse(cell)


@given(st.sampled_from(terms.GRADES), st.sampled_from(["", "Gol ", "GOLONGAN "]))
def test_every_pppk_grade_is_understood(grade, prefix):
    assert terms.parse_golongan(prefix + grade) == grade


@given(st.integers(3_654, 73_049))
def test_serials_count_days(serial):
    following = cells.parse_date(serial + 1)
    assert following is not None and following - timedelta(days=1) == cells.parse_date(serial)
