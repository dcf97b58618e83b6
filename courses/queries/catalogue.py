"""The catalogue: courses in force, found by stems of Indonesian and English words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload, selectinload

from courses.enums import SessionState
from courses.models import Course, CourseCompetency, Session
from matching.text import STOPWORDS_EN, STOPWORDS_ID, stem_english, stem_indonesian, tokens
from skills.models import Competency

_TITLE, _COMPETENCY, _OBJECTIVE = 4, 2, 1  # what a word counts, by where it stands
_SHORTEST_PREFIX = 3


@dataclass(frozen=True)
class CourseFilter:
    """What the catalogue is narrowed to."""

    text: str = ""
    competency_id: int | None = None
    form_code: str | None = None
    to_level: int | None = None
    with_open_session: bool = False


@dataclass(frozen=True)
class CourseHit:
    """A course with its next open session, and what of the person's gaps it closes."""

    course: Course
    next_starts_on: date | None
    open_sessions: int
    closes: tuple[str, ...] = ()


def search_courses(
    session: DbSession,
    wanted: CourseFilter,
    *,
    day: date,
    gaps: Mapping[int, tuple[str, int | None, int]] | None = None,
) -> list[CourseHit]:
    """Return the courses that match, the best first; without words by code.

    Args:
        day: sessions that begin before it are not counted as open.
        gaps: the reader's own gaps, competency id to (name, held level, required level).
    """
    rows = _in_force(session)
    upcoming = _upcoming(session, day)
    stems = query_stems(wanted.text)
    scored = []
    for course in rows:
        score = relevance(course, stems) if stems else 0
        if (stems and not score) or not _passes(course, wanted, upcoming):
            continue
        count, starts = upcoming.get(course.id, (0, None))
        hit = CourseHit(course, starts, count, _closes(course, gaps or {}))
        scored.append((-score, not hit.closes if not stems else False, course.code, hit))
    return [row[-1] for row in sorted(scored, key=lambda row: row[:3])]


def query_stems(text: str) -> frozenset[str]:
    """Return the stems of a search, function words left out."""
    words = [w for w in tokens(text[:200]) if w not in STOPWORDS_ID and w not in STOPWORDS_EN]
    return frozenset(stem for word in words for stem in (_stem(word),))


def relevance(course: Course, stems: Iterable[str]) -> int:
    """Return how well a course answers the stems; 0 unless every one of them is found."""
    fields = (
        (_TITLE, _words(f"{course.code} {course.title} {course.title_en}")),
        (
            _COMPETENCY,
            _words(
                " ".join(
                    f"{item.competency.name} {item.competency.name_en} {item.competency.code}"
                    for item in course.competencies
                )
            ),
        ),
        (_OBJECTIVE, _words(" ".join((*course.objectives, *(t.title for t in course.topics))))),
    )
    total = 0
    for stem in stems:
        best = max((weight for weight, words in fields if _found(stem, words)), default=0)
        if not best:
            return 0
        total += best
    return total


def _words(text: str) -> frozenset[str]:
    return frozenset(form for word in tokens(text) for form in (word, _stem(word)))


def _stem(word: str) -> str:
    """Return the Indonesian root; a word without one is cut as an English word."""
    root = stem_indonesian(word)
    return root if root != word else stem_english(word)


def _found(stem: str, words: frozenset[str]) -> bool:
    if stem in words:
        return True
    # The beginning of a word is enough while somebody is still typing.
    return len(stem) >= _SHORTEST_PREFIX and any(word.startswith(stem) for word in words)


def _in_force(session: DbSession) -> Sequence[Course]:
    return session.scalars(
        select(Course)
        .where(Course.state == "in_force")
        .options(
            selectinload(Course.competencies).joinedload(CourseCompetency.competency),
            selectinload(Course.topics),
        )
        .order_by(Course.code, Course.version.desc())
    ).all()


def _upcoming(session: DbSession, day: date) -> dict[int, tuple[int, date | None]]:
    rows = session.execute(
        select(Session.course_id, func.count(), func.min(Session.starts_on))
        .where(Session.state == SessionState.OPEN, Session.starts_on >= day)
        .group_by(Session.course_id)
    )
    return {course: (count, starts) for course, count, starts in rows}


def _passes(
    course: Course, wanted: CourseFilter, upcoming: Mapping[int, tuple[int, date | None]]
) -> bool:
    items = course.competencies
    return all(
        (
            wanted.competency_id is None
            or any(item.competency_id == wanted.competency_id for item in items),
            wanted.to_level is None or any(item.to_level == wanted.to_level for item in items),
            not wanted.form_code or course.form_code == wanted.form_code,
            not wanted.with_open_session or course.id in upcoming,
        )
    )


def _closes(course: Course, gaps: Mapping[int, tuple[str, int | None, int]]) -> tuple[str, ...]:
    """Return the names of the reader's gaps that the course narrows."""
    found = []
    for item in course.competencies:
        name, held, required = gaps.get(item.competency_id, ("", None, 0))
        if (held or 0) < required and item.to_level > (held or 0):
            found.append(name)
    return tuple(found)


def find_course(session: DbSession, course_id: int) -> Course | None:
    """Return a course with competencies and topics, or None."""
    return session.scalar(
        select(Course)
        .where(Course.id == course_id)
        .options(
            selectinload(Course.competencies).joinedload(CourseCompetency.competency),
            selectinload(Course.topics),
        )
    )


def courses_by_code(session: DbSession, codes: Sequence[str]) -> Sequence[Course]:
    """Return the courses in force with these codes, such as prerequisites."""
    return session.scalars(
        select(Course)
        .where(Course.code.in_(codes), Course.state == "in_force")
        .order_by(Course.code)
    ).all()


def course_titles(session: DbSession) -> Sequence[tuple[str, str]]:
    """Return (code, title) of the courses in force, by title."""
    rows = session.execute(
        select(Course.code, Course.title).where(Course.state == "in_force").order_by(Course.title)
    )
    return [(row.code, row.title) for row in rows]


def sessions_of_course(session: DbSession, course_id: int, day: date) -> Sequence[Session]:
    """Return the open and coming sessions of a course, the next first."""
    return session.scalars(
        select(Session)
        .where(
            Session.course_id == course_id,
            Session.state.in_((SessionState.OPEN, SessionState.RUNNING)),
            Session.ends_on >= day,
        )
        .options(joinedload(Session.organiser))
        .order_by(Session.starts_on, Session.id)
    ).all()


def taught_competencies(session: DbSession) -> Sequence[tuple[int, str, str]]:
    """Return (id, name, English name) of every competency that a course in force teaches."""
    rows = session.execute(
        select(Competency.id, Competency.name, Competency.name_en)
        .where(
            Competency.id.in_(
                select(CourseCompetency.competency_id)
                .join(Course, Course.id == CourseCompetency.course_id)
                .where(Course.state == "in_force")
            )
        )
        .order_by(Competency.position, Competency.code)
    )
    return [(row.id, row.name, row.name_en) for row in rows]


def form_codes(session: DbSession) -> Sequence[str]:
    """Return the forms of learning that the catalogue uses."""
    return session.scalars(
        select(Course.form_code).where(Course.state == "in_force").distinct().order_by("form_code")
    ).all()


def courses_with_sessions(session: DbSession) -> Sequence[Course]:
    """Return the courses that have a session, by title."""
    return session.scalars(
        select(Course)
        .where(Course.id.in_(select(Session.course_id)))
        .order_by(Course.title, Course.id)
    ).all()
