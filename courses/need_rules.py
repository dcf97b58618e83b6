"""Pure rules of training needs: rolling gaps up, and which people a course serves."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from courses.plan_suggestion import CourseOption


@dataclass(frozen=True)
class Need:
    """A person's gap in one competency; `held` None means that nothing is known.

    for_role: asked by a role the person is a candidate for, and by more than the position asks.
    """

    employee_id: int
    opd_id: int
    competency_id: int
    held: int | None
    required: int
    for_role: bool = False

    @property
    def missing(self) -> int:
        """Levels that are missing."""
        return self.required - (self.held or 0)


@dataclass(frozen=True)
class NeedCell:
    """The gaps of an OPD in one competency; the last three count people among `people`."""

    opd_id: int
    competency_id: int
    people: int
    levels: int
    unknown: int
    for_role: int
    short: int = 0


def roll_up(needs: Iterable[Need], *, short: Collection[int] = ()) -> list[NeedCell]:
    """Return needs by OPD and competency, in that order.

    Args:
        short: employee ids of those who are short of the yearly JP duty.
    """
    found: dict[tuple[int, int], list[int]] = {}
    for need in needs:
        figures = found.setdefault((need.opd_id, need.competency_id), [0, 0, 0, 0, 0])
        figures[0] += 1
        figures[1] += need.missing
        figures[2] += need.held is None
        figures[3] += need.for_role
        figures[4] += need.employee_id in short
    return [NeedCell(*key, *figures) for key, figures in sorted(found.items())]


def together(cells: Iterable[NeedCell], *, by_opd: bool = False) -> list[NeedCell]:
    """Return cells added up by competency (or by OPD), the most people first; the other id is 0."""
    found: dict[int, list[int]] = {}
    for cell in cells:
        figures = found.setdefault(cell.opd_id if by_opd else cell.competency_id, [0, 0, 0, 0, 0])
        for at, value in enumerate(
            (cell.people, cell.levels, cell.unknown, cell.for_role, cell.short)
        ):
            figures[at] += value
    order = sorted(found.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))
    return [NeedCell(key if by_opd else 0, 0 if by_opd else key, *row) for key, row in order]


def merged(position: Iterable[Need], role: Iterable[Need]) -> list[Need]:
    """Return one need a person and competency: the highest demand, of a role only where higher."""
    found = {(need.employee_id, need.competency_id): need for need in position}
    for need in role:
        known = found.get((need.employee_id, need.competency_id))
        if known is None or need.required > known.required:
            found[(need.employee_id, need.competency_id)] = need
    return [found[key] for key in sorted(found)]


@dataclass(frozen=True)
class Teaching:
    """What a course leads to: competency to the level needed before and the level reached."""

    course_id: int
    jp: int
    cost: int
    reaches: Mapping[int, tuple[int, int]]


def gained(need: Need, teaching: Teaching) -> int:
    """Return the levels of a need that a course closes; 0 where the level before is missing."""
    before, to = teaching.reaches.get(need.competency_id, (0, 0))
    held = need.held or 0
    return max(0, min(to, need.required) - held) if held >= before else 0


def options_of(needs: Sequence[Need], courses: Iterable[Teaching]) -> list[CourseOption]:
    """Return the courses that close at least one gap, with whom each serves."""
    by_competency: dict[int, list[Need]] = {}
    for need in needs:
        by_competency.setdefault(need.competency_id, []).append(need)
    options = []
    for course in courses:
        serves = {
            (need.employee_id, need.competency_id): levels
            for competency in course.reaches
            for need in by_competency.get(competency, ())
            if (levels := gained(need, course))
        }
        if serves:
            options.append(CourseOption(course.course_id, course.jp, course.cost, serves))
    return options
