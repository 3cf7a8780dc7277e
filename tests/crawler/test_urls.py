import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.urls import MAX_LENGTH, canonical, fetchable, host_of, rekeyed, resolve, url_key

ADDRESSES = st.builds(
    "{}://{}{}/{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["a.example", "Báo.Example", "xn--bo-mia.example", "8.8.8.8", "[2001:db8::1]", "a.example."]),
    st.sampled_from(["", ":", ":80", ":443", ":8080"]),
    st.text(max_size=30),
    st.just("") | st.text(max_size=30).map("?{}".format),
    st.just("") | st.text(max_size=5).map("#{}".format),
)


@settings(max_examples=200)
@given(ADDRESSES)
def test_the_canonical_form_is_final(url: str) -> None:
    if fetchable(url):
        assert canonical(canonical(url)) == canonical(url)
        assert url_key(canonical(url)) == url_key(url)
        assert canonical(url).isascii()
        assert fetchable(canonical(url))


@given(st.text(max_size=60) | st.text(max_size=40).map("http://{}".format))
def test_nothing_fetchable_breaks_anything(text: str) -> None:
    if fetchable(text):
        assert url_key(text)
        assert host_of(text)
    assert isinstance(resolve("http://a.example/x", text), str)


TRACKERS = ["utm_source=rss", "UTM_Medium=x", "utm%5Fcampaign=1", "fbclid=a1", "gclid=2", "zarsrc=30", "ref=home"]


@pytest.mark.parametrize("tracker", TRACKERS)
def test_trackers_make_no_other_page(tracker: str) -> None:
    for url in ("http://a.example/tin?{}", "http://a.example/tin?{}&", "http://a.example/tin?{}#top"):
        assert canonical(url.format(tracker)) == "http://a.example/tin"
    assert canonical(f"http://a.example/tin?id=5&{tracker}") == "http://a.example/tin?id=5"


@pytest.mark.parametrize(
    "query",
    ["id=5", "12345", "p=5", "cid=5", "eid=5", "gallery_id=5", "newsid=5", "a=1&a=2", "page=2", "lang=vi", "empty="],
)
def test_what_may_tell_articles_apart_is_kept(query: str) -> None:
    bare, other = url_key("http://a.example/tin"), url_key("http://a.example/tin?" + query.replace("5", "6"))
    found = url_key(f"http://a.example/tin?{query}")
    assert found != bare
    assert (found == other) == ("5" not in query)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://a.example", "a.example/"),
        ("https://A.Example:443/Tin", "a.example/Tin"),
        ("http://a.example:80/tin", "a.example/tin"),
        ("http://a.example:8080/tin", "a.example:8080/tin"),
        ("http://a.example./tin", "a.example/tin"),
        ("http://a.example/tin/", "a.example/tin"),
        ("http://a.example/tin?b=2&a=1#top", "a.example/tin?a=1&b=2"),
        ("http://báo.example/đối ngoại", "xn--bo-mia.example/%C4%91%E1%BB%91i%20ngo%E1%BA%A1i"),
        ("http://a.example/%c4%91", "a.example/%C4%91"),
        ("http://a.example/a/../b", "a.example/b"),
        ("http://a.example//b", "a.example//b"),
        ("  http://a.example/b\n", "a.example/b"),
    ],
)
def test_keys(url: str, key: str) -> None:
    assert url_key(url) == key


@pytest.mark.parametrize(
    "url",
    [
        "",
        "tin.html",
        "//a.example/",
        "javascript:alert(1)",
        "ftp://a.example/",
        "http://",
        "http:///tin",
        "http://lan:x@a.example/",
        "http://a.example:0/",
        "http://a.example:99999/",
        "http://[oops/",
        "http://a.example/\x00",
        "http://a.example/\ud800",
        "http://a.example/" + "x" * MAX_LENGTH,
    ],
)
def test_what_cannot_be_fetched(url: str) -> None:
    assert not fetchable(url)


def test_links_are_resolved_and_nonsense_is_nothing() -> None:
    assert resolve("http://a.example/muc/", " ../tin.html ") == "http://a.example/tin.html"
    assert resolve("http://a.example/", "http://[oops") == resolve("http://a.example/", " ") == ""


def test_the_host() -> None:
    assert host_of("http://A.example:8080/") == "a.example"
    assert host_of("http://[oops") == host_of("tin") == ""


def test_a_session_in_the_path_makes_no_other_page() -> None:
    assert canonical("http://a.example/tin.html;jsessionid=B01B.cid390?id=5") == "http://a.example/tin.html?id=5"
    assert canonical("http://a.example/tin;art4886,207008") == "http://a.example/tin;art4886,207008"


def test_rows_get_their_new_keys_and_no_two_the_same() -> None:
    rows = [
        (1, "http://www.bao.vn/tin-1", "www.bao.vn/tin-1"),
        (2, "http://bao.vn/tin-1", "bao.vn/tin-1"),
        (3, "http://bao.vn/tin-2", "bao.vn/tin-2"),
        (4, "http://m.bao.vn/tin-3/", "m.bao.vn/tin-3/"),
        (5, "http://www.bao.vn/tin-3", "www.bao.vn/tin-3"),
    ]
    changed = rekeyed(rows)
    assert changed == {4: "bao.vn/tin-3"}, "row 2 has its key already, row 4 comes before row 5"
    after = [changed.get(row_id, old) for row_id, _, old in rows]
    assert len(set(after)) == len(rows)
