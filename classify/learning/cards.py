"""The card of a model: what it is for and not for, what it learned from, how it was measured, where it falls short."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from classify.evaluation.evaluate import Evaluation
from classify.evaluation.readings import Agreement, Reading, agreements
from classify.evaluation.report import table, text
from classify.learning.corpora import Example
from classify.learning.labels import ADJUDICATOR, read_labels, read_parts
from classify.learning.recipes import recipes

# Agreement over fewer articles than this is chance.
FEWEST = 30
ASKS = {
    "relevance": "How far is the text about Vietnam: central, substantial, passing, none?",
    "topics": "Which of the topics of data/taxonomy.yaml has the text: one primary, at most two more?",
    "tone": "How does the text speak of Vietnam: positive, neutral, negative, mixed? Asked where it is a main subject.",
    "valence": "Is the event good, neutral or bad for the people concerned, whatever the tone?",
    "voice": "Whose is the tone: the outlet's own, of those it quotes, or both?",
}
MADE = """Linear weights on words, word pairs and numbers that mean the same in every language (`classify/features`),
learned by ridge regression and calibrated on rows left out (`classify/learning`). JSON and npz; no code is loaded."""
MADE_ON = """Linear weights on the vectors of the transformer `{name}` and on numbers that mean the same in every
language (`classify/encoded.py`), learned by ridge regression and calibrated on rows left out. It answers
with that transformer only (SHA-256 of its files: `{sha256}`), which is not part of this project: its own card says what
it learned from and under which licence it may be used. A word among the reasons stands for itself in its sentence."""
INTENDED = """## Use it for
Proposing an answer about a published article to a person who sees the words behind it, how sure it is, and can change
it; and counting, where the weekly summary corrects the count by the random audit.

## Never use it for
- Anything about a person: authors, speakers, readers. The unit is an article and its outlet.
- Judging truth. Tone is how a text speaks of Vietnam: negative is not inaccurate, positive is not accurate.
- "Public opinion": what the press prints is not that.
- Any action that no person decides: blocking, ranking of outlets, lists of "hostile" sources."""
LIMITS = """## Limits
- The labels were given by AI reading sessions that followed data/guidelines, a quarter of them twice and blind, with
  the differences settled by a third. They agree with each other more than people would, and share their blind spots. No
  analyst has checked them yet: labels from the desk (`diembao train --desk`) are to take their place.
- Most texts are headlines with a lead; 2026 dominates; English is half from Vietnam's own press; Thai is government
  prose.
- Every article of the corpus but copies was read, on either side of the split; the corpus itself was gathered by its
  makers' queries, so shares here are not those of a week. The part "random" is drawn from it without looking.
- Languages not listed as measured are answered from word lists and shared names: the answer says so (`unmeasured`).
- Readers differ on what a first topic, a second one and mild praise are: their agreement above bounds any figure."""


def card(
    task: str, version: str, found: Evaluation, examples: Sequence[Example], data: Path,
    encoder: Mapping[str, object] | None = None,
) -> str:  # fmt: skip
    """The card of one task as Markdown. `encoder` is what the manifest says of the one it was learned on."""
    says = recipes(())[task].answer
    learned = [one for one in examples if not one.held_out and says(one)]
    parts = [
        f"# {task} {version}\n\n{ASKS[task]}\n\n{MADE_ON.format(**encoder) if encoder else MADE}",
        INTENDED,
        "## Learned from\n" + _learned(learned),
        "## Agreement of readers (Krippendorff's alpha, before settling)\n" + _agreement(examples, data),
        f"## Measured by `diembao evaluate`, all tasks together: {text(found)}",
        LIMITS,
    ]
    return "\n\n".join(parts) + "\n"


def _learned(examples: Iterable[Example]) -> str:
    counted = Counter((one.corpus, str(one.document.language)) for one in examples)
    licences = {
        "vn_coverage": "texts of their publishers, not included; labels our own; only weights of words are derived",
        "vntc": "MIT; home news, and world news that never names Vietnam: answers by that rule, nobody read them",
        "desk": "texts of their publishers, in the database only; labels of the analysts",
    }
    rows = [
        (corpus, language, str(count), licences.get(corpus, ""))
        for (corpus, language), count in sorted(counted.items())
    ]
    return table(("set", "language", "articles", "licence"), rows)


def _agreement(examples: Sequence[Example], data: Path) -> str:
    languages = {one.id: str(one.document.language) for one in examples}
    found = [one for one in agreed(languages, data) if one.articles >= FEWEST]
    rows = [(one.field, one.language, str(one.articles), f"{one.equal:.3f}", _alpha(one)) for one in found]
    return table(("question", "language", "read twice", "equal", "alpha (95%)"), rows)


def agreed(languages: dict[str, str], data: Path) -> tuple[Agreement, ...]:
    """The agreement of the readers of data/labels, by question and language; `languages` maps an article to its own."""
    parts = read_parts(data)
    return agreements(
        Reading(label.article, label.reader, languages[label.article], label.relevance, label.topics, label.tone,
                label.valence, label.voice, parts[label.article]["group"])
        for labels in read_labels(data).values() for label in labels
        if label.reader != ADJUDICATOR and label.article in languages
    )  # fmt: skip


def _alpha(one: Agreement) -> str:
    if one.alpha.value != one.alpha.value:
        return "–"
    return f"{one.alpha.value:.2f} ({one.alpha.low:.2f}–{one.alpha.high:.2f})"
