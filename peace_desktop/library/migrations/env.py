"""Alembic runs the migrations on the connection the library hands over, in that connection's transaction."""

from alembic import context

from peace_desktop.library.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
