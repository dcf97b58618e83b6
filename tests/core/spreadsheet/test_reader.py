"""Good files of odd shapes are read with their values, their rows in place."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from app.core.spreadsheet import limits
from app.core.spreadsheet.errors import SpreadsheetError
from app.core.spreadsheet.probe import FileKind
from app.core.spreadsheet.reader import read_table
from tests.core.spreadsheet import hostile


@pytest.fixture
def workbook(tmp_path):
    """Return a function that writes rows to a workbook from a start cell."""

    def write(rows, start=(0, 0)) -> Path:
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet("Pegawai")
            day = book.add_format({"num_format": "dd/mm/yyyy"})
            for r, row in enumerate(rows, start=start[0]):
                for c, cell in enumerate(row, start=start[1]):
                    if isinstance(cell, date):
                        sheet.write_datetime(r, c, cell, day)
                    elif isinstance(cell, str):
                        sheet.write_string(r, c, cell)
                    else:
                        sheet.write(r, c, cell)
        return path

    return write


def csv_file(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "data.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def test_it_keeps_text_numbers_dates_and_truth_apart(workbook):
    moment = datetime(2020, 5, 1, 8, 30)
    path = workbook([["=1+1", 5, 2.5, True, date(1990, 8, 17), moment, "@x"]])

    (row,) = read_table(path)

    assert row == ["=1+1", 5.0, 2.5, True, date(1990, 8, 17), moment, "@x"]
    assert isinstance(row[1], float)


def test_it_gives_a_number_that_was_a_nip_as_a_float(workbook):
    (row,) = read_table(workbook([[197001012000011001]]))

    assert isinstance(row[0], float)


def test_it_reads_the_stored_value_of_a_formula(tmp_path):
    path = tmp_path / "formula.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_formula(0, 0, '="x"&1', None, "x1")
        sheet.write_formula(0, 1, '=HYPERLINK("http://contoh.invalid","klik")', None, "klik")
        sheet.write_formula(0, 2, "=1/0", None, "#DIV/0!")
        sheet.write_string(0, 3, "akhir")

    assert list(read_table(path)) == [["x1", "klik", "", "akhir"]]


def test_it_keeps_row_and_column_places_before_the_first_cell(workbook):
    rows = list(read_table(workbook([["NIP"], ["1"]], start=(3, 2))))

    assert rows == [[], [], [], ["", "", "NIP"], ["", "", "1"]]


def test_it_drops_blank_rows_at_the_end_only(workbook):
    table = read_table(workbook([["a"], [""], ["b"], [""], [""]]))

    assert list(table) == [["a"], [], ["b"]]
    assert table.row_estimate == 3


def test_it_can_be_read_again_and_from_the_head(workbook):
    table = read_table(workbook([[str(number)] for number in range(30)]))

    assert table.head(2) == [["0"], ["1"]]
    assert list(table) == list(table)


def test_it_takes_the_first_visible_sheet_with_content(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Rahasia"
    book.active.append(["tersembunyi"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Kosong")
    book.create_sheet("Data").append(["NIP"])
    book.save(tmp_path / "sheets.xlsx")

    table = read_table(tmp_path / "sheets.xlsx")

    assert (table.sheet, list(table)) == ("Data", [["NIP"]])
    assert [(s.name, s.visible) for s in table.sheets] == [
        ("Rahasia", False),
        ("Kosong", True),
        ("Data", True),
    ]


def test_it_reads_the_sheet_asked_for_and_names_one_that_is_not_there(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["satu"])
    book.create_sheet("Dua").append(["dua"])
    path = tmp_path / "sheets.xlsx"
    book.save(path)

    assert list(read_table(path, sheet="Dua")) == [["dua"]]
    with pytest.raises(SpreadsheetError, match='"Tiga" tidak ada'):
        read_table(path, sheet="Tiga")


def test_it_reads_merged_headers_at_their_first_cell(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "NIP"
    book.active["B1"] = "JABATAN"
    book.active.merge_cells("B1:C1")
    book.active.append(["1", "2", "3"])
    book.save(tmp_path / "merged.xlsx")

    assert list(read_table(tmp_path / "merged.xlsx")) == [["NIP", "JABATAN", ""], ["1", "2", "3"]]


def test_it_lets_far_cells_pass_that_only_carry_a_format(tmp_path):
    path = tmp_path / "styled.xlsx"
    near = f'<row r="1">{hostile.text_cell("A1", "NIP")}</row>'
    hostile.raw_workbook(path, hostile.sheet_xml(near + '<row r="900000"><c r="ZZ900000"/></row>'))

    assert list(read_table(path)) == [["NIP"]]


def test_it_warns_of_links_to_other_workbooks(tmp_path):
    path = tmp_path / "links.xlsx"
    row = f'<row r="1">{hostile.text_cell("A1", "NIP")}</row>'
    extra = {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    hostile.raw_workbook(path, hostile.sheet_xml(row), extra)

    (notice,) = read_table(path).notices

    assert "buku kerja lain" in str(notice)


def test_it_bounds_rows_columns_and_cells_of_a_workbook(workbook):
    with pytest.raises(SpreadsheetError, match="lebih dari 5 baris"):
        read_table(workbook([["x"]] * 26), max_rows=5)
    with pytest.raises(SpreadsheetError, match="sel IW1, di luar batas"):
        read_table(workbook([["x"] * 257], start=(0, 0)))


@pytest.mark.parametrize("name", ["data.csv", "-e", "daftar pegawai; ñ ümlaut 名.xls"])
def test_it_reads_a_workbook_whatever_its_name(workbook, name):
    path = workbook([["NIP", "Zoë 名"]])

    table = read_table(path.rename(path.with_name(name)))

    assert (table.kind, list(table)) == (FileKind.XLSX, [["NIP", "Zoë 名"]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_it_finds_encoding_and_separator(tmp_path, encoding, delimiter):
    rows = [["NIP", "NAMA", "KOTA"], ["1", "Zoë Ñ", "Pontianak, Kalbar"], ["2", "O'Neil", ""]]
    quoted = [[f'"{c}"' if delimiter in c else c for c in row] for row in rows]
    text = "\r\n".join(delimiter.join(row) for row in quoted) + "\r\n"

    table = read_table(csv_file(tmp_path, text, encoding))

    assert (list(table), table.delimiter) == (rows, delimiter)


def test_it_follows_the_separator_hint_of_excel(tmp_path):
    assert list(read_table(csv_file(tmp_path, "sep=;\nNIP;NAMA\n1;a,b,c\n"))) == [
        ["NIP", "NAMA"],
        ["1", "a,b,c"],
    ]


def test_it_keeps_commas_of_titles_inside_a_semicolon_file(tmp_path):
    text = "Daftar pegawai, keadaan 1 Januari\nNIP;NAMA\n1;Budi, S.Kom\n2;Ani, S.E, M.M\n"

    assert list(read_table(csv_file(tmp_path, text)))[2] == ["1", "Budi, S.Kom"]


def test_it_names_the_row_of_an_unclosed_quote(tmp_path):
    text = 'NIP;NAMA\n1;a\n2;"tidak ditutup\n' + "3;b\n" * 300_000

    with pytest.raises(SpreadsheetError, match="Baris 3"):
        list(read_table(csv_file(tmp_path, text)))


def test_it_names_the_row_with_too_many_cells_but_forgives_empty_ones(tmp_path):
    text = "a;b\n" + ";" * 500 + "\n" + "x;" * 500 + "\n"
    rows = iter(read_table(csv_file(tmp_path, text)))

    assert (next(rows), len(next(rows))) == (["a", "b"], limits.MAX_COLUMNS)
    with pytest.raises(SpreadsheetError, match="Baris 3 berisi 501 kolom"):
        next(rows)


def test_it_refuses_one_endless_line(tmp_path):
    with pytest.raises(SpreadsheetError, match="Baris 1 lebih panjang"):
        list(read_table(csv_file(tmp_path, b"a" * 3_000_000)))


def test_it_bounds_a_csv_only_when_asked(tmp_path):
    path = csv_file(tmp_path, "NIP\n" + "1\n" * 600_000)

    assert sum(1 for _ in read_table(path)) == 600_001
    with pytest.raises(SpreadsheetError, match="1,1 MB, paling besar 1,0 MB"):
        read_table(path, max_bytes=limits.MEGABYTE)
