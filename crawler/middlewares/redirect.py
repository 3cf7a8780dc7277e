"""Redirects, with every way they can go wrong told as a refusal."""

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.frontier import Refusal
from crawler.middlewares.guard import Refused

NO_REDIRECTS = (300, 304, 305, 306)


class SafeRedirectMiddleware(RedirectMiddleware):
    """Scrapy's own, which hands on a redirect that leads nowhere as if it were a page, and fails on a broken one."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Follow a redirect, at most `REDIRECT_MAX_TIMES` in a row.

        Raises
        ------
        Refused
            Too many redirects, or one to what is no http(s) URL.
        """
        try:
            answer: Request | Response = super().process_response(request, response)
        except Refused:
            raise
        except IgnoreRequest:
            raise Refused(Refusal.TOO_MANY_REDIRECTS, request.url[:200]) from None
        except ValueError as error:  # `http://[oops`
            raise Refused(Refusal.BAD_URL, f"redirect to {_target(response)}") from error
        if request.meta.get("robots") or isinstance(answer, Request):
            return answer  # a robots.txt that leads nowhere is one that is not there (RFC 9309, 2.3.1.2)
        if 300 <= answer.status < 400 and answer.status not in NO_REDIRECTS:
            raise Refused(Refusal.BAD_URL, f"redirect to {_target(response)}")
        return answer


def _target(response: Response) -> str:
    location = (response.headers.get("Location") or b"").decode("latin-1", errors="replace")
    return repr(location[:150]) if location else "nowhere"
