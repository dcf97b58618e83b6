"""What is known of a stored file; its bytes lie in the folder of files."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.accounts.models import Account
from app.core.db import Base


class StoredFile(Base):
    """A file with its original name kept as data only; `path` is random and relative."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("size >= 0", name="size_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    path: Mapped[str] = mapped_column(String(100), unique=True)
    purpose: Mapped[str] = mapped_column(String(40), index=True)
    owner_employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id), index=True)
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
