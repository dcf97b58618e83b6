"""What is written can be opened safely and comes back as it was."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.spreadsheet.errors import SpreadsheetError
from app.core.spreadsheet.guard import guard_cell, unguard_cell
from app.core.spreadsheet.reader import read_table
from app.core.spreadsheet.writer import (
    ColumnKind,
    ColumnSpec,
    SheetSpec,
    csv_text,
    write_csv,
    write_xlsx,
)

ATTACKS = [
    '=HYPERLINK("http://contoh.invalid","x")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1",
    "＝1+1",
    "{=1+1}",
    "http://contoh.invalid",
    "'=1",
    "<b>Budi</b>",
    "O'Neil",
]
PRINTABLE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\r\n"), max_size=30
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


def sheet(rows, kinds=(ColumnKind.GENERAL,) * 4):
    columns = [ColumnSpec(f"K{number}", 12, kind) for number, kind in enumerate(kinds)]
    return SheetSpec("Data", columns, rows)


def test_no_attack_becomes_a_formula_or_a_link(tmp_path):
    path = tmp_path / "out.xlsx"
    write_xlsx(path, [sheet([[attack] for attack in ATTACKS])])

    cells = [row[0] for row in openpyxl.load_workbook(path).active.iter_rows(min_row=2)]

    # openpyxl calls every text that begins with "=" a formula; the file itself has the say.
    with zipfile.ZipFile(path) as package:
        xml = package.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml and b"<hyperlink" not in xml
    assert len(cells) == len(ATTACKS) and not any(cell.hyperlink for cell in cells)


def test_a_workbook_restores_its_values(tmp_path):
    rows = [
        ["197001012000011001", 12, 2.5, date(1990, 8, 17)],
        ["=1+1", True, datetime(2024, 1, 2, 3, 4), ""],
        ["  spasi ", -5, "", "a\nb"],
    ]
    write_xlsx(tmp_path / "out.xlsx", [sheet(rows)])

    assert list(read_table(tmp_path / "out.xlsx"))[1:] == rows


def test_a_nip_column_is_text_even_where_a_number_is_given(tmp_path):
    path = tmp_path / "out.xlsx"
    write_xlsx(path, [sheet([["197001012000011001"], [197001012000011001]], [ColumnKind.TEXT])])

    column = openpyxl.load_workbook(path).active["A"][1:]

    assert [(cell.value, cell.number_format) for cell in column] == [
        ("197001012000011001", "@")
    ] * 2


def test_a_sheet_has_a_frozen_filtered_header_and_a_lawful_name():
    stream = io.BytesIO()
    spec = SheetSpec(
        "Hasil [impor]: data/pegawai yang panjang sekali", [ColumnSpec("NIP", 22)], [["1"]]
    )
    write_xlsx(stream, [spec, SheetSpec("///", [ColumnSpec("A")], [])])

    book = openpyxl.load_workbook(stream)

    assert book.sheetnames == ["Hasil  impor   data pegawai yan", "Lembar 2"]
    first = book.worksheets[0]
    assert (first.freeze_panes, first.auto_filter.ref) == ("A2", "A1:A2")
    assert first.column_dimensions["A"].width > 20


def test_odd_values_are_written_not_lost(tmp_path):
    path = tmp_path / "out.xlsx"
    rows = [
        [float("nan"), float("inf"), date(1850, 1, 1), "x" * 40_000],
        ["\ud800a\0b", None, "", 0],
    ]
    write_xlsx(path, [sheet(rows)])

    first, second = list(read_table(path))[1:]

    assert first[:3] == ["nan", "inf", "1850-01-01"]
    assert (len(first[3]), first[3][-1]) == (32_767, "…")
    assert second == ["ab", "", "", 0.0]


def test_an_unwritable_target_is_a_clear_refusal(tmp_path):
    with pytest.raises(SpreadsheetError, match="tidak dapat ditulis"):
        write_xlsx(tmp_path / "none" / "out.xlsx", [sheet([])])


def test_csv_is_what_indonesian_excel_opens():
    text = csv_text(["NIP", "NAMA"], [["1", "Budi; S.E"], [date(2020, 1, 2), None], [True, 2.5]])

    assert text == '\ufeffNIP;NAMA\r\n1;"Budi; S.E"\r\n2020-01-02;\r\nTRUE;2.5\r\n'


def test_csv_guards_every_attack_and_gives_it_back(tmp_path):
    path = tmp_path / "out.csv"
    write_csv(path, ["A", "B"], [[attack, "x"] for attack in ATTACKS])

    assert b"\r\n=" not in path.read_bytes()
    assert [row[0] for row in list(read_table(path))[1:]] == ATTACKS


@given(TEXTS)
def test_the_guard_is_undone_exactly(text):
    assert unguard_cell(guard_cell(text)) == text
    assert guard_cell(text)[:1] not in tuple("=+-@\t\r\n＝＋－＠")


@settings(max_examples=40)
@given(st.lists(st.lists(PRINTABLE, min_size=3, max_size=3), min_size=1, max_size=6))
def test_csv_restores_any_text(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "out.csv"
    header = ["NIP", "NAMA", "JABATAN"]
    write_csv(path, header, [*[header] * 40, *rows])

    assert list(read_table(path))[41:] == rows


@settings(max_examples=25)
@given(st.lists(TEXTS.filter(lambda text: text != ""), min_size=1, max_size=6))
def test_a_workbook_restores_any_text(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("xlsx") / "out.xlsx"
    write_xlsx(path, [sheet([[text] for text in texts])])

    assert [row[0] for row in list(read_table(path))[1:]] == texts
