"""A message of the organiser reaches those in the chosen state, once, and nobody else."""

from sqlalchemy import select

from app.core.notifications.models import Notification
from courses.enums import EnrolmentState
from tests.factories.courses import make_enrolment, make_session
from tests.factories.people import make_employee

HOSTILE = "Bawa laptop & <b>KTP</b>, D'Angelo"


def browsers_of(session, client_as, run, *states):
    browsers = []
    for state in states:
        person = make_employee(session)
        make_enrolment(session, run, person, state=state)
        browsers.append(client_as("employee", employee=person))
    return browsers


def test_a_message_reaches_those_of_the_chosen_state_only_and_once(session, client_as):
    run, state = make_session(session), EnrolmentState
    has_seat, waits, _left = browsers_of(
        session, client_as, run, state.ENROLLED, state.WAITLISTED, state.CANCELLED
    )
    address = f"/pelatihan/sesi/{run.id}/pesan"
    browser = client_as("organiser")

    page = browser.get(address).get_data(as_text=True)
    nobody = browser.post(address, data={"text": HOSTILE})
    empty = browser.post(address, data={"keadaan": "waitlisted", "text": " "})
    long = browser.post(address, data={"keadaan": "waitlisted", "text": "x" * 601})
    gone = browser.post(address, data={"keadaan": "cancelled", "text": "Halo"})
    sent = [
        browser.post(
            address, data={"keadaan": "waitlisted", "text": HOSTILE}, follow_redirects=True
        )
        for _ in range(2)
    ]

    assert "Daftar tunggu (1 orang)" in page and "Dibatalkan" not in page
    assert [a.status_code for a in (nobody, empty, long, gone)] == [422] * 4
    assert "Bawa laptop &amp; &lt;b&gt;" in nobody.get_data(as_text=True)
    assert "Pesan terkirim kepada 1 orang." in sent[0].get_data(as_text=True)
    assert "sudah menerima pesan ini" in sent[1].get_data(as_text=True)
    notices = session.scalars(select(Notification)).all()
    assert len(notices) == 1
    assert "Bawa laptop &amp; &lt;b&gt;" in waits.get("/notifikasi").get_data(as_text=True)
    assert "Bawa laptop" not in has_seat.get("/notifikasi").get_data(as_text=True)
    assert waits.get(address).status_code == 403
