"""One person for one seat, and people side by side."""

from tests.factories.people import make_employee
from tests.factories.seats import make_candidate, make_seat


def test_the_page_of_a_person_says_what_would_change_the_place(client_as, session):
    seat = make_seat(session)
    make_candidate(session, seat, 5)
    weak = make_candidate(session, seat)

    page = client_as("officer").get(f"/kursi/{seat.id}/kandidat/{weak.id}").text

    for words in ("Bukti yang paling menentukan", "Pelatihan termurah", "pembobotan", "/profil/"):
        assert words in page


def test_it_names_nobody_when_masked(client_as, session):
    seat = make_seat(session)
    people = [make_candidate(session, seat, level) for level in (4, 3)]
    for number, person in enumerate(people):
        person.name = f"Rahasia{number}"

    officer = client_as("officer")
    for address in (f"kandidat/{people[0].id}?samar=1", f"banding?orang={people[1].id}&samar=1"):
        page = officer.get(f"/kursi/{seat.id}/{address}")
        assert page.status_code == 200
        assert "Rahasia" not in page.text


def test_people_outside_the_list_are_not_shown(client_as, session):
    seat = make_seat(session)
    outside = make_employee(session, golongan="I/a")

    assert client_as("officer").get(f"/kursi/{seat.id}/kandidat/{outside.id}").status_code == 404


def test_an_opd_manager_opens_the_own_people_only(client_as, session):
    seat = make_seat(session)
    outsider = make_candidate(session, seat, 5)
    manager = client_as("opd_manager", opd_id=seat.opd_id)

    assert manager.get(f"/kursi/{seat.id}/kandidat/{outsider.id}").status_code == 404


def test_up_to_five_stand_side_by_side(client_as, session):
    seat = make_seat(session)
    people = [make_candidate(session, seat, level) for level in (5, 4, 3, 2, 1, 1)]
    officer = client_as("officer")
    query = "&".join(f"people={person.id}" for person in people)

    chosen = officer.get(f"/kursi/{seat.id}/banding/pilih?{query}")
    page = officer.get(chosen.headers["Location"]).text

    assert sum(f"/kandidat/{person.id}" in page for person in people) == 5
    assert "Kapan urutannya berbalik" in page
