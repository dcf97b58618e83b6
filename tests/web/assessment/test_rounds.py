"""Assessment rounds through the pages: prepared, opened, filled, closed, read."""

import io
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from app.core import clock
from app.core.notifications.models import Notification
from skills.models import (
    AssessmentAnswer,
    AssessmentRound,
    AssessmentTarget,
    AssessmentTask,
    LevelInForce,
    LevelRecord,
)
from tests.factories.offices import make_opd
from tests.factories.people import competency, make_employee

CODES = ("AP-02", "AP-03")


@pytest.fixture
def asked(session):
    return [competency(session, code) for code in CODES]


def fields(asked, **changes):
    day = clock.today()
    return {
        "name": "Pemetaan <b>uji</b>",
        "starts_on": day.isoformat(),
        "ends_on": (day + timedelta(days=14)).isoformat(),
        "sources": ["self", "supervisor", "assessor"],
        "competency_ids": [str(one.id) for one in asked],
        "double_percent": "0",
        "min_raters": "3",
        "valid_months": "12",
        **changes,
    }


def the_round(session):
    return session.scalars(select(AssessmentRound).order_by(AssessmentRound.id)).all()[-1]


def opened(client_as, session, asked, people, raters, **changes):
    """Take a round through the pages until its forms are out."""
    officer = client_as("officer")
    answer = officer.post("/asesmen/putaran/baru", data=fields(asked, **changes))
    assert answer.status_code == 303, answer.text
    url = answer.location
    nips = "\n".join(
        f"{one.nip[:8]} {one.nip[8:14]} {one.nip[14]} {one.nip[15:]}" for one in people
    )
    assert officer.post(f"{url}/undang", data={"cara": "nip", "nips": nips}).status_code == 303
    data = {"version": the_round(session).version, "asesor": [str(one.id) for one in raters]}
    assert officer.post(f"{url}/buka", data=data).status_code == 303
    return officer, url


def forms_of(session, **where):
    statement = select(AssessmentTask).filter_by(**where).order_by(AssessmentTask.id)
    return session.scalars(statement).all()


def fill(client, task, asked, levels, action="kirim"):
    data = {"version": task.version, "aksi": action}
    data |= {f"k-{one.id}": str(level) for one, level in zip(asked, levels, strict=False)}
    return client.post(f"/asesmen/formulir/{task.id}", data=data)


def test_a_round_writes_each_source_apart_and_the_level_follows_the_policy(
    client_as, session, asked
):
    boss = make_employee(session)
    person = make_employee(session, supervisor=boss, opd=boss.opd)
    assessor = client_as("assessor")
    officer, url = opened(client_as, session, asked, [person], [assessor.account])
    own, chief = client_as("employee", employee=person), client_as("employee", employee=boss)
    assert "1 formulir menunggu" in own.get("/asesmen").text
    assert "Formulir asesmen menunggu" in own.get("/").text
    assert "&lt;b&gt;uji" in own.get("/asesmen").text
    page = own.get(f"/asesmen/formulir/{forms_of(session, kind='self')[0].id}").text
    assert asked[0].levels[0].behaviours[0] in page and "Tidak dapat diamati" in page

    for client, kind, levels in (
        (own, "self", (5, 5)),
        (chief, "supervisor", (4, 0)),
        (assessor, "assessor", (3, 2)),
    ):
        assert fill(client, forms_of(session, kind=kind)[0], asked, levels).status_code == 303
    assert (
        own.get(f"/asesmen/hasil/{session.scalars(select(AssessmentTarget)).one().id}").status_code
        == 404
    )
    page = officer.get(url).text
    assert page.count("1/1 · 100%") == 3 and page.count("3/3 · 100%") == 1  # by source, by OPD

    done = officer.post(f"{url}/tutup", data={"version": the_round(session).version})
    assert done.status_code == 303 and the_round(session).state == "closed"
    rows = session.scalars(select(LevelRecord).where(LevelRecord.employee_id == person.id)).all()
    assert {(row.source, row.competency_id): row.level for row in rows} == {
        ("self", asked[0].id): 5,
        ("self", asked[1].id): 5,
        ("supervisor", asked[0].id): 4,
        ("assessor", asked[0].id): 3,
        ("assessor", asked[1].id): 2,
    }
    assert {row.reference for row in rows} == {f"round:{the_round(session).id}"}
    force = session.get(LevelInForce, (person.id, asked[0].id))
    assert (force.verified_level, force.claimed_level, force.verified_source) == (3, 5, "assessor")
    target = session.scalars(select(AssessmentTarget)).one()
    assert "Hasil asesmen saya" in own.get(f"/asesmen/hasil/{target.id}").text
    stranger = client_as("employee", employee=make_employee(session))
    assert stranger.get(f"/asesmen/hasil/{target.id}").status_code == 404
    assert (
        client_as("opd_manager", opd_id=boss.opd_id).get(f"/asesmen/hasil/{target.id}").status_code
        == 200
    )
    assert (
        client_as("opd_manager", opd_id=make_opd(session).id)
        .get(f"/asesmen/hasil/{target.id}")
        .status_code
        == 404
    )
    sheet = openpyxl.load_workbook(io.BytesIO(officer.get(f"{url}/hasil.xlsx").data)).active
    first = list(sheet.values)[1]
    assert first[0] == person.nip and first[4:9:2] == (5, 4, 3)
    assert person.name in officer.get(f"{url}/hasil").text
    assert "Rata-rata" in officer.get(f"{url}/hasil?menurut=opd&sumber=self").text


