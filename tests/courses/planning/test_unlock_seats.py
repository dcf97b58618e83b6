"""What unlocks seats, read from the database, against trying every group of people."""

from itertools import combinations

import numpy as np

from courses.queries.need_overview import courses_in_force
from courses.services.unlock_seats import situation, unlock_report, whole_choices
from courses.unlocking import filled_seats
from tests.factories.courses import make_course
from tests.factories.people import give_level
from tests.factories.seats import make_candidate, make_seat

ALL = 99.0  # everything that the role asks


def test_the_best_training_is_what_trying_every_group_finds(session):
    seats = [make_seat(session) for _ in range(3)]
    items = seats[0].role.standard.items
    asked = items[0].competency.code
    for _ in range(4):
        person = make_candidate(session, seats[0])
        for item in items[1:]:
            give_level(session, person, item.competency.code, 5)
    for row in courses_in_force(session):
        row.state = "replaced"
    course = make_course(session, asked, to_level=5, cost=100, jp=10)
    course.competencies[0].from_level = 0
    session.flush()

    report = unlock_report(session, budget=250, hours=1_000, least_fit=ALL)

    assert report.places == 3
    assert report.before == 0
    assert [row.course.id for row in report.ranked] == [course.id]
    assert (report.ranked[0].gain, report.ranked[0].cost) == by_trying(session, most=2)
    assert report.steps[-1].after == 2
    assert unlock_report(session, budget=0, hours=1_000, least_fit=ALL).ranked == []


def by_trying(session, most):
    now = situation(session, least_fit=ALL)
    ((_course, reaches),) = whole_choices(courses_in_force(session))
    ready, after = now.ready(now.levels, now.trust), now.ready(*now.trained(reaches))
    best = (0, 0)
    for size in range(most + 1):
        for group in combinations(range(len(now.ids)), size):
            mixed = ready.copy()
            mixed[list(group)] = after[list(group)]
            gain = filled_seats(mixed) - filled_seats(ready)
            best = max(best, (gain, -size))
    assert np.array_equal(ready, ready & after)
    return best[0], -best[1] * 100
