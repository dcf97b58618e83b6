"""A claim in three steps over HTTP, with what goes wrong on the way."""

import io
from typing import Any

import pikepdf
import pytest
from PIL import Image
from sqlalchemy.orm import Session

from skills.enums import ClaimState
from skills.models import Claim, Employee
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import competency, make_claim, pdf_with, png


@pytest.fixture
def person(session: Session) -> Employee:
    """The owner."""
    return make_person(session, make_opd(session))


@pytest.fixture
def owner(client_as: Any, person: Employee) -> Any:
    """A client of the owner."""
    return client_as(employee=person)


def drop(client: Any, claim_id: int, content: bytes, name: str) -> Any:
    """Send a file to a draft."""
    data = {"file": (io.BytesIO(content), name)}
    return client.post(f"/profil/klaim/{claim_id}/bukti", data=data)


def locked_pdf() -> bytes:
    """Return a PDF that opens with a password only."""
    target = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(target, encryption=pikepdf.Encryption(owner="a", user="b"))
    return target.getvalue()


def scan(pages: int) -> bytes:
    """Return a PDF of pictures without any text."""
    target = io.BytesIO()
    picture = Image.effect_noise((120, 160), 60).convert("RGB")
    rest = [picture] * (pages - 1)
    picture.save(target, "PDF", save_all=True, append_images=rest)
    return target.getvalue()


def draft(session: Session, client: Any, level: int = 3) -> Claim:
    """Take step one."""
    of = competency(session)
    answer = client.post("/profil/klaim/baru", data={"competency_id": of.id, "level": level})
    assert answer.status_code == 303
    return session.query(Claim).one()


def test_three_steps_from_choice_to_the_verifiers(owner, session):
    claim = draft(session, owner)
    lines = ["Nomor: 12/PEL/2025", "telah mengikuti Pelatihan Data", "30 JP"]
    answer = drop(owner, claim.id, pdf_with(lines), "sertifikat.pdf")
    page = owner.get(answer.location).text
    assert 'value="12/PEL/2025"' in page and 'value="Pelatihan Data"' in page
    assert "Terbaca dari berkas" in page and "Berkas tidak terbaca" in page

    fields = {"title": "Pelatihan Data", "jp": 30, "aksi": "kirim"}
    answer = owner.post(f"/profil/klaim/{claim.id}/periksa", data=fields)

    assert claim.state == ClaimState.SUBMITTED
    assert "Di asesor BKPSDM atau atasan langsung sejak" in owner.get(answer.location).text


def test_the_behaviours_are_shown_before_a_level_is_chosen(owner, session):
    of = competency(session)

    page = owner.get(f"/profil/klaim/baru?kompetensi={of.id}").text

    assert of.levels[0].behaviours[0] in page and of.levels[4].behaviours[0] in page


def test_a_second_click_sends_once(owner, session):
    claim = draft(session, owner)
    drop(owner, claim.id, png(), "foto.png")
    fields = {"title": "Surat tugas", "aksi": "kirim"}
    for _click in range(2):
        assert owner.post(f"/profil/klaim/{claim.id}/periksa", data=fields).status_code == 303

    assert [step.action for step in claim.steps] == ["submit"]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (png(), "gambar.pdf", "tidak sesuai dengan akhiran"),
        (b"%PDF-1.7 broken", "rusak.pdf", "PDF ini rusak"),
        (b"PK\x03\x04", "makro.xlsm", "Jenis berkas ini tidak diterima"),
        (b"", "kosong.pdf", "Berkas kosong"),
        (locked_pdf(), "terkunci.pdf", "sandi"),
    ],
)
def test_a_bad_file_is_refused_at_its_field_and_the_draft_stays(
    owner, session, content, name, words
):
    claim = draft(session, owner)

    answer = drop(owner, claim.id, content, name)

    assert answer.status_code == 422 and words in answer.text
    assert 'id="f-file-error"' in answer.text
    assert claim.state == ClaimState.DRAFT and not claim.evidence


