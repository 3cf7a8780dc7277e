"""No word is missing: every key that a template or a module says is there, in both languages, with the same values."""

import re
from pathlib import Path

from classify.types import RELEVANCE, TONES, VALENCES, VOICES
from review.flags import RULES
from review.words import LANGUAGES, WORDS, article, desk, labels, queue, stories
from store.labels import VERDICTS


def test_no_room_takes_the_word_of_another() -> None:
    assert sum(len(room.WORDS) for room in (article, desk, labels, queue, stories)) == len(WORDS)


def test_every_story_problem_has_its_words(root: Path) -> None:
    raised = re.findall(
        r'StoryError\(\s*"(\w+)"',
        "".join(
            (root / path).read_text(encoding="utf-8") for path in ("store/arranging.py", "review/routes/placing.py")
        ),
    )
    assert len(set(raised)) > 8
    assert {f"story.{key}" for key in raised} <= set(WORDS)


def test_every_word_is_in_both_languages_and_takes_the_same_values() -> None:
    for key, words in WORDS.items():
        assert set(words) == set(LANGUAGES), key
        assert all(word.strip() == word and word for word in words.values()), key
        braces = {language: set(re.findall(r"\{(\w+)\}", word)) for language, word in words.items()}
        assert braces["vi"] == braces["en"], key


def test_every_word_that_is_said_is_there(root: Path) -> None:
    said: set[str] = set()
    for path in (root / "review" / "templates").glob("*.html"):
        said |= set(re.findall(r"""(?:\bt|show\.say)\(["']([\w.]+)["'][,)]""", path.read_text(encoding="utf-8")))
        said |= set(re.findall(r'\brow\(\[[^\]]*\], "([\w.]+)"\)', path.read_text(encoding="utf-8")))
    for path in (root / "review").rglob("*.py"):
        said |= set(re.findall(r'(?:\bsay|problem=|Refused\(\d+,) ?\(?"([\w.]+)"', path.read_text(encoding="utf-8")))
    said |= {f"relevance.{value}" for value in RELEVANCE} | {f"relevance.{value}.hint" for value in RELEVANCE}
    said |= {f"tone.{value}" for value in TONES} | {f"verdict.{value}" for value in VERDICTS}
    said |= {f"valence.{value}" for value in VALENCES} | {f"voice.{value}" for value in VOICES} | {"unsure.True"}
    said |= {f"flag.{rule}" for rule in RULES} | {f"rule.{rule}" for rule in RULES}
    assert len(said) > 100
    assert said - set(WORDS) == set()


def test_flags_take_the_values_that_their_words_name() -> None:
    for rule, readers in RULES.items():
        assert set(re.findall(r"\{(\w+)\}", WORDS[f"flag.{rule}"]["vi"])) == set(readers), rule


def test_the_desk_calls_nobody_hostile_and_says_what_tone_is() -> None:
    text = " ".join(word for words in WORDS.values() for word in words.values()).lower()
    assert not re.search(r"hostile|thù địch|dư luận|public opinion|author|tác giả", text)
    assert "không phải độ chính xác" in WORDS["tone_legend"]["vi"]
