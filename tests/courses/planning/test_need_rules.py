"""Needs: counted once a person and competency, added up without loss, served by fitting courses."""

from hypothesis import given
from hypothesis import strategies as st

from courses.need_rules import Need, Teaching, gained, merged, options_of, roll_up, together

NEEDS = st.lists(
    st.builds(
        Need,
        employee_id=st.integers(1, 12),
        opd_id=st.just(1),
        competency_id=st.integers(1, 4),
        held=st.one_of(st.none(), st.integers(1, 2)),
        required=st.integers(3, 5),
        for_role=st.booleans(),
    ),
    max_size=30,
    unique_by=lambda need: (need.employee_id, need.competency_id),
)


@given(position=NEEDS, role=NEEDS)
def test_a_person_counts_once_a_competency_with_the_highest_demand(position, role):
    found = merged(position, role)
    keys = [(need.employee_id, need.competency_id) for need in found]

    assert len(keys) == len(set(keys))
    assert set(keys) == {(n.employee_id, n.competency_id) for n in (*position, *role)}
    for need in found:
        same = [
            other.required
            for other in (*position, *role)
            if (other.employee_id, other.competency_id) == (need.employee_id, need.competency_id)
        ]
        assert need.required == max(same)


@given(needs=NEEDS)
def test_rolling_up_loses_nobody(needs):
    cells = roll_up(needs, short={1, 2, 3})

    assert sum(cell.people for cell in cells) == len(needs)
    assert sum(cell.levels for cell in cells) == sum(need.missing for need in needs)
    assert sum(row.people for row in together(cells)) == len(needs)
    assert sum(row.short for row in together(cells)) == sum(n.employee_id <= 3 for n in needs)
    assert sum(row.unknown for row in together(cells, by_opd=True)) == sum(
        need.held is None for need in needs
    )


def test_a_course_serves_whom_it_can_raise_and_no_further_than_asked():
    course = Teaching(1, 20, 100, {7: (2, 4)})

    assert gained(Need(1, 1, 7, 2, 3), course) == 1
    assert gained(Need(1, 1, 7, None, 3), course) == 0, "the level before is missing"
    assert gained(Need(1, 1, 8, 2, 3), course) == 0
    assert options_of([Need(1, 1, 7, None, 3)], [course]) == []
