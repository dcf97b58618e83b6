"""Input of an assignment and of its rubric; rules stay in the services."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.validators import Optional as Maybe

from app.core import clock
from app.core.errors import DomainError
from app.web.forms_base import BaseForm
from app.web.i18n import render
from courses.assignments.rules import MAX_CRITERIA, MAX_LEVELS, Cell, Criterion, Rubric
from courses.models import Assignment
from courses.questions.content import clean, one_line
from courses.services.assignment_setup import AssignmentInput

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
_SPARE = 2  # empty rows offered below the rubric
_TEXT, _NAME = 500, 120


class AssignmentForm(BaseForm):
    """An assignment; its rubric is read from the cells of the table."""

    title = StringField(_l("Judul tugas"), validators=[InputRequired(), Length(max=200)])
    brief = TextAreaField(_l("Petunjuk pengerjaan"), validators=[InputRequired(), Length(max=8000)])
    due_at = DateTimeLocalField(_l("Tenggat"), format=FORMATS, validators=[InputRequired()])
    weight = IntegerField(
        _l("Bobot dalam nilai sesi"), default=50, validators=[InputRequired(), NumberRange(0, 100)]
    )
    late = RadioField(
        _l("Setelah tenggat"),
        choices=[
            SelectChoice("refuse", _l("Tidak diterima")),
            SelectChoice("deduct", _l("Diterima dengan potongan nilai")),
        ],
        default="refuse",
    )
    late_percent = IntegerField(
        _l("Potongan (persen dari nilai)"), validators=[Maybe(), NumberRange(0, 100)]
    )

    @classmethod
    def of(cls, row: Assignment | None) -> "AssignmentForm":
        """Return the form of an assignment, new or there."""
        if row is None:
            return cls()
        late = "refuse" if row.late_percent is None else "deduct"
        due = clock.local(row.due_at).replace(tzinfo=None)
        names = ("title", "brief", "weight", "late_percent")
        plain = {name: getattr(row, name) for name in names}
        return cls(data={**plain, "due_at": due, "late": late})

    def values(self) -> AssignmentInput:
        """Return what was stated."""
        deducts = self.late.data == "deduct"
        return AssignmentInput(
            title=self.title.data or "",
            brief=self.brief.data or "",
            due_at=aware(self.due_at.data),
            weight=self.weight.data,
            late_percent=(self.late_percent.data or 0) if deducts else None,
            rubric=given_rubric(request.form),
        )

    def refuse(self, error: DomainError | None) -> str | None:
        """Show a refusal at its field; return the sentence if it belongs to the rubric."""
        if error is None:
            return None
        if error.field == "rubric":
            return render(error.message)
        field: Any = getattr(self, error.field or "title", self.title)
        field.errors = [*field.errors, render(error.message)]
        return None


def aware(moment: datetime) -> datetime:
    """Return a moment typed in as one of the city's time."""
    return moment.replace(tzinfo=clock.timezone())


def given_moment(text: str) -> datetime | None:
    """Return the moment of a plain field, or None where it is none."""
    try:
        return aware(datetime.fromisoformat(text))
    except ValueError:
        return None


def given_rubric(form: Mapping[str, str]) -> Rubric:
    """Return the rubric from its cells; columns without a name and rows without a title go."""
    names = [one_line(form.get(f"tingkat-{n}", ""))[:_NAME] for n in range(MAX_LEVELS)]
    columns = [n for n, name in enumerate(names) if name]
    rows = []
    for r in range(MAX_CRITERIA + _SPARE):
        title = one_line(form.get(f"kriteria-{r}", ""))[:_NAME]
        if title:
            rows.append(Criterion(title, tuple(_cell(form, r, n) for n in columns)))
    return Rubric(tuple(names[n] for n in columns), tuple(rows))


def _cell(form: Mapping[str, str], row: int, column: int) -> Cell:
    points = form.get(f"poin-{row}-{column}", "").strip()
    known = points.isascii() and points.isdigit() and len(points) < 5
    number = int(points) if known else (0 if not points else -1)  # -1 is refused by the rules
    return Cell(number, clean(form.get(f"uraian-{row}-{column}", ""))[:_TEXT])


def shown_rubric(rubric: Rubric | None) -> dict[str, Any]:
    """Return the cells of the table: what is there and some empty rows."""
    rubric = rubric or Rubric((), ())
    levels = [*rubric.levels, *[""] * MAX_LEVELS][:MAX_LEVELS]
    blank: list[Cell | None] = [None] * MAX_LEVELS
    rows: list[tuple[str, list[Cell | None]]] = [
        (row.title, [*row.cells, *blank][:MAX_LEVELS]) for row in rubric.criteria
    ]
    rows += [("", blank)] * min(_SPARE, MAX_CRITERIA - len(rows))
    return {"levels": levels, "rows": rows}
