"""What a file of attendance says, in whichever form people keep it."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.attendance_file import (
    AttendanceFileError,
    Line,
    as_text,
    from_text,
    read_lines,
    when_of,
)
from courses.enums import AttendanceState as A
from courses.rules import PassRule, attendance_percent, can_still_attend_enough

NIP = "199006222013022002"


def test_one_row_a_meeting_of_many_sessions():
    found = read_lines(
        [
            ["Laporan kehadiran"],
            ["Nama", "NIP", "Kode Sesi", "Tanggal", "Kehadiran"],
            ["X", f"'{NIP}", "TIK-1", datetime(2026, 12, 1), "H"],
            ["X", NIP, "TIK-2", "02/12/2026", "Sakit"],
            ["Y", 1.97e17, "TIK-2", "2026-12-02", "entah"],
            ["Z", NIP, "TIK-2", "2026-12-03", "-"],
        ]
    )

    assert found[0] == Line(3, NIP, "TIK-1", date(2026, 12, 1), A.PRESENT, "h")
    assert (found[1].when, found[1].state) == (date(2026, 12, 2), A.ILL)
    assert (found[2].nip, found[2].state, found[2].word) == ("1.97000E+17", None, "entah")
    assert len(found) == 3


def test_one_column_a_meeting():
    found = read_lines(
        [
            ["NIP", "Nama", date(2026, 12, 1), "Pertemuan 2", "Catatan"],
            [NIP, "X", "hadir", 0.0, "bagus"],
            [NIP, "Y", "", None, ""],
        ]
    )

    assert [(one.when, one.state) for one in found] == [
        (date(2026, 12, 1), A.PRESENT),
        (2, A.ABSENT),
    ]


@pytest.mark.parametrize("table", [[], [["Nama"], ["X"]], [["NIP", "Nama"], [NIP, "X"]]])
def test_a_table_without_the_columns_is_refused(table):
    with pytest.raises(AttendanceFileError):
        read_lines(table)


@given(
    st.lists(
        st.builds(
            Line,
            row=st.just(0),
            nip=st.from_regex(r"\A\d{18}\Z"),
            session=st.sampled_from(["", "TIK-101-2026-01"]),
            when=st.dates(date(2000, 1, 1), date(2090, 1, 1)) | st.integers(1, 99),
            state=st.none(),
            word=st.sampled_from(["h", "hadir", "i", "s", "a", "entah"]),
        ),
        max_size=8,
    )
)
def test_what_was_checked_is_what_is_stored(lines):
    again = read_lines(from_text(as_text(lines)))

    assert [(one.nip, one.session, one.when, one.word) for one in again] == [
        (one.nip, one.session, one.when, one.word) for one in lines
    ]


@given(st.text(max_size=20))
def test_any_text_is_a_day_a_number_or_itself(text):
    assert isinstance(when_of(text), date | int | str)


@given(
    st.lists(st.sampled_from([*A, None]), min_size=1, max_size=12),
    st.integers(0, 100),
)
def test_who_can_still_attend_enough_passes_by_attending_the_rest(states, least):
    rule = PassRule(attendance_min=least, score_min=None)
    rest = [state or A.PRESENT for state in states]

    can = can_still_attend_enough(states, len(states), rule)

    assert can == (attendance_percent(rest, len(states)) >= least)
