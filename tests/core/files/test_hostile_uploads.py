"""What people must not be able to store, each refused with a sentence and without a trace."""

import io
import zipfile
from datetime import UTC, datetime

import pikepdf
import pytest
from PIL import Image, ImageFile, PngImagePlugin

from app.core.errors import InvalidInput
from app.core.files.errors import FileRefused
from tests.core.files.conftest import make_image, make_pdf


def with_javascript(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_nested_launch(document):
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"),
    )
    document.pages[0].Annots = pikepdf.Array([link])


def with_program(document):
    document.attachments["tool.exe"] = b"MZ"


def locked():
    return make_pdf(encryption=pikepdf.Encryption(owner="a", user="b"))


def owner_locked():
    return make_pdf(encryption=pikepdf.Encryption(owner="a", user=""))


def zipped(name: str, content: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return sink.getvalue()


def png_with_text(text: str) -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", text)
    return make_image(pnginfo=notes)


CORPUS = {
    "empty": (b"", "ijazah.pdf", "kosong"),
    "no extension": (make_pdf(), "ijazah", "tidak diterima"),
    "php": (b"<?php echo 1;", "shell.php", "tidak diterima"),
    "svg": (b"<svg onload=alert(1)>", "gambar.svg", "tidak diterima"),
    "double extension": (make_pdf(), "ijazah.php.pdf", "akhiran program"),
    "reversed double extension": (make_pdf(), "ijazah.pdf.exe", "tidak diterima"),
    "html named pdf": (b"<html><script>alert(1)</script>", "ijazah.pdf", "tidak sesuai"),
    "image named pdf": (make_image(), "ijazah.pdf", "tidak sesuai"),
    "pdf named png": (make_pdf(), "ijazah.png", "tidak sesuai"),
    "png named jpg": (make_image(), "ijazah.jpg", "tidak sesuai"),
    "zip named pdf": (zipped("a.txt", b"x"), "ijazah.pdf", "tidak sesuai"),
    "gif zip": (b"GIF89a" + zipped("a.txt", b"x"), "a.png", "tidak sesuai"),
    "png html": (make_image() + b"<html><script>alert(1)</script>", "a.png", "kode program"),
    "png comment html": (png_with_text("<ScRipt>alert(1)</script>"), "a.png", "kode program"),
    "jpg php": (make_image("JPEG", comment=b"<?php system($_GET[0]);"), "a.jpg", "kode program"),
    "truncated image": (make_image(size=(400, 300))[:-90], "a.png", "rusak"),
    "text after signature": (b"\x89PNG\r\n\x1a\nhello", "a.png", "rusak"),
    "damaged pdf": (make_pdf()[:200], "ijazah.pdf", "rusak"),
    "only a pdf header": (b"%PDF-1.7\n", "ijazah.pdf", "rusak"),
    "locked pdf": (locked(), "ijazah.pdf", "kata sandi"),
    "owner locked pdf": (owner_locked(), "ijazah.pdf", "kata sandi"),
    "long pdf": (make_pdf(pages=301), "buku.pdf", "300 halaman"),
    "javascript pdf": (make_pdf(edit=with_javascript), "ijazah.pdf", "JavaScript"),
    "launching pdf": (make_pdf(edit=with_nested_launch), "ijazah.pdf", "JavaScript"),
    "program in pdf": (make_pdf(edit=with_program), "ijazah.pdf", "lampiran"),
    "html before pdf": (b"<html>" + make_pdf(), "ijazah.pdf", "tidak sesuai"),
    "workbook where evidence is asked": (zipped("xl/workbook.xml", b""), "a.xlsx", "PDF, PNG"),
}


@pytest.mark.parametrize("case", CORPUS, ids=str)
def test_it_is_refused_with_a_reason_and_nothing_stays(upload, left_behind, case):
    content, name, words = CORPUS[case]

    with pytest.raises(InvalidInput) as refusal:
        upload(content, name)

    assert words in str(refusal.value)
    assert left_behind() == []


def test_a_file_over_the_limit_is_refused_while_it_is_read(upload, left_behind):
    with pytest.raises(FileRefused, match="lebih besar dari 0,1 MB"):
        upload(make_pdf() + b" " * 200_000, "ijazah.pdf", max_mb=0.1)
    assert left_behind() == []


def test_an_image_of_too_many_pixels_is_refused_before_it_is_decoded(upload):
    sink = io.BytesIO()
    Image.new("1", (60_000, 10_000)).save(sink, "PNG")

    with pytest.raises(FileRefused, match="megapiksel"):
        upload(sink.getvalue(), "besar.png")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (make_pdf(), "tabel.xlsx"),
        (zipped("a.txt", b"x"), "tabel.xlsx"),
        (b"PK\x03\x04 not a zip", "tabel.xlsx"),
        (b"\x00\x01\x02" * 500, "tabel.csv"),
        (b"<html><table>", "tabel.csv"),
        (zipped("xl/workbook.xml", b"0" * 150_000_000), "tabel.xlsx"),
    ],
    ids=["pdf", "zip", "broken zip", "binary csv", "html csv", "zip bomb"],
)
def test_a_false_table_is_refused(upload, left_behind, content, name):
    with pytest.raises(InvalidInput):
        upload(content, name, allowed=frozenset({"xlsx", "csv"}))
    assert left_behind() == []


def test_the_pdf_renderer_does_not_make_us_take_broken_images():
    from app.core.pdf import PdfMetadata, render_pdf

    moment = datetime(2026, 1, 1, tzinfo=UTC)
    render_pdf("<p>satu</p>", metadata=PdfMetadata(title="Uji", language="id", created=moment))

    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
