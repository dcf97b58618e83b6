"""All seats at once under constraints: a mixed-integer programme, and why it has no answer."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.engine.assignment import EMPTY, Assignment, assign_plain, checked
from matching.engine.columns import Programme, maximise
from matching.engine.records import Floats

SECONDS = 10.0
PRIMARY, BACKUP = 0, 1


@dataclass(frozen=True)
class Constraints:
    """What binds an assignment besides one seat per person.

    home: OPD of each person, seat_opd: OPD of each seat (same labels); most_leavers: at most so
    many people may leave an OPD for a seat elsewhere, by OPD, no entry = no limit; locked:
    (person, seat) pairs that must stay; incumbent: holder of each seat or -1, kept unless a
    change gains more than keep_margin; own_opd_bonus: preference for people of the seat's OPD;
    backups: name a second person per seat, who counts backup_weight and holds nothing else;
    must_fill: no seat may stay empty.
    """

    home: NDArray[np.int64]
    seat_opd: NDArray[np.int64]
    most_leavers: dict[int, int]
    locked: tuple[tuple[int, int], ...] = ()
    incumbent: NDArray[np.int64] | None = None
    keep_margin: float = 0.0
    own_opd_bonus: float = 0.0
    backups: bool = False
    backup_weight: float = 0.3
    must_fill: bool = True


@dataclass(frozen=True)
class Relaxation:
    """One way out of an infeasible assignment: the constraint to relax, and where.

    constraint: "eligibility", "most_leavers", "locked", "backups" or "people"; where: the seats
    (eligibility), OPDs (most_leavers) or positions in `locked` concerned.
    """

    constraint: str
    where: tuple[int, ...] = ()


class InfeasibleAssignment(ValueError):
    """No assignment satisfies the constraints; `relaxations` says what to give up."""

    def __init__(self, relaxations: tuple[Relaxation, ...]) -> None:
        super().__init__("no assignment satisfies all constraints")
        self.relaxations = relaxations


def assign(
    scores: Floats,
    eligible: NDArray[np.bool_],
    constraints: Constraints,
    seconds: float = SECONDS,
) -> Assignment:
    """Return the best assignment under the constraints.

    scores, eligible: (n_people, n_seats).

    Raises: InfeasibleAssignment, ValueError for wrong shapes, TimeoutError without any answer
    in the given seconds.
    """
    value, allowed = checked(scores, eligible)
    _check(value, constraints)
    programme = _Programme(value, allowed, constraints)
    chosen = programme.solve(seconds)
    if chosen is None:
        raise InfeasibleAssignment(_relaxations(value, allowed, constraints, seconds))
    return chosen


def _check(value: Floats, constraints: Constraints) -> None:
    people, seats = value.shape
    if constraints.home.shape != (people,) or constraints.seat_opd.shape != (seats,):
        raise ValueError("home must be per person and seat_opd per seat")
    if constraints.incumbent is not None and constraints.incumbent.shape != (seats,):
        raise ValueError("incumbent must be per seat")
    taken_people = [person for person, _ in constraints.locked]
    taken_seats = [seat for _, seat in constraints.locked]
    if len(set(taken_people)) != len(taken_people) or len(set(taken_seats)) != len(taken_seats):
        raise ValueError("a person or a seat is locked twice")


def preference(value: Floats, constraints: Constraints) -> Floats:
    """Return the scores with the bonus of incumbents and of the own OPD."""
    own = constraints.home[:, None] == constraints.seat_opd[None, :]
    preferred = value + constraints.own_opd_bonus * own
    if constraints.incumbent is not None:
        held = np.flatnonzero(constraints.incumbent != EMPTY)
        preferred[constraints.incumbent[held], held] += constraints.keep_margin
    return preferred


class _Programme:
    """Variables: one per (person, seat, kind) that an optimal assignment could need."""

    def __init__(self, value: Floats, allowed: NDArray[np.bool_], constraints: Constraints) -> None:
        self.value = value
        self.constraints = constraints
        self.preferred = preference(value, constraints)
        usable = allowed.copy()
        for person, seat in constraints.locked:
            keeps = allowed[person, seat]
            usable[person, :] = usable[:, seat] = False
            usable[person, seat] = keeps
        self.locked_out = any(not allowed[p, s] for p, s in constraints.locked)
        self.person, self.seat, self.kind = self._variables(usable, allowed)

    def _variables(
        self, usable: NDArray[np.bool_], allowed: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], ...]:
        person, seat = self._needed(usable)
        kind = np.full(len(person), PRIMARY)
        if not self.constraints.backups:
            return person, seat, kind
        free = allowed.copy()
        free[[p for p, _ in self.constraints.locked], :] = False
        second, of_seat = self._needed(free)
        return (
            np.concatenate([person, second]),
            np.concatenate([seat, of_seat]),
            np.concatenate([kind, np.full(len(second), BACKUP)]),
        )

    def _needed(self, usable: NDArray[np.bool_]) -> tuple[NDArray[np.int64], ...]:
        # Exchange argument: whoever has m better colleagues of the same OPD for a seat is only
        # needed when all m are used, and an OPD gives at most `enough` people in total.
        people: list[NDArray[np.int64]] = []
        seats: list[NDArray[np.int64]] = []
        kinds = 1 + self.constraints.backups
        for opd in np.unique(self.constraints.home).tolist():
            rows = np.flatnonzero(self.constraints.home == opd)
            own_slots = kinds * int((self.constraints.seat_opd == opd).sum())
            all_slots = kinds * self.value.shape[1]
            leavers = self.constraints.most_leavers.get(opd, all_slots)
            enough = min(leavers + own_slots, all_slots, len(rows))
            worth = np.where(usable[rows], self.preferred[rows], -np.inf)
            best = np.argsort(-worth, axis=0, kind="stable")[:enough]
            at, seat = np.nonzero(np.take_along_axis(usable[rows], best, axis=0))
            people.append(rows[best[at, seat]])
            seats.append(seat)
        if not people:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        return np.concatenate(people), np.concatenate(seats)

    def solve(self, seconds: float) -> Assignment | None:
        """Return the best assignment or None when there is none. Raises: TimeoutError."""
        if self.locked_out:
            return None
        if not len(self.person):
            return None if self._must_fill_something() else self._read(np.zeros(0, np.intp))
        taken = maximise(self._programme(), seconds)
        return None if taken is None else self._read(taken)

    def _must_fill_something(self) -> bool:
        return self.constraints.must_fill and self.value.shape[1] > 0

    def _gain(self) -> Floats:
        gain = self.preferred[self.person, self.seat]
        gain = np.where(self.kind == BACKUP, gain * self.constraints.backup_weight, gain)
        if not self.constraints.must_fill:
            # As in the plain assignment, one more seat filled outweighs any score.
            spread = 1.0 + 2.0 * float(np.abs(gain).max()) * self.value.shape[1]
            gain = gain + np.where(self.kind == PRIMARY, spread, 0.0)
        return gain

    def _programme(self) -> Programme:
        people, seats = self.value.shape
        slot = self.seat + seats * self.kind
        filled = np.zeros(2 * seats, np.bool_)
        if self.constraints.must_fill:
            filled[: seats * (1 + self.constraints.backups)] = True
        filled[[seat for _, seat in self.constraints.locked]] = True
        slots = _incidence(slot, 2 * seats)
        leaving, limits = self._leaver_rows()
        most = sparse.vstack([slots[~filled], _incidence(self.person, people), leaving])
        ones = np.ones(most.shape[0] - len(limits))
        return Programme(
            self._gain(), slot, slots[filled].tocsc(), most.tocsc(), np.append(ones, limits)
        )

    def _leaver_rows(self) -> tuple[sparse.csr_matrix, Floats]:
        origin = self.constraints.home[self.person]
        leaving = origin != self.constraints.seat_opd[self.seat]
        opds = sorted(self.constraints.most_leavers)
        rows = [leaving & (origin == opd) for opd in opds]
        table = np.array(rows, np.float64).reshape(len(opds), len(self.person))
        limits = [self.constraints.most_leavers[opd] for opd in opds]
        return sparse.csr_matrix(table), np.array(limits, np.float64)

    def _read(self, taken: NDArray[np.intp]) -> Assignment:
        holders = np.full((2, self.value.shape[1]), EMPTY)
        holders[self.kind[taken], self.seat[taken]] = self.person[taken]
        seats = np.flatnonzero(holders[PRIMARY] != EMPTY)
        total = float(self.value[holders[PRIMARY][seats], seats].sum())
        gain = self.preferred[self.person[taken], self.seat[taken]]
        weight = np.where(self.kind[taken] == BACKUP, self.constraints.backup_weight, 1.0)
        return Assignment(holders[PRIMARY], holders[BACKUP], total, float((gain * weight).sum()))


def _incidence(row: NDArray[np.int64], rows: int) -> sparse.csr_matrix:
    shape = (rows, len(row))
    return sparse.csr_matrix((np.ones(len(row)), (row, np.arange(len(row)))), shape=shape)


def _relaxations(
    value: Floats, allowed: NDArray[np.bool_], constraints: Constraints, seconds: float
) -> tuple[Relaxation, ...]:
    """Try to drop each constraint alone and tell which drops help, else what is missing."""
    ways = []
    barred = tuple(
        at for at, (person, seat) in enumerate(constraints.locked) if not allowed[person, seat]
    )
    if constraints.locked and _feasible(value, allowed, replace(constraints, locked=()), seconds):
        ways.append(Relaxation("locked", barred or tuple(range(len(constraints.locked)))))
    loose = replace(constraints, most_leavers={})
    if constraints.most_leavers and _feasible(value, allowed, loose, seconds):
        ways.append(Relaxation("most_leavers", _tight_opds(value, allowed, constraints, seconds)))
    if constraints.backups and _feasible(
        value, allowed, replace(constraints, backups=False), seconds
    ):
        ways.append(Relaxation("backups"))
    if _feasible(value, np.ones_like(allowed), constraints, seconds):
        ways.append(Relaxation("eligibility", _unfilled(value, allowed, constraints, seconds)))
    if not ways:
        ways.append(Relaxation("people"))
    return tuple(ways)


def _feasible(
    value: Floats, allowed: NDArray[np.bool_], constraints: Constraints, seconds: float
) -> bool:
    return _Programme(value, allowed, constraints).solve(seconds) is not None


def _tight_opds(
    value: Floats, allowed: NDArray[np.bool_], constraints: Constraints, seconds: float
) -> tuple[int, ...]:
    """Return the OPDs whose limit alone, lifted, gives an answer; all limited ones if none."""
    limits = constraints.most_leavers
    alone = [
        opd
        for opd in sorted(limits)
        if _feasible(
            value,
            allowed,
            replace(constraints, most_leavers={o: m for o, m in limits.items() if o != opd}),
            seconds,
        )
    ]
    return tuple(alone or sorted(limits))


def _unfilled(
    value: Floats, allowed: NDArray[np.bool_], constraints: Constraints, seconds: float
) -> tuple[int, ...]:
    partial = replace(constraints, must_fill=False, backups=False)
    best = _Programme(value, allowed, partial).solve(seconds)
    if best is None:
        best = assign_plain(value, allowed)
    return tuple(np.flatnonzero(best.primary == EMPTY).tolist())
