"""The pool in memory follows the database, whatever changed."""

from sqlalchemy import update

from matching.queries.pool import current_pool
from skills.models import Employee
from skills.services.vectors import vector_width
from tests.factories.people import give_level, make_employee


def pool_of(session):
    return current_pool(session, width=vector_width(session))


def set_version(session, person, version):
    session.execute(
        update(Employee).where(Employee.id == person.id).values(profile_version=version)
    )


def test_nothing_is_read_again_while_nobody_changed(session):
    make_employee(session)

    assert pool_of(session) is pool_of(session)


def test_a_new_level_is_in_the_arrays_at_once(session):
    person = make_employee(session)
    before = pool_of(session)

    give_level(session, person, "AP-02", 4)

    after = pool_of(session)
    at = after.position_of(person.id)
    assert before.verified[at].sum() == 0
    assert after.verified[at].sum() == 4


def test_changes_that_cancel_each_other_out_are_seen(session):
    # The sum of the versions stays the same; what is compared must not.
    one, two = make_employee(session), make_employee(session)
    set_version(session, one, 5)
    set_version(session, two, 9)
    pool_of(session)

    set_version(session, one, 9)
    set_version(session, two, 5)

    versions = pool_of(session).versions
    assert (versions[one.id], versions[two.id]) == (9, 5)


def test_somebody_who_leaves_while_another_joins_is_seen(session):
    leaver, joiner = make_employee(session), make_employee(session, employment_state="left")
    assert pool_of(session).ids.tolist() == [leaver.id]

    leaver.employment_state, joiner.employment_state = "left", "active"
    session.flush()

    assert pool_of(session).ids.tolist() == [joiner.id]
