"""What the similarity model reads: people and role catalogue as arrays and texts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Levels = NDArray[np.uint8]
Floats = NDArray[np.float64]
HIGHEST_LEVEL = 5


@dataclass(frozen=True)
class Text:
    """A text in two parts: the head names it (a job title), the body tells it."""

    head: str = ""
    body: str = ""


@dataclass(frozen=True)
class People:
    """A population in a fixed order.

    claimed, verified: uint8 (n_people, n_competencies), 0 = unknown; texts: one per person.
    """

    ids: Sequence[str]
    claimed: Levels
    verified: Levels
    texts: Sequence[Text] = ()

    def __post_init__(self) -> None:
        shape = (len(self.ids), self.claimed.shape[1] if self.claimed.ndim == 2 else -1)
        if self.claimed.shape != shape or self.verified.shape != shape:
            raise ValueError("claimed and verified must be (n_people, n_competencies)")
        if self.texts and len(self.texts) != len(self.ids):
            raise ValueError("there must be one text per person")
        for levels in (self.claimed, self.verified):
            if levels.dtype != np.uint8 or (levels.size and levels.max() > HIGHEST_LEVEL):
                raise ValueError("levels must be uint8 from 0 (unknown) to 5")


@dataclass(frozen=True)
class RoleQuery:
    """One role: required level (0 = not required) and weight per competency, and its text."""

    required: Levels
    weights: Floats
    text: Text = field(default_factory=Text)

    def __post_init__(self) -> None:
        if self.required.ndim != 1 or self.required.shape != self.weights.shape:
            raise ValueError("required and weights must be one row of equal length")
        if self.required.size and self.required.max() > HIGHEST_LEVEL:
            raise ValueError("required levels must be 0 to 5")
        if not np.isfinite(self.weights).all() or (self.weights < 0).any():
            raise ValueError("weights must be finite and not negative")

    @property
    def asked(self) -> NDArray[np.intp]:
        """Return the columns of the competencies that count."""
        return np.flatnonzero((self.required > 0) & (self.weights > 0))
