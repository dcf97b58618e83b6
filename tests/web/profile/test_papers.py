"""One's own data on paper and as a file, and who processed it."""

import io
import shutil
import subprocess
from typing import Any

import pikepdf
import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from skills.models import (
    Competency,
    EducationRecord,
    Employee,
    PortfolioItem,
    PositionRecord,
    TrainingRecord,
)
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import competency, make_claim, make_level
from tests.support.parts import missing_part


@pytest.fixture
def person(session: Session) -> Employee:
    """Somebody with a level and a claim."""
    found = make_person(session, make_opd(session), name="Rani O'Neil Uji")
    make_level(session, found, competency(session), 3)
    make_claim(session, found, competency(session, "DI-01"), title="=SUM(A1)")
    return found


@pytest.fixture
def owner(client_as: Any, person: Employee) -> Any:
    """A client of the person."""
    return client_as(employee=person)


def sheets(answer: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of a workbook by sheet."""
    book = load_workbook(io.BytesIO(answer.data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def text_of(content: bytes) -> str:
    """Return the words of a PDF as poppler reads them."""
    if shutil.which("pdftotext") is None:
        missing_part("words of a PDF", "Install poppler-utils.")
    ran = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return ran.stdout.decode()


def test_the_talent_profile_is_one_page_also_for_a_long_career(owner, session, person):
    answer = owner.get("/profil/talenta.pdf")
    with pikepdf.open(io.BytesIO(answer.data)) as document:
        assert len(document.pages) == 1
        assert "Rani" in str(document.docinfo["/Title"])
    long = "Pelatihan Kepemimpinan Administrator dan Pengawasan Pembangunan Daerah Kepulauan"
    for number, of in enumerate(session.query(Competency).filter_by(is_area=False).limit(60)):
        make_level(session, person, of, 1 + number % 5)
    for number in range(30):
        title = f"{long} {long} Angkatan {number}"
        session.add_all(
            [
                TrainingRecord(employee_id=person.id, title=title[:250], source="demo"),
                PositionRecord(
                    employee_id=person.id, position_name=title[:250], opd_name=long, source="demo"
                ),
                PortfolioItem(employee_id=person.id, title=title[:200], description=""),
                EducationRecord(employee_id=person.id, level="S1", field=long * 2, source="demo"),
            ]
        )
    person.name = "Muhammad " * 20

    answer = owner.get("/profil/talenta.pdf")

    with pikepdf.open(io.BytesIO(answer.data)) as document:
        assert len(document.pages) == 1
    words = text_of(answer.data)
    assert "Level yang hanya diklaim tidak dimuat" in words and "Kesenjangan" in words


def test_ones_own_data_comes_at_once_with_the_trail(owner, client_as, person):
    client_as("officer", name="Petugas Uji").get(f"/profil/{person.id}")

    found = sheets(owner.post("/profil/unduh"))

    assert ("NIP", person.nip) in [row[:2] for row in found["Identitas"]]
    assert found["Riwayat level"][1][1] == 3 and found["Klaim"][1][3] == "=SUM(A1)"
    trail = [row[1:] for row in found["Siapa yang memproses"]]
    assert ("Petugas Uji", "melihat profil", "pengelolaan profil kompetensi") in trail
    assert "Akun" in found and not {"password_hash", "totp_secret"} & set(found["Akun"][0])


def test_a_person_sees_who_looked(owner, client_as, person):
    client_as("officer", name="Petugas Uji").get(f"/profil/{person.id}")

    page = owner.get("/profil/akses").text
    assert "Petugas Uji" in page and "Melihat profil" in page


def test_others_print_only_within_their_reach(client_as, session, person):
    outside = client_as("opd_manager", opd_id=make_opd(session).id)
    assert outside.get(f"/profil/{person.id}/talenta.pdf").status_code == 404

    assert client_as("officer").get(f"/profil/{person.id}/talenta.pdf").status_code == 200
