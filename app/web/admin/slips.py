"""Activation slips: how far each OPD is, new batches, the sheet to print, withdrawal."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.core.accounts import activation, directory, scope
from app.core.accounts.activation import BatchObject
from app.core.accounts.models import ActivationBatch
from app.core.db import db, find_row, transaction
from app.core.errors import Conflict, NotFound
from app.core.permissions import Permission
from app.web.access import check, current_actor, requires
from app.web.admin.changes import bp
from app.web.auth.context import sealer
from app.web.auth.qr import activation_address, qr_picture
from app.web.i18n import render


@bp.get("/aktivasi")
@requires(Permission.ACCOUNT_MANAGE)
def activation_overview() -> Any:
    """Show for each OPD how many can sign in and how many wait."""
    rows = directory.activation_overview(db.session(), scope.managed_opd_ids(current_actor()))
    return render_template("admin/activation.html", rows=rows)


@bp.get("/aktivasi/<int:opd_id>")
@requires(Permission.ACCOUNT_MANAGE)
def opd_activation(opd_id: int) -> Any:
    """Show the batches of an OPD."""
    _check_opd(opd_id)
    rows = directory.activation_overview(db.session(), frozenset({opd_id}))
    if not rows:
        raise NotFound
    batches = directory.batches(db.session(), opd_id=opd_id)
    return render_template("admin/opd_activation.html", opd=rows[0], batches=batches)


@bp.post("/aktivasi/<int:opd_id>")
@requires(Permission.ACCOUNT_MANAGE)
def make_batch(opd_id: int) -> Any:
    """Make slips for everybody of the OPD who never signed in."""
    _check_opd(opd_id)
    try:
        with transaction(current_actor()) as session:
            if not directory.opd_choices(session, frozenset({opd_id})):
                raise NotFound
            batch = activation.make_batch(
                session, opd_id=opd_id, by=current_actor(), sealer=sealer()
            )
            batch_id = batch.id
    except Conflict as error:
        flash(render(error.message), "info")
        return redirect(url_for("admin.opd_activation", opd_id=opd_id), 303)
    return redirect(url_for("admin.slips", batch_id=batch_id), 303)


@bp.get("/aktivasi/slip/<int:batch_id>")
@requires(Permission.ACCOUNT_MANAGE)
def slips(batch_id: int) -> Any:
    """Show the batch: who has used the slip, and the way to the sheet."""
    batch = _batch(batch_id)
    found = activation.slips(db.session(), batch=batch, sealer=sealer())
    return render_template("admin/slips.html", batch=batch, slips=found)


@bp.post("/aktivasi/slip/<int:batch_id>/cetak")
@requires(Permission.ACCOUNT_MANAGE)
def print_slips(batch_id: int) -> Any:
    """Show the sheet with the codes; each look at the codes is audited."""
    batch = _batch(batch_id)
    with transaction(current_actor()) as session:
        batch = find_row(session, ActivationBatch, batch_id)
        activation.mark_printed(session, batch=batch)
    found = [
        slip
        for slip in activation.slips(db.session(), batch=batch, sealer=sealer())
        if slip.code is not None
    ]
    return render_template(
        "admin/slip_sheet.html",
        batch=batch,
        slips=found,
        address=activation_address(),
        pictures={slip.account_id: qr_picture(activation_address(slip.code)) for slip in found},
    )


@bp.post("/aktivasi/slip/<int:batch_id>/batalkan")
@requires(Permission.ACCOUNT_MANAGE)
def revoke_batch(batch_id: int) -> Any:
    """Withdraw the unused slips of a batch."""
    _batch(batch_id)
    with transaction(current_actor()) as session:
        batch = find_row(session, ActivationBatch, batch_id)
        count = activation.revoke_batch(session, batch=batch)
    flash(_("%(count)s slip dibatalkan.", count=count), "success")
    return redirect(url_for("admin.slips", batch_id=batch_id), 303)


def _check_opd(opd_id: int) -> None:
    check(Permission.ACCOUNT_MANAGE, BatchObject(opd_id))


def _batch(batch_id: int) -> ActivationBatch:
    """Return a batch that the signed-in person may manage."""
    session = db.session()
    batch = activation.find_batch(session, batch_id)
    if batch is None:
        raise NotFound
    check(Permission.ACCOUNT_MANAGE, activation.as_object(session, batch))
    return batch
