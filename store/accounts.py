"""Who may open the desk: users, their passwords, login sessions, and the record of both. Needs the extra `web`."""

import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from store.base import now
from store.errors import StoreError
from store.reviewing import AuditRow, LoginRow, UserRow

ROLES = ("analyst", "admin")
LOGIN_HOURS = 12  # a working day with its overtime; nobody stays logged in overnight
SHORTEST_PASSWORD = 8  # OWASP ASVS 5.0, 6.2.1
LONGEST_PASSWORD = 1024  # hashing time grows with length
_hasher = PasswordHasher()


class AccountError(StoreError):
    """A user cannot be added, found or changed as asked."""


def add_user(session: Session, name: str, password: str, role: str = "analyst") -> UserRow:
    """Make a user.

    Raises AccountError when the name is taken or empty, the role unknown, or the password too short or too long.
    """
    name = clean_name(name)
    if not name or len(name) > 200 or not name.isprintable():
        raise AccountError(f"user name {name!r} is not usable; give 1 to 200 printable characters")
    if role not in ROLES:
        raise AccountError(f"role {role!r} is unknown; valid are {', '.join(ROLES)}")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(f"the password has {len(password)} characters; give at least {SHORTEST_PASSWORD}")
    if find_user(session, name):
        raise AccountError(f"user {name!r} is there already; 'diembao user list' shows all")
    user = UserRow(name=name, password_hash=_hasher.hash(password), role=role)
    session.add(user)
    session.flush()
    record(session, user, "user_add", name=name, role=role)
    return user


def disable_user(session: Session, name: str) -> UserRow:
    """Shut a user out at once, open sessions included. Labels stay."""
    user = find_user(session, name)
    if user is None:
        raise AccountError(f"no user {name!r}; 'diembao user list' shows all")
    user.disabled_at = user.disabled_at or now()
    session.execute(delete(LoginRow).where(LoginRow.user_id == user.id))
    record(session, user, "user_disable", name=user.name)
    return user


def list_users(session: Session) -> list[UserRow]:
    """Every user, by name."""
    return list(session.scalars(select(UserRow).order_by(UserRow.name)))


def count_users(session: Session) -> int:
    """How many could log in."""
    return session.scalar(select(func.count()).select_from(UserRow).where(UserRow.disabled_at.is_(None))) or 0


def find_user(session: Session, name: str) -> UserRow | None:
    """The user of that name, whatever Unicode form it was typed in."""
    return session.scalars(select(UserRow).where(UserRow.name == clean_name(name))).one_or_none()


def clean_name(name: str) -> str:
    """A name as it is stored: `Hòa` typed with combining marks is still `Hòa`."""
    return unicodedata.normalize("NFC", name).strip()


def check_password(session: Session, name: str, password: str) -> UserRow | None:
    """The user, when name and password are right and the user is not disabled.

    An unknown name takes as long as a wrong password, so that names cannot be tried out by the clock.
    """
    user = find_user(session, name)
    known = user is not None and user.disabled_at is None
    stored = user.password_hash if user is not None and known else _nobody()
    try:
        right = len(password) <= LONGEST_PASSWORD and _hasher.verify(stored, password)
    except (Argon2Error, InvalidHashError):
        right = False
    return user if known and right else None


def begin_login(session: Session, user: UserRow) -> str:
    """Open a session for `user`; the token is told once, here, and only its hash is kept."""
    session.execute(delete(LoginRow).where(LoginRow.expires_at <= now()))
    token = secrets.token_urlsafe(32)
    session.add(LoginRow(token_hash=_hashed(token), user_id=user.id, expires_at=_expiry()))
    record(session, user, "login")
    return token


def user_of(session: Session, token: str) -> UserRow | None:
    """Whose session the token opens; None when it is unknown or over, or the user disabled."""
    query = select(LoginRow).where(LoginRow.token_hash == _hashed(token), LoginRow.expires_at > now())
    login = session.scalars(query.options(joinedload(LoginRow.user))).one_or_none()
    return login.user if login and login.user.disabled_at is None else None


def end_login(session: Session, token: str) -> None:
    """Close the session of this token, if it is open."""
    user = user_of(session, token)
    session.execute(delete(LoginRow).where(LoginRow.token_hash == _hashed(token)))
    if user:
        record(session, user, "logout")


def set_language(session: Session, user_id: int, language: str) -> None:
    """Remember the language in which a user reads the desk."""
    user = session.get(UserRow, user_id)
    if user:
        user.language = language


def record(session: Session, user: UserRow | None, action: str, **detail: Any) -> None:
    """Note in the audit table what was done."""
    session.add(AuditRow(user_id=user.id if user else None, action=action, detail=detail))


def _expiry() -> datetime:
    return now() + timedelta(hours=LOGIN_HOURS)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe())
