"""What an organiser sets around certificates: templates, numbers, old ones, sheets per person."""

import io

import pikepdf
from sqlalchemy import select

from app.core.files.models import StoredFile
from app.core.files.services import read_bytes
from app.core.spreadsheet.writer import csv_text
from courses.certificates.credential import read_credential
from courses.certificates.page_text import printed_pages
from courses.certificates.template import default_template
from courses.models import Certificate, CertificateTemplate, Organiser
from courses.services.public_check import keyring
from tests.factories.courses import (
    certificates_of,
    make_completed,
    make_signatory,
    people_of,
    reread,
)

HEAD = ("nomor", "nama", "judul", "mulai", "selesai", "terbit", "jp")


def draft_of(session, browser, code="TEKNIS"):
    browser.post("/sertifikat/templat", data={"code": code, "name": "Templat uji"})
    reread(session)
    return session.scalars(
        select(CertificateTemplate).order_by(CertificateTemplate.id.desc())
    ).first()


def texts_of(data):
    with pikepdf.open(io.BytesIO(data)) as document:
        return str(document.docinfo), len(document.pages)


def test_a_template_goes_from_draft_to_use_and_is_never_edited_after(session, client_as):
    browser = client_as("organiser")
    row = draft_of(session, browser)
    address = f"/sertifikat/templat/{row.id}"
    html = default_template().html.replace("<h1>", "<p>Kalimat sendiri</p><h1>")
    data = {"name": "Templat uji", "html": html, "css": row.css, "version": row.version}

    saved = browser.post(address, data=data)
    stale = browser.post(address, data=data)
    specimen = browser.get(f"{address}/contoh-1.pdf")
    browser.post(f"{address}/terbitkan")
    reread(session)
    late = browser.post(address, data=data | {"version": row.version})

    assert (saved.status_code, stale.status_code, late.status_code) == (303, 409, 409)
    assert specimen.data.startswith(b"%PDF-")
    assert row.state == "in_force"
    assert "Kalimat sendiri" in row.html


def test_a_template_cannot_read_call_or_leave_out_what_must_be_printed(session, client_as):
    browser = client_as("organiser")
    row = draft_of(session, browser)
    address, usual = f"/sertifikat/templat/{row.id}", default_template().html
    bad = {
        "{{ number }}": "",  # an essential field is gone
        "<h1>": "{{ ''.__class__.__mro__ }}<h1>",
        "</h1>": "{{ no_such_thing }}</h1>",
        "<header>": "{% for x in range(10) %}<header>",
    }

    for old, new in bad.items():
        data = {"name": "Uji", "html": usual.replace(old, new), "css": "", "version": row.version}
        answer = browser.post(address, data=data)
        assert answer.status_code == 422, new
        assert new[:12].replace("'", "&#39;").replace("<", "&lt;") in answer.get_data(as_text=True)


def test_certificates_are_made_with_the_chosen_template_and_a_retired_one_is_refused(
    session, client_as
):
    browser = client_as("organiser")
    row = draft_of(session, browser)
    html = default_template().html.replace("<h1>", "<h2>Susunan lain</h2><h1>")
    browser.post(
        f"/sertifikat/templat/{row.id}",
        data={"name": "Uji", "html": html, "css": row.css, "version": row.version},
    )
    browser.post(f"/sertifikat/templat/{row.id}/terbitkan")
    run = make_completed(session, 2)
    official = make_signatory(session)
    first, second = people_of(session, run)
    address = f"/pelatihan/sesi/{run.id}/sertifikat"
    base = {"penanda": official.id, "tanggal": run.ends_on.isoformat()}

    look = browser.get(
        f"{address}/pratinjau", query_string=base | {"orang": first.id, "templat": row.id}
    )
    browser.post(f"{address}/terbitkan", data=base | {"orang": first.id, "templat": row.id})
    browser.post(f"/sertifikat/templat/{row.id}/hentikan")
    browser.post(f"{address}/terbitkan", data=base | {"orang": second.id, "templat": row.id})

    reread(session)
    made = certificates_of(session, run)
    data = read_bytes(session.get_one(StoredFile, made[0].file_id))
    with pikepdf.open(io.BytesIO(data)) as document:
        headings = [
            str(e.get("/S"))
            for e in document.objects
            if isinstance(e, pikepdf.Dictionary) and "/S" in e
        ]
    assert "Templat: Uji" in look.get_data(as_text=True)
    assert [row_.template_id for row_ in made] == [row.id]
    assert headings.count("/H2") > 2  # the page's own second heading beside the usual ones
    check = client_as("organiser").post(
        "/sertifikat/cek", data={"file": (io.BytesIO(data), "a.pdf")}
    )
    assert "Berkas asli" in check.get_data(as_text=True)


