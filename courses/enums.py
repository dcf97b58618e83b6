"""Closed lists of this package."""

from enum import StrEnum


class SessionState(StrEnum):
    """Life of a session."""

    DRAFT = "draft"
    OPEN = "open"  # registration possible
    RUNNING = "running"
    COMPLETED = "completed"  # results fixed
    CANCELLED = "cancelled"


class EnrolmentState(StrEnum):
    """A person's place in a session."""

    PROPOSED = "proposed"  # waits for approval
    ENROLLED = "enrolled"
    WAITLISTED = "waitlisted"
    PASSED = "passed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUSED = "refused"


class AttendanceState(StrEnum):
    """Present, permitted absence, ill, absent (hadir, izin, sakit, alpa)."""

    PRESENT = "present"
    PERMITTED = "permitted"
    ILL = "ill"
    ABSENT = "absent"


class CertificateState(StrEnum):
    """State of an issued certificate; expiry is computed from the date, never stored."""

    RESERVED = "reserved"  # number taken, file not yet made
    ISSUED = "issued"
    REVOKED = "revoked"
    REPLACED = "replaced"
    VOID = "void"  # batal: the number was reserved and never used


class LevelEffect(StrEnum):
    """What passing a course does to the competency level."""

    SET = "set"  # counts as verified evidence at once
    PROPOSE = "propose"  # an assessor confirms


class PlanState(StrEnum):
    """Life of an edition of the year plan; an adopted one is never edited."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ADOPTED = "adopted"
    REPLACED = "replaced"


class ProposalState(StrEnum):
    """Life of a proposal for training."""

    SUBMITTED = "submitted"
    TAKEN = "taken"  # stands in a year plan
    DECLINED = "declined"
