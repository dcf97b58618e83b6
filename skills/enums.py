"""Closed lists of this package; the values are what the database and the files hold."""

from enum import StrEnum


class EmploymentKind(StrEnum):
    """Legal kind of employment; CPNS is a PNS on probation."""

    PNS = "PNS"
    CPNS = "CPNS"
    PPPK = "PPPK"


class EmploymentState(StrEnum):
    """Whether the person works here now."""

    ACTIVE = "active"
    STUDY_LEAVE = "study_leave"  # tugas belajar
    UNPAID_LEAVE = "unpaid_leave"  # cuti di luar tanggungan negara
    SUSPENDED = "suspended"  # pemberhentian sementara
    MOVED = "moved"  # pindah instansi
    RETIRED = "retired"
    LEFT = "left"  # berhenti, meninggal


class PositionKind(StrEnum):
    """Legal classes of jabatan."""

    JPT = "JPT"
    ADMINISTRATOR = "ADMINISTRATOR"
    PENGAWAS = "PENGAWAS"
    PELAKSANA = "PELAKSANA"
    FUNGSIONAL = "FUNGSIONAL"


class Sex(StrEnum):
    """As SIASN codes it; read by the fairness sheet only."""

    MALE = "L"
    FEMALE = "P"


class CompetencyKind(StrEnum):
    """Kinds of PermenPANRB 38/2017, and digital competence of Pemdi indicator 3."""

    TEKNIS = "TEKNIS"
    MANAJERIAL = "MANAJERIAL"
    SOSIAL_KULTURAL = "SOSIAL_KULTURAL"
    DIGITAL = "DIGITAL"


class ReferenceState(StrEnum):
    """Life of a version of reference data; a local draft is used, and marked, until adopted."""

    PREPARED = "prepared"  # in the making, used by nobody
    DRAFT = "draft"
    IN_FORCE = "in_force"
    RETIRED = "retired"


class LevelSource(StrEnum):
    """Where a level comes from."""

    SELF = "self"
    SUPERVISOR = "supervisor"
    PEER = "peer"
    SUBORDINATE = "subordinate"
    EVIDENCE = "evidence"  # a claim that an assessor accepted
    ASSESSOR = "assessor"
    ASSESSMENT = "assessment"  # result of an assessment centre or round
    CERTIFICATE = "certificate"  # certificate issued by this platform
    PATH = "path"  # all steps of a path to the level are fulfilled


VERIFIED_SOURCES = frozenset(
    {
        LevelSource.EVIDENCE,
        LevelSource.ASSESSOR,
        LevelSource.ASSESSMENT,
        LevelSource.CERTIFICATE,
        LevelSource.PATH,
    }
)


class RaterKind(StrEnum):
    """Who rates in an assessment round; the kinds are kept apart."""

    SELF = "self"
    SUPERVISOR = "supervisor"
    ASSESSOR = "assessor"
    PEER = "peer"
    SUBORDINATE = "subordinate"


class RoundState(StrEnum):
    """Steps of an assessment round."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSING = "closing"  # its levels are being written
    CLOSED = "closed"


class ClaimState(StrEnum):
    """Steps of a claim: who has it now."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # with the unit (two stages) or the assessor (one stage)
    UNIT_ACCEPTED = "unit_accepted"  # with the city's assessor
    ACCEPTED = "accepted"
    RETURNED = "returned"  # back with the owner, with a reason
    WITHDRAWN = "withdrawn"


class ImportState(StrEnum):
    """Steps of a staff import."""

    UPLOADED = "uploaded"
    MAPPED = "mapped"
    CHECKED = "checked"  # dry run ready
    RUNNING = "running"
    APPLIED = "applied"
    UNDONE = "undone"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ImportKind(StrEnum):
    """What an imported file holds."""

    STAFF = "staff"
    DICTIONARY = "dictionary"
    STANDARD = "standard"
    LEVEL = "level"
