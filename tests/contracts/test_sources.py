"""What must be true of every outlet in the registry that we ship."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from crawler.groups import groups_of, load_groups
from crawler.source import Source, load_source, load_sources, source_files
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


@pytest.fixture(scope="module")
def registry(root: Path) -> dict[str, Source]:
    return load_sources(root / "data" / "sources")


@pytest.mark.skipif(not FILES, reason="data/sources holds no outlet yet")
def test_how_many_outlets_there_are(registry: dict[str, Source]) -> None:
    vietnamese = [source for source in registry.values() if source.country == "VN"]
    assert len(registry) >= 500
    assert len(vietnamese) >= 150
    assert {source.scope for source in vietnamese} >= {"national", "provincial", "ministry", "agency"}
    assert sum(source.enabled for source in registry.values()) >= 400


@pytest.mark.skipif(not FILES, reason="data/sources holds no outlet yet")
def test_what_is_not_sure_starts_disabled_with_the_reason(registry: dict[str, Source]) -> None:
    feeds = [feed for source in registry.values() for feed in source.feeds]
    unsure = [feed for feed in feeds if feed.confidence == "low" or re.search("templat|reported failing", feed.notes)]
    assert len(unsure) >= 500
    assert [feed.url for feed in unsure if feed.enabled] == []
    assert [feed.url for feed in feeds if not feed.enabled and not feed.reason] == []
    assert [source.id for source in registry.values() if not source.enabled and not source.reason] == []


@pytest.mark.skipif(not FILES, reason="data/sources holds no outlet yet")
def test_every_outlet_is_of_a_group(root: Path, registry: dict[str, Source]) -> None:
    groups = load_groups(root / "data")
    sizes = Counter(name for source in registry.values() for name in groups_of(source, groups))
    assert [source.id for source in registry.values() if not groups_of(source, groups)] == []
    assert set(sizes) == {group.id for group in groups}, "no group is empty, no outlet names one that is not there"
    assert sizes["provinces"] >= 80


@pytest.mark.shared
def test_every_address_is_in_the_facts(shared: Path, registry: dict[str, Source]) -> None:
    def column(name: str) -> set[str]:
        with (shared / "facts" / name).open(encoding="utf-8-sig", newline="") as stream:
            return {row["url"] for row in csv.DictReader(stream)}

    urls = {feed.url for source in registry.values() for feed in source.feeds}
    assert urls == column("outlets.csv")
    dead = {url_key(url) for url in column("known_dead.csv")}
    alive = [feed.url for source in registry.values() if source.enabled for feed in source.feeds if feed.enabled]
    assert [url for url in alive if url_key(url) in dead] == []
