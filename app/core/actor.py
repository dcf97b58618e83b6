"""Who acts: the frozen picture of a person (or the system) that services and audit receive."""

from dataclasses import dataclass, field
from enum import StrEnum


class RoleName(StrEnum):
    """Account roles: what a signed-in person may do. Smart-city roles are `matching.Role`."""

    EMPLOYEE = "employee"
    SUPERVISOR = "supervisor"
    OPD_MANAGER = "opd_manager"
    ASSESSOR = "assessor"
    ORGANISER = "organiser"
    OFFICER = "officer"
    EXECUTIVE = "executive"
    AUDITOR = "auditor"
    ADMIN = "admin"


class ScopeKind(StrEnum):
    """How far a role reaches."""

    SELF = "self"
    UNIT = "unit"
    OPD = "opd"
    CITY = "city"


@dataclass(frozen=True)
class Grant:
    """One role with its reach; `opd_id`/`unit_id` name the branch for OPD and unit scopes."""

    role: RoleName
    scope: ScopeKind
    opd_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """The person (or system) that acts, with the grants in force for this request."""

    account_id: int | None = None
    employee_id: int | None = None
    opd_id: int | None = None
    label: str = "sistem"
    grants: tuple[Grant, ...] = ()
    address: str | None = None
    request_id: str | None = None
    is_system: bool = False
    subordinate_ids: frozenset[int] = field(default_factory=frozenset, compare=False)

    @property
    def is_signed_in(self) -> bool:
        """Whether a person with an account acts."""
        return self.account_id is not None

    def has(self, *roles: RoleName) -> bool:
        """Return whether any of the roles is held, whatever its reach."""
        return any(grant.role in roles for grant in self.grants)

    def reach(self, *roles: RoleName) -> tuple[Grant, ...]:
        """Return the grants of the roles."""
        return tuple(grant for grant in self.grants if grant.role in roles)

    def opd_ids(self, *roles: RoleName) -> frozenset[int] | None:
        """Return the OPD the roles reach, or None for the whole city."""
        grants = self.reach(*roles)
        if any(grant.scope is ScopeKind.CITY for grant in grants):
            return None
        return frozenset(grant.opd_id for grant in grants if grant.opd_id is not None)


SYSTEM = Actor(label="sistem", is_system=True)
ANONYMOUS = Actor(label="publik")
