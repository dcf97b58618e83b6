"""The public check: no account, every printed field, every state, nothing that is private."""

import io
import json
from dataclasses import replace
from datetime import date, timedelta

import pikepdf
import pytest

from app.core import clock
from app.core.files.models import StoredFile
from app.core.files.services import read_bytes
from app.web.verification import limits
from courses.certificates.keystore import open_keystore
from courses.certificates.render import Renderer, SealSigner
from courses.certificates.seal import read_revocations
from courses.enums import CertificateState
from courses.models import Certificate
from courses.services.certificate_records import facts_of, revoke
from courses.services.public_check import keyring
from courses.services.validity import change_validity
from courses.services.workshop import keys_folder
from tests.factories.courses import (
    certificates_of,
    make_completed,
    make_course,
    make_signatory,
    people_of,
    reread,
)


@pytest.fixture(autouse=True)
def _fresh_limits():
    limits.CODES.clear()
    limits.FILES.clear()


@pytest.fixture
def certificate(session, issue_all):
    run = make_completed(session, 1)
    issue_all(run)
    return certificates_of(session, run)[0]


def text_of(answer):
    return answer.get_data(as_text=True)


def test_verification_shows_every_printed_field_and_needs_no_account(client, certificate):
    page = client.get(f"/s/{certificate.code}")

    facts = certificate.facts
    printed = (facts["holder"], facts["title"], facts["number"], facts["organiser"], "20 JP")
    assert page.status_code == 200
    assert "Sertifikat berlaku" in text_of(page)
    for field in printed:
        assert str(field) in text_of(page), field


def test_a_typed_code_with_hyphens_and_lookalikes_leads_to_the_answer(client, certificate):
    code = certificate.code.replace("0", "o").lower()

    answer = client.get("/sertifikat/cek", query_string={"kode": f"{code[:6]}-{code[6:]}"})

    assert answer.location == f"/s/{certificate.code}"


def test_verification_answers_expired_revoked_and_replaced(session, client, certificate, organiser):
    certificate.valid_until = clock.today() - timedelta(1)
    assert "Masa berlaku berakhir" in text_of(client.get(f"/s/{certificate.code}"))
    certificate.valid_until = None
    revoke(session, actor=organiser, certificate=certificate, reason="Salah nama")
    assert "dicabut" in text_of(client.get(f"/s/{certificate.code}"))
    assert "Salah nama" in text_of(client.get(f"/s/{certificate.code}"))
    certificate.state = CertificateState.REPLACED
    assert "Sertifikat diganti" in text_of(client.get(f"/s/{certificate.code}"))


@pytest.mark.parametrize(("code", "status"), [("A" * 26, 404), ("pendek", 400), ("x" * 300, 400)])
def test_verification_answers_unknown_and_malformed_codes_in_words(client, code, status):
    assert client.get(f"/s/{code}").status_code == status
    assert client.get(f"/api/v1/certificates/{code}").status_code == status


def test_a_reserved_number_is_unknown_to_the_public(session, client, certificate):
    certificate.state = CertificateState.RESERVED

    assert client.get(f"/s/{certificate.code}").status_code == 404


def test_the_json_answer_has_status_issuer_title_and_dates_and_no_nip_or_mail(
    session, client, certificate
):
    answer = client.get(f"/api/v1/certificates/{certificate.code}")

    person = people_of(session, certificate.enrolment.session)[0].employee
    assert answer.json["status"] == "valid"
    assert answer.json["number"] == certificate.number
    assert answer.json["title"] == certificate.facts["title"]
    assert answer.json["issuer"]["name"] == certificate.facts["organiser"]
    assert answer.json["issued_on"] == certificate.issued_on.isoformat()
    assert person.nip not in json.dumps(answer.json)
    assert "@" not in json.dumps(answer.json)


def test_the_documented_fields_are_those_of_the_answer(client, certificate):
    answer = client.get(f"/api/v1/certificates/{certificate.code}").json
    page = text_of(client.get("/api/v1/certificates"))

    for name in answer:
        assert name in page, name


def drop(client, data):
    return client.post("/sertifikat/cek", data={"file": (io.BytesIO(data), "sertifikat.pdf")})


def file_of(session, certificate):
    return read_bytes(session.get(StoredFile, certificate.file_id))


def test_the_file_as_issued_is_found_genuine(session, client, certificate):
    page = text_of(drop(client, file_of(session, certificate)))

    assert "Berkas asli" in page
    assert "Segel elektronik sah" in page


