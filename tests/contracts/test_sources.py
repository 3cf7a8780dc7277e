"""What must be true of every outlet in the registry that we ship."""

from collections import Counter
from pathlib import Path

import pytest

from crawler.source import load_source, load_sources, source_files
from crawler.urls import url_key

FILES = sorted(source_files(Path(__file__).parents[2] / "data" / "sources"))


@pytest.mark.skipif(not FILES, reason="data/sources holds no outlet yet")
def test_the_registry_loads_whole(root: Path) -> None:
    assert len(load_sources(root / "data" / "sources")) == len(FILES)


@pytest.mark.skipif(not FILES, reason="data/sources holds no outlet yet")
def test_no_listing_is_checked_twice(root: Path) -> None:
    sources = load_sources(root / "data" / "sources").values()
    keys = Counter(url_key(feed.url) for s in sources if s.enabled for feed in s.feeds if feed.enabled)
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_outlet_of_the_registry(path: Path) -> None:
    source = load_source(path)
    assert path.parent.name in (source.country.lower(), "sources"), "the folder is the country"
    assert not source.enabled or any(feed.enabled for feed in source.feeds), "an enabled outlet has an enabled feed"
    assert source.country != "VN" or source.timezone == "Asia/Ho_Chi_Minh"
