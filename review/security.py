"""What guards every answer and every form: headers, a limit on what is sent, CSRF tokens, safe redirects."""

import hashlib
import hmac
import re
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# `data:` only for the small icons inside Pico's stylesheet.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
MOST_SENT = 64 * 1024  # bytes; our largest form is under 2 KiB


class Guard:
    """ASGI middleware: the headers on every answer, and 413 for a body that no form of ours has."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        if _too_large(dict(scope["headers"])):
            await PlainTextResponse("413 Content Too Large\n", 413)(scope, receive, guarded)
            return
        await self.app(scope, receive, guarded)


def _too_large(headers: dict[bytes, bytes]) -> bool:
    # A browser always says how long a form is; a chunked body could go on for ever.
    length = headers.get(b"content-length", b"0")
    return b"transfer-encoding" in headers or not length.isdigit() or int(length) > MOST_SENT


def csrf_token(seed: str) -> str:
    """The token of a session, or of a visitor's cookie before login: only who holds the cookie knows it."""
    return hashlib.sha256(f"csrf:{seed}".encode()).hexdigest() if seed else ""


def is_same(token: str, expected: str) -> bool:
    """Whether a form's token is the expected one; an empty one never is."""
    return bool(expected) and hmac.compare_digest(token.encode(), expected.encode())


def safe_path(value: str | None, default: str = "/queue") -> str:
    """A path of this desk to go to next; anything that might lead elsewhere becomes the default."""
    if not value or not re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", value):
        return default
    try:
        parts = urlsplit(value)
    except ValueError:
        return default
    return value if not parts.scheme and not parts.netloc else default
