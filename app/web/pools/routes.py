"""Talent pools: who is in, how ready, since when and why; proposals from the boxes."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.actor import RoleName
from app.core.db import DbSession as Session
from app.core.db import db, transaction
from app.core.errors import DomainError, InvalidInput, NotFound, Stale
from app.core.i18n import N_
from app.core.permissions import Permission as P
from app.web.access import audit_read, check, current_actor, requires
from app.web.i18n import render
from app.web.listing import ExportColumn
from app.web.memory_listing import listing_of, sorted_rows, workbook_of
from app.web.pools.forms import PoolForm, kind_words, state_words
from app.web.talent.words import readiness_words
from matching.models import PoolMember, TalentPool
from matching.queries import pools as queries
from matching.queries import talent as boxes
from matching.services import pools
from matching.services.talent_box import find_method
from skills.queries.organisation import opd_in_force

bp = Blueprint("pools", __name__, url_prefix="/kelompok-talenta")
_CITY = (RoleName.OFFICER, RoleName.EXECUTIVE, RoleName.AUDITOR)
_READY = {"now": 0, "one_year": 1, "two_years": 2}
_SORTS: dict[str, Callable[[Any], Any]] = {
    "nama": lambda row: (row.until is not None, row.employee.name),
    "kesiapan": lambda row: (row.until is not None, _READY[row.readiness], row.employee.name),
    "sejak": lambda row: (row.since, row.id),
}


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "readiness": readiness_words(),
        "kinds": kind_words(),
        "states": state_words(),
        "tones": {"now": "success", "one_year": "info", "two_years": "warning"},
    }


def _reach() -> frozenset[int] | None:
    actor = current_actor()
    return None if actor.has(*_CITY) else actor.opd_ids(RoleName.OPD_MANAGER)


def _pool(pool_id: int) -> TalentPool:
    """Return a pool; an OPD's manager sees those of the city and of the own OPD."""
    found, reach = queries.find_pool(db.session(), pool_id), _reach()
    if found is None or (reach is not None and found.opd_id not in {None, *reach}):
        raise NotFound
    return found


def _members(pool: TalentPool) -> list[PoolMember]:
    reach = _reach()
    return [
        row
        for row in queries.members_of(db.session(), pool.id)
        if reach is None or row.employee.opd_id in reach
    ]


@bp.get("")
@requires(P.TALENT_READ)
def index() -> str:
    """List the pools with how ready their members are."""
    reach = _reach()
    rows = [
        pool
        for pool in queries.pools_with_readiness(db.session())
        if reach is None or pool.pool.opd_id in {None, *reach}
    ]
    return render_template("pools/index.html", rows=rows)


@bp.route("/baru", methods=["GET", "POST"])
@requires(P.TALENT_MANAGE)
def new() -> Any:
    """Open a pool."""
    form = PoolForm()
    form.offer(opd_in_force(db.session()))
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as session:
                pool_id = pools.open_pool(session, **form.values()).id
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Kelompok dibuat sebagai rancangan."), "success")
            return redirect(url_for(".show", pool_id=pool_id), 303)
    return render_template("pools/new.html", form=form), 422 if form.errors else 200


@bp.get("/<int:pool_id>")
@requires(P.TALENT_READ)
def show(pool_id: int) -> str:
    """Show members, proposals from the boxes, and the history of a pool."""
    session, pool = db.session(), _pool(pool_id)
    members = _members(pool)
    page = listing_of(members, sorts=_SORTS, default="kesiapan")
    proposals = _proposals(session, pool)
    shown = {row.employee_id for row in (*page.rows, *proposals)}
    audit_read("matching:pool:read", sorted(shown), pool)
    present = [row for row in members if row.until is None]
    return render_template(
        "pools/show.html",
        pool=pool,
        page=page,
        present=present,
        ready={key: sum(row.readiness == key for row in present) for key in _READY},
        proposals=proposals,
        pool_boxes=find_method(session, None).pool_boxes,
        events=queries.events_of(session, pool.id) if _reach() is None else [],
    )


def _proposals(session: Session, pool: TalentPool) -> Any:
    if not current_actor().has(RoleName.OFFICER) or pool.state == "closed":
        return []
    years, method = boxes.periods(session), find_method(session, None)
    if not years:
        return []
    opd = frozenset({pool.opd_id}) if pool.opd_id else None
    filters = boxes.BoxFilter(years[0], method.code, opd)
    return queries.proposed_for_pool(
        session, filters=filters, boxes=method.pool_boxes, pool_id=pool.id
    )