def test_the_number_pattern_shows_what_comes_next_and_refuses_a_broken_one(session, client_as):
    browser = client_as("organiser")
    row = session.scalars(select(Organiser).order_by(Organiser.code)).first()

    for pattern in ("tanpa tempat", "{number}", "{number}/{year}/{x}", "{number:4}" * 20):
        answer = browser.post("/sertifikat/nomor", data={"organiser": row.id, "pattern": pattern})
        assert answer.status_code == 422, pattern
    good = {"organiser": row.id, "pattern": "{number:4}/UJI/{month_roman}/{year}"}
    browser.post("/sertifikat/nomor", data=good)

    assert "0001/UJI/" in browser.get("/sertifikat/nomor").get_data(as_text=True)


def legacy(browser, rows, organiser, name="lama.csv"):
    content = csv_text(HEAD, rows).encode()
    return browser.post(
        "/sertifikat/lama",
        data={"organiser": organiser.id, "file": (io.BytesIO(content), name)},
    )


def test_old_certificates_are_looked_at_before_they_are_recorded(session, client_as):
    browser = client_as("organiser")
    organiser = session.scalars(select(Organiser).order_by(Organiser.code)).first()
    good = (
        "1/BKD/2015",
        "D'Angelo & <b>",
        "Diklat",
        "2015-01-01",
        "2015-01-02",
        "2015-01-03",
        "20",
    )
    bad = ("2/BKD/2015", "Orang", "Diklat", "kemarin", "2015-01-02", "2015-01-03", "20")

    page = legacy(browser, [good, bad], organiser).get_data(as_text=True)
    file_id = session.scalars(
        select(StoredFile.id).where(StoredFile.purpose == "certificate_legacy")
    ).one()
    reread(session)
    before = session.scalars(select(Certificate)).all()
    data = {"file_id": file_id, "organiser_id": organiser.id}
    browser.post("/sertifikat/lama/simpan", data=data)
    again = browser.post("/sertifikat/lama/simpan", data=data)

    reread(session)
    kept = session.scalars(select(Certificate)).one()
    assert "Catat 1 sertifikat" in page and "kemarin" in page
    assert before == []
    assert kept.facts["holder"] == "D'Angelo & <b>"
    assert again.status_code == 404  # the file is gone once it was taken over


