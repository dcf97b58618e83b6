"""Input of the pages of sessions; rules stay in the services."""

from collections.abc import Sequence
from datetime import datetime, time

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import URL, DataRequired, InputRequired, Length, NumberRange, Regexp
from wtforms.validators import Optional as Maybe

from app.core import clock
from app.core.errors import DomainError
from app.web.forms_base import BaseForm
from app.web.i18n import render
from courses.models import Course, Meeting, Organiser, Session, Signatory
from courses.services.meetings import MeetingInput
from courses.services.sessions import MOST_GRACE, USUAL_GRACE, SessionInput

_WEB = Regexp(r"^https?://", message=_l("Tulis alamat yang diawali https://"))
_LINK = [Maybe(), URL(), _WEB, Length(max=300)]


class SessionForm(BaseForm):
    """A session, new or changed."""

    title = StringField(_l("Judul sesi"), validators=[DataRequired(), Length(max=200)])
    starts_on = DateField(_l("Tanggal mulai"), validators=[InputRequired()])
    ends_on = DateField(_l("Tanggal selesai"), validators=[InputRequired()])
    capacity = IntegerField(
        _l("Kuota kursi"), default=25, validators=[InputRequired(), NumberRange(1, 2000)]
    )
    place = StringField(_l("Tempat"), validators=[Maybe(), Length(max=250)])
    link = StringField(_l("Tautan daring"), validators=_LINK)
    trainer = StringField(_l("Pengajar"), validators=[Maybe(), Length(max=200)])
    registration_opens = DateField(_l("Pendaftaran dibuka"), validators=[Maybe()])
    registration_closes = DateField(_l("Pendaftaran ditutup"), validators=[Maybe()])
    supervisor_approval = BooleanField(_l("Langkah 1: atasan menyetujui"))
    needs_approval = BooleanField(_l("Langkah 2: penyelenggara menyetujui"))
    seat_method = RadioField(
        _l("Pembagian kursi"),
        default="order",
        validate_choice=False,  # the service does
    )
    early_minutes = IntegerField(
        _l("Presensi dibuka (menit sebelum mulai)"),
        default=USUAL_GRACE,
        validators=[Maybe(), NumberRange(0, MOST_GRACE)],
    )
    late_minutes = IntegerField(
        _l("Presensi ditutup (menit setelah mulai)"),
        default=USUAL_GRACE,
        validators=[Maybe(), NumberRange(0, MOST_GRACE)],
    )
    organiser_id = SelectField(_l("Penyelenggara"), coerce=int, validators=[InputRequired()])
    signatory_id = SelectField(_l("Penanda tangan"), coerce=int, default=0, validators=[Maybe()])
    note = TextAreaField(_l("Catatan untuk peserta"), validators=[Maybe(), Length(max=2000)])
    daily = BooleanField(_l("Buat pertemuan setiap hari kerja"), default=True)
    begins = TimeField(_l("Mulai pukul"), default=time(8), validators=[Maybe()])
    ends = TimeField(_l("Sampai pukul"), default=time(16), validators=[Maybe()])

    @classmethod
    def fresh(
        cls, course: Course, organisers: Sequence[Organiser], signatories: Sequence[Signatory]
    ) -> "SessionForm":
        """Return the form of a new session."""
        form = cls(title=course.title)
        form.offer(organisers, signatories)
        return form

    @classmethod
    def of(
        cls, run: Session, organisers: Sequence[Organiser], signatories: Sequence[Signatory]
    ) -> "SessionForm":
        """Return the form of a session that is there."""
        form = cls(obj=run)
        form.offer(organisers, signatories)
        return form

    def offer(self, organisers: Sequence[Organiser], signatories: Sequence[Signatory]) -> None:
        """Offer organisers, officials and the ways to share seats."""
        self.seat_method.choices = [
            ("order", _l("Siapa mendaftar lebih dahulu")),
            ("fair", _l("Dibagi adil setelah pendaftaran ditutup")),
        ]
        self.organiser_id.choices = [(row.id, row.name) for row in organisers]
        self.signatory_id.choices = [
            (0, _l("Dipilih saat penerbitan")),
            *((row.id, f"{row.name} – {row.office}") for row in signatories),
        ]

    def chosen_organiser(self, organisers: Sequence[Organiser]) -> Organiser:
        """Return the organiser that was chosen."""
        return next(row for row in organisers if row.id == self.organiser_id.data)

    def values(self) -> SessionInput:
        """Return what was stated."""
        return SessionInput(
            title=(self.title.data or "").strip(),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            capacity=self.capacity.data,
            place=self.place.data or "",
            link=self.link.data or None,
            trainer=self.trainer.data or "",
            registration_opens=self.registration_opens.data,
            registration_closes=self.registration_closes.data,
            needs_approval=self.needs_approval.data,
            supervisor_approval=self.supervisor_approval.data,
            seat_method=self.seat_method.data,
            early_minutes=_minutes(self.early_minutes.data),
            late_minutes=_minutes(self.late_minutes.data),
            signatory_id=self.signatory_id.data or None,
            note=self.note.data or "",
        )

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the service at its field."""
        names = {"ends_at": "ends", "starts_at": "begins"}
        field = getattr(self, names.get(error.field or "", error.field or "title"), self.title)
        field.errors = [*field.errors, render(error.message)]


def _minutes(value: int | None) -> int:
    return USUAL_GRACE if value is None else value


class MeetingForm(BaseForm):
    """A meeting of a session."""

    day = DateField(_l("Tanggal"), validators=[InputRequired()])
    begins = TimeField(_l("Mulai pukul"), default=time(8), validators=[InputRequired()])
    ends = TimeField(_l("Sampai pukul"), default=time(16), validators=[InputRequired()])
    topic = StringField(_l("Materi"), validators=[Maybe(), Length(max=250)])
    place = StringField(_l("Tempat sendiri"), validators=[Maybe(), Length(max=250)])
    link = StringField(_l("Tautan daring sendiri"), validators=_LINK)

    @classmethod
    def of(cls, meeting: Meeting) -> "MeetingForm":
        """Return the form of a meeting that is there."""
        begins, ends = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
        return cls(
            formdata=None,
            day=begins.date(),
            begins=begins.time(),
            ends=ends.time(),
            topic=meeting.topic,
            place=meeting.place,
            link=meeting.link,
        )

    def values(self) -> MeetingInput:
        """Return the input as the service takes it."""
        starts_at, ends_at = self.moments()
        return MeetingInput(
            starts_at,
            ends_at,
            (self.topic.data or "").strip(),
            (self.place.data or "").strip(),
            (self.link.data or "").strip() or None,
        )

    def moments(self) -> tuple[datetime, datetime]:
        """Return begin and end as moments of the city."""
        zone = clock.timezone()
        return (
            datetime.combine(self.day.data, self.begins.data, tzinfo=zone),
            datetime.combine(self.day.data, self.ends.data, tzinfo=zone),
        )


class MoveForm(BaseForm):
    """Another first day of a session, with the reason its people are told."""

    starts_on = DateField(_l("Tanggal mulai baru"), validators=[InputRequired()])
    reason = StringField(_l("Alasan"), validators=[Maybe(), Length(max=300)])
