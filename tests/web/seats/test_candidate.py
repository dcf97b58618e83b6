"""One person for one seat, and people side by side."""

from datetime import timedelta
from io import BytesIO

from python_calamine import CalamineWorkbook

from app.core import clock
from app.web.seats import presenters
from tests.factories.people import make_employee, make_position
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


def test_a_masked_page_gives_no_way_to_the_name_or_the_age(client_as, session):
    seat = make_seat(session)
    person = make_candidate(session, seat, 4)
    person.retirement_date = clock.today() + timedelta(days=300)
    person.position_id = make_position(session, "Jabatan Langka").id
    officer = client_as("officer")
    open_pages = officer.get(f"/kursi/{seat.id}").text
    assert f"Pensiun {person.retirement_date.year}" in open_pages

    for address in ("", f"/kandidat/{person.id}", f"/banding?orang={person.id}"):
        mark = "&" if "?" in address else "?"
        page = officer.get(f"/kursi/{seat.id}{address}{mark}samar=1").text
        for secret in (
            person.name,
            person.nip,
            "Jabatan Langka",
            "Pensiun 2",
            f"/profil/{person.id}",
        ):
            assert secret not in page, (address, secret)


def test_the_workbook_holds_everybody_who_passed_and_no_name_when_masked(client_as, session):
    seat = make_seat(session)
    people = [make_candidate(session, seat) for _number in range(presenters.LIST_LENGTH + 5)]
    officer = client_as("officer")

    full = rows_of(officer.get(f"/kursi/{seat.id}/daftar.xlsx").data)
    masked = rows_of(officer.get(f"/kursi/{seat.id}/daftar.xlsx?samar=1&urut=fit").data)

    assert len(full) == len(masked) == len(people) + 1
    assert {row[1] for row in full[1:]} == {person.display_name for person in people}
    hidden = str(masked)
    assert not any(person.nip in hidden or person.name in hidden for person in people)
    assert client_as("employee").get(f"/kursi/{seat.id}/daftar.xlsx").status_code == 403


def rows_of(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_comparison_keeps_criteria_and_mask_of_the_list(client_as, session):
    seat = make_seat(session)
    person = make_candidate(session, seat, 4)
    chosen = f"/kursi/{seat.id}/banding/pilih?people={person.id}&samar=1&urut=fit&csrf_token=x"

    answer = client_as("officer").get(chosen)

    assert answer.location.endswith(f"/banding?samar=1&urut=fit&orang={person.id}")


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