def test_a_wrong_list_of_old_certificates_is_told_at_the_field(session, client_as):
    browser = client_as("organiser")
    organiser = session.scalars(select(Organiser).order_by(Organiser.code)).first()

    answers = [
        legacy(browser, [], organiser, "daftar.pdf"),
        browser.post("/sertifikat/lama", data={"organiser": organiser.id}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert browser.get("/sertifikat/lama/contoh.xlsx").data.startswith(b"PK")


def sheet(browser, run, rows, head=("NIP", "Nama", "Peran", "Predikat")):
    content = csv_text(head, rows).encode()
    return browser.post(
        f"/pelatihan/sesi/{run.id}/sertifikat/isian",
        data={"file": (io.BytesIO(content), "isian.csv")},
    ).get_data(as_text=True)


def test_a_sheet_gives_each_person_a_role_and_a_predicate_of_the_own(session, client_as, issue_all):
    browser, run = client_as("organiser"), make_completed(session, 2)
    first, second = people_of(session, run)
    rows = [
        (first.employee.nip, "", "narasumber", "Sangat Memuaskan"),
        (second.employee.nip, "", "", ""),
    ]

    refused = sheet(browser, run, [*rows, (first.employee.nip, "", "raja", "")])
    page = sheet(browser, run, rows)
    file_id = session.scalars(
        select(StoredFile.id)
        .where(StoredFile.purpose == "certificate_sheet")
        .order_by(StoredFile.id.desc())
    ).first()
    browser.post(f"/pelatihan/sesi/{run.id}/sertifikat/isian/terapkan", data={"file_id": file_id})
    issue_all(run)

    facts = [row.facts for row in certificates_of(session, run)]
    assert "sudah ada di baris" in refused and "Simpan" not in refused
    assert "Simpan 1 perubahan" in page
    assert (facts[0]["role"], facts[0]["predicate"]) == ("narasumber", "Sangat Memuaskan")
    assert (facts[1]["role"], facts[1]["predicate"]) == ("peserta", "")
    out = browser.get(f"/pelatihan/sesi/{run.id}/sertifikat/isian.xlsx")
    assert out.data.startswith(b"PK")


def apply_last_sheet(session, browser, run):
    file_id = session.scalars(
        select(StoredFile.id)
        .where(StoredFile.purpose == "certificate_sheet")
        .order_by(StoredFile.id.desc())
    ).first()
    browser.post(f"/pelatihan/sesi/{run.id}/sertifikat/isian/terapkan", data={"file_id": file_id})
    reread(session)


NOTED = ("NIP", "Nama", "Nilai", "Peran", "Predikat", "Catatan")


def test_a_sheet_gives_each_person_a_note_that_is_printed_checked_and_in_the_credential(
    session, client, client_as, issue_all
):
    browser, run = client_as("organiser"), make_completed(session, 2)
    first, second = people_of(session, run)
    note = "Menyusun modul <b>data</b> yang dipakai seluruh kota."
    rows = [
        (first.employee.nip, "", "", "", "", note),
        (second.employee.nip, "", "", "", "Baik", ""),
    ]

    page = sheet(browser, run, rows, NOTED)
    apply_last_sheet(session, browser, run)
    sheet(browser, run, [(first.employee.nip, "", "", "Sangat Baik")])  # without the column
    apply_last_sheet(session, browser, run)
    listed = browser.get(f"/pelatihan/sesi/{run.id}/sertifikat").get_data(as_text=True)
    issue_all(run)

    row, plain = certificates_of(session, run)
    public = client.get(f"/s/{row.code}").get_data(as_text=True)
    content = read_bytes(session.get(StoredFile, row.file_id))
    with pikepdf.open(io.BytesIO(content)) as document:
        lines = sum(printed_pages(document), [])
        token = document.attachments["credential.jwt"].get_file().read_bytes().decode()
    escaped = "Menyusun modul &lt;b&gt;data&lt;/b&gt;"
    assert escaped in page and escaped in listed and escaped in public
    assert "".join(note.split()) in "".join("".join(lines).split())
    assert read_credential(token, keyring())["credentialSubject"]["narrative"] == note
    assert (row.facts["note"], row.facts["predicate"]) == (note, "Sangat Baik")
    assert client.get(f"/api/v1/certificates/{row.code}").json["note"] == note
    assert "note" not in plain.facts
    assert client.get(f"/api/v1/certificates/{plain.code}").json["note"] is None


def test_a_note_that_cannot_be_printed_or_names_an_address_is_refused_at_its_row(
    session, client_as
):
    browser, run = client_as("organiser"), make_completed(session, 1)
    nip = people_of(session, run)[0].employee.nip
    bad = {
        "x" * 161: "paling panjang 160",
        "Surel orang@contoh.go.id": "alamat surel",
        f"NIP {nip}": "jangan memuat NIP",
        "Juara 漢": "tidak dapat dicetak",
    }

    for note, words in bad.items():
        page = sheet(browser, run, [(nip, "", "", "", "", note)], NOTED)
        assert words in page and "Simpan 1 perubahan" not in page


def test_the_same_person_twice_in_a_sheet_writes_nothing(session, client_as):
    browser, run = client_as("organiser"), make_completed(session, 1)
    [row] = people_of(session, run)
    nip = row.employee.nip

    page = sheet(browser, run, [(nip, "", "panitia", "A"), (f"'{nip}", "", "moderator", "B")])
    apply_last_sheet(session, browser, run)

    assert "sudah ada di baris di atasnya" in page
    assert (row.role, row.predicate) == ("participant", "")


def test_a_template_that_leaves_a_note_out_is_refused_before_anything_is_reserved(
    session, client_as
):
    browser = client_as("organiser")
    template = draft_of(session, browser, "TANPA")
    html = template.html.replace("{{ note }}", "").replace("{% if note %}", "{% if jp %}")
    data = {"name": "Tanpa catatan", "html": html, "css": "", "version": template.version}
    browser.post(f"/sertifikat/templat/{template.id}", data=data)
    browser.post(f"/sertifikat/templat/{template.id}/terbitkan")
    run, official = make_completed(session, 1), make_signatory(session)
    [row] = people_of(session, run)
    row.printed_note = "Peserta terbaik."
    session.commit()
    data = {"orang": row.id, "penanda": official.id, "templat": template.id}

    look = browser.get(
        f"/pelatihan/sesi/{run.id}/sertifikat/pratinjau", query_string=data, follow_redirects=True
    )
    late = browser.post(
        f"/pelatihan/sesi/{run.id}/sertifikat/terbitkan", data=data, follow_redirects=True
    )

    reread(session)
    for answer in (look, late):
        assert "Templat Tanpa catatan tidak memuat catatan" in answer.get_data(as_text=True)
    assert certificates_of(session, run) == []
