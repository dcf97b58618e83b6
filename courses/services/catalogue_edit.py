"""Courses added and changed by an organiser; a version that was used is never edited in place."""

from dataclasses import dataclass

from sqlalchemy import func, null, select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from courses.enums import LevelEffect
from courses.models import (
    Course,
    CourseCompetency,
    CourseMaterial,
    CourseTopic,
    PlanItem,
    Session,
)
from courses.queries.jp import forms_in_force

IN_FORCE, REPLACED, RETIRED = "in_force", "replaced", "retired"


@dataclass(frozen=True)
class Gain:
    """A competency that a course leads to a level in."""

    competency_id: int
    from_level: int
    to_level: int
    effect: str = LevelEffect.SET


@dataclass(frozen=True)
class CourseInput:
    """What an organiser states about a course; its hours are those of its topics."""

    code: str
    title: str
    form_code: str
    topics: tuple[tuple[str, int], ...]
    gains: tuple[Gain, ...]
    title_en: str = ""
    objectives: tuple[str, ...] = ()
    provider: str = ""
    trainers: str = ""
    cost: int = 0
    prerequisites: tuple[str, ...] = ()
    attendance_min: int = 80
    score_min: int | None = 70
    valid_months: int | None = None
    note: str = ""


def create_course(session: DbSession, *, values: CourseInput) -> Course:
    """Add a course to the catalogue.

    Raises:
        Conflict: the code is in use.
        InvalidInput: something the rules refuse.
    """
    _check(session, values)
    if session.scalar(select(Course.id).where(Course.code == values.code).limit(1)):
        raise Conflict(N_("Kode ini sudah dipakai pelatihan lain."), field="code")
    course = Course(code=values.code, version=1, state=IN_FORCE, created_at=clock.now())
    _fill(course, values)
    session.add(course)
    session.flush()
    record(session, "courses:course:create", course, code=course.code)
    return course


def revise_course(session: DbSession, *, course: Course, values: CourseInput) -> Course:
    """Change a course: in place while nothing uses it, as a new version otherwise.

    Raises:
        InvalidTransition: it is not the version in force.
        InvalidInput: something the rules refuse.
    """
    session.execute(select(Course.id).where(Course.id == course.id).with_for_update())
    if course.state != IN_FORCE:
        raise InvalidTransition(N_("Hanya versi yang berlaku yang dapat diubah."))
    if values.code != course.code:
        raise InvalidInput(N_("Kode pelatihan tetap sama di semua versi."), field="code")
    _check(session, values)
    if not is_used(session, course):
        _fill(course, values)
        session.flush()
        record(session, "courses:course:edit", course, code=course.code)
        return course
    newest = session.scalar(select(func.max(Course.version)).where(Course.code == course.code))
    made = Course(
        code=course.code, version=(newest or 1) + 1, state=IN_FORCE, created_at=clock.now()
    )
    _fill(made, values)
    made.evaluation_required = course.evaluation_required
    made.materials = [
        CourseMaterial(title=row.title, file_id=row.file_id) for row in course.materials
    ]
    course.state = REPLACED
    session.add(made)
    session.flush()
    record(session, "courses:course:revise", made, code=made.code, replaces=course.version)
    return made


def is_used(session: DbSession, course: Course) -> bool:
    """Return whether a session or a plan refers to this version."""
    uses = (
        select(Session.id).where(Session.course_id == course.id),
        select(PlanItem.id).where(PlanItem.course_id == course.id),
    )
    return any(session.scalar(statement.limit(1)) is not None for statement in uses)


def retire_course(session: DbSession, *, course: Course) -> None:
    """Take a course out of the catalogue; its sessions and certificates stay.

    Raises:
        InvalidTransition: it is not in force.
    """
    if course.state != IN_FORCE:
        raise InvalidTransition(N_("Pelatihan ini sudah tidak berlaku."))
    course.state = RETIRED
    session.flush()
    record(session, "courses:course:retire", course, code=course.code)


