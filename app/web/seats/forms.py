"""Input of the seats journey: shape and wording; rules stay in the services."""

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.validators import Optional as Maybe

from app.core import clock
from app.core.errors import DomainError
from app.core.i18n import Message
from app.web.forms_base import BaseForm
from app.web.i18n import named, render
from app.web.seats.gate_fields import gates_from_args
from matching.models import Role, Seat, ShortlistEntry
from matching.services.scouting import Criteria
from matching.services.terms import planned_end
from skills.models import Opd
from skills.rules import Requirement


class ShortlistForm(BaseForm):
    """People ticked in the list, and why."""

    people = SelectMultipleField(coerce=int, validate_choice=False, validators=[InputRequired()])
    reason = StringField(_l("Alasan memilih"), validators=[DataRequired(), Length(max=500)])
    order_hash = HiddenField(validators=[DataRequired()])


class DecisionForm(BaseForm):
    """The decision on a seat."""

    employee_id = SelectField(_l("Pengisi kursi"), coerce=int, validators=[InputRequired()])
    backup_id = SelectField(_l("Cadangan"), coerce=int, default=0, validators=[Maybe()])
    reason = TextAreaField(_l("Alasan keputusan"), validators=[DataRequired(), Length(max=4000)])
    dissent = TextAreaField(_l("Pendapat berbeda"), validators=[Maybe(), Length(max=4000)])
    letter_number = StringField(_l("Nomor SK"), validators=[Maybe(), Length(max=120)])
    since = DateField(_l("Berlaku mulai"), validators=[InputRequired()])
    planned_until = DateField(_l("Masa tugas sampai"), validators=[Maybe()])
    version = HiddenField(validators=[InputRequired()], filters=[lambda v: int(v) if v else None])

    @classmethod
    def for_entries(
        cls, seat: Seat, entries: Sequence[ShortlistEntry], *, masked: bool = False
    ) -> "DecisionForm":
        """Return an empty form that offers the shortlist."""
        today = clock.today()
        form = cls(
            formdata=None,
            since=today,
            planned_until=planned_end(seat, today),
            version=seat.version,
        )
        form.offer(entries, masked=masked)
        return form

    def offer(self, entries: Sequence[ShortlistEntry], *, masked: bool = False) -> None:
        """Offer the people of the shortlist; a masked panel sees their places only."""
        people = [
            (
                entry.employee_id,
                _l("Kandidat %(rank)s", rank=entry.rank) if masked else entry.employee.display_name,
            )
            for entry in entries
        ]
        self.employee_id.choices = people
        self.backup_id.choices = [(0, _l("Tanpa cadangan")), *people]

    def first_error(self) -> Message:
        """Return the first refusal as a message."""
        return Message(str(next(iter(self.errors.values()))[0]))


class EndPlacementForm(BaseForm):
    """The end of a placement."""

    until = DateField(_l("Berakhir pada"), validators=[InputRequired()])
    reason = StringField(_l("Alasan"), validators=[DataRequired(), Length(max=300)])
    kind = SelectField(
        _l("Cara"),
        choices=[
            SelectChoice("ended", _l("Berakhir")),
            SelectChoice("recalled", _l("Ditarik kembali")),
        ],
        default="ended",
    )


class TermForm(BaseForm):
    """Another last day of a placement; none makes it open-ended."""

    planned_until = DateField(_l("Masa tugas sampai"), validators=[Maybe()])
    reason = StringField(_l("Alasan"), validators=[DataRequired(), Length(max=300)])


class HandoverForm(BaseForm):
    """What was handed over, and when."""

    on = DateField(_l("Tanggal serah terima"), validators=[InputRequired()])
    note = TextAreaField(_l("Yang diserahterimakan"), validators=[DataRequired(), Length(max=1000)])


class SeatForm(BaseForm):
    """A new seat."""

    role_id = SelectField(_l("Peran"), coerce=int, validators=[InputRequired()])
    opd_id = SelectField(_l("OPD"), coerce=int, validators=[InputRequired()])
    places = IntegerField(
        _l("Jumlah tempat"), default=1, validators=[InputRequired(), NumberRange(1, 20)]
    )

    def offer(self, roles: Sequence[Role], opd: Sequence[Opd]) -> None:
        """Offer the roles in force and the OPD."""
        self.role_id.choices = [(role.id, named(role)) for role in roles]
        self.opd_id.choices = [(row.id, row.name) for row in opd]

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the service at its field."""
        field = getattr(self, error.field or "role_id")
        field.errors = [*field.errors, render(error.message)]


def criteria_from_args(base: Criteria, args: MultiDict[str, str], own_opd: int | None) -> Criteria:
    """Return the criteria of the role as the address changes them.

    `bobot-<id>` and `level-<id>` change a requirement (0 drops it); the gates are changed as
    `gate_fields` says; `urut=fit` orders by fit alone.
    """
    items = [found for item in base.requirements if (found := _item(item, args)) is not None]
    gates = gates_from_args(base.gates, args)
    if own_opd is not None:
        gates = replace(gates, opd_id=own_opd)
    return replace(
        base,
        requirements=tuple(items) or base.requirements,
        gates=gates,
        order="fit" if args.get("urut") == "fit" else "group",
    )


def odd_criteria(base: Criteria, args: MultiDict[str, str]) -> list[int]:
    """Return the competencies whose level or weight in the address is no value one can ask for."""
    return [
        item.competency_id
        for item in base.requirements
        if _odd(args.get(f"level-{item.competency_id}"), 5)
        or _odd(args.get(f"bobot-{item.competency_id}"), 100)
    ]


def asks_nothing(base: Criteria, args: MultiDict[str, str]) -> bool:
    """Say whether the address leaves out every requirement of the role."""
    return all(_item(item, args) is None for item in base.requirements)


def _odd(text: str | None, most: float) -> bool:
    return bool(text) and _number(text, -1, 0, most) < 0


def _item(item: Requirement, args: MultiDict[str, str]) -> Requirement | None:
    level = _number(args.get(f"level-{item.competency_id}"), item.level, 0, 5)
    weight = _number(args.get(f"bobot-{item.competency_id}"), item.weight, 0, 100)
    if level == 0 or weight == 0:
        return None
    return replace(item, level=int(level), weight=float(weight))


def _number(text: str | None, default: float, least: float, most: float) -> float:
    try:
        value = float((text or "").replace(",", "."))
    except ValueError:
        return default
    return value if least <= value <= most else default
