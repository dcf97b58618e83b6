"""From a cell of the team's map to a proposal for training, and back again."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import audit_read, check, current_actor, requires
from app.web.claims.forms import put_error
from app.web.filters import tanggal
from app.web.forms_base import BaseForm
from app.web.i18n import named, render
from app.web.team.routes import bp
from courses.queries.team_proposals import courses_towards, find_proposal, live_proposals
from courses.services.proposals import Wish, propose_training, withdraw_proposal
from skills.models import Employee
from skills.queries.level_story import level_story
from skills.queries.team import Cell, TeamFilter, team_map, team_members, team_statement

PEERS = 24  # colleagues with the same gap that one proposal can include at once


class ProposalForm(BaseForm):
    """Which course, how urgent, and why."""

    course_id = SelectField(_l("Pelatihan"), coerce=int)
    priority = RadioField(
        _l("Seberapa mendesak?"),
        coerce=int,
        choices=[
            SelectChoice(1, _l("Mendesak: tugas terhambat tanpanya")),
            SelectChoice(2, _l("Perlu dalam tahun ini")),
            SelectChoice(3, _l("Baik bila ada kursi")),
        ],
        validators=[InputRequired(_l("Pilih tingkat kepentingan."))],
    )
    reason = TextAreaField(
        _l("Alasan"),
        description=_l("Dibaca penyelenggara pelatihan dan anggota tim Anda."),
        validators=[Length(max=500)],
    )


@bp.get("/tim/<int:employee_id>/kompetensi/<int:competency_id>")
@requires(P.PROPOSAL_MAKE)
def cell(employee_id: int, competency_id: int) -> str:
    """Show one gap, the courses that close it, and the form of a proposal."""
    person = _member(employee_id)
    audit_read("skills:team:read", [employee_id], subject=person, competency_id=competency_id)
    return _cell_page(
        person, competency_id, _form(person, competency_id, formdata=None, priority=2)
    )


def _cell_page(person: Employee, competency_id: int, form: ProposalForm) -> str:
    session = db.session()
    story = level_story(session, person.id, competency_id)
    if story is None:
        raise NotFound
    found = _cell_of(person, competency_id)
    peers = _peers(person, competency_id)
    known = live_proposals(
        session,
        employee_ids=[person.id, *(row.id for row, _cell in peers)],
        competency_id=competency_id,
    )
    return render_template(
        "team/cell.html",
        person=person,
        competency=story.competency,
        story=story,
        cell=found,
        form=form,
        peers=[(row, cell) for row, cell in peers if (row.id, competency_id) not in known],
        proposal=known.get((person.id, competency_id)),
        ticked=request.form.getlist("orang"),
    )


def _cell_of(person: Employee, competency_id: int) -> Cell | None:
    found = team_map(db.session(), [person], day=clock.today())
    places = [column.id for column in found.competencies]
    return found.rows[0].cells[places.index(competency_id)] if competency_id in places else None


def _peers(person: Employee, competency_id: int) -> list[tuple[Employee, Cell]]:
    """Return the colleagues in the actor's team and in the same OPD who have the gap too."""
    session = db.session()
    wanted = TeamFilter(opd_id=person.opd_id, unit_id=None)
    statement = team_statement(current_actor(), wanted, day=clock.today())
    people = team_members(session, statement, without=person.id)
    found = team_map(session, people, day=clock.today())
    places = [column.id for column in found.competencies]
    if competency_id not in places:
        return []
    place = places.index(competency_id)
    rows = [(row.employee, row.cells[place]) for row in found.rows if row.cells[place].missing]
    return rows[:PEERS]


def _form(person: Employee, competency_id: int, **values: Any) -> ProposalForm:
    form = ProposalForm(**values)
    found = _cell_of(person, competency_id)
    choices = courses_towards(
        db.session(),
        competency_id=competency_id,
        held=found.verified if found else None,
        day=clock.today(),
    )
    form.course_id.choices = [
        *(
            SelectChoice(
                row.course.id,
                _(
                    "%(title)s (sesi %(date)s)",
                    title=named(row.course),
                    date=tanggal(row.next_starts_on),
                )
                if row.next_starts_on
                else named(row.course),
            )
            for row in choices
        ),
        SelectChoice(0, _("Belum tahu; serahkan kepada penyelenggara")),
    ]
    return form


@bp.post("/tim/<int:employee_id>/kompetensi/<int:competency_id>")
@requires(P.PROPOSAL_MAKE)
def propose(employee_id: int, competency_id: int) -> Any:
    """Send a proposal for the person, and for the colleagues ticked beside."""
    person = _member(employee_id)
    form = _form(person, competency_id)
    if not form.validate_on_submit():
        return _cell_page(person, competency_id, form), 422
    try:
        with transaction(current_actor()) as session:
            people = [person, *(_member(row) for row in _ticked(employee_id))]
            wish = Wish(
                competency_id,
                form.reason.data or "",
                priority=form.priority.data,
                course_id=form.course_id.data or None,
            )
            propose_training(session, actor=current_actor(), people=people, wish=wish)
    except NotFound:
        raise
    except DomainError as error:
        if not put_error(form, error):
            form.form_errors.append(render(error.message))
        return _cell_page(_member(employee_id), competency_id, form), 422
    flash(
        ngettext(
            "Usulan untuk %(num)d orang dikirim ke penyelenggara.",
            "Usulan untuk %(num)d orang dikirim ke penyelenggara.",
            len(people),
        ),
        "success",
    )
    return redirect(url_for(".cell", employee_id=employee_id, competency_id=competency_id), 303)


def _ticked(employee_id: int) -> list[int]:
    ids = {int(value) for value in request.form.getlist("orang") if value.isdigit()}
    return sorted(ids - {employee_id})[:PEERS]


@bp.post("/tim/usulan/<int:proposal_id>/batal")
@requires(P.PROPOSAL_MAKE)
def take_back(proposal_id: int) -> Any:
    """Take back a proposal of one's own that waits."""
    with transaction(current_actor()) as session:
        proposal = find_proposal(session, proposal_id, lock=True)
        if proposal is None:
            raise NotFound
        check(P.PROPOSAL_MAKE, proposal)
        withdraw_proposal(session, proposal=proposal)
    flash(_("Usulan dibatalkan; tandanya hilang dari peta."), "success")
    return redirect(url_for(".index"), 303)


def _member(employee_id: int) -> Employee:
    statement = team_statement(current_actor(), TeamFilter(), day=clock.today())
    rows = team_members(db.session(), statement, only=employee_id)
    if not rows:
        raise NotFound
    return rows[0]