def _fill(course: Course, values: CourseInput) -> None:
    for name in ("title", "title_en", "form_code", "provider", "trainers", "cost", "note"):
        setattr(course, name, getattr(values, name))
    course.attendance_min = values.attendance_min
    # Said as NULL: a plain None would let the usual minimum of the column step in.
    course.score_min = null() if values.score_min is None else values.score_min
    course.valid_months = values.valid_months
    course.objectives, course.prerequisites = list(values.objectives), list(values.prerequisites)
    course.jp = sum(jp for _, jp in values.topics)
    known = {row.competency_id: row for row in course.competencies}
    course.competencies = [
        _gain(known.get(gain.competency_id, CourseCompetency()), gain) for gain in values.gains
    ]
    course.topics = [
        CourseTopic(position=place, title=title, jp=jp)
        for place, (title, jp) in enumerate(values.topics)
    ]


def _gain(row: CourseCompetency, gain: Gain) -> CourseCompetency:
    row.competency_id, row.effect = gain.competency_id, gain.effect
    row.from_level, row.to_level = gain.from_level, gain.to_level
    return row


def _check(session: DbSession, values: CourseInput) -> None:
    if not values.code or not values.title.strip():
        raise InvalidInput(N_("Isi kode dan nama pelatihan."), field="code")
    if values.form_code not in forms_in_force(session):
        raise InvalidInput(N_("Pilih bentuk pembelajaran."), field="form_code")
    if not values.topics or any(jp < 1 for _, jp in values.topics):
        raise InvalidInput(
            N_("Isi paling sedikit satu materi dengan JP, misalnya “Pengantar | 2”."),
            field="topics",
        )
    _check_gains(values)
    _check_prerequisites(session, values)


def _check_gains(values: CourseInput) -> None:
    ids = [gain.competency_id for gain in values.gains]
    if len(ids) != len(set(ids)):
        raise InvalidInput(N_("Satu kompetensi hanya ditulis sekali."), field="gains")
    for gain in values.gains:
        if not 0 <= gain.from_level < gain.to_level <= 5:
            raise InvalidInput(
                N_("Level tujuan harus di atas level awal, paling tinggi 5."), field="gains"
            )


def _check_prerequisites(session: DbSession, values: CourseInput) -> None:
    known = dict[str, list[str]]()
    rows = session.execute(
        select(Course.code, Course.prerequisites).where(Course.state == IN_FORCE)
    )
    for code, before in rows:
        known[code] = list(before)
    unknown = [code for code in values.prerequisites if code not in known]
    if unknown:
        raise InvalidInput(
            Message(N_("Kode prasyarat tidak dikenal: %(codes)s."), {"codes": ", ".join(unknown)}),
            field="prerequisites",
        )
    known[values.code] = list(values.prerequisites)
    if values.code in _before(known, values.code):
        raise InvalidInput(
            N_("Prasyarat berputar kembali ke pelatihan ini."), field="prerequisites"
        )


def _before(known: dict[str, list[str]], code: str) -> set[str]:
    """Return everything that must come before a course."""
    found: set[str] = set()
    waiting = list(known.get(code, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += known.get(one, ())
    return found


def add_material(session: DbSession, *, course: Course, title: str, file_id: int) -> CourseMaterial:
    """Add a file to a course."""
    row = CourseMaterial(title=title.strip()[:200], file_id=file_id)
    course.materials.append(row)
    session.flush()
    record(session, "courses:material:add", course, title=row.title)
    return row


def drop_material(session: DbSession, *, course: Course, material_id: int) -> None:
    """Take a file off a course; other versions keep it.

    Raises:
        InvalidInput: no such file on this course.
    """
    row = next((item for item in course.materials if item.id == material_id), None)
    if row is None:
        raise InvalidInput(N_("Berkas ini tidak ada pada pelatihan."))
    course.materials.remove(row)
    session.flush()
    record(session, "courses:material:drop", course, title=row.title)
