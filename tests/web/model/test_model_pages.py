"""The model card and the table of abbreviations, through the pages."""

import re

from sqlalchemy import select

from app.core.audit import AuditEvent
from bench.matching_quality import card_rows
from bench.run import load
from matching.models import ModelVersion
from matching.services.reference_sets import shipped_rows
from tests.factories.people import make_employee


def version(page: str) -> str:
    return re.search(r'name="version" value="(\d+)"', page)[1]


def put(client, short, indonesian, number):
    values = {"short": short, "indonesian": indonesian, "english": "", "version": number}
    return client.post("/singkatan", data=values)


def test_a_new_abbreviation_changes_the_search_after_a_rebuild(client_as, session):
    person = make_employee(session, name="Ahli Kabel", education_field="jaringan komputer")
    make_employee(session, name="Bidan Teladan", education_field="kebidanan")
    officer = client_as("officer")
    officer.post("/kartu-model/bangun")
    assert person.name not in officer.get("/pencarian-talenta?q=zzqx").text

    page = officer.get("/singkatan").text
    assert put(officer, "ZZQX", "jaringan komputer", version(page)).status_code == 303
    assert "belum dipakai" in officer.get("/singkatan").text
    officer.post("/kartu-model/bangun")

    assert person.name in officer.get("/pencarian-talenta?q=zzqx").text
    assert "belum dipakai" not in officer.get("/singkatan").text
    assert len(session.scalars(select(ModelVersion)).all()) == 2
    assert session.scalar(
        select(AuditEvent.id).where(AuditEvent.tag == "matching:abbreviation:add")
    )


def test_two_editors_do_not_overwrite_each_other(client_as):
    officer = client_as("officer")
    seen = version(officer.get("/singkatan").text)
    put(officer, "satu", "kata pertama", seen)

    answer = put(officer, "dua", "kata kedua", seen)

    assert answer.status_code == 422
    assert "baru saja diubah" in answer.text
    assert 'value="dua"' in answer.text


def test_a_bad_abbreviation_is_refused_at_its_field_and_an_old_version_comes_back(client_as):
    officer = client_as("officer")
    seen = version(officer.get("/singkatan").text)
    refused = put(officer, "tiga kata panjang", "x y", seen)
    assert (refused.status_code, "satu atau dua kata" in refused.text) == (422, True)
    hostile = "<b>D'Angelo & x</b>"
    put(officer, "d'angelo", hostile, seen)
    page = officer.get("/singkatan?q=angelo").text
    assert hostile not in page
    assert "&lt;b&gt;" in page

    officer.post("/singkatan/pulihkan", data={"number": seen})

    assert "&lt;b&gt;" not in officer.get("/singkatan?q=angelo").text
    officer.post("/singkatan/hapus", data={"short": "spbe"})
    assert "1 hasil" not in officer.get("/singkatan?q=sistem pemerintahan berbasis").text
    assert officer.post("/singkatan/hapus", data={"short": "takada"}).status_code == 404


def test_everybody_reads_the_card_and_only_officers_and_administrators_edit(client_as):
    employee = client_as("employee")
    page = employee.get("/kartu-model").text
    assert "Yang tidak pernah masuk" in page
    assert "/kartu-model/bangun" not in page
    assert employee.get("/singkatan").status_code == 403
    assert client_as("auditor").get("/singkatan").status_code == 403
    assert client_as("admin").get("/singkatan").status_code == 200


def test_the_card_shows_the_figures_that_were_measured():
    assert list(shipped_rows("model_quality")) == card_rows(load("matching_quality"))
