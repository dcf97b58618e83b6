"""A damaged number is an error, an unusual one a warning, and no PPPK is ever refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.enums import EmploymentKind, Sex
from skills.siasn.nip import check_nip, parse_nip_lama, read_nip
from skills.siasn.problems import CellError, Severity

PNS, PPPK = EmploymentKind.PNS, EmploymentKind.PPPK
NUMBERS = st.text("0123456789", min_size=18, max_size=18).filter(lambda n: not n.endswith("000"))


def test_a_sound_number_has_nothing_to_tell():
    check = check_nip(
        "199008172014021003",
        PNS,
        birth_date=date(1990, 8, 17),
        sex=Sex.MALE,
        service_start=date(2014, 2, 1),
    )

    assert (check.nip, check.problems) == ("199008172014021003", ())


@pytest.mark.parametrize(
    "cell",
    [
        " 19900817 201402 1 003 ",
        "'199008172014021003",
        "19900817.201402.1.003",
        "\u00a0199008172014021003\u200b",
        "１９９００８１７２０１４０２１００３",
    ],
)
def test_it_takes_off_what_people_put_between_the_digits(cell):
    assert check_nip(cell).nip == "199008172014021003"


@pytest.mark.parametrize(
    "cell, words",
    [
        (1.99008172014021e17, "tersimpan sebagai bilangan (1.99008E+17)"),
        (199008172014021003, "tersimpan sebagai bilangan"),
        ("1,99008E+17", "rusak oleh aplikasi"),
        ("1.97E+17", "rusak oleh aplikasi"),
        ("199008172014021000", "berakhiran 000"),
        ("19900817201402100", "di sini 17 angka"),
        ("1990081720140210031", "di sini 19 angka"),
        ("500123456", "NIP lama"),
        ("19900817201402100O", "selain angka"),
        ("<script>", "selain angka"),
        ("", "NIP kosong"),
        (None, "NIP kosong"),
    ],
)
def test_it_refuses_a_damaged_number_and_never_guesses(cell, words):
    check = check_nip(cell)

    assert check.nip is None
    assert [problem.severity for problem in check.problems] == [Severity.ERROR]
    assert words in str(check.problems[0].message)


@pytest.mark.parametrize(
    "cell, kind, row, words",
    [
        ("199013402014021003", PNS, {}, "bukan tanggal lahir"),
        ("199008172014021003", PNS, {"birth_date": date(1990, 8, 18)}, "Tanggal lahir 18-08-1990"),
        ("199008172014021003", PNS, {"sex": Sex.FEMALE}, "Jenis kelamin berbeda"),
        ("199008172014023003", PNS, {}, "Angka ke-15"),
        ("199008172014211003", PNS, {}, "bukan bulan"),
        ("199008172014021003", PPPK, {}, "tidak lazim untuk PPPK"),
        ("199008172014021003", PNS, {"service_start": date(2014, 3, 1)}, "TMT CPNS"),
    ],
)
def test_it_only_warns_of_what_does_not_agree(cell, kind, row, words):
    check = check_nip(cell, kind, **row)

    assert check.nip == cell
    assert [problem.severity for problem in check.problems] == [Severity.WARNING]
    assert words in str(check.problems[0].message)


@given(NUMBERS, st.sampled_from([PPPK, PNS, EmploymentKind.CPNS, None]))
def test_no_number_of_18_digits_is_refused(number, kind):
    check = check_nip(number, kind)

    assert check.nip == number
    assert all(problem.severity is Severity.WARNING for problem in check.problems)


@given(st.dates(date(1950, 1, 1), date(2008, 1, 1)), st.integers(21, 29), st.sampled_from("12"))
def test_a_regular_pppk_number_has_no_warning(birth, code, sex):
    check = check_nip(f"{birth:%Y%m%d}2023{code}{sex}001", PPPK, birth_date=birth)

    assert check.problems == ()


def test_it_reads_the_kind_as_a_hint():
    assert read_nip("199008172023211001").kind_hint is PPPK
    assert read_nip("199008172014021003").kind_hint is PNS
    assert read_nip("199008172014151003").kind_hint is None


def test_an_old_number_has_nine_digits():
    assert parse_nip_lama(500123456.0) == "500123456"
    with pytest.raises(CellError):
        parse_nip_lama("12345")
