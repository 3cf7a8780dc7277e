import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.topics import MOST, choose
from classify.types import RELEVANCE, Relevance

NAMES = ("a", "b", "c", "d", "world")
CUTS = (0.3, 0.3, 0.3, 0.3, 0.3)


def chosen(*found: float, relevance: Relevance | None = "central", least: float = 0.15) -> tuple[str, ...]:
    return choose(found, NAMES, CUTS, least, relevance)


def test_primary_first_and_at_most_three() -> None:
    assert chosen(0.6, 0.9, 0.7, 0.8, 0.0) == ("b", "d", "c")


def test_a_further_topic_must_reach_its_own_cut() -> None:
    assert chosen(0.9, 0.29, 0.3, 0.0, 0.0) == ("a", "c")
    assert chosen(0.2, 0.1, 0.0, 0.0, 0.0) == ("a",)


def test_it_abstains_when_nothing_is_likely() -> None:
    assert chosen(0.1, 0.1, 0.0, 0.0, 0.0) == ()
    assert chosen(0.1, 0.1, 0.0, 0.0, 0.0, relevance="passing") == ()
    assert choose((), (), (), 0.15, "central") == ()


def test_what_is_not_about_vietnam_and_has_no_topic_is_world() -> None:
    assert chosen(0.1, 0.1, 0.0, 0.0, 0.0, relevance="none") == ("world",)
    assert chosen(0.9, 0.0, 0.0, 0.0, 0.1, relevance="none") == ("a",)


@pytest.mark.parametrize("relevance", ["central", "substantial"])
def test_news_about_vietnam_is_never_world(relevance: Relevance) -> None:
    assert chosen(0.5, 0.0, 0.0, 0.0, 0.9, relevance=relevance) == ("a",)
    assert chosen(0.1, 0.0, 0.0, 0.0, 0.9, relevance=relevance) == ()


@pytest.mark.parametrize("relevance", ["passing", "none", None])
def test_beside_another_topic_world_says_nothing(relevance: Relevance | None) -> None:
    assert chosen(0.5, 0.0, 0.0, 0.0, 0.4, relevance=relevance) == ("a",)
    assert chosen(0.5, 0.4, 0.0, 0.0, 0.9, relevance=relevance) == ("world",)


def test_equals_go_by_name() -> None:
    assert choose((0.5, 0.5), ("b", "a"), (0.3, 0.3), 0.15, "central") == ("a", "b")


@given(st.lists(st.floats(0, 1), min_size=5, max_size=5), st.sampled_from([*RELEVANCE, None]))
def test_whatever_the_scores_the_rules_hold(found: list[float], relevance: Relevance | None) -> None:
    given = chosen(*found, relevance=relevance)
    assert len(given) <= MOST
    assert len(set(given)) == len(given)
    assert "world" not in given or given == ("world",)
    if relevance in ("central", "substantial"):
        assert "world" not in given
