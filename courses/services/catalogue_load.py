"""The course catalogue of the repository into the database; loading again changes nothing."""

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import record
from courses.models import Course, CourseCompetency, CourseTopic, Organiser, Signatory
from skills.models import Opd
from skills.reference_files import ReferenceFiles
from skills.reference_files.courses import CourseEntry
from skills.services.reference_load import competency_ids

AGENCY_CODE = "022"  # BKPSDM in the list of OPD
NUMBER_PATTERN = "{number:4}/{course}/{organiser}/{month_roman}/{year}"


def load_catalogue(session: Session, files: ReferenceFiles) -> int:
    """Load courses and the city's own organiser; return how many courses were added."""
    _load_organiser(session)
    competencies = competency_ids(session)
    known = set(session.scalars(select(Course.code)))
    rows = [
        _course(entry, competencies, files.catalogue.source)
        for entry in files.catalogue.courses
        if entry.code not in known
    ]
    session.add_all(rows)
    session.flush()
    if rows:
        record(session, "courses:catalogue:load", None, added=len(rows))
    return len(rows)


def _load_organiser(session: Session) -> None:
    if session.scalar(select(Organiser).where(Organiser.code == "BKPSDM")):
        return
    opd = session.scalar(select(Opd).where(Opd.code == AGENCY_CODE))
    session.add(
        Organiser(
            code="BKPSDM",
            name=opd.name if opd else "BKPSDM",
            opd_id=opd.id if opd else None,
            number_pattern=NUMBER_PATTERN,
        )
    )
    # The office, without a person: who holds it is entered by the city.
    session.add(Signatory(name="(nama pejabat)", office="Kepala BKPSDM"))
    session.flush()


def _course(entry: CourseEntry, competencies: dict[str, int], source: str) -> Course:
    return Course(
        code=entry.code,
        title=entry.title_id,
        title_en=entry.title_en,
        objectives=list(entry.objectives_id),
        form_code=entry.form,
        jp=int(Decimal(str(entry.jp))),
        provider=entry.provider,
        cost=entry.cost_per_participant,
        prerequisites=list(entry.prerequisites),
        valid_months=entry.certificate_valid_months,
        note=source,
        created_at=clock.now(),
        competencies=[
            CourseCompetency(
                competency_id=competencies[gain.competency],
                from_level=gain.from_level,
                to_level=gain.to_level,
            )
            for gain in entry.gains
        ],
        topics=[
            CourseTopic(position=number, title=topic.title_id, jp=int(Decimal(str(topic.jp))))
            for number, topic in enumerate(entry.topics)
        ],
    )