def test_a_wrong_date_keeps_what_was_typed(owner, session):
    claim = draft(session, owner)
    drop(owner, claim.id, png(), "foto.png")
    fields = {"title": "Bukti O'Neil <b>", "issued_on": "2999-01-01", "aksi": "kirim"}

    answer = owner.post(f"/profil/klaim/{claim.id}/periksa", data=fields)

    assert answer.status_code == 422 and "tidak boleh di masa depan" in answer.text
    assert "Bukti O&#39;Neil &lt;b&gt;" in answer.text
    assert claim.state == ClaimState.DRAFT


def test_sending_without_a_title_keeps_the_draft(owner, session):
    claim = draft(session, owner)
    drop(owner, claim.id, png(), "foto.png")

    answer = owner.post(
        f"/profil/klaim/{claim.id}/periksa", data={"note": "lihat hal. 2", "aksi": "kirim"}
    )

    assert answer.status_code == 422 and "Isi judul bukti" in answer.text
    assert claim.note == "lihat hal. 2"


def test_a_draft_waits_to_be_continued(owner, session):
    claim = draft(session, owner)
    drop(owner, claim.id, png(), "foto.png")

    answer = owner.post(f"/profil/klaim/{claim.id}/periksa", data={"aksi": "simpan"})

    assert "Draf disimpan" in owner.get(answer.location).text
    assert "Kirim draf" in owner.get("/profil").text


def test_a_removed_file_is_gone(owner, session):
    claim = draft(session, owner)
    drop(owner, claim.id, png(), "foto.png")
    file_id = claim.evidence[0].file_id

    owner.post(f"/profil/klaim/{claim.id}/bukti/{file_id}/lepas")

    assert not claim.evidence
    assert owner.get(f"/berkas/{file_id}").status_code == 404


@pytest.mark.parametrize("path", ["", "/bukti", "/periksa"])
def test_another_persons_claim_looks_like_none(client_as, session, person, path):
    claim = make_claim(session, person, competency(session), state=ClaimState.DRAFT)
    stranger = client_as(employee=make_person(session, person.opd))

    assert stranger.get(f"/profil/klaim/{claim.id}{path}").status_code == 404
    assert stranger.post(f"/profil/klaim/{claim.id}/tarik").status_code == 404


def test_evidence_cannot_be_put_on_somebody_elses_claim(client_as, session, person):
    claim = make_claim(session, person, competency(session), state=ClaimState.DRAFT, file=False)
    stranger = client_as(employee=make_person(session, person.opd))

    assert drop(stranger, claim.id, png(), "foto.png").status_code == 404
    assert not claim.evidence


def test_evidence_is_read_by_owner_verifier_and_auditor_only(client_as, session, owner):
    claim = draft(session, owner)
    drop(owner, claim.id, png(), "foto.png")
    address = f"/berkas/{claim.evidence[0].file_id}"
    assessor, auditor = client_as("assessor"), client_as("auditor")
    assert assessor.get(address).status_code == 404  # a draft is the owner's

    owner.post(f"/profil/klaim/{claim.id}/periksa", data={"title": "Foto", "aksi": "kirim"})

    answers = [client.get(address).status_code for client in (owner, assessor, auditor)]
    assert answers == [200, 200, 200]
    assert client_as("organiser").get(address).status_code == 404


def test_a_scan_of_300_pages_is_kept_and_said_to_be_unreadable(owner, session):
    claim = draft(session, owner)

    answer = drop(owner, claim.id, scan(300), "pindaian.pdf")

    assert answer.status_code == 303
    page = owner.get(answer.location).text
    assert "Tidak ada yang dapat dibaca dari berkas ini" in page
    assert len(claim.evidence) == 1 and claim.state == ClaimState.DRAFT


@pytest.mark.parametrize("level", [0, 6, "tiga", ""])
def test_a_level_that_cannot_be_is_refused_at_its_field(owner, session, level):
    data = {"competency_id": competency(session).id, "level": level}

    answer = owner.post("/profil/klaim/baru", data=data)

    assert answer.status_code == 422 and 'id="level-error"' in answer.text
    assert session.query(Claim).count() == 0
