"""Input of the pages that set up a test; rules stay in the services."""

from datetime import datetime
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, IntegerField, RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.validators import Optional as Maybe

from app.core import clock
from app.core.errors import DomainError
from app.web.forms_base import BaseForm
from app.web.i18n import render
from courses.models import Exam
from courses.services.exam_setup import ExamInput

_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class ExamForm(BaseForm):
    """A pre- or post-test."""

    source = RadioField(
        _l("Soal yang ditanyakan"),
        choices=[
            SelectChoice("topics", _l("Acak dari bank: sekian soal per topik")),
            SelectChoice("chosen", _l("Soal tertentu, sama untuk semua")),
        ],
        default="topics",
    )
    minutes = IntegerField(_l("Batas waktu (menit)"), validators=[Maybe(), NumberRange(1, 600)])
    attempts = IntegerField(
        _l("Kesempatan"), default=1, validators=[InputRequired(), NumberRange(1, 20)]
    )
    opens_at = DateTimeLocalField(_l("Dibuka"), format=_FORMATS, validators=[Maybe()])
    closes_at = DateTimeLocalField(_l("Ditutup"), format=_FORMATS, validators=[Maybe()])
    weight = IntegerField(
        _l("Bobot dalam nilai sesi"), default=100, validators=[Maybe(), NumberRange(0, 100)]
    )
    shuffle_questions = BooleanField(_l("Acak urutan soal"), default=True)
    shuffle_options = BooleanField(_l("Acak urutan pilihan"), default=True)
    show_answers = BooleanField(_l("Tampilkan kunci dan pembahasan setelah tes"), default=True)
    instructions = TextAreaField(_l("Petunjuk untuk peserta"), validators=[Length(max=2000)])

    @classmethod
    def of(cls, exam: Exam | None) -> "ExamForm":
        """Return the form of a test, new or there."""
        if exam is None:
            return cls()
        values = {name: getattr(exam, name) for name in _NAMES}
        values |= {name: _local(getattr(exam, name)) for name in ("opens_at", "closes_at")}
        return cls(data={**values, "source": "chosen" if exam.question_ids else "topics"})

    def values(self, topics: list[str]) -> ExamInput:
        """Return what was stated."""
        form, by_topic = request.form, self.source.data != "chosen"
        counts = {
            topic: form.get(f"topik-{place}", 0, type=int) or 0
            for place, topic in enumerate(topics)
        }
        return ExamInput(
            instructions=(self.instructions.data or "").strip(),
            wanted={topic: max(0, count) for topic, count in counts.items()} if by_topic else {},
            question_ids=[] if by_topic else form.getlist("soal", type=int),
            shuffle_questions=self.shuffle_questions.data,
            shuffle_options=self.shuffle_options.data,
            minutes=self.minutes.data,
            attempts=self.attempts.data,
            opens_at=_aware(self.opens_at.data),
            closes_at=_aware(self.closes_at.data),
            weight=self.weight.data or 0,
            show_answers=self.show_answers.data,
        )

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the service at its field."""
        field: Any = getattr(self, error.field or "source", self.source)
        field.errors = [*field.errors, render(error.message)]


_NAMES = (
    "minutes",
    "attempts",
    "weight",
    "shuffle_questions",
    "shuffle_options",
    "show_answers",
    "instructions",
)


def _local(moment: datetime | None) -> datetime | None:
    return clock.local(moment).replace(tzinfo=None) if moment else None


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=clock.timezone()) if moment else None
