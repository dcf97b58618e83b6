"""Placements on a seat: their end, their recall and the hand-over of the work."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.core.db import transaction
from app.core.errors import DomainError, NotFound, Stale
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.i18n import render
from app.web.seats.forms import EndPlacementForm, HandoverForm, TermForm
from app.web.seats.routes import bp, seat_or_404
from matching.enums import PlacementEnd
from matching.queries.seats import find_placement
from matching.services.seats import end_placement, hand_over
from matching.services.terms import change_term


@bp.post("/kursi/<int:seat_id>/penempatan/<int:placement_id>/akhiri")
@requires(P.SEAT_DECIDE)
def end(seat_id: int, placement_id: int) -> Any:
    """End or recall a placement with a reason; the seat becomes vacant."""
    form = EndPlacementForm()
    if not form.validate_on_submit():
        flash(_("Isi tanggal dan alasan pengakhiran."), "danger")
        return redirect(url_for(".show", seat_id=seat_id), 303)

    def work(session: Any, placement: Any) -> None:
        end_placement(
            session,
            placement=placement,
            on=form.until.data,
            reason=form.reason.data,
            kind=PlacementEnd(form.kind.data),
            expected_version=_version(),
        )

    return _on_placement(
        seat_id, placement_id, work, _("Penempatan diakhiri; kursi dapat diisi lagi.")
    )


@bp.post("/kursi/<int:seat_id>/penempatan/<int:placement_id>/serah-terima")
@requires(P.SEAT_DECIDE)
def handover(seat_id: int, placement_id: int) -> Any:
    """Keep what was handed over."""
    form = HandoverForm()
    if not form.validate_on_submit():
        flash(_("Isi tanggal dan apa yang diserahterimakan."), "danger")
        return redirect(url_for(".show", seat_id=seat_id), 303)

    def work(session: Any, placement: Any) -> None:
        hand_over(
            session,
            placement=placement,
            on=form.on.data,
            note=form.note.data,
            expected_version=_version(),
        )

    return _on_placement(seat_id, placement_id, work, _("Serah terima tercatat."))


@bp.post("/kursi/<int:seat_id>/penempatan/<int:placement_id>/masa-tugas")
@requires(P.SEAT_DECIDE)
def term(seat_id: int, placement_id: int) -> Any:
    """Change the planned last day of a placement with a reason."""
    form = TermForm()
    if not form.validate_on_submit():
        flash(_("Isi tanggal yang sah dan alasan mengubah masa tugas."), "danger")
        return redirect(url_for(".show", seat_id=seat_id), 303)

    def work(session: Any, placement: Any) -> None:
        change_term(
            session,
            placement=placement,
            until=form.planned_until.data,
            reason=form.reason.data,
            expected_version=_version(),
        )

    return _on_placement(seat_id, placement_id, work, _("Masa tugas diubah."))


def _version() -> int:
    """Return the version that the form showed; a form without one is a stale form."""
    return request.form.get("version", 0, type=int)


def _on_placement(seat_id: int, placement_id: int, work: Any, done: str) -> Any:
    try:
        with transaction(current_actor()) as session:
            seat_or_404(seat_id, P.SEAT_DECIDE)
            placement = find_placement(session, seat_id=seat_id, placement_id=placement_id)
            if placement is None:
                raise NotFound
            work(session, placement)
    except (NotFound, Stale):
        raise
    except DomainError as error:
        flash(render(error.message), "danger")
    else:
        flash(done, "success")
    return redirect(url_for(".show", seat_id=seat_id), 303)
