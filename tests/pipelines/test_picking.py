"""What is worth labelling, and what is chosen of it: the unsure, the rare, the different."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.picking import ENOUGH, REASONS, Context, Worth, choose, likeness
from store.picking import Candidate, Labelled

SURE = {"relevance": 0.95, "tone": 0.9, "topic:economy": 0.97, "topic:tourism": 0.02}
NOTHING = Labelled(Counter(), Counter(), Counter())
PLENTY = Labelled(*(Counter(dict.fromkeys(("economy", "tourism", "neutral", "vi", "en"), 999)) for _ in range(3)))


def candidate(number: int = 1, **changes: Any) -> Candidate:
    """An article that the machine is sure of."""
    values: dict[str, Any] = {
        "outlet": "bao-mau", "language": "vi", "story": None, "relevance": "central", "topics": ("economy",),
        "tone": "neutral", "scores": SURE | changes.pop("scores", {}),
    }  # fmt: skip
    return Candidate(id=number, **values | changes)


def worth(reason: str, labelled: Labelled = PLENTY, **changes: Any) -> Worth | None:
    met = {kind: Counter({"economy": 1, "neutral": 1, "vi": 1}) for kind in ENOUGH}
    return REASONS[reason](candidate(**changes), Context(labelled, met, 10))


def test_of_what_the_machine_is_sure_nothing_is_learned() -> None:
    assert {name: worth(name) for name in REASONS} == dict.fromkeys(REASONS)
    assert choose([candidate(n) for n in range(9)], PLENTY, 5) == []


@pytest.mark.parametrize(
    ("reason", "changes", "value", "shown"),
    [
        ("relevance", {"scores": {"relevance": 0.4}}, 0.8, {"what": "relevance", "value": "central", "score": 0.4}),
        ("relevance", {"scores": {"relevance": 0.2}}, 1.0, {"what": "relevance", "value": "central", "score": 0.2}),
        ("relevance", {"scores": {"relevance": 0.63}}, None, None),
        ("relevance", {"relevance": None}, None, None),
        ("tone", {"scores": {"tone": 0.55}}, 0.6, {"what": "tone", "value": "neutral", "score": 0.55}),
        ("tone", {"tone": "unclear"}, 0.4 / 3, {"what": "tone", "value": "unclear", "score": 0.9}),
        ("tone", {"scores": {"tone": 0.5}, "relevance": "passing"}, None, None),
        ("tone", {"tone": None}, None, None),
        (
            "topic",
            {"scores": {"topic:economy": 0.5, "topic:tourism": 0.4}},
            0.9,
            {"what": "topic", "topic": "economy", "score": 0.5, "other": "tourism", "other_score": 0.4},
        ),
        (
            "topic",
            {"topics": ("economy", "tourism"), "scores": {"topic:tourism": 0.4, "topic:sport": 0.35}},
            0.95,
            {"what": "topic", "topic": "tourism", "score": 0.4, "other": "sport", "other_score": 0.35},
        ),
        ("topic", {"topics": ("economy", "tourism"), "scores": {"topic:tourism": 0.9}}, None, None),
        ("topic", {"scores": {"topic:world": 0.96}}, None, None),
        ("topic", {"scores": {"topic:tourism": 0.96}, "relevance": "none"}, None, None),
        ("topic", {"topics": ()}, 1.0, {"what": "near_topic", "topic": "economy", "score": 0.97}),
    ],
)
def test_a_reason_and_what_it_says(
    reason: str, changes: dict[str, Any], value: float | None, shown: dict[str, Any] | None
) -> None:
    found = worth(reason, **changes)
    assert (found and found.values) == shown
    if value is not None:
        assert found
        assert found.value == pytest.approx(value)


def test_no_topic_and_no_score() -> None:
    article = Candidate(1, "a", "vi", None, "central", (), None, {})
    assert REASONS["topic"](article, Context(NOTHING, {}, 1)) == Worth(1.0, {"what": "no_topic"})


def test_what_has_few_labels_is_rare() -> None:
    few = Labelled(Counter({"economy": 15}), Counter({"neutral": 149}), Counter({"vi": 150}))
    found = worth("rare", few)
    assert found
    assert found.values == {"what": "rare_topic", "value": "economy", "labels": 15, "enough": 60}
    assert found.value == pytest.approx(0.75 * 0.9)
    assert worth("rare", few, relevance="passing") is None
    thai = worth("rare", few, language="th")
    assert thai
    assert thai.values["what"] == "rare_language"
    assert thai.value == 1.0, "no label yet, and never met"


def unsure(number: int, **changes: Any) -> Candidate:
    return candidate(number, scores={"topic:tourism": 0.9, "tone": 0.5, "relevance": 0.5}, **changes)


def test_reasons_take_turns() -> None:
    picks = choose([unsure(n, outlet=f"o{n}") for n in range(20)], NOTHING, 8)
    said = [pick.values["what"] for pick in picks]
    assert Counter(said) == {"topic": 2, "tone": 2, "relevance": 2, "rare_topic": 2}
    assert len({pick.article_id for pick in picks}) == 8


def test_no_two_of_a_story() -> None:
    picks = choose([unsure(n, story=7) for n in range(9)], NOTHING, 5)
    assert len(picks) == 1
    assert len(choose([unsure(n, story=n // 3) for n in range(9)], NOTHING, 5)) == 3


def test_the_unlike_come_first() -> None:
    alike = [unsure(n) for n in range(50)]
    others = [unsure(90, outlet="x", language="en"), unsure(91, outlet="y"), unsure(92, topics=("tourism", "economy"))]
    picks = choose([*alike, *others], PLENTY, 4)
    assert {pick.article_id for pick in picks} > {90, 91}
    assert likeness(alike[0], alike[1]) == 1.0
    assert likeness(alike[0], others[0]) == pytest.approx(1 / 3)
    assert likeness(others[0], others[1]) == pytest.approx(1 / 3), "the topic"


FOREIGN = {"topic:tourism": 0.97, "topic:economy": 0.02}


def test_sameness_never_outweighs_doubt_twice_as_large() -> None:
    same = [candidate(n, scores={"tone": 0.25}) for n in range(2)]
    other = candidate(5, outlet="x", language="en", topics=("tourism",), scores={"tone": 0.625, **FOREIGN})
    assert [pick.article_id for pick in choose([*same, other], PLENTY, 3)] == [0, 1, 5]
    doubtful = candidate(5, outlet="x", language="en", topics=("tourism",), scores={"tone": 0.55, **FOREIGN})
    assert [pick.article_id for pick in choose([*same, doubtful], PLENTY, 3)] == [0, 5, 1]


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["vi", "en", "th"]), st.floats(0, 1), st.floats(0, 1),
                          st.sampled_from([None, 1, 2, 3])), max_size=30), st.integers(0, 12))  # fmt: skip
def test_whatever_comes_in(rows: list[tuple[int, str, float, float, int | None]], wanted: int) -> None:
    articles = [
        candidate(n, outlet=f"o{outlet}", language=language, story=story,
                  scores={"tone": tone, "topic:economy": topic})
        for n, (outlet, language, tone, topic, story) in enumerate(rows)
    ]  # fmt: skip
    picks = choose(articles, PLENTY, wanted)
    assert len(picks) <= wanted
    assert picks == choose(articles, PLENTY, wanted), "the same articles again"
    by_id = {article.id: article for article in articles}
    stories = [by_id[pick.article_id].story for pick in picks]
    told = [story for story in stories if story is not None]
    assert len(told) == len(set(told))
