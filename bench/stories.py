"""B-cubed F1 of stories on articles that were read (data/labels/stories.csv), and the fitting of the thresholds.

    python bench/stories.py            the measured days
    python bench/stories.py --fit      the fitted days, over a grid of thresholds
    python bench/stories.py --errors   the measured days, and the pairs that are wrong

Articles come in by date as they would from a crawl, those of the days around too, through the code that the store runs
(a plain loop takes the database's place; `tests/store/test_stories.py` holds the store to the same rule).
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import combinations

from replaying import ROOT, shared
from sampling import FITTED, MEASURED, Row, clean, coverage, drawn, labels

from classify import stories
from classify.stories import CommonWords, Neighbour, Traits, likenesses, story_likeness, traits
from store.stories import SHARED_TERMS

Scores = tuple[float, float, float]


def stream(rows: list[Row], month: str) -> list[Row]:
    """The drawn articles with all those of three days before and two after, by date."""
    days = sorted({row["date"][:10] for row in drawn(rows, month) if row["lang"] == "vi"})
    first = date.fromisoformat(days[0]) - timedelta(days=3)
    last = date.fromisoformat(days[-1]) + timedelta(days=2)
    chosen = [row for row in rows if first.isoformat() <= row["date"][:10] <= last.isoformat()]
    return sorted(chosen, key=lambda row: (row["date"], row["id"]))


Alike = dict[tuple[int, int], float]


def cosines(rows: list[Row], told: list[Traits]) -> Alike:
    """Likeness of every pair within the window; kept, since a grid of thresholds asks for them again and again."""
    day = [date.fromisoformat(row["date"][:10]).toordinal() for row in rows]
    posted = [set(one.posted) for one in told]
    found: Alike = {}
    for here, row in enumerate(rows):
        near = [
            there
            for there in range(here)
            if day[here] - day[there] <= stories.DAYS and len(posted[here] & posted[there]) >= SHARED_TERMS
        ]
        same = [rows[there]["lang"] == row["lang"] for there in near]
        others = [Neighbour(told[there], one, day[here] - day[there]) for there, one in zip(near, same, strict=True)]
        for there, one, alike in zip(near, same, likenesses(told[here], others), strict=True):
            found[here, there] = alike * (stories.SAME if one else stories.ACROSS)
    return found


def clustered(rows: list[Row], alike: Alike, same: float, across: float) -> dict[str, str]:
    """Article -> story, one article after another."""
    near: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for (here, there), value in alike.items():
        limit = same if rows[here]["lang"] == rows[there]["lang"] else across
        if value > 0:
            near[here].append((there, value / limit))
    story: dict[int, str] = {}
    sizes: Counter[str] = Counter()
    for here, row in enumerate(rows):
        found: dict[str, list[float]] = defaultdict(list)
        for there, value in near[here]:
            found[story[there]].append(value)
        scores = {key: story_likeness(values, sizes[key]) for key, values in found.items()}
        best = max(scores, key=lambda key: scores[key], default=row["id"])
        story[here] = best if scores.get(best, 0) >= 1 else row["id"]
        sizes[story[here]] += 1
    return {row["id"]: story[at] for at, row in enumerate(rows)}


def bcubed(found: Mapping[str, str], gold: Mapping[str, str]) -> Scores:
    """Precision, recall and F1, averaged over the articles of `gold`."""
    ours, theirs = defaultdict(set), defaultdict(set)
    for one in gold:
        ours[found[one]].add(one)
        theirs[gold[one]].add(one)
    both = {one: len(ours[found[one]] & theirs[gold[one]]) for one in gold}
    precision = sum(both[one] / len(ours[found[one]]) for one in gold) / len(gold)
    recall = sum(both[one] / len(theirs[gold[one]]) for one in gold) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def pairs(found: Mapping[str, str], gold: Mapping[str, str]) -> tuple[float, float]:
    """Precision and recall of pairs said to be of one story: stricter, single articles do not count."""
    told = {pair for pair in combinations(sorted(gold), 2) if found[pair[0]] == found[pair[1]]}
    true = {pair for pair in combinations(sorted(gold), 2) if gold[pair[0]] == gold[pair[1]]}
    return len(told & true) / max(1, len(told)), len(told & true) / max(1, len(true))


def shown(name: str, found: Mapping[str, str], gold: Mapping[str, str]) -> None:
    """Print a line of figures."""
    figures = (*bcubed(found, gold), *pairs(found, gold))
    print(f"{name:34}" + "  ".join(f"{value:.3f}" for value in figures), flush=True)


def main() -> None:
    """Measure, or fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    corpus = coverage(shared())
    rows = stream(corpus, FITTED if options.fit else MEASURED)
    read = labels(ROOT / "data" / "labels" / "stories.csv")
    gold = {row["id"]: read[row["id"]] for row in rows if row["id"] in read}
    common = CommonWords.load(ROOT / "data" / "common_words.tsv")
    told = [traits(row["title"], clean(row["text"]), row["lang"], common) for row in rows]
    alike = cosines(rows, told)
    print(f"{len(gold)} articles read, {len(set(gold.values()))} stories, in a stream of {len(rows)}")
    print(f"{'':34}B3 P   B3 R   B3 F1  pair P pair R")
    shown("every article alone", {one: one for one in gold}, gold)
    if options.fit:
        for same in (0.24, 0.28, 0.32, 0.36, 0.40):
            for across in (0.3, 0.4, 0.5, 0.6, 9.0):
                shown(f"same {same} across {across}", clustered(rows, alike, same, across), gold)
        return
    found = clustered(rows, alike, stories.SAME, stories.ACROSS)
    shown("all", found, gold)
    for language in ("vi", "zh", "en"):
        part = {row["id"]: gold[row["id"]] for row in rows if row["id"] in gold and row["lang"] == language}
        shown(f"{language} ({len(part)})", found, part)
    together = Counter(gold.values())
    grouped = {one: story for one, story in gold.items() if together[story] > 1}
    shown(f"in stories of two and more ({len(grouped)})", found, grouped)
    if options.errors:
        errors(rows, found, gold)


def errors(rows: list[Row], found: Mapping[str, str], gold: Mapping[str, str]) -> None:
    """Print up to forty stories that are said wrongly."""
    titles = {row["id"]: f"{row['lang']} {row['title'][:90]}" for row in rows}
    groups = defaultdict(set)
    for one in gold:
        groups[found[one]].add(one)
    mixed = [group for group in groups.values() if len({gold[one] for one in group}) > 1]
    for group in mixed[:40]:
        print("\n".join(sorted(f"  {gold[one]} {titles[one]}" for one in group)), end="\n\n")


if __name__ == "__main__":
    main()
