"""The catalogue as offers: what matching may propose to learn."""

from app.core.db import DbSession
from courses.models import Course
from courses.queries.overview import courses_to_learn
from matching.services.whatif import Offer


def offers_in_force(session: DbSession) -> tuple[list[Offer], dict[str, Course]]:
    """Return the newest version of each course in force as an offer, and the courses by code."""
    rows = courses_to_learn(session)
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
