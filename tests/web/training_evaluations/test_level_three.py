"""Follow-up months later: asked once by the daily job, answered by whom it was sent to."""

from datetime import timedelta

from sqlalchemy import select

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import transaction
from app.core.notifications.models import Notification
from courses.models import FollowUp
from courses.queries.evaluations import form_in_force
from courses.services.follow_ups import ask_due
from tests.factories.courses import make_enrolment, make_session
from tests.factories.people import make_employee

HOSTILE = "D'Angelo & <script>alert(1)</script>"


def ended(session, days):
    run = make_session(session, state="completed", starts=-days, days=1)
    head, person = make_employee(session), make_employee(session)
    person.supervisor_id = head.id
    make_enrolment(session, run, person, state="passed")
    make_enrolment(session, run, state="failed")
    session.commit()
    return run, person, head


def ask(session, day=None):
    session.commit()
    with transaction(SYSTEM) as own:
        count = ask_due(own, day=day or clock.today())
    session.expire_all()
    return count


def test_person_and_supervisor_are_asked_once_and_answer_for_themselves(session, client_as):
    run, person, head = ended(session, 100)
    recent, _person, _head = ended(session, 30)
    old, _person, _head = ended(session, 400)
    own, boss = client_as(employee=person), client_as(employee=head)

    assert ask(session) == 2 and ask(session) == 0
    rows = session.scalars(select(FollowUp).order_by(FollowUp.kind)).all()
    assert [(row.kind, row.respondent_id) for row in rows] == [
        ("person", person.id),
        ("supervisor", head.id),
    ]
    assert {row.enrolment.session_id for row in rows} == {run.id} - {recent.id, old.id}
    urls = set(session.scalars(select(Notification.url)))
    assert {f"/pelatihan/tindak-lanjut/{row.id}" for row in rows} <= urls

    mine, his = (f"/pelatihan/tindak-lanjut/{row.id}" for row in rows)
    assert "Tindak lanjut pelatihan" in own.get("/pelatihan/saya").text
    assert own.get(his).status_code == 404 and boss.post(mine).status_code == 404
    assert person.name in boss.get(his).text
    items = form_in_force(session, "person").scales
    data = {f"skala-{item['code']}": "4" for item in items}
    assert own.post(mine, data={}).status_code == 422
    for _time in range(2):
        assert own.post(mine, data={**data, "komentar": HOSTILE}).status_code == 303
    assert "sudah diisi" in own.get(mine).text
    rows[1].closes_on = clock.today() - timedelta(days=1)
    assert "ditutup pada" in boss.get(boss.post(his, data=data).location).text

    page = client_as("organiser").get(f"/pelatihan/sesi/{run.id}/tindak-lanjut").text
    assert "1 dari 1 menjawab" in page and "0 dari 1 menjawab" in page and "4,00" in page
    assert "<script>alert" not in page
    assert own.get(f"/pelatihan/sesi/{run.id}/tindak-lanjut").status_code == 403
