"""Question banks of the demonstration courses, from GIFT files beside the word lists."""

from sqlalchemy.orm import Session

from app.core.actor import SYSTEM
from app.demo.words import FOLDER
from courses.questions.content import Content
from courses.questions.gift import read_gift
from courses.services.questions import apply_import


def write_questions(session: Session) -> dict[str, int]:
    """Write the banks; return counts."""
    count = 0
    for path in sorted((FOLDER / "soal").glob("*.gift")):
        contents = list(_contents(path.read_text("utf-8"), path.name))
        apply_import(session, actor=SYSTEM, course_code=path.stem, contents=contents)
        count += len(contents)
    return {"question": count}


def _contents(text: str, name: str) -> list[Content]:
    found = []
    for one in read_gift(text):
        if one.content is None:
            raise ValueError(f"{name}:{one.line}: {one.problem}")
        found.append(one.content)
    return found
