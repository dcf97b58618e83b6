"""Pure rules of training: attendance, passing, certificate numbers. No database, no clock."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from courses.enums import AttendanceState

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_PLACES = re.compile(r"\{(\w+)(?::(\d+))?\}")
_KNOWN = frozenset({"number", "organiser", "year", "month", "month_roman", "course"})


class Verdict(StrEnum):
    """Why somebody passes or not."""

    PASSED = "passed"
    ATTENDANCE = "attendance"  # too few meetings
    SCORE = "score"  # below the minimum
    NO_SCORE = "no_score"  # a score is asked and none was entered
    NO_ATTENDANCE = "no_attendance"  # nothing was recorded at all
    NO_EVALUATION = "no_evaluation"  # the evaluation form is asked and was not filled


@dataclass(frozen=True)
class PassRule:
    """What a course asks: attendance in percent, score 0 to 100 (None: no score asked).

    `evaluation` asks for the filled evaluation form as well.
    """

    attendance_min: int
    score_min: int | None
    evaluation: bool = False


def attendance_percent(states: Sequence[AttendanceState | str | None], meetings: int) -> float:
    """Return the share of meetings attended, in percent of all meetings held.

    Only presence counts; permitted absence and illness excuse but do not attend. A meeting without
    a record counts as not attended.
    """
    if meetings == 0:
        return 0.0
    present = sum(1 for state in states if state == AttendanceState.PRESENT)
    return round(100 * present / meetings, 1)


def can_still_attend_enough(
    states: Sequence[AttendanceState | str | None], meetings: int, rule: PassRule
) -> bool:
    """Return whether presence at all meetings without a record would still be enough."""
    recorded = [state for state in states if state is not None]
    open_ones = [AttendanceState.PRESENT] * max(0, meetings - len(recorded))
    return attendance_percent([*recorded, *open_ones], meetings) >= rule.attendance_min


def verdict(
    percent: float | None, score: float | None, rule: PassRule, *, evaluated: bool = True
) -> Verdict:
    """Return whether the person passes, or the first reason why not."""
    if percent is None:
        return Verdict.NO_ATTENDANCE
    if percent < rule.attendance_min:
        return Verdict.ATTENDANCE
    if rule.score_min is not None and score is None:
        return Verdict.NO_SCORE
    if rule.score_min is not None and score is not None and score < rule.score_min:
        return Verdict.SCORE
    if rule.evaluation and not evaluated:
        return Verdict.NO_EVALUATION
    return Verdict.PASSED


def check_pattern(pattern: str) -> str:
    """Return a number pattern that is sound.

    Places: `{number}` (required; `{number:4}` fills with zeros), `{year}` (required, so that
    numbers of two years differ), `{organiser}`, `{month}`, `{month_roman}`, `{course}`.

    Raises:
        ValueError: an unknown place, or a required one is missing.
    """
    names = [match[0] for match in _PLACES.findall(pattern)]
    unknown = set(names) - _KNOWN
    rest = _PLACES.sub("", pattern)
    if unknown or "{" in rest or "}" in rest:
        raise ValueError(f"unknown place in number pattern: {sorted(unknown) or pattern}")
    if "number" not in names or "year" not in names:
        raise ValueError("a number pattern needs {number} and {year}")
    return pattern


def certificate_number(pattern: str, *, number: int, day: date, organiser: str, course: str) -> str:
    """Return the certificate number of a pattern (see `check_pattern`)."""
    values = {
        "number": number,
        "year": day.year,
        "month": day.month,
        "month_roman": _ROMAN[day.month - 1],
        "organiser": organiser,
        "course": course,
    }

    def fill(match: re.Match[str]) -> str:
        return str(values[match[1]]).zfill(int(match[2] or 0))

    return _PLACES.sub(fill, check_pattern(pattern))
