from crawler.discovery.finding import COMMON_FEEDS, MOST_SITEMAPS, common, named_in_robots, read_home

URL = "https://bao-mau.example/"
HEAD = """<html lang="VI-vn"><head><meta charset="utf-8"><title>Báo Mẫu - Tin nhanh</title>
<link rel="alternate" type="application/rss+xml" href="/rss/trang-chu.rss">
<link rel="Alternate home" type="application/atom+xml; charset=utf-8" href="atom.xml">
<link rel="alternate" type="application/feed+json" href="https://bao-mau.example/feed.json">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
<link rel="alternate" type="application/rss+xml" href="/comments/feed/">
<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
<link rel="alternate" type="application/rss+xml" href="/rss/trang-chu.rss?utm_source=x">
<link rel="alternate" hreflang="en" href="/en/"><link rel="stylesheet" href="/a.css"></head><body></body></html>"""


def test_what_a_front_page_names() -> None:
    home = read_home(HEAD.encode(), URL)
    assert (home.name, home.languages) == ("Báo Mẫu", ("vi",))
    assert {(feed.url.split("?")[0], feed.kind) for feed in home.feeds} == {
        (f"{URL}rss/trang-chu.rss", "rss"),
        (f"{URL}atom.xml", "atom"),
        (f"{URL}feed.json", "json_feed"),
    }
    assert len(home.feeds) == 3


def test_the_name_that_the_page_gives_itself() -> None:
    stated = HEAD.replace("<title>", "<meta property='og:site_name' content=' Báo  Mẫu | Điện tử '><title>")
    assert read_home(stated.encode(), URL).name == "Báo Mẫu"
    assert read_home(b"<html><body>x</body></html>", URL).name == ""
    assert read_home(b"<html lang='x-default'><body>x</body></html>", URL).languages == ()


def test_sitemaps_in_robots_the_news_first() -> None:
    lines = "".join(f"Sitemap: https://bao-mau.example/{n}.xml\n" for n in range(20))
    text = f"User-agent: *\nDisallow: /x\n{lines}sitemap:/news.xml # tin\nSitemap: file:///etc/passwd\nSitemap:\n"
    found = named_in_robots(text, URL + "robots.txt")
    assert found[0].url == "https://bao-mau.example/news.xml"
    assert len(found) == MOST_SITEMAPS
    assert not named_in_robots("", URL)


def test_common_addresses_are_on_the_same_host() -> None:
    found = common("https://bao-mau.example/trang-chu?x=1", COMMON_FEEDS, "rss")
    assert [one.url for one in found][:2] == ["https://bao-mau.example/rss", "https://bao-mau.example/feed"]