@bp.get("/<int:pool_id>/unduh.xlsx")
@requires(P.TALENT_READ)
def download(pool_id: int) -> Response:
    """Give the members of a pool, past ones too, as a workbook."""
    pool = _pool(pool_id)
    rows = sorted_rows(_members(pool), sorts=_SORTS, default="kesiapan")
    audit_read("matching:pool:export", [row.employee_id for row in rows], pool)
    words = readiness_words()
    columns = [
        ExportColumn(_("Nama"), lambda row: row.employee.display_name, width=34),
        ExportColumn(_("Perangkat daerah"), lambda row: row.employee.opd.name, width=36),
        ExportColumn(_("Kesiapan"), lambda row: words[row.readiness]),
        ExportColumn(_("Sejak"), lambda row: row.since),
        ExportColumn(_("Sampai"), lambda row: row.until),
        ExportColumn(_("Alasan"), lambda row: row.reason, width=40),
        ExportColumn(_("Alasan keluar"), lambda row: row.end_reason, width=40),
    ]
    return workbook_of(rows, columns, name="kelompok-talenta")


@bp.post("/<int:pool_id>/anggota")
@requires(P.TALENT_MANAGE)
def nominate(pool_id: int) -> Any:
    """Put the ticked people into a pool: all of them or nobody."""
    form = request.form
    ids = form.getlist("people", type=int)

    def work(session: Session) -> None:
        found = boxes.find_assessments(session, ids)
        if not found:
            raise InvalidInput(N_("Pilih paling sedikit satu orang."), field="people")
        for row in found:
            check(P.TALENT_MANAGE, row)
            pools.nominate(
                session,
                actor=current_actor(),
                pool=_pool(pool_id),
                employee=row.employee,
                readiness=form.get("readiness", ""),
                reason=form.get("reason", ""),
                assessment=row,
            )

    return _do(pool_id, work, _("%(count)s orang masuk kelompok.", count=len(ids)))


@bp.post("/<int:pool_id>/anggota/<int:member_id>/kesiapan")
@requires(P.TALENT_MANAGE)
def change(pool_id: int, member_id: int) -> Any:
    """Change how soon a member is ready."""
    form = request.form

    def work(session: Session) -> None:
        pools.change_readiness(
            session,
            actor=current_actor(),
            member=_member(session, pool_id, member_id),
            readiness=form.get("readiness", ""),
            reason=form.get("reason", ""),
            expected_version=_version(),
        )

    return _do(pool_id, work, _("Kesiapan disimpan."))


@bp.post("/<int:pool_id>/anggota/<int:member_id>/keluar")
@requires(P.TALENT_MANAGE)
def leave(pool_id: int, member_id: int) -> Any:
    """End a membership with a reason."""

    def work(session: Session) -> None:
        pools.leave(
            session,
            actor=current_actor(),
            member=_member(session, pool_id, member_id),
            reason=request.form.get("reason", ""),
            expected_version=_version(),
        )

    return _do(pool_id, work, _("Keanggotaan diakhiri; riwayatnya tetap ada."))


@bp.post("/<int:pool_id>/lanjut")
@requires(P.TALENT_MANAGE)
def advance(pool_id: int) -> Any:
    """Take a pool one step further: draft, open, closed."""
    return _do(
        pool_id,
        lambda session: pools.advance_pool(
            session, pool=_pool(pool_id), expected_version=_version()
        ),
        _("Keadaan kelompok diubah."),
    )


def _version() -> int:
    """Return the version that the form showed; a form without one is a stale form."""
    return request.form.get("version", 0, type=int)


def _member(session: Session, pool_id: int, member_id: int) -> PoolMember:
    found = queries.find_member(session, pool_id=_pool(pool_id).id, member_id=member_id)
    if found is None:
        raise NotFound
    return found


def _do(pool_id: int, work: Callable[[Session], None], done: str) -> Any:
    try:
        with transaction(current_actor()) as session:
            work(session)
    except DomainError as error:
        if isinstance(error, (NotFound, Stale)):
            raise
        flash(render(error.message), "danger")
    else:
        flash(done, "success")
    return redirect(url_for(".show", pool_id=pool_id), 303)
