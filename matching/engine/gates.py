"""Gates: who may be considered at all, in a stated order, with a count after each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Gate:
    """One mandatory criterion: its code and who passes, bool (n_people,)."""

    code: str
    passes: Mask


@dataclass(frozen=True)
class GateCount:
    """How many people a gate met, how many it stopped and how many it left."""

    code: str
    before: int
    stopped: int
    left: int


@dataclass(frozen=True)
class GateResult:
    """Who passed every gate, the counts, and for each person the first gate that stopped."""

    passed: Mask
    counts: tuple[GateCount, ...]
    first_failed: tuple[str | None, ...]

    @property
    def emptied_by(self) -> str | None:
        """Return the code of the gate that left nobody, if one did."""
        return next((c.code for c in self.counts if c.before and not c.left), None)


def apply_gates(people: int, gates: Sequence[Gate]) -> GateResult:
    """Apply gates in order and count what each leaves.

    people: size of the pool.

    Raises: ValueError when a mask is not bool of that size or a code is used twice.
    """
    passed = np.ones(people, np.bool_)
    failed: list[str | None] = [None] * people
    counts = []
    if len({gate.code for gate in gates}) != len(gates):
        raise ValueError("every gate needs a code of its own")
    for gate in gates:
        if gate.passes.shape != (people,) or gate.passes.dtype != np.bool_:
            raise ValueError(f"gate {gate.code} must be one bool per person")
        before = int(passed.sum())
        for row in np.flatnonzero(passed & ~gate.passes).tolist():
            failed[row] = gate.code
        passed = passed & gate.passes
        left = int(passed.sum())
        counts.append(GateCount(gate.code, before, before - left, left))
    return GateResult(passed, tuple(counts), tuple(failed))


def stopped_only_by(gates: Sequence[Gate], code: str) -> NDArray[np.intp]:
    """Return the people whom only this gate stops: those who would enter if it were dropped.

    Raises: ValueError for an unknown code.
    """
    chosen = [gate for gate in gates if gate.code == code]
    if not chosen:
        raise ValueError(f"unknown gate {code}")
    others = np.ones(chosen[0].passes.shape, np.bool_)
    for gate in gates:
        if gate.code != code:
            others &= gate.passes
    return np.flatnonzero(others & ~chosen[0].passes)
