"""Kept rankings: a replay gives the same bits, and alterations are found."""

import zlib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.actor import Actor
from app.core.db import db
from matching.models import ModelVersion
from matching.services import runs, scouting
from matching.services.gates import Gates
from skills.services.touch import touch_people
from tests.factories.people import give_level, make_employee
from tests.factories.seats import make_candidate, make_seat
from tests.support.examples import examples

OFFICER = Actor(account_id=None, label="Petugas Uji", is_system=True)


@pytest.fixture
def seat(session):
    return make_seat(session)


def keep(session, seat, **changes):
    criteria = replace(scouting.criteria_of(seat), **changes)
    ranking = scouting.rank_for_role(session, role=seat.role, criteria=criteria)
    run = runs.keep_run(session, actor=OFFICER, seat=seat, ranking=ranking)
    session.commit()
    return run


def test_a_replay_gives_the_same_bits(session, seat):
    for level in (1, 3, 5, None):
        make_candidate(session, seat, level)

    result = runs.replay(session, run=keep(session, seat))

    assert result.proven
    assert (result.people, result.changed_people, result.model_changed) == (4, 0, False)


def test_the_frozen_inputs_come_back_whole(session, seat):
    make_candidate(session, seat, 2)
    make_employee(session, golongan=None, education_level=None, retirement_date=None)
    criteria = replace(scouting.criteria_of(seat), order="fit", gates=Gates(opd_id=3))
    inputs = scouting.gather(session, role=seat.role, criteria=criteria)

    data = runs.freeze_inputs(inputs, "m")
    again, model = runs.thaw_inputs(data)

    assert (again.criteria, again.text, again.scales, model) == (
        inputs.criteria,
        inputs.text,
        inputs.scales,
        "m",
    )
    assert again.pool.people == inputs.pool.people
    assert runs.freeze_inputs(again, "m") == data


@settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(levels=st.lists(st.integers(1, 5), max_size=4), by_fit=st.booleans())
def test_whatever_changed_row_by_row_the_replay_is_equal(session, seat, levels, by_fit):
    code = seat.role.standard.items[1].competency.code
    person = make_candidate(session, seat, 2)
    keep(session, seat)
    for level in levels:  # taken over row by row into a model that stays as it is
        give_level(session, person, code, level)
        person.education_field = f"Teknik Jaringan {level}"
        session.flush()
        touch_people(session, employee_ids=[person.id])
        scouting.rank_for_role(session, role=seat.role, criteria=scouting.criteria_of(seat))

    run = keep(session, seat, order="fit" if by_fit else "group")

    assert runs.replay(session, run=run).proven


def test_it_says_that_people_have_changed_since(session, seat):
    person = make_candidate(session, seat, 2)
    run = keep(session, seat)

    give_level(session, person, seat.role.standard.items[0].competency.code, 5)
    make_candidate(session, seat, 5)

    result = runs.replay(session, run=run)
    assert result.proven
    assert result.changed_people == 2


@pytest.mark.parametrize("part", ["inputs", "ranking"])
def test_altered_bytes_are_found(session, seat, part):
    make_candidate(session, seat, 2)
    run = keep(session, seat)
    data = bytearray(zlib.decompress(getattr(run, part)))
    data[-5] ^= 1
    setattr(run, part, zlib.compress(bytes(data)))

    result = runs.replay(session, run=run)

    assert part in result.damage
    assert not result.proven


def test_an_alteration_that_also_mends_its_hash_is_found_by_the_trail(session, seat):
    make_candidate(session, seat, 2)
    run = keep(session, seat)
    data = zlib.decompress(run.inputs).replace(b'"order":"group"', b'"order":"fit"')
    run.inputs, run.inputs_hash = zlib.compress(data), runs.hashlib.sha256(data).hexdigest()

    assert runs.replay(session, run=run).damage == ["trail"]


def test_an_altered_model_is_found(session, seat):
    make_candidate(session, seat, 2)
    run = keep(session, seat)
    version = session.get(ModelVersion, run.model_version_id)
    version.arrays = version.arrays[:-1] + b"x"

    assert runs.replay(session, run=run).damage == ["model"]


def test_the_command_replays_and_fails_on_alteration(app, session, seat):
    make_candidate(session, seat, 2)
    run = keep(session, seat)
    cli = app.test_cli_runner()

    good = cli.invoke(args=["matching", "replay", run.key[:10]])
    run.ranking = zlib.compress(b"\0" * 24)
    session.commit()
    db.session.remove()
    bad = cli.invoke(args=["matching", "replay", str(run.id)])

    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "bit for bit" in good.output
    assert "ALTERED" in bad.output
