"""Geometry of the charts: unknown is never drawn as zero, shapes stay inside their frame."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web import charts

LEVELS = st.one_of(st.none(), st.integers(0, 5))


@st.composite
def profiles(draw: st.DrawFn) -> tuple[list[str], list[int | None], list[int | None]]:
    count = draw(st.integers(3, 14))
    lists = st.lists(LEVELS, min_size=count, max_size=count)
    names = st.lists(st.text(max_size=80), min_size=count, max_size=count)
    return draw(names), draw(lists), draw(lists)


@given(profiles())
def test_a_radar_stays_in_its_frame(
    profile: tuple[list[str], list[int | None], list[int | None]],
) -> None:
    drawing = charts.radar(*profile)

    places = [*drawing.dots, *drawing.spokes]
    assert all(0 <= spot.x <= drawing.width and 0 <= spot.y <= drawing.height for spot in places)


@given(profiles())
def test_an_unknown_level_is_left_out_of_the_shape(
    profile: tuple[list[str], list[int | None], list[int | None]],
) -> None:
    drawing = charts.radar(*profile)

    known = [value is not None for value in profile[1]]
    assert [dot.known for dot in drawing.dots] == known
    assert len(drawing.value.split()) == sum(known)


def test_zero_sits_in_the_centre_and_the_top_level_on_the_rim() -> None:
    drawing = charts.radar(["a", "b", "c"], [0, 5, None], [3, 3, 3])

    assert (drawing.dots[0].x, drawing.dots[0].y) == (drawing.centre.x, drawing.centre.y)
    assert (drawing.dots[1].x, drawing.dots[1].y) == (drawing.spokes[1].x, drawing.spokes[1].y)


@pytest.mark.parametrize(
    "lists", [(["a", "b"], [1, 2], [1, 2]), (["a", "b", "c"], [1, 2], [1, 2, 3])]
)
def test_a_radar_refuses_what_it_cannot_draw(
    lists: tuple[list[str], list[int], list[int]],
) -> None:
    with pytest.raises(ValueError, match="three or more"):
        charts.radar(*lists)


@given(st.floats(-1e6, 1e6), st.floats(0.1, 1e6))
def test_a_share_is_between_0_and_100(value: float, most: float) -> None:
    assert 0 <= charts.percent(value, most) <= 100


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=12))
def test_the_slices_of_a_donut_make_a_whole(parts: list[float]) -> None:
    lengths = sum(arc.length for arc in charts.donut(parts))

    assert lengths == pytest.approx(100 if sum(parts) else 0, abs=0.05)


def test_an_unknown_value_breaks_the_line() -> None:
    assert len(charts.sparkline([1, 2, None, 3, 4])) == 2
    assert charts.sparkline([None, None]) == ()


@given(st.lists(st.one_of(st.none(), st.floats(-1e4, 1e4)), max_size=40))
def test_a_line_stays_in_its_box(values: list[float | None]) -> None:
    for part in charts.sparkline(values):
        for pair in part.split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= 120
            assert 0 <= y <= 32


@given(st.text(max_size=300))
def test_a_label_takes_three_lines_at_most(text: str) -> None:
    assert len(charts.wrap(text)) <= 3
