"""Words and numbers of the interface: dates, figures, names, address parameters."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.web import filters


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("long", "24 November 2026"),
        ("medium", "24 Nov 2026"),
        ("short", "24/11/2026"),
        ("month", "November 2026"),
    ],
)
def test_a_date_is_shown_the_indonesian_way(style: str, shown: str) -> None:
    assert filters.tanggal(date(2026, 11, 24), style) == shown


def test_a_moment_is_shown_on_the_clock_of_the_city() -> None:
    late = datetime(2026, 11, 24, 18, 5, tzinfo=UTC)

    assert filters.waktu(late) == "25 Nov 2026 01.05 WIB"
    assert filters.tanggal(late) == "25 November 2026"
    assert filters.jam(late) == "01.05"


@pytest.mark.parametrize(
    ("end", "shown"),
    [
        (date(2026, 12, 5), "3–5 Desember 2026"),
        (date(2026, 12, 3), "3 Desember 2026"),
        (date(2027, 1, 5), "3 Desember 2026 – 5 Januari 2027"),
    ],
)
def test_a_range_does_not_repeat_itself(end: date, shown: str) -> None:
    assert filters.rentang(date(2026, 12, 3), end) == shown


def test_figures_follow_the_language(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert filters.number(1234.5) == "1,234.5"
    assert filters.number(1234.5) == "1.234,5"
    assert filters.number(71.25, 1) == "71,2"
    assert filters.persen(0.725, 1) == "72,5%"
    assert filters.rupiah(1_500_000) == "Rp1.500.000"
    assert filters.jp(20) == "20 JP"
    assert filters.ukuran(1_234_567) == "1,2 MB"


def test_what_is_missing_is_a_dash_and_never_a_zero() -> None:
    for show in (filters.tanggal, filters.waktu, filters.jam, filters.number, filters.jp):
        assert show(None) == "–"
    assert filters.persen(None) == filters.rupiah(None) == filters.ukuran(None) == "–"


def test_an_nip_is_grouped_and_nothing_is_hidden_when_it_is_odd() -> None:
    assert filters.nip("199001012015031001") == "19900101 201503 1 001"
    assert filters.nip("1.97E+17") == "1.97E+17"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Dr. Siti Contoh Aminah, S.Kom., M.T.", "SA"),
        ("Tunggal", "T"),
        ("H. Contoh", "C"),
        ("'Aisyah Contoh", "C"),
        ("", "?"),
        (None, "?"),
    ],
)
def test_initials_leave_titles_out(name: str | None, letters: str) -> None:
    assert filters.initials(name) == letters


@given(st.text(max_size=200))
def test_initials_take_any_name(name: str) -> None:
    assert 1 <= len(filters.initials(name)) <= 6


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (None, ("forever", None)),
        (date(2026, 11, 23), ("expired", -1)),
        (date(2026, 11, 24), ("expiring", 0)),
        (date(2027, 2, 21), ("expiring", 89)),
        (date(2027, 2, 22), ("valid", 90)),
    ],
)
def test_validity_has_its_borders_where_they_are_promised(
    until: date | None, state: tuple[str, int | None]
) -> None:
    assert filters.validity_state(until, date(2026, 11, 24)) == state


def test_a_new_filter_goes_back_to_page_one_and_keeps_the_rest() -> None:
    args = MultiDict([("opd", "1"), ("opd", "2"), ("halaman", "7"), ("urut", "nama")])

    assert filters.query_with(args, urut="-nama") == "?opd=1&opd=2&urut=-nama"
    assert filters.query_with(args, opd=None) == "?urut=nama"
    assert filters.query_with(args, halaman=8) == "?opd=1&opd=2&urut=nama&halaman=8"


def test_text_in_an_address_cannot_leave_its_parameter() -> None:
    assert filters.query_with({}, q='a&b="x"') == "?q=a%26b%3D%22x%22"


def test_an_unknown_state_looks_neutral() -> None:
    assert filters.state_style("nothing of the kind")[0] == "neutral"
    assert filters.state_style("expired")[0] == "danger"
