"""Builders of spreadsheets that are broken, oversized or malicious; each writes one file."""

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import xlsxwriter

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROOT_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
BOOK_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>"
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
    '<sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>'
)


def raw_workbook(path: Path, sheet: str | bytes, extra: dict[str, bytes] | None = None) -> None:
    """Write a workbook whose only sheet is the given XML."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("_rels/.rels", ROOT_RELATIONS)
        package.writestr("xl/workbook.xml", BOOK)
        package.writestr("xl/_rels/workbook.xml.rels", BOOK_RELATIONS)
        package.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in (extra or {}).items():
            package.writestr(name, content)


def sheet_xml(rows: str, before: str = "") -> str:
    """Return the XML of a sheet with the given rows."""
    return f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def text_cell(place: str, text: str) -> str:
    """Return the XML of one cell with text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def simple_bytes() -> bytes:
    """Return a small good workbook."""
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["NIP", "NAMA"])
    book.active.append(["197001012000011001", "Contoh"])
    book.save(stream)
    return stream.getvalue()


def sparse_giant(path: Path) -> None:
    """Two cells at the far corners: a dense reader wants 17 thousand million cells."""
    cells = f'<row r="1">{text_cell("A1", "a")}</row>'
    far = f'<row r="1048576">{text_cell("XFD1048576", "b")}</row>'
    raw_workbook(path, sheet_xml(cells + far))


def hidden_giant(path: Path) -> None:
    """The same giant spelled so that the byte scan cannot see it: the child must take it."""
    cells = f'<row r="1">{text_cell("A1", "a")}</row>'
    far = f'<row r="1048576">{text_cell("XFD1048576", "b")}</row>'
    raw_workbook(path, sheet_xml(cells + far).replace(' r="', ' r = "'))


def entity_bomb(path: Path) -> None:
    """Entities that multiply."""
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(8)
    )
    row = f'<row r="1">{text_cell("A1", "&i;")}</row>'
    raw_workbook(path, sheet_xml(row, f"<!DOCTYPE worksheet [{entities}]>"))


def external_entity(path: Path) -> None:
    """An entity that asks for a local file."""
    doctype = '<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    raw_workbook(path, sheet_xml(f'<row r="1">{text_cell("A1", "&x;")}</row>', doctype))


def zip_bomb(path: Path) -> None:
    """A few hundred kilobytes that unpack to more than is allowed."""
    raw_workbook(path, sheet_xml(" " * (160 * 1024 * 1024)))


def lying_sizes(path: Path) -> None:
    """A bomb whose directory claims that its sheet has 100 bytes."""
    zip_bomb(path)
    content = bytearray(path.read_bytes())
    name = b"xl/worksheets/sheet1.xml"
    local, central = content.find(name), content.rfind(name)
    content[local - 8 : local - 4] = (100).to_bytes(4, "little")
    content[central - 22 : central - 18] = (100).to_bytes(4, "little")
    path.write_bytes(content)


def repeated_long_text(path: Path) -> None:
    """One long shared text in thousands of cells: small packed, huge as rows."""
    shared = f'<sst xmlns="{MAIN}"><si><t>{"x" * 32_000}</t></si></sst>'
    rows = "".join(
        f'<row r="{r}">'
        + "".join(f'<c r="{c}{r}" t="s"><v>0</v></c>' for c in "ABCDEFGH")
        + "</row>"
        for r in range(1, 8001)
    )
    relations = BOOK_RELATIONS.replace(
        "</Relationships>",
        f'<Relationship Id="r2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
    )
    raw_workbook(path, sheet_xml(rows))
    replace_part(path, "xl/_rels/workbook.xml.rels", relations.encode())
    replace_part(path, "xl/sharedStrings.xml", shared.encode())


def replace_part(path: Path, name: str, content: bytes) -> None:
    """Rewrite one part of a package."""
    with zipfile.ZipFile(path) as package:
        parts = {entry: package.read(entry) for entry in package.namelist()}
    parts[name] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for entry, part in parts.items():
            package.writestr(entry, part)


def with_macro(path: Path) -> None:
    """A workbook with a macro project."""
    raw_workbook(path, sheet_xml(""), {"xl/vbaProject.bin": b"macro"})


def many_parts(path: Path) -> None:
    """A package of thousands of parts."""
    raw_workbook(path, sheet_xml(""), {f"xl/media/{i}.xml": b"<a/>" for i in range(5000)})


def duplicate_parts(path: Path) -> None:
    """Two sheets under one name but for its case."""
    raw_workbook(path, sheet_xml(""), {"xl/worksheets/SHEET1.xml": b"<worksheet/>"})


