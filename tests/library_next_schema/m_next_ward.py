"""A migration as a later version might bring it: rebuilds a table of people and fills a new column row by row."""

import sqlalchemy as sa
from alembic import op

from peace_desktop.library.schema import SCHEMA

revision = "next"
down_revision = SCHEMA.head
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    op.create_table("wards", sa.Column("name", sa.String(), primary_key=True))
    op.execute("INSERT INTO wards VALUES ('not known')")
    with op.batch_alter_table("recordings") as recordings:
        recordings.add_column(sa.Column("ward", sa.String()))
    for (sha256,) in connection.exec_driver_sql("SELECT sha256 FROM recordings").all():
        connection.exec_driver_sql("UPDATE recordings SET ward = 'not known' WHERE sha256 = ?", (sha256,))
