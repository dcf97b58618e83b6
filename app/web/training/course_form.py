"""Input of a course: shape and wording; rules stay in the service."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.validators import Optional as Maybe

from app.core.errors import DomainError
from app.web.forms_base import BaseForm
from app.web.i18n import render
from courses.models import Course
from courses.services.catalogue_edit import CourseInput, Gain

GAINS = 6  # competencies of one course
_MONEY = 10**10


@dataclass(frozen=True)
class GainRow:
    """A line of the table of competencies, as text for its controls."""

    competency_id: str = ""
    before: str = "0"
    to: str = "2"
    effect: str = "set"


class CourseForm(BaseForm):
    """A course of the catalogue, new or in a new version."""

    code = StringField(_l("Kode"), validators=[DataRequired(), Length(max=40)])
    title = StringField(_l("Nama pelatihan"), validators=[DataRequired(), Length(max=200)])
    title_en = StringField(_l("Nama dalam bahasa Inggris"), validators=[Maybe(), Length(max=200)])
    form_code = SelectField(_l("Bentuk"), validators=[DataRequired()])
    objectives = TextAreaField(_l("Tujuan"), validators=[Maybe(), Length(max=4000)])
    topics = TextAreaField(_l("Materi dan JP"), validators=[DataRequired(), Length(max=8000)])
    prerequisites = StringField(_l("Prasyarat (kode)"), validators=[Maybe(), Length(max=300)])
    provider = StringField(_l("Penyelenggara"), validators=[Maybe(), Length(max=200)])
    trainers = StringField(_l("Pengajar"), validators=[Maybe(), Length(max=500)])
    cost = IntegerField(
        _l("Biaya per peserta (rupiah)"),
        default=0,
        validators=[InputRequired(), NumberRange(0, _MONEY)],
    )
    attendance_min = IntegerField(
        _l("Kehadiran paling sedikit (%)"),
        default=80,
        validators=[InputRequired(), NumberRange(0, 100)],
    )
    score_min = IntegerField(
        _l("Nilai paling rendah"), default=70, validators=[Maybe(), NumberRange(0, 100)]
    )
    valid_months = IntegerField(
        _l("Masa berlaku sertifikat (bulan)"), validators=[Maybe(), NumberRange(1, 240)]
    )
    note = TextAreaField(_l("Sumber atau catatan"), validators=[Maybe(), Length(max=1000)])

    def offer(self, forms: Mapping[str, Mapping[str, Any]], *, english: bool) -> None:
        """Offer the forms of learning, with their rule of hours."""
        name = "name_en" if english else "name"
        self.form_code.choices = [
            ("", _l("Pilih bentuk")),
            *((code, f"{code} · {row[name]}") for code, row in forms.items()),
        ]

    @classmethod
    def of(cls, course: Course) -> "CourseForm":
        """Return the form of a course as it stands."""
        return cls(
            data={
                **{name: getattr(course, name) for name in _PLAIN},
                "objectives": "\n".join(course.objectives),
                "topics": "\n".join(f"{row.title} | {row.jp}" for row in course.topics),
                "prerequisites": ", ".join(course.prerequisites),
            }
        )

    def values(self, gains: Iterable[GainRow]) -> CourseInput:
        """Return the input as the service takes it."""
        return CourseInput(
            code=self.code.data.strip(),
            title=self.title.data.strip(),
            title_en=(self.title_en.data or "").strip(),
            form_code=self.form_code.data,
            objectives=tuple(_lines(self.objectives.data)),
            topics=tuple(_topic(line) for line in _lines(self.topics.data)),
            prerequisites=tuple(
                part.strip() for part in (self.prerequisites.data or "").split(",") if part.strip()
            ),
            provider=(self.provider.data or "").strip(),
            trainers=(self.trainers.data or "").strip(),
            cost=self.cost.data,
            attendance_min=self.attendance_min.data,
            score_min=self.score_min.data,
            valid_months=self.valid_months.data,
            note=(self.note.data or "").strip(),
            gains=tuple(
                Gain(int(row.competency_id), int(row.before), int(row.to), row.effect)
                for row in gains
                if row.competency_id
            ),
        )

    def refuse(self, error: DomainError) -> None:
        """Show a refusal at its field; what concerns the competencies at the topics."""
        field = self._fields.get(error.field or "", self.topics)
        field.errors = [*field.errors, render(error.message)]


_PLAIN = (
    "code",
    "title",
    "title_en",
    "form_code",
    "provider",
    "trainers",
    "cost",
    "attendance_min",
    "score_min",
    "valid_months",
    "note",
)


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _topic(line: str) -> tuple[str, int]:
    """Return title and hours of a line `title | hours`; without hours 0, which is refused."""
    title, _, hours = line.rpartition("|")
    number = hours.strip()
    if not title or not number.isdigit():
        return line[:250], 0
    return title.strip()[:250], int(number)


def gain_rows(
    form: Mapping[str, str], course: Course | None, known: Iterable[int]
) -> list[GainRow]:
    """Return the lines of competencies: as sent, else as the course has them."""
    ids = {str(number) for number in known}
    if "gain-0" in form:
        levels = {str(level) for level in range(6)}
        return [
            GainRow(
                competency_id=one if (one := form.get(f"gain-{at}", "")) in ids else "",
                before=two if (two := form.get(f"before-{at}", "0")) in levels else "0",
                to=three if (three := form.get(f"to-{at}", "2")) in levels else "2",
                effect="propose" if form.get(f"effect-{at}") == "propose" else "set",
            )
            for at in range(GAINS)
        ]
    rows = [
        GainRow(str(row.competency_id), str(row.from_level), str(row.to_level), row.effect)
        for row in (course.competencies if course is not None else [])
    ]
    return (rows + [GainRow()] * GAINS)[: max(GAINS, len(rows))]
