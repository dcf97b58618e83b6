"""Input of the pages of planning; rules stay in the services."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.validators import Optional as Maybe

from app.core.errors import DomainError
from app.web.forms_base import BaseForm
from app.web.i18n import named, render
from app.web.planning.site import priority_words
from courses.models import Course
from courses.services.year_plan import ItemInput, PlanInput

_MOST_MONEY = 10**13


class _Refusing(BaseForm):
    """A form that shows what a service refused."""

    def refuse(self, error: DomainError) -> None:
        """Show a refusal at its field, or at the first one."""
        first = next(iter(self._fields.values()))
        field = self._fields.get(error.field or "", first)
        field.errors = [*field.errors, render(error.message)]


class PlanForm(_Refusing):
    """A new plan, or the bounds of a draft."""

    year = IntegerField(_l("Tahun"), validators=[InputRequired(), NumberRange(2000, 2100)])
    budget = IntegerField(
        _l("Anggaran (rupiah)"), validators=[InputRequired(), NumberRange(0, _MOST_MONEY)]
    )
    hours = IntegerField(
        _l("Jam sesi setahun (JP)"), validators=[InputRequired(), NumberRange(0, 100_000)]
    )
    note = TextAreaField(_l("Catatan"), validators=[Maybe(), Length(max=2000)])

    def values(self) -> PlanInput:
        """Return the input as the service takes it."""
        return PlanInput(
            budget=self.budget.data, hours=self.hours.data, note=(self.note.data or "").strip()
        )


class ItemForm(_Refusing):
    """A course in a plan."""

    course_id = SelectField(_l("Pelatihan"), coerce=int, validators=[InputRequired()])
    sessions = IntegerField(
        _l("Jumlah sesi"), default=1, validators=[InputRequired(), NumberRange(1, 99)]
    )
    seats = IntegerField(
        _l("Kursi per sesi"), default=30, validators=[InputRequired(), NumberRange(1, 2000)]
    )
    cost = IntegerField(
        _l("Biaya per peserta (rupiah)"),
        validators=[Maybe(), NumberRange(0, _MOST_MONEY)],
    )
    quarter = SelectField(_l("Triwulan"), coerce=int, validators=[InputRequired()])
    note = StringField(_l("Catatan"), validators=[Maybe(), Length(max=300)])

    def offer(self, courses: Sequence[Course]) -> None:
        """Offer the courses in force."""
        self.quarter.choices = [(1, "I"), (2, "II"), (3, "III"), (4, "IV")]
        if self.course_id is not None:
            self.course_id.choices = [(row.id, f"{row.code} · {named(row)}") for row in courses]

    def values(self, course: Course) -> ItemInput:
        """Return the input as the service takes it; without a price that of the course."""
        return ItemInput(
            sessions=self.sessions.data,
            seats=self.seats.data,
            cost=course.cost if self.cost.data is None else self.cost.data,
            quarter=self.quarter.data,
            note=(self.note.data or "").strip(),
        )


class ProposalForm(_Refusing):
    """A proposal for some people."""

    reason = TextAreaField(_l("Alasan"), validators=[DataRequired(), Length(max=500)])
    priority = SelectField(_l("Prioritas"), coerce=int, default=2)
    course_id = SelectField(_l("Pelatihan yang disarankan"), coerce=int, default=0)

    def offer(self, courses: Sequence[Course]) -> None:
        """Offer the courses that teach the competency."""
        self.priority.choices = list(priority_words().items())
        self.course_id.choices = [
            (0, _l("Serahkan kepada penyelenggara")),
            *((row.id, f"{row.code} · {named(row)}") for row in courses),
        ]
