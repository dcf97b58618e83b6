"""Demand for courses without a date: one's own interest, and the list the organiser plans from."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, current_actor, requires
from app.web.i18n import render
from app.web.listing import ExportColumn, export_rows
from app.web.training_sessions.board import bp
from courses.models import Course
from courses.queries.catalogue import find_course
from courses.queries.interest import demand, interested_people
from courses.services.interest import note_interest, withdraw_interest
from skills.queries.profile import find_employee


@bp.post("/pelatihan/kursus/<int:course_id>/minat/<any(catat,cabut):step>")
@requires(P.ENROLMENT_OWN)
def interest(course_id: int, step: str) -> Any:
    """Keep or take back one's own interest in a course."""
    try:
        with transaction(current_actor()) as session:
            course = _course(course_id)
            employee = find_employee(session, current_actor().employee_id or 0)
            if employee is None:
                raise NotFound
            if step == "catat":
                note = request.form.get("catatan", "")
                note_interest(session, course=course, employee=employee, note=note)
            else:
                withdraw_interest(session, course=course, employee_id=employee.id)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        flash(render(error.message), "danger")
    else:
        flash(
            _("Minat Anda dicatat. Anda diberi tahu begitu ada sesi.")
            if step == "catat"
            else _("Minat Anda dicabut."),
            "success",
        )
    return redirect(url_for("training.course", course_id=course_id), 303)


def _course(course_id: int) -> Course:
    course = find_course(db.session(), course_id)
    if course is None:
        raise NotFound
    return course


@bp.get("/pelatihan/minat")
@requires(P.SESSION_MANAGE)
def demand_list() -> str:
    """Show which courses are wanted, by how many people of how many OPD."""
    return render_template("training_sessions/demand.html", rows=demand(db.session()))


@bp.get("/pelatihan/minat/<int:course_id>")
@requires(P.SESSION_MANAGE)
def demand_people(course_id: int) -> str:
    """Show who wants a course."""
    course = _course(course_id)
    rows = interested_people(db.session(), course_code=course.code)
    audit_read("courses:interest:list", [row.employee_id for row in rows], subject=course)
    return render_template("training_sessions/demand_people.html", course=course, rows=rows)


@bp.get("/pelatihan/minat/<int:course_id>.xlsx")
@requires(P.SESSION_MANAGE)
def demand_file(course_id: int) -> Any:
    """Give who wants a course as a workbook; its NIP column can be given to a session."""
    course = _course(course_id)
    rows = interested_people(db.session(), course_code=course.code)
    audit_read("courses:interest:export", [row.employee_id for row in rows], subject=course)
    columns = [
        ExportColumn(_("NIP"), lambda row: row.employee.nip, width=22),
        ExportColumn(_("Nama"), lambda row: row.employee.display_name, width=32),
        ExportColumn(_("OPD"), lambda row: row.employee.opd.name, width=40),
        ExportColumn(_("Sejak"), lambda row: row.created_at.date()),
        ExportColumn(_("Catatan"), lambda row: row.note, width=40),
    ]
    return export_rows(rows, columns, name=f"minat-{course.code}")
