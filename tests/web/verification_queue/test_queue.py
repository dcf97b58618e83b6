"""The queue and the decision over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEvent
from skills.enums import ClaimState
from skills.models import Claim, Employee, LevelInForce
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import competency, make_claim


@pytest.fixture
def person(session: Session) -> Employee:
    """The owner of claims."""
    return make_person(session, make_opd(session), name="Rani Uji")


@pytest.fixture
def assessor(client_as: Any) -> Any:
    """A client of an assessor of the city."""
    return client_as("assessor")


def test_the_oldest_is_on_top_and_filters_narrow(assessor, session, person):
    make_claim(session, person, competency(session), title="Baru")
    old = clock.now() - timedelta(days=30)
    make_claim(session, person, competency(session, "DI-01"), title="Lama", stage_since=old)

    page = assessor.get("/verifikasi").text

    assert page.index("Lama") < page.index("Baru")
    narrowed = assessor.get("/verifikasi?lama=1").text
    assert "Lama" in narrowed and ">Baru" not in narrowed


def test_accepting_beside_the_evidence_raises_the_level(assessor, session, person):
    claim = make_claim(session, person, competency(session))
    page = assessor.get(f"/verifikasi/{claim.id}").text
    assert claim.competency.levels[2].behaviours[0] in page and "Rani Uji" in page

    answer = assessor.post(
        f"/verifikasi/{claim.id}/terima", data={"level": 2, "version": claim.version}
    )

    assert answer.status_code == 303 and claim.state == ClaimState.ACCEPTED
    assert session.get(LevelInForce, (person.id, claim.competency_id)).verified_level == 2


def test_returning_tells_the_owner_why(assessor, client_as, session, person):
    claim = make_claim(session, person, competency(session))
    data = {"reason_code": "TIDAK_TERBACA", "text": "Halaman 2 gelap", "version": claim.version}

    assessor.post(f"/verifikasi/{claim.id}/kembalikan", data=data)

    owner = client_as(employee=person)
    page = owner.get(f"/profil/klaim/{claim.id}").text
    assert "Halaman 2 gelap" in page and "Berkas tidak terbaca" in page
    assert "Perbaiki klaim" in owner.get("/profil").text


def test_a_return_without_a_reason_stays_on_the_page(assessor, session, person):
    claim = make_claim(session, person, competency(session))

    answer = assessor.post(f"/verifikasi/{claim.id}/kembalikan", data={"version": claim.version})

    assert answer.status_code == 422 and "Pilih alasan pengembalian" in answer.text
    assert claim.state == ClaimState.SUBMITTED


def test_the_second_of_two_verifiers_is_told(client_as, session, person):
    claim = make_claim(session, person, competency(session))
    data = {"level": 3, "version": claim.version}
    first, second = client_as("assessor"), client_as("officer")
    assert first.post(f"/verifikasi/{claim.id}/terima", data=data).status_code == 303

    answer = second.post(f"/verifikasi/{claim.id}/terima", data=data)

    assert answer.status_code == 409 and "sudah diperiksa petugas lain" in answer.text


def test_bulk_acceptance_uses_the_version_that_was_seen(assessor, session, person):
    first = make_claim(session, person, competency(session))
    second = make_claim(session, person, competency(session, "DI-01"))
    ticks = [f"{first.id}.{first.version}", f"{second.id}.{second.version - 1}"]

    answer = assessor.post("/verifikasi/terima", data={"klaim": ticks, "aksi": "terima"})

    page = assessor.get(answer.location).text
    assert "1 klaim diterima" in page and "sudah diperiksa petugas lain" in page
    assert (first.state, second.state) == (ClaimState.ACCEPTED, ClaimState.SUBMITTED)


def test_bulk_acceptance_includes_what_is_on_page_two(assessor, session, person):
    """The whole filtered set goes along: not what came later, not what has a twin."""
    opd, of = person.opd, competency(session)
    rows = [make_claim(session, make_person(session, opd), of) for _number in range(30)]
    other = make_claim(session, person, competency(session, "DI-01"))
    twin = make_claim(session, make_person(session, opd), of, document_number="7/A")
    make_claim(session, person, of, document_number=" 7/a ", state=ClaimState.ACCEPTED)
    session.commit()
    address = f"/verifikasi?q={of.name}"
    page = assessor.get(address).text
    seen = page.split('name="dilihat" value="')[1].split('"')[0]
    assert "Semua 31 hasil saringan" in page and "Menunggu" in page
    late = make_claim(session, make_person(session, opd), of, title="Datang kemudian")
    late.stage_since = late.stage_since + timedelta(seconds=5)
    session.commit()

    data = {"semua": "1", "saringan": f"q={of.name}", "dilihat": seen, "aksi": "terima"}
    answer = assessor.post("/verifikasi/terima", data=data)

    page = assessor.get(answer.location).text
    assert "30 klaim diterima" in page and "1 klaim dengan bukti serupa" in page
    assert {row.state for row in rows} == {ClaimState.ACCEPTED}
    assert {row.state for row in (other, twin, late)} == {ClaimState.SUBMITTED}


def test_ones_own_claim_cannot_be_opened_or_decided(client_as, session, person):
    claim = make_claim(session, person, competency(session))
    myself = client_as("assessor", employee=person)

    assert myself.get(f"/verifikasi/{claim.id}").status_code == 404
    data = {"level": 3, "version": claim.version}
    assert myself.post(f"/verifikasi/{claim.id}/terima", data=data).status_code == 404
    ticks = {"klaim": f"{claim.id}.{claim.version}"}
    assert myself.post("/verifikasi/terima", data=ticks).status_code == 404
    assert "Rani Uji" not in myself.get("/verifikasi").text.split("<main")[1]


def test_a_supervisor_sees_the_own_team_only(client_as, session, person):
    chief = make_person(session, person.opd)
    person.supervisor_id = chief.id
    foreign = make_claim(session, make_person(session, person.opd), competency(session))
    mine = make_claim(session, person, competency(session))
    client = client_as("supervisor", employee=chief)

    assert client.get(f"/verifikasi/{mine.id}").status_code == 200
    assert client.get(f"/verifikasi/{foreign.id}").status_code == 404


def test_reading_the_queue_is_recorded_once_with_the_people(assessor, session, person):
    make_claim(session, person, competency(session))

    assessor.get("/verifikasi")

    assert session.query(AuditEvent).filter_by(tag="skills:claim:list").count() == 1


def test_the_queue_takes_as_many_statements_for_many(assessor, session, person, query_counter):
    make_claim(session, person, competency(session))
    assessor.get("/verifikasi")
    with query_counter() as few:
        assessor.get("/verifikasi")
    for code in ("DI-01", "DI-02", "AR-01", "KS-01", "AP-01"):
        make_claim(session, make_person(session, person.opd), competency(session, code))
    session.commit()
    with query_counter() as many:
        assessor.get("/verifikasi")

    assert many.count == few.count, many.statements


def test_a_draft_is_nobodys_business(assessor, session, person):
    claim = make_claim(session, person, competency(session), state=ClaimState.DRAFT)

    assert assessor.get(f"/verifikasi/{claim.id}").status_code == 404
    assert session.query(Claim).count() == 1
