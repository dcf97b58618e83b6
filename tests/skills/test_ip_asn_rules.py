"""Laws of the professionalism index, on the table of the repository."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.ip_asn_rules import DIMENSIONS, Facts, band_of, index_of, mean_index, score_table
from skills.reference_files import SKILLS_DATA, load_index_bands, load_ip_asn_scores

TABLE = score_table(
    [vars(row) for row in load_ip_asn_scores(SKILLS_DATA)],
    [vars(row) for row in load_index_bands(SKILLS_DATA)],
    1,
)
EDUCATION = ("SLTP", "D2_SLTA", "D3", "S1_D4", "S2", "S3")
PREDICATES = ("SANGAT_KURANG", "KURANG", "BUTUH_PERBAIKAN", "BAIK", "SANGAT_BAIK")
PENALTIES = ("BERAT", "SEDANG", "RINGAN", "TIDAK_ADA")
facts = st.builds(
    Facts,
    group=st.sampled_from((None, "STRUKTURAL", "FUNGSIONAL", "PELAKSANA")),
    education=st.none() | st.sampled_from(EDUCATION),
    has_position_training=st.booleans(),
    technical_jp=st.integers(0, 60),
    has_seminar=st.booleans(),
    predicate=st.none() | st.sampled_from(PREDICATES),
    penalty=st.sampled_from(PENALTIES),
)


@given(facts)
def test_the_parts_add_up_and_stay_below_their_most(known: Facts) -> None:
    index = index_of(known, TABLE)
    assert index.total == pytest.approx(sum(part.points for part in index.parts))
    assert all(0 <= part.points <= part.most for part in index.parts)
    assert [part.dimension for part in index.parts] == list(DIMENSIONS)
    assert 0 <= index.total <= 100 and index.band is not None


@given(facts, st.sampled_from(("education", "predicate", "penalty")), st.data())
def test_a_better_answer_never_lowers_the_index(known: Facts, name: str, data) -> None:
    scale = {"education": EDUCATION, "predicate": PREDICATES, "penalty": PENALTIES}[name]
    low = data.draw(st.integers(0, len(scale) - 1))
    high = data.draw(st.integers(low, len(scale) - 1))
    totals = [
        index_of(replace(known, **{name: scale[place]}), TABLE).total for place in (low, high)
    ]
    assert totals[0] <= totals[1]


@given(facts)
def test_a_further_training_never_lowers_the_index(known: Facts) -> None:
    more = replace(
        known, has_position_training=True, has_seminar=True, technical_jp=known.technical_jp + 20
    )
    assert index_of(more, TABLE).total >= index_of(known, TABLE).total


@given(facts)
def test_what_would_raise_it_is_what_is_open(known: Facts) -> None:
    index = index_of(known, TABLE)
    gains = sum(item.gain for item in index.raises)
    asked = sum(item.most for part in index.parts for item in part.elements)
    assert index.total + gains == pytest.approx(asked)


def test_the_full_score_is_a_hundred_for_every_group() -> None:
    for group in ("STRUKTURAL", "FUNGSIONAL", "PELAKSANA"):
        best = Facts(group, "S3", True, 20, True, "SANGAT_BAIK")
        assert index_of(best, TABLE).total == 100


def test_what_is_unknown_is_said_and_not_guessed() -> None:
    index = index_of(Facts(), TABLE)
    assert index.unknown == ("KUALIFIKASI", "KOMPETENSI", "KINERJA")
    assert index.total == 5


@pytest.mark.parametrize(
    ("total", "name"),
    [(90.5, "Sangat Tinggi"), (90.4, "Tinggi"), (60.9, "Rendah"), (100, "Sangat Tinggi")],
)
def test_a_total_between_bands_is_rounded_first(total: float, name: str) -> None:
    assert band_of(total, TABLE.bands)["name"] == name


def test_nobody_has_no_mean() -> None:
    assert mean_index([]) is None
