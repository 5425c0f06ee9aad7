"""De-identified recordings beside those kept as their files came, and birth dates only where names stand."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Earlier libraries kept every file as it came, with whatever it says of the patient.
    op.add_column("recordings", sa.Column("identified", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("recordings", sa.Column("date_shifted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("person_names", sa.Column("birth_date", sa.Date()))
