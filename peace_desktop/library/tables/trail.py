"""What the library says of itself, and its audit trail."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from peace_desktop.library.tables.base import Base


class MetaRow(Base):
    """library_id, created_at, application_version, pseudonym_salt, patient_secret."""

    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class AuditRow(Base):
    """One link of the chain. Append-only (triggers)."""

    __tablename__ = "audit"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at_utc: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    payload: Mapped[str]
    previous_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
