"""Keep the standards: a version in use is never edited; a new one is prepared and put into force.

A prepared version is used by nobody. Once in force it counts from its day, and the version before
it until the day before. It applies by itself to everyone who holds the position or its class.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import SYSTEM
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from skills.enums import ReferenceState
from skills.models import Competency, Position, Standard, StandardItem
from skills.rules import Requirement
from skills.standard_rules import is_level, is_weight

KINDS = ("class", "position", "role")
_USED = (ReferenceState.IN_FORCE, ReferenceState.DRAFT)
_STALE = N_("Versi ini baru saja diubah orang lain. Muat ulang halaman lalu ulangi perubahan Anda.")
Adopt = Callable[[Session, Standard], None]
_adopters: dict[str, Adopt] = {}


@dataclass(frozen=True)
class StandardInput:
    """What a form or file says of a version, its requirements apart."""

    name: str
    source: str = ""
    reason: str = ""
    valid_from: date | None = None
    confidence: str = "local_draft"


def register_adopter(name: str, adopt: Adopt) -> None:
    """Tell a package when a version is put into force; the name makes it harmless twice."""
    _adopters[name] = adopt


def create_standard(
    session: Session, *, code: str, kind: str, class_code: str | None, values: StandardInput
) -> Standard:
    """Prepare the first version of a standard of a class or a position.

    Raises:
        InvalidInput: a missing or wrong value. Conflict: the code is taken.
    """
    if not code or len(code) > 60 or any(sign.isspace() for sign in code):
        raise InvalidInput(
            N_("Kode wajib diisi, tanpa spasi, paling panjang 60 huruf."), field="code"
        )
    if kind not in ("class", "position"):
        raise InvalidInput(N_("Pilih kelas jabatan atau jabatan."), field="kind")
    if kind == "class" and not class_code:
        raise InvalidInput(N_("Pilih kelas jabatannya."), field="class_code")
    if session.scalar(select(Standard.id).where(Standard.code == code)):
        raise InvalidInput(N_("Kode ini sudah dipakai; buat versi barunya."), field="code")
    row = Standard(code=code, version=1, kind=kind, class_code=class_code)
    _fill(session, row, values)
    session.add(row)
    session.flush()
    record(session, "skills:standard:prepare", row, code=code, version=1)
    return row


def create_role_standard(
    session: Session, *, code: str, name: str, items: Sequence[Requirement]
) -> Standard:
    """Make the standard of a new role; it counts from today as a local draft.

    Raises:
        InvalidInput: as for `save_version`. Conflict: the code is taken.
    """
    if session.scalar(select(Standard.id).where(Standard.code == code).limit(1)):
        raise Conflict(N_("Kode ini sudah dipakai."), field="code")
    check_items(session, items)
    row = Standard(code=code, version=1, kind="role")
    _fill(session, row, StandardInput(name, "draf lokal", valid_from=clock.today()))
    row.state = ReferenceState.DRAFT
    row.items = [
        StandardItem(
            competency_id=item.competency_id,
            level=item.level,
            weight=item.weight,
            mandatory=item.mandatory,
        )
        for item in items
    ]
    session.add(row)
    session.flush()
    record(session, "skills:standard:create", row, code=code, items=len(row.items))
    return row


def prepare_version(session: Session, *, standard: Standard) -> Standard:
    """Prepare the next version as a copy; one that is already in the making is returned.

    A second click, or a second officer, lands on the same version.
    """
    newest = session.scalars(
        select(Standard)
        .where(Standard.code == standard.code)
        .order_by(Standard.version.desc())
        .limit(1)
        .with_for_update()
    ).one()
    if newest.state == ReferenceState.PREPARED:
        return newest
    row = Standard(
        code=standard.code,
        version=newest.version + 1,
        kind=standard.kind,
        class_code=standard.class_code,
        items=[
            StandardItem(
                competency_id=item.competency_id,
                level=item.level,
                weight=item.weight,
                mandatory=item.mandatory,
            )
            for item in standard.items
        ],
    )
    values = StandardInput(standard.name, standard.source, confidence=standard.confidence)
    _fill(session, row, values)
    session.add(row)
    session.flush()
    record(session, "skills:standard:prepare", row, code=row.code, version=row.version)
    return row


def _fill(session: Session, row: Standard, values: StandardInput) -> None:
    if not values.name.strip() or len(values.name) > 250:
        raise InvalidInput(N_("Nama wajib diisi, paling panjang 250 huruf."), field="name")
    actor = session.info.get("actor") or SYSTEM
    row.name, row.source = values.name.strip(), values.source.strip()
    row.reason, row.confidence = values.reason.strip()[:300], values.confidence
    row.valid_from = values.valid_from
    row.state = ReferenceState.PREPARED
    row.created_at, row.created_by_label = clock.now(), actor.label[:200]


def save_version(
    session: Session,
    *,
    standard: Standard,
    values: StandardInput,
    items: Sequence[Requirement],
    expected_revision: int,
) -> None:
    """Change a version in the making.

    Raises:
        InvalidTransition: the version is in use. Conflict: a stale form. InvalidInput: a level
            outside of 1 to 5, a weight that is none, a competency twice or no longer used.
    """
    _check_prepared(standard)
    if standard.revision != expected_revision:
        raise Conflict(_STALE)
    check_items(session, items)
    _fill(session, standard, values)
    session.execute(delete(StandardItem).where(StandardItem.standard_id == standard.id))
    session.expire(standard, ["items"])
    standard.items = [
        StandardItem(
            competency_id=item.competency_id,
            level=item.level,
            weight=item.weight,
            mandatory=item.mandatory,
        )
        for item in items
    ]
    standard.revision += 1
    session.flush()
    record(session, "skills:standard:edit", standard, items=len(items))


def _check_prepared(standard: Standard) -> None:
    if standard.state != ReferenceState.PREPARED:
        raise InvalidTransition(
            N_("Versi yang sudah dipakai tidak dapat disunting. Siapkan versi baru.")
        )


def check_items(session: Session, items: Sequence[Requirement]) -> None:
    """Refuse requirements that cannot be; the field is `level-<competency>` and the like.

    Raises:
        InvalidInput: as said.
    """
    seen: set[int] = set()
    for item in items:
        key = item.competency_id
        if key in seen:
            raise InvalidInput(N_("Kompetensi ini disebut dua kali."), field=f"competency-{key}")
        seen.add(key)
        if not is_level(item.level):
            raise InvalidInput(N_("Level harus antara 1 dan 5."), field=f"level-{key}")
        if not is_weight(item.weight):
            raise InvalidInput(
                N_("Bobot harus lebih dari 0, paling besar 100."), field=f"weight-{key}"
            )
    known = set(
        session.scalars(
            select(Competency.id).where(
                Competency.id.in_(seen), Competency.state.in_(_USED), ~Competency.is_area
            )
        )
    )
    for key in sorted(seen - known):
        raise InvalidInput(
            N_("Kompetensi ini tidak dikenal atau sudah tidak dipakai."), field=f"competency-{key}"
        )


def put_in_force(
    session: Session, *, standard: Standard, valid_from: date, adopted: bool = False
) -> None:
    """Let a prepared version count from a day; the version before it ends the day before.

    Args:
        adopted: the city adopted it; otherwise it is a local draft that counts and is marked.

    Raises:
        InvalidTransition: it is in use already. InvalidInput: it asks nothing, gives no reason
            for its change, or begins before the version it follows.
    """
    _check_prepared(standard)
    if not standard.items:
        raise InvalidInput(N_("Standar tanpa syarat tidak dapat diberlakukan."))
    check_items(session, [_requirement(item) for item in standard.items])
    older = _older(session, standard)
    if older and not standard.reason:
        raise InvalidInput(N_("Sebutkan alasan perubahan."), field="reason")
    if standard.kind == "role" and valid_from > clock.today():
        raise InvalidInput(N_("Standar peran berlaku paling lambat hari ini."), field="valid_from")
    for row in older:
        if row.valid_from and row.valid_from > valid_from:
            raise InvalidInput(
                N_("Tanggal berlaku mendahului versi sebelumnya."), field="valid_from"
            )
        if row.valid_until is None or row.valid_until >= valid_from:
            row.valid_until = valid_from - timedelta(days=1)
    standard.state = ReferenceState.IN_FORCE if adopted else ReferenceState.DRAFT
    standard.valid_from = valid_from
    session.flush()
    record(session, "skills:standard:in_force", standard, code=standard.code, day=valid_from)
    tell_adopters(session, standard)


def tell_adopters(session: Session, standard: Standard) -> None:
    """Tell the packages above which version counts now."""
    for _name, adopt in sorted(_adopters.items()):
        adopt(session, standard)


def _requirement(item: StandardItem) -> Requirement:
    return Requirement(item.competency_id, item.level, item.weight, item.mandatory)


def _older(session: Session, standard: Standard) -> Sequence[Standard]:
    return session.scalars(
        select(Standard)
        .where(
            Standard.code == standard.code,
            Standard.version < standard.version,
            Standard.state.in_(_USED),
        )
        .order_by(Standard.version)
    ).all()


def adopt_standard(session: Session, *, standard: Standard) -> None:
    """Mark a local draft in use as adopted by the city.

    Raises:
        InvalidTransition: it is not a draft.
    """
    if standard.state != ReferenceState.DRAFT:
        raise InvalidTransition(N_("Hanya draf lokal yang dapat ditetapkan."))
    standard.state = ReferenceState.IN_FORCE
    session.flush()
    record(session, "skills:standard:adopt", standard, code=standard.code)


def discard_version(session: Session, *, standard: Standard) -> None:
    """Throw a version in the making away.

    Raises:
        InvalidTransition: the version is in use.
    """
    _check_prepared(standard)
    record(session, "skills:standard:discard", standard, code=standard.code)
    session.delete(standard)
    session.flush()


def retire_standard(session: Session, *, standard: Standard) -> None:
    """Let no version of a standard count any more.

    Raises:
        Conflict: positions are bound to it, or it is a role's.
    """
    if standard.kind == "role":
        raise Conflict(N_("Standar peran hanya diganti versi baru; perannya yang dinonaktifkan."))
    bound = session.scalar(
        select(func.count()).select_from(Position).where(Position.standard_code == standard.code)
    )
    if bound and standard.kind == "position":
        text = N_("Masih dipasang pada %(count)s jabatan. Lepaskan dahulu.")
        raise Conflict(Message(text, {"count": bound}))
    for row in session.scalars(
        select(Standard).where(Standard.code == standard.code).order_by(Standard.version)
    ):
        if row.state in _USED:
            row.state = ReferenceState.RETIRED
            row.valid_until = row.valid_until or clock.today()
    session.flush()
    record(session, "skills:standard:retire", standard, code=standard.code)


def bind_position(session: Session, *, standard: Standard, position: Position) -> None:
    """Let a position ask a standard of its own; everybody who holds it is asked from now on.

    Raises:
        InvalidInput: the standard is not one of a position.
    """
    if standard.kind != "position":
        raise InvalidInput(N_("Hanya standar jabatan yang dipasang pada jabatan."), field="jabatan")
    before, position.standard_code = position.standard_code, standard.code
    session.flush()
    changes = {"standard_code": (before, standard.code)}
    record(session, "skills:position:standard", position, changes=changes)


def release_position(session: Session, *, position: Position) -> None:
    """Let a position ask only the standard of its class."""
    before, position.standard_code = position.standard_code, None
    session.flush()
    record(session, "skills:position:standard", position, changes={"standard_code": (before, None)})
