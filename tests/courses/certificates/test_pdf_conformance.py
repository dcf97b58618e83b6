"""The file as an archive: PDF/A-3 rules, tags, fonts, attachments, size."""

import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pikepdf.pdfa
import pytest
import zxingcpp
from PIL import Image

from courses.certificates.facts import MAX_NOTE, Topic, from_json
from courses.certificates.keystore import KeyStore
from courses.certificates.render import CREDENTIAL_FILE, FACTS_FILE, Renderer
from courses.certificates.signing import LocalSigner
from tests.courses.certificates.samples import LONG_NAME, NOW, facts_of
from tests.support.parts import missing_part

LEVEL_RULE = "ISO_19005_3:6.6.4-3"


def run(*command: str) -> str:
    program = shutil.which(command[0])
    if program is None:
        missing_part(command[0], "Install poppler-utils and qpdf.")
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=True)
    return done.stdout


def verdict(data: bytes) -> tuple[str, list[str]]:
    """Return verdict and findings of an independent checker of every PDF/A-3b rule.

    It does not judge a file with attachments or a form at all, and knows level B only (which our
    level A contains), so that it is shown a copy without them; those parts have tests of their own.
    """
    with pikepdf.open(io.BytesIO(data)) as document:
        for name in ("/AcroForm", "/Perms", "/AF", "/Names", "/Extensions"):
            if name in document.Root:
                del document.Root[name]
        for page in document.pages:
            if "/Annots" in page.obj:
                del page.obj["/Annots"]
        xmp = document.Root.Metadata.read_bytes()
        document.Root.Metadata = document.make_stream(
            xmp.replace(b'conformance="A"', b'conformance="B"'),
            Type=pikepdf.Name.Metadata,
            Subtype=pikepdf.Name.XML,
        )
        copy = io.BytesIO()
        document.save(copy)
    report = pikepdf.pdfa.validate_written(copy, "3b")
    return report.verdict, [f"{f.rule} {f.where} {f.message}" for f in report.findings]


def violations(data: bytes) -> list[str]:
    """Return what the checker finds against the file itself, apart from the letter of the level."""
    report = pikepdf.pdfa.validate_written(io.BytesIO(data), "3b")
    found = [f for f in report.findings if f.kind == "violation" and f.rule != LEVEL_RULE]
    return [f"{f.rule} {f.where} {f.message}" for f in found]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"holder": LONG_NAME},
        {"holder": "أحمد بن محمد"},
        {"predicate": "", "score": None, "valid_until": None, "competencies": ()},
        {"topics": tuple(Topic(f"Materi ke-{n}", facts_of().jp) for n in range(60))},
    ],
    ids=["usual", "long", "arabic", "few", "many topics"],
)
def test_the_file_keeps_every_archive_rule(
    renderer: Renderer, store: KeyStore, changes: dict[str, Any]
) -> None:
    unsigned = renderer.render(facts_of(**changes))
    sealed = LocalSigner(store).sign(unsigned, signed_at=NOW, reason="Sertifikat")

    for data in (unsigned, sealed):
        assert verdict(data) == ("pass", [])
        assert violations(data) == []


