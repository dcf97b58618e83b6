"""Parts of a profile that the person keeps: projects and pieces of work in the portfolio."""

from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import changed_fields, record
from app.core.errors import InvalidInput, NotAllowed, NotFound, QuotaExceeded
from app.core.i18n import N_
from skills.models import PortfolioItem
from skills.services.touch import touch_people

MOST_ITEMS = 40
_FIRST_YEAR = 1970


def save_portfolio_item(
    session: Session,
    *,
    actor: Actor,
    title: str,
    description: str = "",
    year: int | None = None,
    link: str | None = None,
    item_id: int | None = None,
) -> PortfolioItem:
    """Add or change a piece of one's own work; matching reads the words anew.

    Raises:
        InvalidInput: no title, a year that cannot be, or a link that is no web address.
        NotFound: an item of somebody else.
        QuotaExceeded: more than 40 items.
    """
    employee_id = _own(actor)
    _check(title, year, link)
    if item_id is not None:
        item = own_item(session, actor=actor, item_id=item_id)
    else:
        count = session.query(PortfolioItem).filter_by(employee_id=employee_id).count()
        if count >= MOST_ITEMS:
            raise QuotaExceeded(N_("Portofolio penuh. Hapus butir yang sudah tidak relevan."))
        item = PortfolioItem(employee_id=employee_id)
        session.add(item)
    item.title, item.description = title.strip(), description.strip()
    item.year, item.link = year, link
    changes = changed_fields(item, "title", "description", "year", "link")
    session.flush()
    record(session, "skills:portfolio:save", item, changes=changes, people=[employee_id])
    touch_people(session, employee_ids=[employee_id])
    return item


def _check(title: str, year: int | None, link: str | None) -> None:
    if not title.strip():
        raise InvalidInput(N_("Isi judul karya atau proyeknya."), field="title")
    if year is not None and not _FIRST_YEAR <= year <= clock.today().year:
        raise InvalidInput(N_("Tahun tidak wajar; periksa kembali."), field="year")
    if link and not link.startswith(("https://", "http://")):
        raise InvalidInput(N_("Tautan harus dimulai dengan https://."), field="link")


def remove_portfolio_item(session: Session, *, actor: Actor, item_id: int) -> None:
    """Take a piece of one's own work off the profile."""
    item = own_item(session, actor=actor, item_id=item_id)
    employee_id = item.employee_id
    record(session, "skills:portfolio:remove", item, people=[employee_id], title=item.title)
    session.delete(item)
    session.flush()
    touch_people(session, employee_ids=[employee_id])


def own_item(session: Session, *, actor: Actor, item_id: int) -> PortfolioItem:
    """Return an item of the actor's own.

    Raises:
        NotFound: no such item, or somebody else's.
    """
    item = session.get(PortfolioItem, item_id)
    if item is None or item.employee_id != _own(actor):
        raise NotFound
    return item


def _own(actor: Actor) -> int:
    if actor.employee_id is None:
        raise NotAllowed(N_("Akun Anda tidak terhubung dengan data pegawai."))
    return actor.employee_id
