import time

import pytest

from crawler.directives import directives
from crawler.settings import PRODUCT


def said(page: str, *headers: str) -> set[str]:
    return set(directives(page.encode(), headers, PRODUCT))


@pytest.mark.parametrize(
    "page",
    [
        '<meta name="robots" content="noindex">',
        "<META NAME=ROBOTS CONTENT=NOINDEX>",
        "<meta content='nofollow, NoIndex' name='robots' />",
        '<meta name="robots" content="none">',
        '<meta name="diembao" content="noindex">',
        '<meta name="DiemBao" content="index;noindex">',
        '<meta name="robots" content="index"><meta name="robots" content="noindex">',
        '<meta/name="robots"/content="noindex"/>',
        '<meta\nname = "robots"\n content = "&#110;oindex">',
        '<meta name=" robots " content=" noindex , follow">',
        "<!-- a comment --><title>x</title><script>var a = '<b>'</script><meta name=robots content=noindex>",
        "<body><p>text<meta name=robots content=noindex>",
        "<!--><meta name=robots content=noindex>",
        '<meta name="description" content="a > b"><meta name="robots" content="noindex">',
        "<style>" + "x" * 600_000 + "</style><meta name=robots content=noindex>",
        '\ufeff<meta name="robots" content="max-snippet:-1, noindex">',
    ],
)
def test_pages_that_ask_not_to_be_indexed(page: str) -> None:
    assert "noindex" in said(page)


@pytest.mark.parametrize(
    "page",
    [
        "",
        '<meta name="robots" content="index, follow, max-image-preview:large">',
        '<meta name="googlebot" content="noindex">',
        '<meta name="robots">',
        '<meta property="robots" content="noindex">',
        '<!-- <meta name="robots" content="noindex"> -->',
        "<script>x = '<meta name=robots content=noindex>'</script>",
        "<title><meta name=robots content=noindex></title>",
        "<textarea><meta name=robots content=noindex></textarea>",
        "<!-- never closed <meta name=robots content=noindex>",
        "<p>&lt;meta name=robots content=noindex&gt;",
        "<metadata name=robots content=noindex>",
        '<meta name="robots" content="noindexing">',
    ],
)
def test_pages_that_do_not(page: str) -> None:
    assert "noindex" not in said(page)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["noindex"], {"noindex"}),
        (["noarchive, NOFOLLOW"], {"noarchive", "nofollow"}),
        (["none"], {"noindex", "nofollow"}),
        (["googlebot: noindex"], set()),
        (["diembao: noindex"], {"noindex"}),
        (["DiemBao: noarchive, otherbot: noindex"], {"noarchive"}),
        (["otherbot: noindex, nofollow, diembao: noarchive"], {"noarchive"}),
        (["otherbot: noindex", "nocache"], {"noarchive"}),
        (["unavailable_after: 25 Jun 2027 15:00:00 PST"], None),
        ([""], set()),
    ],
)
def test_headers(headers: list[str], expected: set[str] | None) -> None:
    if expected is None:
        assert not {"noindex", "noarchive"} & said("", *headers)
    else:
        assert said("", *headers) == expected


def test_page_and_headers_add_up() -> None:
    assert said("<meta name=robots content=noarchive>", "nofollow") == {"noarchive", "nofollow"}


def test_sixteen_bits_a_letter() -> None:
    page = '<meta name="robots" content="noindex">'
    for name in ("utf-16-le", "utf-16-be"):
        assert directives(("\ufeff" + page).encode(name), (), PRODUCT) == {"noindex"}


@pytest.mark.parametrize(
    "page",
    [
        "<meta " * 200_000,
        "<!--" * 300_000,
        "<script>" * 150_000,
        "<meta a='" * 120_000,
        "<meta name=robots content=" + "x" * 1_000_000,
        "<meta " + "a=1 " * 250_000,
        "<title></title>" * 70_000,
    ],
)
def test_hostile_pages_cost_little(page: str) -> None:
    begun = time.process_time()
    assert "noindex" not in said(page)
    assert time.process_time() - begun < 2
