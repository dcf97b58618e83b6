"""Facts that gates compare, as one packed row per person, so that a gate is one array operation."""

import itertools
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

# Words are kept as numbers of this process; days as ordinals, 0 where the date is not known.
FACTS = np.dtype(
    [
        ("opd", "i8"),
        ("kind", "i4"),
        ("golongan", "i4"),
        ("education", "i4"),
        ("field", "i4"),
        ("service_start", "i4"),
        ("retirement", "i4"),
        ("clean_since", "i4"),
        ("in_discipline", "?"),
    ]
)
Facts = NDArray[np.void]

_numbers = itertools.count()
_words: dict[str, int] = {}


class HasFacts(Protocol):
    """What the facts of a person are read from."""

    opd_id: int
    employment_kind: str
    golongan: str | None
    education_level: str | None
    education_field: str | None
    service_start: date | None
    retirement_date: date | None
    clean_since: date | None
    in_discipline: bool


def base_kind(kind: str) -> str:
    """Return PNS for a CPNS: the ranks of the two are the same."""
    return "PNS" if kind == "CPNS" else kind


def word_code(word: str | None) -> int:
    """Return the number that stands for a word in this process."""
    return _words.setdefault(word or "", next(_numbers))


def field_code(field: str | None) -> int:
    """Return the number of a field of study; case and spacing do not matter, none is unknown."""
    return word_code("field:" + " ".join((field or "").lower().split()))


def fact_row(person: HasFacts) -> tuple[int | bool, ...]:
    """Return the packed facts of one person."""
    return (
        person.opd_id,
        word_code(base_kind(person.employment_kind)),
        word_code(person.golongan),
        word_code(person.education_level),
        field_code(person.education_field),
        _ordinal(person.service_start),
        _ordinal(person.retirement_date),
        _ordinal(person.clean_since),
        person.in_discipline,
    )


def facts_of(people: Iterable[HasFacts]) -> Facts:
    """Return the packed facts of people, (n_people,)."""
    return np.array([fact_row(person) for person in people], FACTS)


def lookup(codes: NDArray[np.int32], values: Mapping[str, int]) -> NDArray[np.int64]:
    """Return for each coded word its value, 0 for words without one."""
    table = np.zeros(max(len(_words), int(codes.max(initial=0)) + 1), np.int64)
    for word, value in values.items():
        code = word_code(word)
        if code < len(table):
            table[code] = value
    return table[codes]


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0
