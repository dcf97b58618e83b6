"""The catalogue as offers: what matching may propose to learn."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.core.db import DbSession
from courses.models import Course
from matching.services.whatif import Offer


def offers_in_force(session: DbSession) -> tuple[list[Offer], dict[str, Course]]:
    """Return the newest version of each course in force as an offer, and the courses by code."""
    rows = session.scalars(
        select(Course)
        .where(Course.state == "in_force")
        .options(selectinload(Course.competencies))
        .order_by(Course.code, Course.version)
    )
    courses = {course.code: course for course in rows}
    offers = [
        Offer(
            code=code,
            effects={c.competency_id: (c.from_level, c.to_level) for c in course.competencies},
            jp=course.jp,
            cost=course.cost,
        )
        for code, course in courses.items()
        if course.competencies
    ]
    return offers, courses
