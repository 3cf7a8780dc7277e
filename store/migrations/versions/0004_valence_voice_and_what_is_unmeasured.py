"""Predictions say how the event was, whose the tone is, and what was not measured in the language."""

import sqlalchemy as sa
from alembic import op

from store.base import Json

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("predictions", sa.Column("valence", sa.String(length=200), nullable=True))
    op.add_column("predictions", sa.Column("voice", sa.String(length=200), nullable=True))
    # Of the predictions that are there nobody noted what was measured: nothing is said of them.
    op.add_column("predictions", sa.Column("unmeasured", Json, nullable=False, server_default=sa.text("'[]'")))


def downgrade() -> None:
    for column in ("unmeasured", "voice", "valence"):
        op.drop_column("predictions", column)
