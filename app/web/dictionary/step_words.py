"""Paths to a level in words: each group of alternatives as a line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.web.i18n import named
from courses.queries.catalogue import courses_by_code
from skills.models import LevelPath, LevelPathStep
from skills.path_rules import StepKind
from skills.queries.level_paths import PathStanding


@dataclass(frozen=True)
class GroupLine:
    """A group of steps, any of which is enough, with whether it is fulfilled."""

    steps: Sequence[tuple[str, bool]]
    held: bool


@dataclass(frozen=True)
class PathLine:
    """A path as pages show it."""

    path: LevelPath
    groups: Sequence[GroupLine]
    done: int
    holds: bool


def path_lines(session: Any, paths: Sequence[LevelPath]) -> list[PathLine]:
    """Return paths for a page that speaks of nobody."""
    titles = _titles(session, paths)
    return [_line(path, titles, None) for path in paths]


def standing_lines(session: Any, standings: Sequence[PathStanding]) -> list[PathLine]:
    """Return paths with where a person stands on each."""
    titles = _titles(session, [one.path for one in standings])
    return [_line(one.path, titles, one) for one in standings]


def _titles(session: Any, paths: Sequence[LevelPath]) -> Mapping[str, str]:
    codes = {step.course_code for path in paths for step in path.steps if step.course_code}
    if not codes:
        return {}
    return {course.code: course.title for course in courses_by_code(session, sorted(codes))}


def _line(path: LevelPath, titles: Mapping[str, str], one: PathStanding | None) -> PathLine:
    groups: dict[int, list[LevelPathStep]] = {}
    for step in path.steps:
        groups.setdefault(step.group, []).append(step)
    held = one.state.held if one else {}
    fulfilled = one.fulfilled if one else frozenset()
    lines = [
        GroupLine(
            [(step_words(step, path.level, titles), step.id in fulfilled) for step in steps],
            bool(held.get(number)),
        )
        for number, steps in sorted(groups.items())
    ]
    holds = one is not None and one.state.span is not None
    return PathLine(path, lines, one.state.done if one else 0, holds)


def step_words(step: LevelPathStep, level: int, titles: Mapping[str, str]) -> str:
    """Return a step in words."""
    code = step.course_code or ""
    wanted = step.level or level
    if step.kind == StepKind.COURSE:
        return _("Lulus pelatihan %(title)s", title=titles.get(code, code))
    if step.kind == StepKind.EVIDENCE:
        return _("Sertifikat atau bukti yang diterima pada level %(level)s", level=wanted)
    if step.kind == StepKind.ASSESSMENT:
        return _("Hasil asesmen atau asesor paling rendah level %(level)s", level=wanted)
    name = named(step.competency) if step.competency else ""
    return _("Level %(level)s terverifikasi pada %(name)s", level=wanted, name=name)
