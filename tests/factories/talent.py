"""People whose box is known, with every part that a box rests on."""

from datetime import date

from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import SYSTEM
from matching.models import TalentAssessment, TalentPool
from matching.queries.talent import assessments_of
from matching.services.pools import advance_pool, open_pool
from matching.services.talent_box import compute_period, record_inputs
from skills.models import Employee, SkpRecord
from tests.factories.people import make_employee

YEAR = clock.today().year - 1


def make_measured(
    session: Session, points: int = 90, predicate: str = "Baik", **fields: object
) -> Employee:
    """Add somebody with two years of performance and measured parts of the potential."""
    person = make_employee(session, **fields)
    for year in (YEAR - 2, YEAR - 1, YEAR):
        session.add(SkpRecord(employee_id=person.id, year=year, predicate=predicate, source="demo"))
    rows = [
        {
            "nip": person.nip,
            "period": str(year),
            "part": part,
            "points": str(points),
            "source": "Asesmen",
        }
        for part in ("assessment", "potential", "education_field")
        for year in (YEAR - 1, YEAR)
    ]
    record_inputs(session, actor=SYSTEM, rows=rows)
    return person


def compute(session: Session, *years: int) -> None:
    """Compute the boxes of some years, the last one by default."""
    for year in years or (YEAR,):
        compute_period(session, actor=SYSTEM, period=year)


def box_of(session: Session, person: Employee) -> TalentAssessment:
    """Return the newest assessment of a person."""
    return assessments_of(session, person.id)[0]


def make_pool(session: Session, name: str = "Kelompok Uji", state: str = "open") -> TalentPool:
    """Open a pool of the city for this year."""
    year = clock.today().year
    pool = open_pool(
        session,
        name=name,
        kind="succession",
        owner="BKPSDM",
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
    )
    if state == "open":
        advance_pool(session, pool=pool)
    return pool
