"""Boxes: computed from parts, unknown kept apart, calibrated with a reason, stored with method."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, InvalidInput
from matching.box_rules import Method, Part, axis_of, climbs, level_of, numbers, possible_boxes
from matching.models import TalentAssessment
from matching.queries import talent as queries
from matching.queries.pools import members_of
from matching.services import calibration, pools
from matching.services.reference_sets import add_version
from matching.services.talent_box import (
    compute_period,
    find_method,
    method_used,
    read_scales,
    record_inputs,
)
from skills.models import DisciplineRecord, PositionRecord, SkpRecord, TrainingRecord
from skills.services.reference_load import reference_rows
from tests.factories.people import make_employee

OFFICER = Actor(label="Petugas Uji", is_system=True)
YEAR = clock.today().year - 1
GENERAL = [[4, 7, 9], [2, 5, 8], [1, 3, 6]]
MINISTRY = [[3, 7, 9], [2, 6, 8], [1, 4, 5]]

points = st.one_of(st.none(), st.floats(0, 100))
parts = st.lists(
    st.tuples(st.floats(1, 60), points).map(lambda p: Part("x", *p)), min_size=1, max_size=7
)


@given(parts)
def test_the_band_of_an_axis_holds_its_value_and_every_outcome(items):
    axis = axis_of(items, 0.0)

    assert -1e-9 <= axis.low <= axis.high <= 100 + 1e-9
    if axis.value is not None:
        assert axis.low - 1e-9 <= axis.value <= axis.high + 1e-9


@given(parts, st.floats(0, 100))
def test_filling_the_unknown_stays_inside_the_band(items, found):
    full = [Part("x", p.weight, found if p.points is None else p.points) for p in items]

    before, after = axis_of(items, 0.5), axis_of(full, 0.5)

    assert before.low - 1e-6 <= after.value <= before.high + 1e-6


def test_unknown_parts_are_left_out_and_not_zero():
    axis = axis_of([Part("a", 60, 80.0), Part("b", 40, None)], 0.5)

    assert (axis.value, axis.low, axis.high) == (80.0, 48.0, 88.0)
    assert axis_of([Part("a", 40, 80.0), Part("b", 60, None)], 0.5).value is None


@pytest.mark.parametrize(("numbering", "rows"), [("UMUM", GENERAL), ("KEMENKEU", MINISTRY)])
def test_the_numbering_is_that_of_the_reference_data(session, numbering, rows):
    table = numbers(reference_rows(session, "nine_box"), numbering)

    drawn = [[table[y, x] for x in (1, 2, 3)] for y in (3, 2, 1)]
    assert drawn == rows


def test_a_cut_belongs_to_the_upper_level(session):
    method = find_method(session, "BKN-411-2025")

    assert [level_of(value, method) for value in (59.9, 60, 79.9, 80)] == [1, 2, 2, 3]


def known_person(session, **fields):
    person = make_employee(session, **fields)
    for year in (YEAR - 1, YEAR):
        session.add(SkpRecord(employee_id=person.id, year=year, predicate="Baik", source="demo"))
    session.add_all(
        [
            PositionRecord(
                employee_id=person.id,
                position_name="Analis",
                opd_name="Dinas",
                since=date(YEAR - 12, 1, 1),
                source="demo",
            ),
            TrainingRecord(
                employee_id=person.id,
                title="Bimtek",
                ended_on=date(YEAR, 5, 5),
                jp=20,
                source="demo",
            ),
        ]
    )
    rows = [
        {"nip": person.nip, "period": str(YEAR), "part": part, "points": "70", "source": "Asesmen"}
        for part in ("assessment", "potential")
    ]
    record_inputs(session, actor=OFFICER, rows=rows)
    return person


def assessment(session, person, method="BKN-411-2025"):
    compute_period(session, actor=OFFICER, period=YEAR, method_code=method)
    return session.scalars(
        select(TalentAssessment).where(
            TalentAssessment.employee_id == person.id, TalentAssessment.method_code == method
        )
    ).one()


def test_two_methods_give_the_same_person_different_boxes(session):
    person = known_person(session)

    by_points = assessment(session, person)
    by_predicate = assessment(session, person, "PREDIKAT-LANGSUNG")

    assert (by_points.performance, by_points.performance_level) == (80.0, 3)
    assert by_predicate.performance_level == 2
    assert by_points.potential_level == by_predicate.potential_level == 3
    assert (by_points.box, by_predicate.box) == (9, 8)
    assert by_points.method_hash != by_predicate.method_hash


def test_somebody_of_whom_little_is_known_gets_no_box(session):
    row = assessment(session, make_employee(session))

    assert row.box is None
    assert len(row.possible_boxes) > 1
    assert {part["code"] for part in row.parts if part["points"] is None} >= {"skp", "potential"}


def test_a_penalty_lowers_the_potential(session):
    clean, punished = known_person(session), known_person(session)
    session.add(DisciplineRecord(employee_id=punished.id, severity="heavy", since=date(YEAR, 1, 1)))
    session.flush()

    assert assessment(session, punished).potential < assessment(session, clean).potential


def test_computing_again_changes_nothing_and_keeps_calibration(session):
    person = known_person(session)
    row = assessment(session, person)
    meeting = open_meeting(session)
    calibration.move_person(
        session, actor=OFFICER, meeting=meeting, assessment=row, to_box=7, reason="Baru pindah"
    )

    again = assessment(session, person)

    assert (again.id, again.box, again.calibrated_box, again.box_in_force) == (row.id, 9, 7, 7)


def open_meeting(session):
    return calibration.open_meeting(
        session,
        actor=OFFICER,
        name="Rapat",
        period=YEAR,
        method_code="BKN-411-2025",
        members="Tim",
        held_on=clock.today(),
    )


def test_a_closed_meeting_moves_nobody(session):
    row, meeting = assessment(session, known_person(session)), open_meeting(session)
    with pytest.raises(InvalidInput):
        calibration.move_person(
            session, actor=OFFICER, meeting=meeting, assessment=row, to_box=7, reason=" "
        )
    calibration.close_meeting(session, meeting=meeting)

    with pytest.raises(Conflict):
        calibration.move_person(
            session, actor=OFFICER, meeting=meeting, assessment=row, to_box=7, reason="Terlambat"
        )


def test_the_possible_boxes_hold_the_box(session):
    method = find_method(session, None)
    table = read_scales(session, method).boxes
    axis = axis_of([Part("a", 50, 70.0), Part("b", 50, None)], 0.5)

    assert possible_boxes([3], axis, method, table) == [4, 7, 9]


def test_a_membership_keeps_its_history(session):
    person = known_person(session)
    pool = pools.open_pool(
        session,
        name="Kelompok",
        kind="succession",
        owner="BKPSDM",
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 1, 1),
    )
    member = pools.nominate(
        session, actor=OFFICER, pool=pool, employee=person, readiness="one_year", reason="Kotak 9"
    )
    with pytest.raises(Conflict):
        pools.nominate(
            session, actor=OFFICER, pool=pool, employee=person, readiness="now", reason="Lagi"
        )
    pools.change_readiness(
        session, actor=OFFICER, member=member, readiness="now", reason="Lulus pelatihan"
    )
    pools.leave(session, actor=OFFICER, member=member, reason="Mutasi")

    again = pools.nominate(
        session, actor=OFFICER, pool=pool, employee=person, readiness="now", reason="Kembali"
    )

    assert member.until is not None and again.id != member.id


def test_points_outside_the_scale_are_refused(session):
    person = make_employee(session)
    row = {"nip": person.nip, "period": "2025", "part": "potential", "points": "140", "source": "x"}

    with pytest.raises(InvalidInput):
        record_inputs(session, actor=OFFICER, rows=[row])


METHOD = Method(
    code="uji",
    name="",
    name_en="",
    numbering="UMUM",
    from_predicate=False,
    middle=60.0,
    high=80.0,
    performance_weights={},
    potential_weights={},
    skp_years=2,
    pool_boxes=(7, 8, 9),
    default=True,
    confidence="",
    note="",
)


@given(parts)
def test_what_is_missing_is_exactly_enough_for_the_next_level(items):
    rows = [
        {"code": str(at), "weight": part.weight, "points": part.points}
        for at, part in enumerate(items)
    ]
    path = climbs(rows, METHOD, 0.5)
    if path is None or path.cut is None:
        return
    assert path.missing > 0
    for step in path.parts:
        changed = [dict(row) for row in rows]
        reached = changed[int(step.code)]
        reached["points"] = 100.0 if step.needed is None else max(step.needed, 0.0)
        value = axis_of([Part(r["code"], r["weight"], r["points"]) for r in changed], 0.5).value
        if step.needed is None:
            assert value < path.cut + 1e-6
        elif step.needed >= 0:
            assert value == pytest.approx(path.cut)


def test_a_move_is_undone_by_a_new_row_and_only_the_last_one(session):
    row, meeting = assessment(session, known_person(session)), open_meeting(session)
    moves = [
        calibration.move_person(
            session, actor=OFFICER, meeting=meeting, assessment=row, to_box=box, reason="Rapat"
        )
        for box in (7, 5)
    ]
    with pytest.raises(Conflict):
        calibration.undo_move(session, actor=OFFICER, move=moves[0], reason="Keliru")
    undone = calibration.undo_move(session, actor=OFFICER, move=moves[1], reason="Keliru")

    assert (undone.from_box, undone.to_box, undone.undoes_id) == (5, 7, moves[1].id)
    assert row.box_in_force == 7
    with pytest.raises(Conflict):
        calibration.undo_move(session, actor=OFFICER, move=undone, reason="Lagi")


def test_renaming_a_scale_keeps_results_and_a_used_one_stays_readable(session):
    person = known_person(session)
    row = assessment(session, person)
    pool = pools.open_pool(
        session,
        name="Kelompok",
        kind="succession",
        owner="BKPSDM",
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 1, 1),
    )
    pools.nominate(
        session, actor=OFFICER, pool=pool, employee=person, readiness="now", reason="Kotak 9"
    )
    old = reference_rows(session, "nine_box_methods")
    renamed = [{**item, "name_id": f"Baru {item['name_id']}"} for item in old]
    add_version(session, "nine_box_methods", renamed, name="Cara", source="uji")

    assert find_method(session, row.method_code).name.startswith("Baru ")
    assert assessment(session, person).id == row.id  # computed again, the same result
    assert queries.cells(session, queries.BoxFilter(YEAR, row.method_code))[9].count == 1

    others = [item for item in renamed if item["code"] != row.method_code]
    add_version(session, "nine_box_methods", others, name="Cara", source="uji")

    with pytest.raises(InvalidInput):
        find_method(session, row.method_code)
    assert method_used(session, row.method_code).code == row.method_code
    assert [member.readiness for member in members_of(session, pool.id)] == ["now"]
