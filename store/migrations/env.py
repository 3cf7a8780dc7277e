"""Run by Alembic: `store.database` hands over the connection it holds."""

from alembic import context

from store.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    transactional_ddl=False,  # the transaction is the caller's
    include_name=lambda name, kind, _parents: not (kind == "table" and (name or "").startswith("article_fts")),
)
context.run_migrations()
