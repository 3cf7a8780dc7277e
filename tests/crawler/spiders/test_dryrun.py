import pytest

from crawler.frontier import Child, Discovery, FeedReading
from crawler.spiders.dryrun import DryRunFrontier


def test_one_listing_and_what_an_index_names(capsys: pytest.CaptureFixture[str]) -> None:
    frontier = DryRunFrontier("http://a.example/index.xml", "sitemap", ["sitemap"])
    (task,) = frontier.due_feeds()
    assert frontier.due_feeds() == []
    children = [Child(f"http://a.example/{n}.xml", "sitemap") for n in range(9)]
    assert (
        frontier.feed_read(task, FeedReading(200, items=[Discovery("http://a.example/1", "Tin")], children=children))
        == 1
    )
    assert [child.url[-5] for child in frontier.due_feeds()] == ["0", "1", "2"]
    assert "http://a.example/1  Tin" in capsys.readouterr().out
    assert (frontier.due_pages(9, 9, []), frontier.next_due_in()) == ((), None)


@pytest.mark.parametrize(
    ("url", "kind"), [("", "rss"), ("file:///etc/passwd", "rss"), ("http://a.example/", "section")]
)
def test_what_cannot_be_tried(url: str, kind: str) -> None:
    with pytest.raises(ValueError, match=r"needs -a url=http\(s\)://... and -a kind= one of rss, atom; got"):
        DryRunFrontier(url, kind, ["rss", "atom"])
