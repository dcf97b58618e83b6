"""Roles and seats as officers keep them."""

import pytest
from sqlalchemy import select

from app.core.actor import SYSTEM
from matching.models import Role, ScoutingRun, Seat
from matching.services import roles as services
from matching.services import runs
from matching.services.criteria import criteria_of
from matching.services.scouting import rank_for_role
from matching.services.seats import close_seat
from skills.models import Standard
from tests.factories.people import competency
from tests.factories.seats import make_candidate, make_seat

TEXT = " ".join(["Mengelola data dan laporan layanan kota setiap hari kerja bersama OPD"] * 4)


def role_form(session, *asked, **changes):
    """Return the form of a role; asked: (competency code, level, weight)."""
    form = {
        "code": "ADM-UJI",
        "name": "Admin Uji",
        "name_en": "Test admin",
        "text": TEXT,
        "employment_kinds": ["PNS", "PPPK"],
        "golongan_min-PNS": "II/c",
        "golongan_max-PNS": "III/d",
        "education_min": "D3",
        "education_fields": "Sistem Informasi; Statistika",
        "service_years_min": "2",
        "baris": str(len(asked)),
    }
    for number, (code, level, weight) in enumerate(asked, start=1):
        form |= {
            f"kompetensi-{number}": competency(session, code).id,
            f"level-{number}": level,
            f"bobot-{number}": weight,
        }
    return {**form, **changes}


ASKED = (("AP-02", "3", "5"), ("DI-02", "2", "4"), ("PB-03", "2", "3"))


def test_an_officer_makes_a_role_that_can_be_seated(client_as, session):
    officer = client_as("officer")

    answer = officer.post("/peran/baru", data=role_form(session, *ASKED))
    page = officer.get(answer.location).text
    role = session.scalars(select(Role).where(Role.code == "ADM-UJI")).one()

    assert "Terlalu sedikit bahan" not in page
    assert "Bidang pendidikan Sistem Informasi, Statistika" in page
    assert "Golongan paling tinggi III/d (PNS)" in page
    assert role.gates["golongan_max"] == {"PNS": "III/d"}
    assert role.name in officer.get("/kursi/baru").text
    assert "Admin Uji" in client_as("employee").get("/peran").text


@pytest.mark.parametrize(
    ("asked", "changes", "words", "field"),
    [
        ((), {}, "sedikitnya satu kompetensi", "f-requirements"),
        ((("AP-02", "7", "5"),), {}, "Level harus antara 1 dan 5", "f-level-"),
        ((("AP-02", "3", "0"),), {}, "Bobot harus lebih dari 0", "f-weight-"),
        ((("AP-02", "3", "-2"),), {}, "Bobot harus lebih dari 0", "f-weight-"),
        ((("AP-02", "3", "nan"),), {}, "Bobot harus lebih dari 0", "f-weight-"),
        (ASKED, {"golongan_max-PNS": "I/a"}, "di bawah yang terendah", "f-golongan_max-PNS"),
        (ASKED, {"service_years_min": "90"}, "antara 0 dan 40", "f-service_years_min"),
        (ASKED, {"employment_kinds": []}, "paling sedikit satu status", "f-employment_kinds"),
        (ASKED, {"code": "ADM-JEPIN"}, "sudah dipakai", "f-code"),
    ],
)
def test_what_a_role_cannot_ask_is_refused_at_the_field(
    client_as, session, asked, changes, words, field
):
    answer = client_as("officer").post("/peran/baru", data=role_form(session, *asked, **changes))

    assert answer.status_code == 422
    assert words in answer.text and field in answer.text
    assert session.scalar(select(Role.id).where(Role.code == "ADM-UJI")) is None


def test_a_role_with_too_little_to_rank_on_is_flagged(client_as, session):
    officer = client_as("officer")
    thin = role_form(session, ASKED[0], text="Mengurus data")

    page = officer.get(officer.post("/peran/baru", data=thin).location).text

    assert "Baru 1 kompetensi diminta; sedikitnya 3" in page
    assert "Uraian hanya 2 kata" in page
    assert "terlalu sedikit" in officer.get("/peran").text


