"""Input of rounds: shape and wording; the rules stay in the services."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.validators import Optional as Maybe
from wtforms.widgets import CheckboxInput, ListWidget

from app.web.assessment.words import kind_words
from app.web.forms_base import BaseForm
from skills.models import AssessmentRound
from skills.services.assessment_rounds import RoundInput


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


class RoundForm(BaseForm):
    """A round: period, sources, competencies and the rules of its results."""

    name = StringField(
        _l("Nama putaran"),
        description=_l("Seperti yang dibaca penilai, misalnya “Pemetaan kompetensi SPBE”."),
        filters=[_trimmed],
        validators=[InputRequired(_l("Beri nama putaran ini.")), Length(max=160)],
    )
    purpose = TextAreaField(
        _l("Tujuan"), filters=[_trimmed], validators=[Maybe(), Length(max=2000)]
    )
    starts_on = DateField(_l("Hari pertama"), validators=[InputRequired()])
    ends_on = DateField(_l("Hari terakhir"), validators=[InputRequired()])
    sources = SelectMultipleField(
        _l("Sumber penilaian"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    competency_ids = SelectMultipleField(
        _l("Kompetensi yang dinilai"),
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    double_percent = IntegerField(
        _l("Orang yang dinilai dua asesor"),
        validators=[InputRequired(), NumberRange(0, 100)],
    )
    min_raters = IntegerField(
        _l("Penilai minimum rekan dan bawahan"),
        validators=[InputRequired(), NumberRange(2, 20)],
    )
    valid_months = IntegerField(_l("Masa berlaku level"), validators=[Maybe(), NumberRange(1, 120)])

    def offer(self, groups: dict[str, list[Any]]) -> "RoundForm":
        """Set the choices."""
        self.sources.choices = list(kind_words().items())
        self.competency_ids.choices = [
            (item.id, item.name) for items in groups.values() for item in items
        ]
        return self

    def given(self) -> RoundInput:
        """Return the input as the service takes it."""
        return RoundInput(
            name=self.name.data or "",
            purpose=self.purpose.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            sources=self.sources.data or [],
            competency_ids=self.competency_ids.data or [],
            double_percent=self.double_percent.data or 0,
            min_raters=self.min_raters.data or 0,
            valid_months=self.valid_months.data,
        )

    @classmethod
    def of(cls, round_: AssessmentRound) -> "RoundForm":
        """Return a form filled with a round."""
        return cls(
            formdata=None,
            obj=round_,
            sources=round_.sources.split(","),
            competency_ids=[item.id for item in round_.competencies],
        )
