"""Readers' roles and passphrases; the wait after wrong ones is remembered with them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

GUARDS = {
    "readers_replace": """
        BEFORE INSERT ON readers WHEN EXISTS (SELECT 1 FROM readers WHERE name = NEW.name)
        BEGIN SELECT RAISE(ABORT, 'a reader is never replaced'); END""",
    "readers_rename": """
        BEFORE UPDATE ON readers WHEN NEW.name <> OLD.name OR NEW.added_at <> OLD.added_at
        BEGIN SELECT RAISE(ABORT, 'a reader keeps the name'); END""",
    "readers_delete": "BEFORE DELETE ON readers BEGIN SELECT RAISE(ABORT, 'a reader is never deleted'); END",
}


def upgrade() -> None:
    op.add_column("readers", sa.Column("role", sa.String(), nullable=False, server_default="reader"))
    op.add_column("readers", sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("readers", sa.Column("passphrase", sa.String()))
    op.add_column("readers", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("readers", sa.Column("failed_at", sa.String(32)))
    for name, text in GUARDS.items():
        op.execute(f"CREATE TRIGGER guard_{name} {text}")