def test_a_version_that_a_run_used_is_never_edited_in_place(client_as, session):
    officer = client_as("officer")
    address = officer.post("/peran/baru", data=role_form(session, *ASKED)).location
    role = session.scalars(select(Role).where(Role.code == "ADM-UJI")).one()
    change = role_form(session, *ASKED, name="Admin Uji Data")
    officer.post(f"{address}/ubah", data=change)
    session.expire_all()
    assert (role.name, role.version) == ("Admin Uji Data", 1)  # nobody had used it

    seat = make_seat(session, "ADM-UJI")
    make_candidate(session, seat, 4)
    ranking = rank_for_role(session, role=role, criteria=criteria_of(seat))
    run = runs.keep_run(session, actor=SYSTEM, seat=seat, ranking=ranking)
    harder = role_form(
        session, ("AP-02", "5", "5"), *ASKED[1:], name="Admin Uji Data", reason="Sistem baru"
    )
    kept = role.standard_id
    answer = officer.post(f"{address}/ubah", data=harder)
    stale = officer.post(f"{address}/ubah", data=harder)

    session.expire_all()
    old, new = session.scalars(
        select(Role).where(Role.code == "ADM-UJI").order_by(Role.version)
    ).all()
    assert (old.id, old.standard_id, old.state) == (role.id, kept, "retired")
    assert new.version == 2 and new.standard_id != kept
    assert session.get_one(Seat, seat.id).role_id == new.id
    assert session.get_one(ScoutingRun, run.id).role_id == old.id
    assert runs.replay(session, run=session.get_one(ScoutingRun, run.id)).same
    assert answer.location == f"/peran/{new.id}"
    assert stale.status_code == 409
    assert "versi lama" in officer.get(f"/peran/{old.id}").text
    standards = session.scalars(select(Standard).where(Standard.code == "ROLE-ADM-UJI")).all()
    assert len(standards) == 2


def test_changed_requirements_need_a_reason(client_as, session):
    officer = client_as("officer")
    address = officer.post("/peran/baru", data=role_form(session, *ASKED)).location

    answer = officer.post(f"{address}/ubah", data=role_form(session, *ASKED[:2]))

    assert answer.status_code == 422 and "Sebutkan alasan perubahan" in answer.text


def test_a_role_is_retired_only_without_open_seats(client_as, session):
    officer = client_as("officer")
    address = officer.post("/peran/baru", data=role_form(session, *ASKED)).location
    seat = make_seat(session, "ADM-UJI")

    refused = officer.post(
        f"{address}/pensiunkan", data={"reason": "Lama"}, follow_redirects=True
    ).text
    close_seat(session, seat=seat, reason="Lama")
    officer.post(f"{address}/pensiunkan", data={"reason": "Lama"})

    assert "Tutup dahulu semua kursi" in refused
    assert session.scalars(select(Role.state).where(Role.code == "ADM-UJI")).one() == "retired"
    assert "Admin Uji" not in officer.get("/kursi/baru").text


def test_a_seat_is_changed_closed_and_opened_again(client_as, session):
    seat, officer = make_seat(session), client_as("officer")
    address = f"/kursi/{seat.id}/ubah"

    wrong = officer.post(address, data={"places": "0", "version": seat.version})
    officer.post(address, data={"places": "3", "is_key": "1", "version": seat.version})
    stale = officer.post(address, data={"places": "1", "version": seat.version - 1})
    session.expire_all()
    places = session.get_one(Seat, seat.id).places
    no_reason = officer.post(address, data={"step": "close", "reason": " "})
    officer.post(address, data={"step": "close", "reason": "Tidak dipakai"})
    session.expire_all()
    closed = session.get_one(Seat, seat.id).state
    officer.post(address, data={"step": "reopen"})

    session.expire_all()
    assert (wrong.status_code, stale.status_code, no_reason.status_code) == (422, 409, 422)
    assert (places, closed) == (3, "closed")
    assert session.get_one(Seat, seat.id).state == "vacant"


@pytest.mark.parametrize("role", ["employee", "executive", "auditor", "opd_manager"])
def test_only_officers_keep_roles(client_as, session, role):
    seat, client = make_seat(session), client_as(role)

    assert client.get(f"/peran/{seat.role_id}").status_code == 200
    for address in ("/peran/baru", f"/peran/{seat.role_id}/ubah", f"/kursi/{seat.id}/ubah"):
        assert client.get(address).status_code == 403
        assert client.post(address, data={}).status_code == 403
    assert client.get("/peran/999999").status_code == 404


def test_the_list_needs_as_many_queries_for_many_roles(client_as, session, query_counter):
    officer = client_as("officer")
    with query_counter() as before:
        officer.get("/peran")
    for number in range(3):
        officer.post("/peran/baru", data=role_form(session, *ASKED, code=f"ADM-UJI-{number}"))
    assert services.newest_role(session, "ADM-UJI-2") is not None
    with query_counter() as after:
        officer.get("/peran")

    assert before.count == after.count