def test_the_checker_would_notice(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as document:
        del document.Root["/OutputIntents"]
        changed = io.BytesIO()
        document.save(changed)

    assert verdict(changed.getvalue())[0] == "fail"


def test_nothing_is_added_after_the_signature(signed: bytes) -> None:
    assert signed.count(b"%%EOF") == 2  # the finished file, then the signature
    with pikepdf.open(io.BytesIO(signed)) as document:
        byte_range = document.Root.AcroForm.Fields[0].V.ByteRange
        assert int(byte_range[2]) + int(byte_range[3]) == len(signed)


def test_the_file_is_tagged_for_readers(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as document:
        catalog = document.Root
        tags = list(walk(catalog.StructTreeRoot))

        assert str(catalog.Lang) == "id"
        assert bool(catalog.MarkInfo.Marked)
        assert bool(catalog.ViewerPreferences.DisplayDocTitle)
        figures = [tag for tag in tags if tag.get("/S") == "/Figure"]
        assert figures and all(str(tag.get("/Alt", "")) for tag in figures)
        kinds = {str(tag.get("/S")) for tag in tags}
        assert {"/H1", "/H2", "/Table", "/TR", "/TH", "/TD", "/L", "/LI"} <= kinds
        assert all(page.get("/Tabs") == "/S" for page in document.pages)


def walk(node: Any) -> Any:
    """Yield every structure element."""
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from walk(child)


def test_the_metadata_says_the_same_twice(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as document, document.open_metadata() as xmp:
        assert xmp["pdfaid:part"] == "3" and xmp["pdfaid:conformance"] == "A"
        assert xmp["dc:title"] == str(document.docinfo.Title)
        assert facts_of().holder in xmp["dc:title"]


def test_the_colour_profile_is_whole(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as document:
        [intent] = document.Root.OutputIntents

        assert str(intent.S) == "/GTS_PDFA1"
        assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"


def test_credential_and_facts_are_associated_files(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as document:
        named = {str(spec.UF): spec for spec in document.Root.AF}

        assert len(document.Root.AF) == 2
        assert str(named[CREDENTIAL_FILE].AFRelationship) == "/Data"
        assert str(named[FACTS_FILE].AFRelationship) == "/Source"
        assert str(named[CREDENTIAL_FILE].EF.F.Subtype) == "/application/vc+jwt"
        assert from_json(named[FACTS_FILE].EF.F.read_bytes()) == facts_of()


def test_fonts_are_embedded_as_subsets(signed_path: Path) -> None:
    rows = run("pdffonts", str(signed_path)).splitlines()[2:]

    assert rows
    for row in rows:
        assert re.match(r"[A-Z]{6}\+Noto-(Sans|Serif)", row)
        assert re.search(r"\byes yes yes\b", row)


def test_qpdf_finds_no_fault(signed_path: Path) -> None:
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", str(signed_path))


def test_a_file_is_smaller_than_45_kb(signed: bytes) -> None:
    assert len(signed) < 45_000


def test_the_same_record_makes_the_same_file(renderer: Renderer) -> None:
    assert renderer.render(facts_of()) == renderer.render(facts_of())


@pytest.mark.parametrize("holder", [facts_of().holder, LONG_NAME], ids=["usual", "long"])
def test_the_printed_code_is_read_by_a_scanner(
    renderer: Renderer, tmp_path: Path, holder: str
) -> None:
    facts = facts_of(holder=holder)
    (tmp_path / "c.pdf").write_bytes(renderer.render(facts))
    run("pdftoppm", "-r", "200", "-f", "1", "-l", "1", "-gray", "-png",
        str(tmp_path / "c.pdf"), str(tmp_path / "c"))  # fmt: skip
    [image] = tmp_path.glob("c-*.png")

    [found] = zxingcpp.read_barcodes(Image.open(image))

    assert found.text == renderer.sealed_url(facts)


def test_role_topics_and_hours_are_printed(signed_path: Path) -> None:
    text = run("pdftotext", "-layout", str(signed_path), "-")

    for part in (
        "Peserta",
        "32 JP",
        "Standar data dan kode referensi",
        "Tata kelola data: level 3",
    ):
        assert part in text
    assert re.search(r"Perancangan antarmuka layanan\s+16", text)


@pytest.mark.parametrize(
    "changes",
    [
        {"holder": LONG_NAME},
        {"holder": "X" * 200},
        {"title": "Pelatihan Teknis Data " * 9},
        {"holder": LONG_NAME, "title": "Pelatihan Teknis Data " * 9, "note": "W" * MAX_NOTE},
    ],
    ids=["words", "one word", "title", "all with a note"],
)
def test_a_very_long_text_keeps_the_front_on_one_page(
    renderer: Renderer, tmp_path: Path, changes: dict[str, str]
) -> None:
    (tmp_path / "c.pdf").write_bytes(renderer.render(facts_of(**changes)))
    words = run("pdftotext", "-bbox", str(tmp_path / "c.pdf"), "-")
    front = words.split("</page>")[0]
    boxes = [
        tuple(map(float, b))
        for b in re.findall(
            r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', front
        )
    ]

    assert words.count("<page ") == 2
    assert all(45 < b[0] and b[2] < 797 and b[3] < 550 for b in boxes)  # inside the frame, points
    foot = [b for b in boxes if b[1] > 440]
    assert foot and "Diberikan" in front
