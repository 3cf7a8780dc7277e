"""Near copies and stories: marks of texts, the bands and terms they are found by, analysts' decisions, agencies."""

import sqlalchemy as sa
from alembic import op

from store.base import Utc

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("agency", sa.String(length=200), nullable=True))
    op.add_column("articles", sa.Column("modified_at", Utc(), nullable=True))
    op.add_column("copies", sa.Column("agency", sa.String(length=200), nullable=True))
    op.create_table(
        "marks",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shingles", sa.Integer(), nullable=False),
        sa.Column("bands", sa.LargeBinary(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("figures", sa.LargeBinary(), nullable=False),
        sa.Column("traits", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_marks_article_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_marks")),
    )
    op.create_table(
        "copy_bands",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("band", "article_id", name=op.f("pk_copy_bands")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_terms",
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("term", "day", "article_id", name=op.f("pk_story_terms")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_story_decisions_user_id")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_story_decisions_article_id")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_story_decisions_story_id")),
        sa.ForeignKeyConstraint(["from_id"], ["stories.id"], name=op.f("fk_story_decisions_from_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_decisions")),
    )
    for column in ("article_id", "story_id", "from_id"):
        op.create_index(op.f(f"ix_story_decisions_{column}"), "story_decisions", [column], unique=False)


def downgrade() -> None:
    for table in ("story_decisions", "story_terms", "copy_bands", "marks"):
        op.drop_table(table)
    op.drop_column("copies", "agency")
    op.drop_column("articles", "agency")
    op.drop_column("articles", "modified_at")
