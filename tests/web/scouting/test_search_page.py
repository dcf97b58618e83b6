"""Searching without a seat, through the page."""

from sqlalchemy import select

from matching.models import SavedSearch
from tests.factories.people import give_level, make_employee


def find(client, **query):
    return client.get("/pencarian-talenta", query_string=query)


def test_free_text_finds_the_person_whose_text_says_it(client_as, session):
    expert = make_employee(session, name="Ahli Kamera", education_field="Teknik jaringan dan CCTV")
    make_employee(session, name="Bidan Teladan", education_field="Kebidanan")

    page = find(client_as("officer"), q="admin yang paham CCTV dan jaringan").text

    assert expert.name in page
    assert "Bidan Teladan" not in page


def test_a_model_person_finds_the_like(client_as, session):
    model, like = make_employee(session, name="Contoh"), make_employee(session, name="Serupa")
    for person in (model, like):
        give_level(session, person, "AP-02", 4)

    page = find(client_as("officer"), mirip=model.id).text

    assert page.index("Serupa") > page.index("Mirip dengan Contoh")


def test_filters_alone_are_enough(client_as, session):
    make_employee(session, name="Lulusan Diploma", education_level="D-III")
    make_employee(session, name="Sarjana Terpilih", education_level="S1")
    officer = client_as("officer")

    page = find(officer, pendidikan="S1", status="PNS").text

    assert "Sarjana Terpilih" in page
    assert "Hanya saringan" in page


def test_odd_texts_are_answered(client_as, session):
    make_employee(session)
    officer = client_as("officer")

    assert find(officer, q="a" * 20_001).status_code == 422
    assert find(officer, q="jaringan " * 2_000).status_code == 200
    assert "Tidak ada kata yang dikenal" in find(officer, q="中文網絡攝影機").text
    assert find(officer).status_code == 200


def test_a_search_is_saved_and_shared_by_its_address(client_as, session):
    officer, other = client_as("officer"), client_as("officer")
    data = {"name": "Jaringan", "address": "/pencarian-talenta?q=jaringan", "shared": "1"}

    officer.post("/pencarian-talenta/simpan", data=data)
    row = session.scalars(select(SavedSearch)).one()

    assert 'href="/pencarian-talenta?q=jaringan"' in other.get("/pencarian-talenta").text
    other.post(f"/pencarian-talenta/{row.id}/hapus")
    assert session.get(SavedSearch, row.id) is not None
    officer.post(f"/pencarian-talenta/{row.id}/hapus")
    assert session.scalars(select(SavedSearch)).all() == []


def test_an_address_outside_is_not_kept(client_as, session):
    data = {"name": "Luar", "address": "https://contoh.test/"}

    client_as("officer").post("/pencarian-talenta/simpan", data=data)

    assert session.scalars(select(SavedSearch)).one().address == "/pencarian-talenta"


def test_an_opd_manager_finds_the_own_people_only(client_as, session):
    own, other = make_employee(session, name="Orang Sendiri"), make_employee(session, name="Luar")

    page = find(client_as("opd_manager", opd_id=own.opd_id), opd=other.opd_id).text

    assert "Orang Sendiri" in page
    assert ">Luar<" not in page


def test_a_civil_servant_may_not_search(client_as, session):
    person = make_employee(session)

    assert find(client_as("employee", employee=person), q="jaringan").status_code == 403