def other_zip(name: str) -> Callable[[Path], None]:
    """A package of another program."""

    def build(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as package:
            package.writestr(name, "<x/>")

    return build


def old_office(stream_name: str) -> Callable[[Path], None]:
    """A compound file that has a stream of the given name."""

    def build(path: Path) -> None:
        head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
        path.write_bytes(head + stream_name.encode("utf-16-le") + bytes(1000))

    return build


def content(data: bytes) -> Callable[[Path], None]:
    """A file of the given bytes."""
    return lambda path: path.write_bytes(data) and None


def too_many_rows(path: Path) -> None:
    """A sheet of more rows than a workbook may have."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number in range(20_100):
            sheet.write_string(number, 0, "x")


def empty_sheet(path: Path) -> None:
    """A workbook without a single cell."""
    openpyxl.Workbook().save(path)


def only_hidden(path: Path) -> None:
    """A workbook whose only sheet is hidden."""
    row = f'<row r="1">{text_cell("A1", "NIP")}</row>'
    raw_workbook(path, sheet_xml(row))
    replace_part(
        path, "xl/workbook.xml", BOOK.replace("<sheet ", '<sheet state="hidden" ').encode()
    )


def damaged_middle(path: Path) -> None:
    """A good workbook with some bytes of its body changed."""
    data = bytearray(simple_bytes())
    for place in random.Random(7).sample(range(40, len(data) // 2), 60):
        data[place] ^= 0xFF
    path.write_bytes(data)


# name of the case, builder, words that the refusal must have
CORPUS: tuple[tuple[str, Callable[[Path], None], str], ...] = (
    ("empty file", content(b""), "kosong"),
    ("truncated zip", content(simple_bytes()[:-200]), "rusak"),
    ("first half of a zip", content(simple_bytes()[:1500]), "rusak"),
    ("damaged middle", damaged_middle, "rusak"),
    ("signature only", content(b"PK\x03\x04"), "rusak"),
    ("empty zip", content(b"PK\x05\x06" + bytes(18)), "arsip ZIP"),
    ("encrypted", old_office("EncryptedPackage"), "kata sandi"),
    ("old xls", old_office("Workbook"), ".xls"),
    ("old doc", old_office("WordDocument"), "Office lama"),
    ("docx", other_zip("word/document.xml"), "Word"),
    ("pptx", other_zip("ppt/presentation.xml"), "PowerPoint"),
    ("xlsb", other_zip("xl/workbook.bin"), ".xlsb"),
    ("ods", other_zip("content.xml"), "OpenDocument"),
    ("other zip", other_zip("readme.txt"), "arsip ZIP"),
    ("pdf", content(b"%PDF-1.7\n%abc"), "PDF"),
    ("png", content(b"\x89PNG\r\n\x1a\n" + bytes(64)), "gambar"),
    ("jpeg", content(b"\xff\xd8\xff\xe0" + bytes(64)), "gambar"),
    ("gzip", content(b"\x1f\x8b\x08" + bytes(64)), "arsip"),
    ("program", content(b"MZ\x90\x00" + bytes(64)), "program"),
    ("rtf", content(b"{\\rtf1 hello}"), "RTF"),
    ("html table called xls", content(b"\n <HTML><table><tr><td>NIP"), "halaman web"),
    ("xml spreadsheet", content(b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>"), "XML"),
    ("nul bytes", content(b"NIP;NAMA\n1970;Bu\x00di\n"), "Baris 2 memuat karakter NUL"),
    ("random bytes", content(random.Random(1).randbytes(4096).replace(b"\0", b"\1")), "Teks"),
    ("control bytes", content(b"\x01\x02\x03\x04" * 50), "bukan teks"),
    ("broken utf-16", content(b"\xff\xfeN\x00I\x00\x00\xd8A\x00"), "UTF-16"),
    ("undefined in cp1252", content(b"NIP;NAMA\n1;Jos\x81\xff\n"), "UTF-8"),
    ("entity bomb", entity_bomb, "DOCTYPE"),
    ("external entity", external_entity, "DOCTYPE"),
    ("sparse giant", sparse_giant, "XFD1048576"),
    ("sparse giant in disguise", hidden_giant, "dihentikan"),
    ("zip bomb", zip_bomb, "membengkak"),
    ("zip bomb with lying sizes", lying_sizes, "rusak"),
    ("long text repeated", repeated_long_text, "terlalu besar"),
    ("macro", with_macro, "makro"),
    ("thousands of parts", many_parts, "terlalu banyak bagian"),
    ("duplicate parts", duplicate_parts, "rusak"),
    ("30 MB workbook", content(simple_bytes() + bytes(30 << 20)), "30,0 MB, paling besar 20,0 MB"),
    ("too many rows", too_many_rows, "20"),
    ("empty sheet", empty_sheet, "kosong"),
    ("only a hidden sheet", only_hidden, "tidak memiliki lembar"),
    ("not xml", lambda path: raw_workbook(path, "hello"), ""),
    ("unclosed xml", lambda path: raw_workbook(path, "<worksheet><sheetData><row>"), ""),
)
