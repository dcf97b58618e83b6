"""Gates of a role as officers give them, and exact gates over people."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from matching.queries.facts import facts_of
from matching.role_rules import checked_gates, thin_reasons
from matching.services.gates import Gates, Scales, apply_gates
from skills.rules import Requirement

RANKS = ("I/a", "II/c", "III/a", "III/d", "IV/a")
SCALES = Scales({("PNS", rank): order for order, rank in enumerate(RANKS, start=1)}, {"S1": 8})
DAY = date(2026, 6, 1)


@dataclass
class Somebody:
    golongan: str | None
    education_field: str | None
    opd_id: int = 1
    employment_kind: str = "PNS"
    education_level: str | None = "S1"
    service_start: date | None = None
    retirement_date: date | None = None
    clean_since: date | None = None
    in_discipline: bool = False


ranks = st.sampled_from(RANKS)
fields = st.sampled_from(["Statistika", "  statistika ", "Teknik Informatika", None])


@given(st.lists(st.tuples(st.one_of(st.none(), ranks), fields), max_size=8), ranks, ranks)
def test_a_range_of_ranks_and_a_field_let_through_exactly_those_inside(people, low, high):
    gates = Gates(
        golongan_min=(("PNS", low),),
        golongan_max=(("PNS", high),),
        education_fields=("Statistika",),
    )
    asked = [Somebody(*pair) for pair in people]

    passes = apply_gates(facts_of(asked), gates, SCALES, DAY).passes.tolist()

    def inside(person):
        if (
            person.golongan is None
            or (person.education_field or "").strip().lower() != "statistika"
        ):
            return False
        at = RANKS.index(person.golongan)
        return RANKS.index(low) <= at <= RANKS.index(high)

    assert passes == [inside(person) for person in asked]


@given(st.integers() | st.text(max_size=3), ranks, ranks)
def test_gates_are_kept_as_given_or_refused(years, low, high):
    values = {
        "employment_kinds": ["PNS"],
        "golongan_min": {"PNS": low},
        "golongan_max": {"PNS": high},
        "service_years_min": years,
    }
    try:
        kept = checked_gates(values, ranks=SCALES.golongan, education={"S1"})
    except InvalidInput as refusal:
        upside_down = RANKS.index(low) > RANKS.index(high)
        assert upside_down or refusal.field == "service_years_min"
    else:
        assert 0 <= kept["service_years_min"] <= 40
        assert Gates.from_role(kept).golongan_max == (("PNS", high),)


@pytest.mark.parametrize(
    ("weights", "words", "count"),
    [((1, 1, 1), 30, 0), ((1, 1), 30, 1), ((5, 1, 1), 30, 1), ((9, 1), 3, 3)],
)
def test_a_thin_role_says_why(weights, words, count):
    asked = [Requirement(number, 2, weight) for number, weight in enumerate(weights)]

    assert len(thin_reasons(asked, "kata " * words, least_requirements=3, least_words=25)) == count