def test_drafts_are_kept_and_a_form_is_sent_once_and_whole(client_as, session, asked):
    person = make_employee(session)
    opened(client_as, session, asked, [person], [], sources=["self"])
    own = client_as("employee", employee=person)
    task = forms_of(session, kind="self")[0]
    saved = own.post(
        f"/asesmen/formulir/{task.id}/draf", data={"version": 1, f"k-{asked[0].id}": "3"}
    )
    assert saved.json["version"] == 2 and "Draf tersimpan" in saved.json["message"]
    stale = own.post(f"/asesmen/formulir/{task.id}/draf", data={"version": 1})
    assert stale.status_code == 409 and "version" not in stale.json
    session.expire_all()
    half = fill(own, task, asked, (4,))
    assert half.status_code == 422 and "1 kompetensi belum dijawab" in half.text
    kept = session.scalars(select(AssessmentAnswer)).one()
    assert kept.level == 4 and task.state == "open"
    wrong = own.post(
        f"/asesmen/formulir/{task.id}",
        data={"version": task.version, "aksi": "kirim", f"k-{asked[0].id}": "6"},
    )
    assert wrong.status_code == 422 and "antara 1 dan 5" in wrong.text
    session.expire_all()
    assert fill(own, task, asked, (4, 0)).status_code == 303
    assert fill(own, task, asked, (1, 1)).status_code == 303  # a double click changes nothing
    session.expire_all()
    assert {row.level for row in session.scalars(select(AssessmentAnswer))} == {4, None}
    locked = own.get(f"/asesmen/formulir/{task.id}").text
    assert "tidak dapat diubah lagi" in locked and "disabled" in locked


def test_rating_oneself_as_assessor_is_refused(client_as, session, asked):
    person = make_employee(session)
    assessor = client_as("assessor", employee=person)
    other = client_as("assessor")
    opened(
        client_as, session, asked, [person], [assessor.account, other.account], sources=["assessor"]
    )
    task = forms_of(session, kind="assessor")[0]
    assert task.rater_account_id == other.account.id
    task.rater_account_id = assessor.account.id  # by whatever mistake
    session.flush()
    assert assessor.get(f"/asesmen/formulir/{task.id}").status_code in (403, 404)
    assert fill(assessor, task, asked, (5, 5)).status_code in (403, 404)
    assert not session.scalars(select(AssessmentAnswer)).all()
    assert (
        client_as("employee", employee=make_employee(session))
        .get(f"/asesmen/formulir/{task.id}")
        .status_code
        == 404
    )


def test_ratings_of_too_few_peers_stay_hidden(client_as, session, asked):
    boss = make_employee(session)
    team = [make_employee(session, supervisor=boss, opd=boss.opd) for _number in range(4)]
    officer, url = opened(
        client_as, session, asked, [team[0]], [], sources=["peer"], min_raters="3"
    )
    tasks = forms_of(session, kind="peer")
    assert {task.rater_employee_id for task in tasks} == {one.id for one in team[1:]}
    clients = {one.id: client_as("employee", employee=one) for one in team[1:]}
    target = session.scalars(select(AssessmentTarget)).one()
    for task in tasks[:2]:
        fill(clients[task.rater_employee_id], task, asked, (2, 2))
    assert "disembunyikan" in officer.get(f"/asesmen/hasil/{target.id}").text
    assert ">3 penilai" not in officer.get(f"/asesmen/hasil/{target.id}").text
    last = forms_of(session, kind="peer")[2]
    fill(clients[last.rater_employee_id], last, asked, (4, 4))
    page = officer.get(f"/asesmen/hasil/{target.id}").text
    assert ">3 penilai" in page and team[1].name not in page


