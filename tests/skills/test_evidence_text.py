"""What is read from a certificate: only what it says plainly."""

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from skills.services.evidence_text import EvidenceFields, fields_of, read_evidence
from tests.factories.profiles import pdf_with

CERTIFICATE = [
    "SERTIFIKAT",
    "Nomor: 12/PEL-DI/BKPSDM/2025",
    "diberikan kepada peserta pelatihan",
    "telah mengikuti Pelatihan Keamanan Siber",
    "selama 40 (empat puluh) jam pelajaran",
    "Berlaku sampai dengan 3 Maret 2028",
    "Pontianak, 4 Maret 2025",
]


def test_a_plain_certificate_is_read_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_with(CERTIFICATE))

    assert read_evidence(path, "application/pdf") == EvidenceFields(
        title="Pelatihan Keamanan Siber",
        document_number="12/PEL-DI/BKPSDM/2025",
        issued_on=date(2025, 3, 4),
        valid_until=date(2028, 3, 3),
        jp=40,
    )


def test_two_different_hours_are_no_answer() -> None:
    assert fields_of(["teori 10 JP", "praktik 20 JP"]).jp is None


def test_an_impossible_date_is_no_answer() -> None:
    assert fields_of(["Pontianak, 31 Februari 2025"]).issued_on is None


def test_an_end_before_the_issue_is_no_answer() -> None:
    found = fields_of(["Diterbitkan 4 Maret 2025", "Berlaku sampai 3 Maret 2020"])

    assert (found.issued_on, found.valid_until) == (None, None)


def test_a_damaged_file_and_a_picture_give_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 broken")

    assert read_evidence(path, "application/pdf").found == {}
    assert read_evidence(path, "image/png").found == {}


@given(st.lists(st.text(max_size=60), max_size=30))
def test_any_text_is_survived(lines: list[str]) -> None:
    found = fields_of(lines)

    assert found.jp is None or 0 < found.jp <= 2000
    assert found.title is None or len(found.title) <= 250
