"""Closed lists of this package."""

from enum import StrEnum


class SeatState(StrEnum):
    """Whether the seat needs somebody."""

    VACANT = "vacant"
    FILLED = "filled"
    CLOSED = "closed"


class ShortlistState(StrEnum):
    """Steps of a person on the shortlist of a seat."""

    PROPOSED = "proposed"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    WITHDRAWN = "withdrawn"


class PlacementKind(StrEnum):
    """Whether somebody holds a seat or stands in for the holder."""

    PRIMARY = "primary"
    BACKUP = "backup"


class PlacementEnd(StrEnum):
    """How a placement ended."""

    ENDED = "ended"
    RECALLED = "recalled"


class Readiness(StrEnum):
    """How soon somebody could take over."""

    NOW = "now"
    ONE_YEAR = "one_year"
    TWO_YEARS = "two_years"
