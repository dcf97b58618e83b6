"""Laws of data quality."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from skills.quality_rules import (
    CHECKS,
    DIMENSIONS,
    Known,
    RecordFacts,
    mean_quality,
    quality_of,
    rules_from,
)
from skills.reference_files import SKILLS_DATA, load_quality_checks

DAY = date(2026, 6, 30)
RULES = rules_from([vars(row) for row in load_quality_checks(SKILLS_DATA)])
KNOWN = Known(DAY, frozenset(("S1",)), frozenset(("III/b",)))
GOOD = RecordFacts(
    nip="199001012015011001",
    birth_date=date(1990, 1, 1),
    sex="L",
    email="a@contoh.test",
    golongan="III/b",
    golongan_since=date(2022, 4, 1),
    position_id=1,
    position_kind="PELAKSANA",
    kind_of_position="PELAKSANA",
    has_standard=True,
    education_level="S1",
    service_start=date(2015, 1, 1),
    retirement_date=date(2048, 2, 1),
    opd_id=1,
    unit_opd_id=1,
    supervisor_id=2,
    supervisor_state="active",
    touched_on=DAY,
    has_skp=True,
)
FLAWS = {
    "no_birth_date": {"birth_date": None},
    "no_education": {"education_level": None},
    "no_supervisor": {"supervisor_id": None},
    "no_skp": {"has_skp": False},
    "expired_evidence": {"trainings": 2, "expired": 1},
    "past_retirement": {"retirement_date": date(2026, 1, 1)},
    "nip_birth": {"birth_date": date(1990, 1, 2)},
    "nip_sex": {"sex": "P"},
    "unknown_rank": {"golongan": "III/z"},
    "no_standard": {"has_standard": False},
    "foreign_unit": {"unit_opd_id": 9},
    "gone_supervisor": {"supervisor_state": "retired"},
    "date_order": {"golongan_since": date(2010, 1, 1)},
}


def test_a_good_record_is_full_and_every_check_has_a_rule():
    found = quality_of(GOOD, RULES, KNOWN)
    assert (found.total, found.failed) == (100, ())
    assert {rule.code for rule in RULES} == set(CHECKS)


@given(st.sets(st.sampled_from(sorted(FLAWS))))
def test_each_flaw_is_named_and_scores_stay_within_bounds(flaws):
    changes = {key: value for code in sorted(flaws) for key, value in FLAWS[code].items()}
    found = quality_of(replace(GOOD, **changes), RULES, KNOWN)
    assert all(0 <= found.scores[name] <= 100 for name in DIMENSIONS)
    assert (found.total == 100) == (not found.failed)
    if len(flaws) == 1:
        assert found.failed == tuple(flaws)


def test_heads_of_opd_need_no_supervisor_here():
    head = replace(GOOD, supervisor_id=None, supervisor_state=None, leads_opd=True)
    assert quality_of(head, RULES, KNOWN).failed == ()


def test_the_mean_lies_between_the_records():
    bad = quality_of(RecordFacts(nip="199001012015011001"), RULES, KNOWN)
    good = quality_of(GOOD, RULES, KNOWN)
    mean = mean_quality([good, bad])
    assert bad.total < mean.total < good.total and mean_quality([]) is None
