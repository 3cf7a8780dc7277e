"""The human side: reasons to look, what people said, who they are, and what was done."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.base import Base, Json, Key, Short, now
from store.content import ArticleRow


class FlagRow(Base):
    """A stated reason to look at an article. `values` holds the rule's threshold and what was found.

    `key` tells apart two flags of one rule on one article (the query that matched, the revision that changed).
    A flag is open until somebody gives a verdict on it.
    """

    __tablename__ = "flags"
    __table_args__ = (
        UniqueConstraint("article_id", "rule", "key"),
        Index(
            "ix_flags_open", "rule", sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")
        ),
    )

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    rule: Mapped[Short]
    key: Mapped[str] = mapped_column(default="")
    values: Mapped[dict[str, Any]]
    raised_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]

    article: Mapped[ArticleRow] = relationship(lazy="raise")


class UserRow(Base):
    """Somebody who may open the desk. `role` is `analyst` or `admin`."""

    __tablename__ = "users"

    id: Mapped[Key]
    name: Mapped[Short] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[Short] = mapped_column(default="analyst")
    language: Mapped[Short] = mapped_column(default="vi")
    created_at: Mapped[datetime] = mapped_column(default=now)
    disabled_at: Mapped[datetime | None]


class LoginRow(Base):
    """A session of the desk; only a hash of its token is kept."""

    __tablename__ = "logins"

    token_hash: Mapped[Short] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]

    user: Mapped[UserRow] = relationship(lazy="raise")


class LabelRow(Base):
    """What a person said of one field of one revision of an article. Append-only: the database refuses the rest.

    `field` is relevance, topics, tone, verdict, valence, voice, evidence or unsure; `value` its JSON value. An undo is
    a label too: `undoes_id` names the label it takes back.
    """

    __tablename__ = "labels"

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    revision: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    field: Mapped[Short]
    value: Mapped[Any] = mapped_column(Json)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("labels.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[UserRow] = relationship(lazy="raise")


class AuditRow(Base):
    """Who did what on the desk, beside the labels themselves: logins, users made, exports."""

    __tablename__ = "audit"

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[Short]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
