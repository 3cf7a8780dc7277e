from classify.topics import choose, lexicon_confidence, scores


def test_little_evidence_is_little_confidence() -> None:
    assert lexicon_confidence({"sport": 0.5})["sport"] < 0.2 < lexicon_confidence({"sport": 5.0})["sport"]
    assert lexicon_confidence({}) == {}


def test_either_voice_may_convince() -> None:
    found = scores({"sport": 10.0}, {"economy": 4.0, "sport": -4.0})
    assert found["sport"] > 0.7
    assert found["economy"] > 0.9


def test_extreme_log_odds_are_numbers() -> None:
    assert scores({}, {"sport": 1e9, "economy": -1e9}) == {"sport": 1.0}


def test_primary_first_and_at_most_three() -> None:
    found = {"a": 0.9, "b": 0.8, "c": 0.7, "d": 0.6}
    assert choose(found, "central") == ("a", "b", "c")


def test_abstains_when_nothing_is_likely() -> None:
    assert choose({"a": 0.1}, "central") == ()
    assert choose({"a": 0.1}, "none") == ("world",)


def test_news_about_vietnam_is_never_world() -> None:
    assert choose({"world": 0.9, "sport": 0.5}, "central") == ("sport",)
    assert choose({"world": 0.9, "sport": 0.5}, "none")[0] == "world"
