"""Which lines of a certificate's page are a person's own, and whose page shows them clearly."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from courses.certificates.facts import CertificateFacts
from courses.certificates.page_text import plain

_BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4"})

Tree = Any


def personal_places(trees: list[Tree]) -> list[tuple[int, ...]] | None:
    """Return the places of the blocks whose text differs, or None if one is not a simple block."""
    places: list[tuple[int, ...]] = []
    for row in zip(*(tree.iter() for tree in trees), strict=True):
        texts = {(element.text or "").strip() for element in row}
        tails = {(element.tail or "").strip() for element in row}
        for differs, element in ((len(texts) > 1, row[0]), (len(tails) > 1, row[0].getparent())):
            if not differs:
                continue
            while element is not None and element.tag not in _BLOCKS:
                if element.tag not in ("strong", "em", "b", "i", "span"):
                    return None
                element = element.getparent()
            if element is None:
                return None
            if (place := _place(element)) not in places:
                places.append(place)
    return places


def clearest(
    group: Sequence[CertificateFacts], trees: Mapping[str, Tree], places: Sequence[tuple[int, ...]]
) -> CertificateFacts:
    """Return somebody whose own lines stand nowhere else on the page, else the first.

    The unit of a person may be the organiser, whose name the page has at another place: the line
    to exchange would be taken for the other one.
    """
    for facts in group:
        tree = trees[facts.code]
        own = [text for place in places for text in line_texts(element_at(tree, place))]
        every = Counter(line_texts(tree.find("body")))
        if all(every[text] == number for text, number in Counter(own).items()):
            return facts
    return group[0]


def _place(element: Tree) -> tuple[int, ...]:
    """Return the way from the root to an element as child numbers."""
    way: list[int] = []
    while (parent := element.getparent()) is not None:
        way.append(parent.index(element))
        element = parent
    return tuple(reversed(way))


def element_at(tree: Tree, place: tuple[int, ...]) -> Tree:
    """Return the element at a place."""
    for number in place:
        tree = tree[number]
    return tree


def line_texts(block: Tree) -> tuple[str, ...]:
    """Return the plain texts of a block, one for each run that it is drawn with."""
    return tuple(text for text in map(plain, block.itertext()) if text)