def test_a_pdf_that_somebody_edited_is_caught_and_the_edited_field_is_named(
    session, client, certificate
):
    store = open_keystore(keys_folder(), organisation="Uji", now=clock.now())
    facts = facts_of(certificate)
    forged = Renderer(SealSigner(store.seal_key, store.seal)).render(
        replace(facts, holder="Orang Lain Sekali, S.H.")
    )
    target = io.BytesIO()
    with (
        pikepdf.open(io.BytesIO(file_of(session, certificate))) as document,
        pikepdf.open(io.BytesIO(forged)) as other,
    ):
        page, model = document.pages[0].obj, other.pages[0].obj
        page.Contents = document.copy_foreign(model.Contents)
        page.Resources = document.copy_foreign(model.Resources)
        document.save(target)

    answer = text_of(drop(client, target.getvalue()))

    assert "Berkas telah diubah" in answer and "Berkas asli" not in answer
    assert "Nama pemegang" in answer and facts.holder in answer


def test_an_edited_file_is_refused(session, client, certificate):
    data = bytearray(file_of(session, certificate))
    data[len(data) // 2] ^= 1

    page = text_of(drop(client, bytes(data)))

    assert "Berkas telah diubah" in page or "Bukan sertifikat" in page
    assert "Berkas asli" not in page


@pytest.mark.parametrize("data", [b"", b"bukan pdf", b"%PDF-1.7\n%%EOF"])
def test_a_file_that_is_no_certificate_gets_a_plain_answer(client, data):
    answer = drop(client, data)

    assert answer.status_code in (200, 400)
    assert "Berkas asli" not in text_of(answer)


def test_revocation_shows_at_once_in_file_check_page_api_and_list_and_deletes_nothing(
    session, client, certificate, organiser
):
    content = file_of(session, certificate)
    before = client.get("/sertifikat/daftar-pencabutan.jwt").get_data(as_text=True)
    revoke(session, actor=organiser, certificate=certificate, reason="Salah nama")
    after = client.get("/sertifikat/daftar-pencabutan.jwt").get_data(as_text=True)

    assert read_revocations(before, keyring()).state_of(certificate.code) is None
    assert read_revocations(after, keyring()).state_of(certificate.code)[0] == "revoked"
    answer = client.get(f"/api/v1/certificates/{certificate.code}").json
    today = clock.today().isoformat()
    assert (answer["status"], answer["reason"], answer["withdrawn_on"]) == (
        "revoked",
        "Salah nama",
        today,
    )
    for page in (client.get(f"/s/{certificate.code}"), drop(client, content)):
        assert "Sertifikat dicabut" in text_of(page) and "Salah nama" in text_of(page)
        assert certificate.facts["holder"] in text_of(page)
    assert file_of(session, certificate) == content


def test_the_published_list_carries_new_last_days_and_names_the_replacement(
    session, client, client_as, issue_all, organiser
):
    run = make_completed(session, 3, course=make_course(session, valid_months=12))
    issue_all(run)
    rows = certificates_of(session, run)
    for until in (date(2099, 1, 1), None):
        change_validity(
            session, actor=organiser, certificate=rows[0], until=until, reason="Standar"
        )
    back = rows[1].valid_until  # moved and moved back: as printed, so not in the list
    for until in (date(2099, 1, 1), back):
        change_validity(session, actor=organiser, certificate=rows[1], until=until, reason="Keliru")
    data = {"reason": "Salah gelar", "penanda": make_signatory(session).id}
    session.commit()
    client_as("organiser").post(f"/sertifikat/{rows[2].id}/ganti", data=data)
    reread(session)
    follower = session.get(Certificate, rows[2].replaced_by_id)

    token = client.get("/sertifikat/daftar-pencabutan.jwt").get_data(as_text=True)
    listed = read_revocations(token, keyring())

    assert list(listed.last_days.values()) == [None]
    assert listed.last_day(rows[0].code, back) is None
    assert listed.last_day(rows[1].code, back) == back
    assert listed.state_of(rows[2].code)[::2] == ("replaced", follower.number)
    assert listed.sequence == client.get("/sertifikat/log.json").json["size"]


def test_keys_and_the_head_of_the_log_are_published(session, client, certificate):
    reread(session)

    assert client.get("/.well-known/jwks.json").json["keys"][0]["crv"] == "Ed25519"
    assert client.get("/.well-known/did.json").json["id"].startswith("did:web:")
    assert client.get("/sertifikat/log.json").json["size"] == 1


def test_one_address_cannot_ask_without_end(client):
    answers = {client.get("/s/pendek").status_code for _ in range(limits.CODES.calls + 1)}

    assert answers == {400, 429}


def test_the_offline_copy_carries_keys_list_and_script(client, certificate):
    page = text_of(client.get("/sertifikat/cek/luring.html"))

    assert "eKarirOffline" in page
    assert '"kty": "OKP"' in page
    assert "src=" not in page


def test_the_check_speaks_english_to_an_english_browser(client):
    page = client.get("/sertifikat/cek", headers={"Accept-Language": "en"})

    assert '<html lang="en"' in text_of(page)