def test_two_assessors_rate_a_share_and_their_agreement_is_shown(client_as, session, asked):
    opd = make_opd(session)
    people = [make_employee(session, opd=opd) for _number in range(4)]
    first, second = client_as("assessor"), client_as("assessor")
    officer, url = opened(
        client_as,
        session,
        asked,
        people,
        [first.account, second.account],
        sources=["assessor"],
        double_percent="50",
    )
    doubles = session.scalars(select(AssessmentTarget).filter_by(is_double=True)).all()
    assert len(doubles) == 2
    assert "Belum ada pasangan" in officer.get(f"{url}/kesepakatan").text
    clients = {first.account.id: first, second.account.id: second}
    levels = iter(((2, 3), (2, 3), (4, 5), (4, 4)))
    for target in doubles:
        for task in forms_of(session, target_id=target.id):
            fill(clients[task.rater_account_id], task, asked, next(levels))
    page = officer.get(f"{url}/kesepakatan").text
    assert first.account.name in page and second.account.name in page and "Hampir sempurna" in page
    sheet = openpyxl.load_workbook(io.BytesIO(officer.get(f"{url}/kesepakatan.xlsx").data)).active
    rows = [row[:4] for row in sheet.values][1:]
    assert [row[2] for row in rows] == [2, 2, 4, 4] and rows[0][3] == 1


def test_reminders_reach_only_who_has_not_sent_and_once_a_day(client_as, session, asked):
    waiting, done = make_employee(session), make_employee(session)
    late, early = client_as("employee", employee=waiting), client_as("employee", employee=done)
    officer, url = opened(client_as, session, asked, [waiting, done], [], sources=["self"])
    mine = next(t for t in forms_of(session, kind="self") if t.rater_employee_id == done.id)
    fill(early, mine, asked, (3, 3))
    for _time in range(2):
        assert officer.post(f"{url}/ingatkan").status_code == 303
    told = session.scalars(select(Notification.account_id).filter_by(kind="assessment")).all()
    assert sorted(told) == sorted([late.account.id, late.account.id, early.account.id])


def test_bad_input_of_a_round_is_named_at_its_field(client_as, session, asked):
    officer = client_as("officer")
    day = clock.today()
    wrong = officer.post(
        "/asesmen/putaran/baru",
        data=fields(asked, ends_on=(day - timedelta(days=1)).isoformat()),
    )
    assert wrong.status_code == 422 and "mendahului" in wrong.text
    none = officer.post("/asesmen/putaran/baru", data=fields(asked, competency_ids=[]))
    assert none.status_code == 422 and "Pilih 1 sampai 30" in none.text
    url = officer.post("/asesmen/putaran/baru", data=fields(asked)).location
    twice = officer.post("/asesmen/putaran/baru", data=fields(asked))
    assert "sudah dipakai" in twice.text
    assert (
        "Tempel paling sedikit"
        in officer.post(f"{url}/undang", data={"cara": "nip", "nips": "abc"}).text
    )
    officer.post(f"{url}/undang", data={"cara": "nip", "nips": "199001012015019999"})
    assert "199001012015019999" in officer.get(url).text
    empty = officer.post(f"{url}/buka", data={"version": the_round(session).version})
    assert empty.status_code == 422 and "Undang paling sedikit satu" in empty.text
    person = make_employee(session)
    assert officer.post(f"{url}/undang", data={"opd_id": person.opd_id}).status_code == 303
    lone = officer.post(f"{url}/buka", data={"version": the_round(session).version})
    assert "f-assessors" in lone.text
    assert officer.post(f"{url}/buka", data={"version": 99}).status_code == 409
    target = session.scalars(select(AssessmentTarget)).one()
    assert officer.post(f"{url}/lepas", data={"orang": target.id}).status_code == 303
    assert client_as("auditor").get(url).status_code == 200
    assert client_as("auditor").post(f"{url}/buka").status_code == 403
    assert client_as("employee", employee=person).get(url).status_code == 403


def test_the_number_of_statements_does_not_grow_with_the_people(
    client_as, session, asked, query_counter
):
    opd = make_opd(session)
    people = [make_employee(session, opd=opd) for _number in range(8)]
    small, few_url = opened(client_as, session, asked, people[:1], [], sources=["self"])
    _large, many_url = opened(
        client_as, session, asked, people, [], sources=["self"], name="Putaran kedua"
    )
    for path in ("", "/hasil"):
        with query_counter() as few:
            assert small.get(few_url + path).status_code == 200
        with query_counter() as many:
            assert small.get(many_url + path).status_code == 200
        assert many.count <= few.count + 1, path


def test_the_pages_of_a_round_speak_english_too(client_as, session, asked):
    person = make_employee(session)
    officer, url = opened(client_as, session, asked, [person], [], sources=["self"])
    officer.post("/bahasa", data={"lang": "en", "next": "/"})
    assert "Days left" in officer.get(url).text
    assert "Mean by OPD" in officer.get(f"{url}/hasil").text
