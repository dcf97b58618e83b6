"""One's own portfolio."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from skills.models import Employee, PortfolioItem
from tests.factories.offices import make_opd, make_person


@pytest.fixture
def person(session: Session) -> Employee:
    """The owner."""
    return make_person(session, make_opd(session))


@pytest.fixture
def owner(client_as: Any, person: Employee) -> Any:
    """A client of the owner."""
    return client_as(employee=person)


def test_a_work_is_added_changed_and_removed_and_matching_hears_of_it(owner, session, person):
    version = person.profile_version
    owner.post("/profil/portofolio/baru", data={"title": "Dasbor data", "year": 2024})
    item = session.query(PortfolioItem).one()
    assert "Dasbor data" in owner.get("/profil").text

    owner.post(f"/profil/portofolio/{item.id}", data={"title": "Dasbor kota"})
    assert session.get(PortfolioItem, item.id).title == "Dasbor kota"
    owner.post(f"/profil/portofolio/{item.id}/hapus")

    assert session.query(PortfolioItem).count() == 0
    assert session.get(Employee, person.id).profile_version == version + 3


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"title": " "}, "Isi judul karya"),
        ({"title": "A", "year": 2999}, "Tahun tidak wajar"),
        ({"title": "A", "link": "javascript:alert(1)"}, "harus dimulai dengan https"),
    ],
)
def test_wrong_values_are_refused_at_their_field(owner, session, data, words):
    answer = owner.post("/profil/portofolio/baru", data=data)

    assert answer.status_code == 422 and words in answer.text
    assert session.query(PortfolioItem).count() == 0


@pytest.mark.parametrize("path", ["", "/hapus"])
def test_another_persons_work_is_not_touched(client_as, owner, session, person, path):
    owner.post("/profil/portofolio/baru", data={"title": "Milik saya"})
    item = session.query(PortfolioItem).one()
    stranger = client_as(employee=make_person(session, person.opd))

    assert (
        stranger.post(f"/profil/portofolio/{item.id}{path}", data={"title": "X"}).status_code == 404
    )
    assert session.get(PortfolioItem, item.id).title == "Milik saya"
