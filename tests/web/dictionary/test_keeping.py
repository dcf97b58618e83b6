"""Frameworks and competencies are kept: renamed safely, worded in editions, never lost in use."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from skills.models import Competency, CompetencyEdition, Framework, LevelInForce, Standard
from skills.services.shelf_life import run_daily
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import competency, make_level

HOSTILE = "D'Angelo & <b>"


def form(row: Competency, **changes: Any) -> dict[str, Any]:
    """Return the form of a competency as a browser would send it back."""
    values: dict[str, Any] = {
        "revision": row.revision,
        "name": row.name,
        "name_en": row.name_en,
        "kind": row.kind,
        "parent_id": row.parent_id or 0,
        "definition": row.definition,
        "months": row.shelf_life_months or "",
        "keywords": "\n".join(row.keywords),
        "mappings": "\n".join(
            f"{m.target_framework}:{m.target_code}:{m.target_name}" for m in row.mappings
        ),
    }
    values |= {f"level_{level.level}": "\n".join(level.behaviours) for level in row.levels}
    if row.two_stage:
        values["two_stage"] = "y"
    return {**values, **changes}


def used(session: Session) -> Competency:
    """Return a competency of which a level is recorded."""
    row = competency(session)
    make_level(session, make_person(session, make_opd(session)), row, 3)
    return row


def editions(session: Session, row: Competency) -> list[tuple[int, str]]:
    rows = session.execute(
        select(CompetencyEdition.number, CompetencyEdition.state)
        .filter_by(competency_id=row.id)
        .order_by(CompetencyEdition.number)
    )
    return [(found.number, found.state) for found in rows]


def test_renaming_a_used_competency_breaks_nothing(client_as, session):
    row, client = used(session), client_as("officer")

    answer = client.post(f"/kamus/{row.id}/ubah", data=form(row, name=HOSTILE))

    assert answer.status_code == 303 and row.name == HOSTILE
    assert editions(session, row) == []
    assert "D&#39;Angelo &amp; &lt;b&gt;" in client.get(f"/kamus/{row.id}").text
    assert session.scalars(select(LevelInForce).filter_by(competency_id=row.id)).one()


def test_a_used_wording_becomes_an_edition_and_the_old_one_stays_to_be_read(client_as, session):
    row, client = used(session), client_as("officer")
    old = row.levels[0].behaviours[0]
    changed = form(row, level_1="Perilaku pengganti")

    refused = client.post(f"/kamus/{row.id}/ubah", data=changed)
    assert refused.status_code == 422 and "alasan perubahan" in refused.text
    answer = client.post(f"/kamus/{row.id}/ubah", data={**changed, "reason": "Lebih jelas"})

    assert answer.status_code == 303
    assert editions(session, row) == [(1, "retired"), (2, "in_force")]
    page = client.get(f"/kamus/{row.id}").text
    assert "Perilaku pengganti" in page and old in page and "Lebih jelas" in page
    stale = client.post(f"/kamus/{row.id}/ubah", data={**changed, "reason": "lagi"})
    assert stale.status_code == 409


def test_an_edition_of_a_later_day_waits_for_it(client_as, session):
    row, client = used(session), client_as("officer")
    later = clock.today() + timedelta(days=30)
    data = form(row, level_1="Nanti", reason="Uji", valid_from=later.isoformat())

    assert client.post(f"/kamus/{row.id}/ubah", data=data).status_code == 303
    assert row.levels[0].behaviours != ["Nanti"]
    run_daily(session, day=later)
    session.expire_all()
    assert row.levels[0].behaviours == ["Nanti"]
    assert editions(session, row) == [(1, "retired"), (2, "in_force")]


def test_what_is_used_is_neither_deleted_nor_retired(client_as, session):
    row, client = competency(session, "AP-02"), client_as("officer")

    for wanted in ("hapus", "retired"):
        answer = client.post(f"/kamus/{row.id}/keadaan", data={"keadaan": wanted})
        assert answer.status_code == 409
    assert "standar" in answer.text and row.state != "retired"
    frame = f"/kamus/kerangka/{row.framework_id}/keadaan"
    assert client.post(frame, data={"keadaan": "retired"}).status_code == 409


def test_a_framework_of_ones_own_grows_from_nothing(client_as, session):
    client = client_as("officer")
    data = {"code": "SFIA", "name": "SFIA", "kind": "TEKNIS", "version": "9", "source": "uji"}
    late = {**data, "valid_from": "2026-05-01", "valid_until": "2026-01-01"}
    assert client.post("/kamus/kerangka/baru", data=late).status_code == 422
    home = client.post("/kamus/kerangka/baru", data=data).location
    frame = session.scalars(select(Framework).filter_by(code="SFIA")).one()
    assert "masih kosong" in client.get(home).text

    area = {"code": "SFIA/A", "name": "Bidang", "kind": "TEKNIS", "is_area": "y", "parent_id": 0}
    assert client.post(f"{home}/butir", data=area).status_code == 303
    top = session.scalars(select(Competency).filter_by(code="SFIA/A")).one()
    below = {**area, "code": "SFIA/B", "name": "Di bawah", "parent_id": top.id}
    assert client.post(f"{home}/butir", data=below).status_code == 303
    low = session.scalars(select(Competency).filter_by(code="SFIA/B")).one()
    circle = client.post(f"/kamus/{top.id}/ubah", data=form(top, parent_id=low.id))
    assert circle.status_code == 422 and "melingkar" in circle.text

    levels = {f"level_{n}": f"Perilaku {n}" for n in range(1, 6)}
    item = {"code": "SFIA-1", "name": "Satu", "kind": "TEKNIS", "parent_id": low.id}
    short = client.post(f"{home}/butir", data={**item, **levels, "level_3": " "})
    assert short.status_code == 422 and "Level 3 belum memiliki perilaku" in short.text
    shown = client.post(f"{home}/butir", data={**item, **levels, "mappings": "SFIA:X:Lain"})
    assert "Perilaku 5" in client.get(shown.location).text
    again = client.post(f"{home}/butir", data={**item, **levels})
    assert again.status_code == 422 and "sudah dipakai" in again.text

    made = session.scalars(select(Competency).filter_by(code="SFIA-1")).one()
    assert made.column is not None and made.framework_id == frame.id
    client.post(f"/kamus/{made.id}/keadaan", data={"keadaan": "hapus"})
    assert session.scalar(select(Competency).filter_by(code="SFIA-1")) is None


def test_a_framework_is_given_as_a_case_package(client_as, session, app):
    row = competency(session)
    answer = client_as("officer").get(f"/kamus/kerangka/{row.framework_id}/case.json")
    package = json.loads(answer.data)

    items = {item["humanCodingScheme"]: item for item in package["CFItems"]}
    assert items[row.code]["CFItemType"] == "Competency"
    children = [a for a in package["CFAssociations"] if a["associationType"] == "isChildOf"]
    known = {item["identifier"] for item in package["CFItems"]}
    document = package["CFDocument"]["identifier"]
    assert {a["originNodeURI"]["identifier"] for a in children} == known
    assert {a["destinationNodeURI"]["identifier"] for a in children} <= known | {document}
    rubric = next(r for r in package["CFRubrics"] if r["title"] == row.name)
    levels = rubric["CFRubricCriteria"][0]["CFRubricCriterionLevels"]
    assert [level["score"] for level in levels] == [1, 2, 3, 4, 5]
    assert levels[0]["description"] == "\n".join(row.levels[0].behaviours)

    told = app.test_cli_runner().invoke(args=["reference", "case", row.framework.code])
    same = {item["identifier"] for item in json.loads(told.stdout)["CFItems"]}
    assert same == known, "the same framework has the same identifiers everywhere"
    assert app.test_cli_runner().invoke(args=["reference", "case", "ZZ"]).exit_code == 1


def test_standards_are_written_to_a_file_from_the_command_line(session, app, tmp_path):
    run, target = app.test_cli_runner().invoke, tmp_path / "standar.csv"

    told = run(args=["reference", "export", "standard", str(target), "--code", "TEK-PRAKOM-MUDA"])

    lines = target.read_text(encoding="utf-8-sig").splitlines()
    row = session.scalars(select(Standard).filter_by(code="TEK-PRAKOM-MUDA")).one()
    assert told.exit_code == 0 and len(lines) == 1 + len(row.items)
    assert lines[0].startswith("Kode standar;Nama standar")
    assert run(args=["reference", "export", "standard", str(tmp_path / "a.doc")]).exit_code == 2


def test_only_officers_keep_the_dictionary(client_as, session):
    row, client = competency(session), client_as("assessor")

    assert client.get(f"/kamus/kerangka/{row.framework_id}").status_code == 200
    assert client.get(f"/kamus/{row.id}/ubah").status_code == 403
    assert client.post("/kamus/kerangka/baru", data={}).status_code == 403
    assert session.scalars(select(Standard)).first() is not None


def test_a_framework_page_asks_the_same_number_of_questions_however_long(
    client_as, session, query_counter
):
    client = client_as("officer")
    sizes = {}
    for code in ("DIGITAL-ASN", "TEKNIS-SPBE"):
        frame = session.scalars(select(Framework).filter_by(code=code)).one()
        with query_counter() as queries:
            assert client.get(f"/kamus/kerangka/{frame.id}").status_code == 200
        sizes[code] = queries.count

    assert sizes["TEKNIS-SPBE"] <= sizes["DIGITAL-ASN"], sizes
