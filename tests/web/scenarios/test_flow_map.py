"""The map of moves: everybody is drawn once, inside the picture, and the words say the same."""

import re
from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from app.web.scenarios.flow_map import SIZE, flow_map

offices = st.sampled_from(["BKD", "DINKES", "DISDIKBUD", "DISKOMINFO", "KEC-TENGGARA", "A & <b>"])
all_moves = st.dictionaries(st.tuples(offices, offices), st.integers(1, 40), min_size=1)


@given(all_moves, st.none() | offices)
def test_every_move_is_drawn_once_and_said_in_words(moves, focus):
    found = flow_map(moves, focus=focus)

    drawn = {(arrow.origin, arrow.target): arrow.count for arrow in found.arrows}
    stays = {(node.name, node.name): node.own for node in found.nodes if node.own}
    assert drawn | stays == moves
    assert sum(n.out for n in found.nodes) == sum(n.into for n in found.nodes)
    assert sum(n.out + n.own for n in found.nodes) == sum(moves.values())
    said = {(origin, target): count for origin, target, count in found.rows}
    touched = {pair: n for pair, n in moves.items() if found.focus in (None, *pair)}
    assert said == touched
    assert [arrow.dim for arrow in found.arrows] == sorted(
        (arrow.dim for arrow in found.arrows), reverse=True
    )


@given(all_moves)
def test_more_people_never_make_a_thinner_arrow_and_all_stays_inside(moves):
    found = flow_map(moves)

    by_count = sorted((arrow.count, arrow.width) for arrow in found.arrows)
    assert [width for _count, width in by_count] == sorted(width for _count, width in by_count)
    for node in found.nodes:
        outside = hypot(node.x - SIZE / 2, node.y - SIZE / 2) + node.ring_radius + node.ring / 2
        assert outside < hypot(node.label_x - SIZE / 2, node.label_y - SIZE / 2) < SIZE / 2
    for arrow in found.arrows:
        places = map(float, re.findall(r"-?\d+(?:\.\d+)?", arrow.path + " " + arrow.head))
        assert all(0 < place < SIZE for place in places)


def test_a_focus_that_moves_nobody_dims_nothing():
    found = flow_map({("BKD", "DINKES"): 2}, focus="tidak ada")

    assert found.focus is None
    assert not any(part.dim for part in (*found.nodes, *found.arrows))
    assert flow_map({}).nodes == []
