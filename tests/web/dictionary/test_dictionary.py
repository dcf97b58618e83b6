"""The dictionary pages and the change of a level policy."""

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from skills.models import Employee, LevelInForce
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import competency, make_level


@pytest.fixture
def person(session: Session) -> Employee:
    """Somebody with an old level."""
    found = make_person(session, make_opd(session), name="Rani Uji")
    make_level(session, found, competency(session), 4, obtained_on=date(2019, 1, 1))
    return found


def test_everybody_signed_in_reads_the_dictionary(client_as: Any, session: Session) -> None:
    client = client_as(employee=make_person(session, make_opd(session)))
    of = competency(session)

    assert of.name in client.get("/kamus").text
    page = client.get(f"/kamus/{of.id}").text
    assert of.levels[0].behaviours[0] in page and "Ubah aturan" not in page


def test_a_word_narrows_the_tree(client_as, session):
    page = client_as("officer").get("/kamus?q=business process model").text.split("<main")[1]

    assert "Pemodelan Proses Bisnis" in page and "Keamanan Aplikasi" not in page


def test_an_unknown_competency_and_an_area_are_not_found(client_as, session):
    client = client_as("officer")
    area = competency(session).parent_id

    assert client.get("/kamus/999999").status_code == 404
    assert client.get(f"/kamus/{area}").status_code == 404


def test_the_file_holds_every_behaviour(client_as, session):
    sheet = load_workbook(
        io.BytesIO(client_as("officer").get("/acuan/dictionary/unduh.xlsx").data)
    ).active

    codes = {row[1] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert "PB-01" in codes and len(codes) > 30


def test_a_policy_shows_its_difference_and_then_applies(client_as, session, person):
    client, of = client_as("officer"), competency(session)
    data = {"mode": "best_within", "years": 3}

    page = client.post(f"/kamus/{of.id}/aturan", data={**data, "aksi": "lihat"}).text
    assert "Rani Uji: 4 →" in page and "tidak lagi berlaku: 1" in page
    assert of.policy == "best"

    answer = client.post(f"/kamus/{of.id}/aturan", data={**data, "aksi": "terapkan"})
    assert answer.status_code == 303 and of.policy == "best_within"
    assert session.get(LevelInForce, (person.id, of.id)) is None


def test_a_policy_without_its_years_is_refused_at_the_field(client_as, session):
    of = competency(session)

    answer = client_as("officer").post(f"/kamus/{of.id}/aturan", data={"mode": "best_within"})

    assert answer.status_code == 422 and "antara 1 dan 20 tahun" in answer.text


def test_only_officers_change_a_policy(client_as, session):
    of = competency(session)
    data = {"mode": "latest", "aksi": "terapkan"}

    assert client_as("assessor").post(f"/kamus/{of.id}/aturan", data=data).status_code == 403
    assert of.policy == "best"
