"""Write the question bank: add, change, take out; import with a dry run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from courses.models import Question
from courses.questions.content import Content, cleaned, fingerprint, problems

IMPORT_MAX = 500


class QuestionState(StrEnum):
    """Whether a question may be asked anew."""

    CURRENT = "current"
    REPLACED = "replaced"  # a newer edition stands
    RETIRED = "retired"  # taken out


class ImportOutcome(StrEnum):
    """What becomes of a question of an import."""

    NEW = "new"
    CHANGED = "changed"  # the bank asks the same with another key, points or explanation
    SAME = "same"
    REPEATED = "repeated"  # twice in the file
    REFUSED = "refused"


@dataclass
class ImportRow:
    """One question of an import with what would become of it."""

    line: int
    source: str
    outcome: ImportOutcome
    content: Content | None = None
    reason: Message | None = None
    remarks: list[Message] = field(default_factory=list)


def add_question(session: Session, *, actor: Actor, course_code: str, content: Content) -> Question:
    """Add a question to a bank.

    Raises:
        InvalidInput: something is wrong with it.
        Conflict: the bank asks the same already.
    """
    content = _checked(content)
    twin = _current(session, course_code).get(fingerprint(content))
    if twin is not None:
        told = N_("Soal yang sama sudah ada di bank ini (nomor %(number)s).")
        raise Conflict(Message(told, {"number": twin.number}), field="text")
    last = session.scalar(
        select(func.max(Question.number)).where(Question.course_code == course_code)
    )
    row = _row(actor, course_code, (last or 0) + 1, 1, content)
    session.add(row)
    session.flush()
    record(session, "courses:question:add", row, course=course_code, number=row.number)
    return row


def change_question(
    session: Session,
    *,
    actor: Actor,
    question: Question,
    content: Content,
    expected_version: int | None = None,
) -> Question:
    """Change a question: in place while nobody was asked it, else as a new edition.

    Raises:
        Conflict: it was changed meanwhile.
        InvalidInput: something is wrong with the new wording.
    """
    if question.state != QuestionState.CURRENT or (
        expected_version is not None and question.version != expected_version
    ):
        raise Conflict(N_("Soal ini sudah diubah. Muat ulang halaman lalu periksa lagi."))
    content = _checked(content)
    twin = _current(session, question.course_code).get(fingerprint(content))
    if twin is not None and twin.id != question.id:
        told = N_("Soal yang sama sudah ada di bank ini (nomor %(number)s).")
        raise Conflict(Message(told, {"number": twin.number}), field="text")
    if content == question.content:
        return question
    before = question.text
    if question.used:
        question.state = QuestionState.REPLACED
        session.flush()
        row = _row(actor, question.course_code, question.number, question.edition + 1, content)
        session.add(row)
    else:
        row = question
        _write(row, content)
    session.flush()
    record(
        session,
        "courses:question:change",
        row,
        changes={"text": (before[:200], content.text[:200])},
        edition=row.edition,
    )
    return row


def retire_question(session: Session, *, question: Question) -> None:
    """Take a question out of the bank; tests that asked it keep it."""
    _move(session, question, QuestionState.CURRENT, QuestionState.RETIRED, "retire")


def restore_question(session: Session, *, question: Question) -> None:
    """Put a question that was taken out back into the bank."""
    if fingerprint(question.content) in _current(session, question.course_code):
        raise Conflict(N_("Soal yang sama sudah ada di bank ini."))
    _move(session, question, QuestionState.RETIRED, QuestionState.CURRENT, "restore")


def _move(
    session: Session, question: Question, start: QuestionState, end: QuestionState, verb: str
) -> None:
    if question.state != start:
        raise InvalidTransition(N_("Soal ini sudah diubah. Muat ulang halaman lalu periksa lagi."))
    question.state = end
    session.flush()
    record(session, f"courses:question:{verb}", question, changes={"state": (start, end)})


def plan_import(
    session: Session,
    *,
    course_code: str,
    found: Iterable[tuple[int, str, Content | None, Message | None, Sequence[Message]]],
) -> list[ImportRow]:
    """Return what would become of each question of a file; nothing is written.

    Raises:
        InvalidInput: the file holds more questions than one import takes.
    """
    known = _current(session, course_code)
    seen: dict[str, int] = {}
    rows: list[ImportRow] = []
    for line, source, content, reason, remarks in found:
        if len(rows) >= IMPORT_MAX:
            told = N_("Paling banyak %(max)s soal dalam satu impor. Bagi berkasnya.")
            raise InvalidInput(Message(told, {"max": IMPORT_MAX}), field="berkas")
        row = ImportRow(line, source, ImportOutcome.REFUSED, content, reason, list(remarks))
        if content is not None:
            _judge(row, content, known, seen)
        rows.append(row)
    return rows


def _judge(
    row: ImportRow, content: Content, known: dict[str, Question], seen: dict[str, int]
) -> None:
    mark = fingerprint(content)
    if mark in seen:
        row.outcome = ImportOutcome.REPEATED
        row.reason = Message(N_("Sama dengan soal pada baris %(line)s."), {"line": seen[mark]})
        return
    seen[mark] = row.line
    twin = known.get(mark)
    if twin is None:
        row.outcome = ImportOutcome.NEW
    else:
        same = _same(twin.content, content)
        row.outcome = ImportOutcome.SAME if same else ImportOutcome.CHANGED
        row.reason = Message(N_("Soal nomor %(number)s di bank."), {"number": twin.number})


def _same(one: Content, other: Content) -> bool:
    """Whether two questions that ask the same also say the same; the order of options is free."""

    def plain(content: Content) -> tuple[object, ...]:
        choices = sorted((choice.text, choice.right) for choice in content.choices)
        rest = (content.points, content.explanation, content.topic, content.title, content.text)
        return (content.kind, choices, content.accepted, *rest)

    return plain(one) == plain(other)


def apply_import(
    session: Session, *, actor: Actor, course_code: str, contents: Sequence[Content]
) -> dict[ImportOutcome, int]:
    """Add and change the questions of a checked import; return how many of each outcome.

    The bank may have changed since the dry run, so each is judged again; applying twice adds
    nothing the second time.
    """
    found = [(n, c.text[:120], c, None, ()) for n, c in enumerate(contents, start=1)]
    rows = plan_import(session, course_code=course_code, found=found)
    known = _current(session, course_code)
    counts = dict.fromkeys(ImportOutcome, 0)
    for row in rows:
        if row.content is None:
            continue
        if row.outcome is ImportOutcome.NEW:
            add_question(session, actor=actor, course_code=course_code, content=row.content)
        elif row.outcome is ImportOutcome.CHANGED:
            twin = known[fingerprint(row.content)]
            change_question(session, actor=actor, question=twin, content=row.content)
        counts[row.outcome] += 1
    record(
        session,
        "courses:question:import",
        None,
        course=course_code,
        counts={str(key): value for key, value in counts.items()},
    )
    return counts


def _checked(content: Content) -> Content:
    content = cleaned(content)
    wrong = problems(content)
    if wrong:
        raise InvalidInput(wrong[0].message, field=wrong[0].field)
    return content


def _current(session: Session, course_code: str) -> dict[str, Question]:
    rows = session.scalars(
        select(Question)
        .where(Question.course_code == course_code, Question.state == QuestionState.CURRENT)
        .order_by(Question.number)
    )
    return {row.fingerprint: row for row in rows}


def _row(actor: Actor, course_code: str, number: int, edition: int, content: Content) -> Question:
    row = Question(
        course_code=course_code,
        number=number,
        edition=edition,
        created_at=clock.now(),
        created_by_id=actor.account_id,
    )
    _write(row, content)
    return row


def _write(row: Question, content: Content) -> None:
    row.kind = content.kind
    row.choices = [[choice.text, choice.right] for choice in content.choices]
    row.accepted = list(content.accepted)
    for name in ("title", "text", "points", "explanation", "topic"):
        setattr(row, name, getattr(content, name))
    row.fingerprint = fingerprint(content)
