import pytest
from scrapy import Request

from crawler.frontier import Refusal
from crawler.middlewares.guard import GuardMiddleware, Refused


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/hostname", Refusal.BAD_URL),
        ("ftp://bao-mau.example/", Refusal.BAD_URL),
        ("data:text/html,x", Refusal.BAD_URL),
        ("http://lan@bao-mau.example/", Refusal.BAD_URL),
        ("http://bao-mau.example/" + "x" * 3000, Refusal.BAD_URL),
        ("http://127.0.0.1:8080/", Refusal.PRIVATE_ADDRESS),
        ("http://127.1/", Refusal.PRIVATE_ADDRESS),
        ("http://[::1]/", Refusal.PRIVATE_ADDRESS),
    ],
)
def test_what_is_not_even_tried(url: str, reason: Refusal) -> None:
    with pytest.raises(Refused) as refused:
        GuardMiddleware([]).process_request(Request(url))
    assert refused.value.reason == reason
    assert len(refused.value.detail) <= 200


def test_what_passes() -> None:
    guard = GuardMiddleware(["127.0.0.1:8080"])
    guard.process_request(Request("http://127.0.0.1:8080/x"))
    guard.process_request(Request("https://bao-mau.example/x"))
    with pytest.raises(Refused):
        guard.process_request(Request("http://127.0.0.1:8081/x"))
