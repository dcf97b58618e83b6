"""What people may give or leave out around a search, through the pages: told, never guessed."""

import html

import pytest
from sqlalchemy import delete, select

from app.core import clock
from app.core.actor import Actor
from matching.models import Placement, ShortlistEntry
from matching.services import runs, scouting
from skills.enums import ReferenceState
from skills.models import StandardItem
from skills.services.departures import Change, ChangeKind, execute_change
from skills.services.dictionary import set_competency_state
from skills.services.touch import touch_people
from tests.factories.people import make_employee
from tests.factories.seats import make_candidate, make_seat

OFFICER = Actor(account_id=None, label="Petugas Uji", is_system=True)
SCRIPTS = {
    "arab": "مدير شبكة وكاميرات المراقبة",
    "jawa": "ꦥꦔꦼꦭꦺꦴꦭꦗꦫꦶꦁꦔꦤ꧀",
    "cjk": "中文網絡攝影機管理員",
}


def shown(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.unescape(answer.text)


def test_a_seat_is_shown_with_nobody_and_with_one_person_in_the_pool(client_as, session):
    seat, officer = make_seat(session), client_as("officer")
    assert "Belum ada pegawai aktif" in shown(officer, f"/kursi/{seat.id}")
    alone = make_candidate(session, seat, 3)

    page = shown(officer, f"/kursi/{seat.id}")

    assert alone.name in page and page.count("ek-candidate-line") == 1
    assert "yang sama menurut kesesuaian, lalu nomor data" in page
    assert officer.get(f"/kursi/{seat.id}/kandidat/{alone.id}").status_code == 200


def test_odd_weights_and_levels_are_told_and_the_standard_is_kept(client_as, session):
    seat = make_seat(session)
    make_candidate(session, seat, 3)
    officer, items = client_as("officer"), seat.role.standard.items
    one = items[0].competency_id
    usual = scouting.rank_for_role(session, role=seat.role, criteria=scouting.criteria_of(seat))

    for query in (f"level-{one}=7", f"bobot-{one}=-3", f"bobot-{one}=nan", f"level-{one}=abc"):
        page = shown(officer, f"/kursi/{seat.id}?{query}")
        assert "1 isian di luar itu diabaikan" in page, query
        assert usual.order_hash in page  # the list is that of the standard
    none = "&".join(f"bobot-{item.competency_id}=0" for item in items)
    page = shown(officer, f"/kursi/{seat.id}?{none}")
    assert "Semua kompetensi dikeluarkan" in page and usual.order_hash in page


def test_a_role_that_asks_nothing_says_so_on_the_seat(client_as, session):
    seat = make_seat(session)
    make_candidate(session, seat)
    session.execute(delete(StandardItem).where(StandardItem.standard_id == seat.role.standard_id))

    page = shown(client_as("officer"), f"/kursi/{seat.id}")

    assert "tidak menuntut kompetensi apa pun" in page
    assert "ek-candidate-line" not in page


def test_somebody_who_leaves_during_the_process_leaves_the_shortlist(client_as, session):
    seat = make_seat(session)
    person = make_candidate(session, seat, 4)
    officer = client_as("officer")
    page = officer.get(f"/kursi/{seat.id}").text
    order = page.split('name="order_hash" type="hidden" value="')[1].split('"')[0]
    data = {"people": [person.id], "reason": "Siap", "order_hash": order}
    officer.post(f"/kursi/{seat.id}/daftar-pendek", data=data)
    change = Change(ChangeKind.RETIRED, clock.today(), "Pensiun dini")
    execute_change(session, versions={person.id: person.version}, change=change, actor=OFFICER)
    session.refresh(seat)

    decision = {
        "employee_id": person.id,
        "backup_id": "0",
        "reason": "Terbaik",
        "since": clock.today().isoformat(),
        "version": seat.version,
    }
    answer = officer.post(f"/kursi/{seat.id}/keputusan", data=decision)

    assert answer.status_code == 303
    assert session.scalars(select(ShortlistEntry.state)).all() == ["withdrawn"]
    assert session.scalars(select(Placement)).all() == []
    assert person.name not in shown(officer, f"/kursi/{seat.id}")


def test_an_old_run_stands_when_an_item_of_the_dictionary_is_retired(client_as, session):
    seat = make_seat(session)
    make_candidate(session, seat, 3)
    ranking = scouting.rank_for_role(session, role=seat.role, criteria=scouting.criteria_of(seat))
    run = runs.keep_run(session, actor=OFFICER, seat=seat, ranking=ranking)
    first = seat.role.standard.items[0]
    retired = first.competency
    session.execute(delete(StandardItem).where(StandardItem.competency_id == retired.id))
    session.expire(seat.role.standard)
    set_competency_state(session, competency=retired, state=ReferenceState.RETIRED)

    assert runs.replay(session, run=run).proven
    officer = client_as("officer")
    assert officer.get(f"/kursi/{seat.id}/hasil/{run.id}/ulang").status_code == 200
    assert officer.get(f"/kursi/{seat.id}").status_code == 200


@pytest.mark.parametrize("script", SCRIPTS)
def test_words_in_a_script_without_stems_are_kept_and_searched(client_as, session, script):
    words = SCRIPTS[script]
    seat = make_seat(session)
    person = make_employee(session, name="Penulis", education_field=words)
    seat.role.text = f"{seat.role.text} {words}"
    touch_people(session, employee_ids=[person.id])
    officer = client_as("officer")

    answer = officer.get("/pencarian-talenta", query_string={"q": words})

    assert answer.status_code == 200 and words in html.unescape(answer.text)
    assert officer.get(f"/kursi/{seat.id}?golongan-PNS=-").status_code == 200
