"""The sample newsroom: fictional outlets served on loopback as if they were live, for `make demo` and the tests."""

from pipelines.newsroom.answers import Response
from pipelines.newsroom.content import safe_anchor
from pipelines.newsroom.entry import ContentError
from pipelines.newsroom.newsroom import Newsroom
from pipelines.newsroom.server import Request, Server, serve

__all__ = ["ContentError", "Newsroom", "Request", "Response", "Server", "safe_anchor", "serve"]
