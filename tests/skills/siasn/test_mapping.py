"""The header is found, columns are guessed, people change the guess, and it is remembered."""

import random

import pytest

from app.core.errors import InvalidInput
from skills.siasn.columns import SIASN_COLUMNS
from skills.siasn.mapping import ColumnState, apply_choices, guess_mapping, normalise_header

HEADERS = [column.header for column in SIASN_COLUMNS]


def field_of(mapping, header):
    return next(column.field for column in mapping.columns if column.header == header)


def test_it_maps_the_whole_siasn_export_and_lists_what_is_dropped():
    mapping = guess_mapping([HEADERS])

    assert mapping.fields["nip"] == 1 and mapping.fields["eselon"] == 68
    assert len(mapping.fields) == 25 and not mapping.missing_required
    assert {column.header for column in mapping.personal} >= {
        "NIK",
        "AGAMA NAMA",
        "ALAMAT",
        "EMAIL",
    }
    assert not mapping.in_state(ColumnState.UNKNOWN)


def test_it_finds_the_header_in_any_of_the_first_20_rows_in_any_order_and_case():
    shuffled = random.Random(3).sample([header.lower() for header in HEADERS], 69)
    rows = [["DAFTAR PEGAWAI"], [], ["Keadaan", "2026", 45292.0], *[[""]] * 16, shuffled]

    mapping = guess_mapping(rows)

    assert (mapping.header_row, mapping.data_row) == (20, 21)
    assert mapping.fields["nip"] == shuffled.index("nip baru")


def test_it_says_so_where_no_header_is_found():
    with pytest.raises(InvalidInput, match="tidak ditemukan dalam 20 baris"):
        guess_mapping([["a", "b"], [1.0, None], *[[""]] * 18, ["NIP", "NAMA"]])


@pytest.mark.parametrize(
    "header, field",
    [
        ("NIP", "nip"),
        ("nip/ni pppk", "nip"),
        ("Nama Lengkap", "name"),
        ("GOL.", "golongan"),
        ("Gol/Ruang", "golongan"),
        ("JABATAN", "position_name"),
        ("UNIT-KERJA", "unit_name"),
        ("OPD", "opd_name"),
        ("Tgl. Lahir", "birth_date"),
        ("TANGGAL LAHIR (dd-mm-yyyy)", "birth_date"),
        ("L/P", "sex"),
        ("E-mail Dinas", "official_email"),
        ("TMT_GOLONGAN", "golongan_since"),
        ("Thn Lulus", "graduation_year"),
    ],
)
def test_it_knows_old_headers(header, field):
    assert field_of(guess_mapping([[header, "ESELON"]]), header) == field


def test_it_takes_a_misspelt_header_with_less_confidence():
    mapping = guess_mapping([["NIP", "NAMA", "JENIS JABATN NAMA", "UKURAN SEPATU"]])

    similar, unknown = mapping.columns[2:]
    assert (similar.field, similar.confidence) == ("position_kind", 0.6)
    assert unknown.state is ColumnState.UNKNOWN


@pytest.mark.parametrize(
    "header", ["No. KTP", "nik", "Status Perkawinan", "No HP/WA", "Email", "Alamat Rumah", "NPWP"]
)
def test_it_drops_personal_columns_of_any_file(header):
    mapping = guess_mapping([["NIP", "NAMA", header]])

    assert [column.header for column in mapping.personal] == [header]


def test_it_keeps_the_better_of_two_columns_for_one_field():
    mapping = guess_mapping([["NIP", "NAMA", "NIP BARU", "NAMA"]])

    assert mapping.fields == {"nip": 2, "name": 1}
    assert [c.key for c in mapping.in_state(ColumnState.DUPLICATE)] == ["NIP", "NAMA #2"]


def test_it_reads_a_header_over_two_merged_rows():
    upper = ["NO", "NIP", "NAMA", "JABATAN", "", "GOLONGAN", ""]
    lower = ["", "", "", "NAMA", "TMT", "NAMA", "TMT"]

    mapping = guess_mapping([["DATA"], upper, lower, ["1", "x"]])

    assert (mapping.header_row, mapping.data_row) == (2, 4)
    assert mapping.fields == {
        "nip": 1,
        "name": 2,
        "position_name": 3,
        "position_since": 4,
        "golongan": 5,
        "golongan_since": 6,
    }


@pytest.mark.parametrize("numbers", [["1", "2", "3"], [1.0, 2.0, 3.0], ["(1)", "(2)", "(3)"]])
def test_it_passes_over_the_column_numbers_of_a_printed_form(numbers):
    assert guess_mapping([["NO", "NIP", "NAMA"], numbers, ["1", "x", "y"]]).data_row == 3
    assert guess_mapping([["NO", "NIP", "NAMA"], ["1", "2", "Ani"]]).data_row == 2


def test_it_reports_required_fields_without_a_column():
    assert guess_mapping([["NAMA", "OPD"]]).missing_required == ("nip",)


def test_a_person_moves_a_field_to_another_column():
    mapping = guess_mapping([["NIP", "NAMA", "BIDANG", "KOLOM X"]])

    changed = apply_choices(mapping, {"KOLOM X": "unit_name", "BIDANG": None})

    assert changed.fields == {"nip": 0, "name": 1, "unit_name": 3}
    assert changed.columns[2].state is ColumnState.IGNORED


def test_choosing_a_taken_field_releases_the_guessed_column():
    mapping = guess_mapping([["NIP", "NAMA", "KOLOM X"]])

    assert apply_choices(mapping, {"KOLOM X": "name"}).fields == {"nip": 0, "name": 2}


@pytest.mark.parametrize(
    "choices, words",
    [
        ({"NIK": "name"}, "data pribadi"),
        ({"EMAIL": "name"}, "data pribadi"),
        ({"X": "salary"}, "tidak dikenal"),
        ({"TIDAK ADA": "name"}, "tidak ada di berkas"),
        ({"X": "unit_name", "NAMA": "unit_name"}, "data yang sama"),
    ],
)
def test_it_refuses_an_impossible_choice(choices, words):
    mapping = guess_mapping([["NIP", "NAMA", "NIK", "EMAIL", "X"]])

    with pytest.raises(InvalidInput, match=words):
        apply_choices(mapping, choices)


def test_only_a_person_can_say_that_an_email_column_is_official():
    mapping = guess_mapping([["NIP", "NAMA", "EMAIL"]])

    chosen = apply_choices(mapping, {"EMAIL": "official_email"})

    assert chosen.fields["official_email"] == 2 and not chosen.personal
    assert apply_choices(chosen, {"EMAIL": None}).personal


def test_choices_are_remembered_for_files_of_the_same_headers():
    first = apply_choices(guess_mapping([["NIP", "NAMA", "X", "EMAIL"]]), {"X": "unit_name"})
    second = guess_mapping([["Judul"], ["x", "Email", "nama", "nip"]])

    again = apply_choices(second, first.choices | {"LAMA": "opd_name"}, remembered=True)

    assert first.signature == second.signature and len(first.signature) == 64
    assert again.fields == {"unit_name": 0, "name": 2, "nip": 3}
    assert first.signature != guess_mapping([["NIP", "NAMA"]]).signature


def test_normalising_forgives_what_is_not_text():
    assert normalise_header(None) == "" and normalise_header(12) == "12"
    assert guess_mapping([[1.0, True, None, "NIP"]]).fields == {"nip": 3}
