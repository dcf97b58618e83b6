"""Who may read a stored file: its creator; the packages add readers for their own purposes."""

from typing import Any

from app.core.actor import Actor
from app.core.permissions import Permission
from app.core.policy import grant


def created_file(actor: Actor, file: Any) -> bool:
    """Say yes to who put the file here; without a file, to everybody signed in."""
    if file is None:
        return actor.is_signed_in
    return actor.is_signed_in and file.created_by_id == actor.account_id


def register() -> None:
    """Put the predicate into the policy."""
    grant(Permission.FILE_READ, created_file)
