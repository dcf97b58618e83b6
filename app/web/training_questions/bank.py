"""The question bank of a course: list, one question, take out and put back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import DbSession, db, transaction
from app.core.errors import Conflict, DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import check, current_actor, requires
from app.web.i18n import render
from app.web.listing import listing
from app.web.training_questions import words
from courses.models import Course, Question
from courses.queries.catalogue import find_course
from courses.queries.questions import (
    SORTS,
    BankFilter,
    bank_statement,
    editions,
    find_question,
    topics,
)
from courses.questions.content import CHOICES_MAX, Choice, Content, QuestionKind
from courses.services.questions import (
    add_question,
    change_question,
    restore_question,
    retire_question,
)

bp = Blueprint("training_questions", __name__)
bp.context_processor(words.helpers)
_BLANK = Content(QuestionKind.SINGLE, "")


def find_bank(session: DbSession, course_id: int) -> Course:
    """Return the course whose bank is shown, or answer 404."""
    course = find_course(session, course_id)
    if course is None:
        raise NotFound
    check(P.COURSE_MANAGE, course)
    return course


@bp.get("/pelatihan/kursus/<int:course_id>/soal")
@requires(P.COURSE_MANAGE)
def index(course_id: int) -> str:
    """List the questions of a bank."""
    session, args = db.session(), request.args
    course = find_bank(session, course_id)
    wanted = BankFilter(
        text=args.get("q", "").strip()[:100],
        topic=args.get("topik") or None,
        kind=args.get("jenis") or None,
        state="retired" if args.get("keadaan") == "retired" else "current",
    )
    page = listing(session, bank_statement(course.code, wanted), sorts=SORTS, default="nomor")
    by_topic = topics(session, course.code)
    return render_template(
        "training_questions/index.html",
        course=course,
        page=page,
        by_topic=by_topic,
        total=sum(by_topic.values()),
    )


@bp.route("/pelatihan/kursus/<int:course_id>/soal/baru", methods=["GET", "POST"])
@requires(P.COURSE_MANAGE)
def new(course_id: int) -> Any:
    """Write a new question."""
    course = find_bank(db.session(), course_id)
    if request.method == "GET":
        return _form_page(course, None, _BLANK), 200
    content = _given()
    try:
        with transaction(current_actor()) as session:
            row = add_question(
                session, actor=current_actor(), course_code=course.code, content=content
            )
            number = row.number
    except DomainError as error:
        return _form_page(find_bank(db.session(), course_id), None, content, error), 422
    flash(_("Soal nomor %(number)s tersimpan.", number=number), "success")
    again = "lagi" in request.form
    return redirect(url_for(".new" if again else ".index", course_id=course_id), 303)


@bp.route("/pelatihan/kursus/<int:course_id>/soal/<int:question_id>", methods=["GET", "POST"])
@requires(P.COURSE_MANAGE)
def edit(course_id: int, question_id: int) -> Any:
    """Show a question with its editions, and change it."""
    course, question = _found(db.session(), course_id, question_id)
    if request.method == "GET":
        return _form_page(course, question, question.content), 200
    content = _given()
    try:
        with transaction(current_actor()) as session:
            _course, row = _found(session, course_id, question_id)
            kept = change_question(
                session,
                actor=current_actor(),
                question=row,
                content=content,
                expected_version=request.form.get("version", type=int),
            )
            newer = kept.id != question_id
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        course, question = _found(db.session(), course_id, question_id)
        stale = isinstance(error, Conflict) and not error.field
        return _form_page(course, question, content, error), 409 if stale else 422
    told = _("Tersimpan sebagai edisi baru; tes yang sudah berjalan tidak berubah.")
    flash(told if newer else _("Perubahan tersimpan."), "success")
    return redirect(url_for(".index", course_id=course_id), 303)


@bp.post("/pelatihan/kursus/<int:course_id>/soal/<int:question_id>/<step>")
@requires(P.COURSE_MANAGE)
def move(course_id: int, question_id: int, step: str) -> Any:
    """Take a question out, or put it back."""
    if step not in ("keluarkan", "kembalikan"):
        raise NotFound
    try:
        with transaction(current_actor()) as session:
            _course, row = _found(session, course_id, question_id)
            if step == "keluarkan":
                retire_question(session, question=row)
            else:
                restore_question(session, question=row)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        told = _("Soal dikeluarkan dari bank. Anda dapat mengembalikannya.")
        flash(told if step == "keluarkan" else _("Soal kembali ke bank."), "success")
    return redirect(url_for(".index", course_id=course_id), 303)


def _found(session: DbSession, course_id: int, question_id: int) -> tuple[Course, Question]:
    course = find_bank(session, course_id)
    row = find_question(session, course_code=course.code, question_id=question_id)
    if row is None:
        raise NotFound
    return course, row


def _given() -> Content:
    """Return the question as the form states it; the service judges it."""
    form = request.form
    kind = form.get("kind", "")
    shown = [(str(n), form.get(f"pilihan-{n}", "")) for n in range(CHOICES_MAX)]
    right = form.getlist("benar")
    return Content(
        kind=QuestionKind(kind) if kind in tuple(QuestionKind) else QuestionKind.SINGLE,
        text=form.get("text", ""),
        choices=tuple(Choice(text, place in right) for place, text in shown if text.strip()),
        accepted=tuple(form.get("accepted", "").splitlines()),
        points=form.get("points", type=int) or 0,
        explanation=form.get("explanation", ""),
        topic=form.get("topic", ""),
        title=form.get("title", ""),
    )


def _form_page(
    course: Course, question: Question | None, content: Content, error: DomainError | None = None
) -> str:
    session = db.session()
    return render_template(
        "training_questions/form.html",
        course=course,
        question=question,
        content=content,
        # A stale page stays stale: sent once more it must not write over what the other wrote.
        version=request.form.get("version", question.version if question else None),
        error=error,
        error_field=(error.field or "text") if error else None,
        topics=list(topics(session, course.code)),
        editions=editions(session, question) if question else [],
        places=range(CHOICES_MAX),
    )
