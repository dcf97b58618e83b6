"""Sign-in accounts: who may enter and with which grants. The person is `skills.Employee`."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.actor import RoleName, ScopeKind
from app.core.db import Base


class AccountState(StrEnum):
    """Life of an account."""

    PENDING = "pending"  # made, not yet activated: no password
    ACTIVE = "active"
    SUSPENDED = "suspended"  # by an administrator, with a reason
    CLOSED = "closed"  # the person left


class Account(Base):
    """A way to sign in, by NIP or e-mail; bound to an employee where the person is one."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("nip IS NOT NULL OR email IS NOT NULL", name="has_login"),
        CheckConstraint("nip IS NULL OR length(nip) = 18", name="nip_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nip: Mapped[str | None] = mapped_column(String(18), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)  # kept in lower case
    name: Mapped[str] = mapped_column(String(200))
    employee_id: Mapped[int | None] = mapped_column(
        ForeignKey("employee.id", use_alter=True), unique=True
    )
    state: Mapped[str] = mapped_column(String(12), default=AccountState.PENDING)
    state_reason: Mapped[str | None] = mapped_column(String(300))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_changed_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)  # encrypted with the app key
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(2), default="id")
    privacy_notice_version: Mapped[str | None] = mapped_column(String(20))
    privacy_acknowledged_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    grants: Mapped[list["AccountGrant"]] = relationship(
        back_populates="account",
        cascade="all, delete-orphan",
        lazy="selectin",
        foreign_keys="AccountGrant.account_id",
    )


class AccountGrant(Base):
    """A role of an account with its reach and dates; revoking keeps the row."""

    __tablename__ = "account_grant"
    __table_args__ = (
        Index("ix_account_grant_role", "role"),
        CheckConstraint("until IS NULL OR until >= since", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[RoleName] = mapped_column(String(20))
    scope: Mapped[ScopeKind] = mapped_column(String(10))
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    since: Mapped[date]
    until: Mapped[date | None]  # the last day it holds
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None]  # ends it at once, whatever the dates say
    account: Mapped[Account] = relationship(back_populates="grants", foreign_keys=[account_id])


class UserSession(Base):
    """A signed-in browser; ending the row ends the session at once, wherever the cookie is."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(String(64))
    agent: Mapped[str | None] = mapped_column(String(200))
    second_factor_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship(lazy="joined")


class Throttle(Base):
    """Failed tries per key (account, address): delays grow, nothing is locked for good."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    window_started_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]


class ActivationBatch(Base):
    """Activation slips that were made together, for an OPD or for one account."""

    __tablename__ = "activation_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    opd_id: Mapped[int | None] = mapped_column(ForeignKey("opd.id"), index=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[datetime]
    printed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    codes: Mapped[list["OneTimeCode"]] = relationship(back_populates="batch")


class CodeKind(StrEnum):
    """What a one-time secret opens."""

    ACTIVATION = "activation"
    RESET = "reset"
    RECOVERY = "recovery"


class OneTimeCode(Base):
    """A single-use secret: activation slip, password reset by mail, or recovery code.

    Only the hash decides. `sealed` keeps an encrypted copy of a slip's code so that it can be
    printed; it is wiped when the code is used, revoked or expired.
    """

    __tablename__ = "one_time_code"
    __table_args__ = (Index("ix_one_time_code_account_kind", "account_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("activation_batch.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    batch: Mapped[ActivationBatch | None] = relationship(back_populates="codes")
    account: Mapped[Account] = relationship(foreign_keys=[account_id])
