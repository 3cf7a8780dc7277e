"""Which story an article belongs to: found when it comes in, changed by analysts only, and their word is kept.

An article joins the story it is most alike to (see `classify.stories`), or begins one with its nearest neighbour. What
an analyst put together or apart (`store.arranging`) stays so: an article with a decision is never placed by the machine
again.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from classify.stories import DAYS, VERSION, Neighbour, Traits, likenesses, story_likeness
from store.content import ArticleRow, CopyRow, MarkRow, StoryDecisionRow, StoryRow, TermRow

# Terms two articles must share to be compared, and neighbours compared at most. An article posts 18 terms.
SHARED_TERMS = 2
NEIGHBOURS = 60
CHUNK = 500  # values in one IN list
A_DAY = timedelta(days=1)
TERMS = TermRow.__table__


def day_of(moment: datetime) -> int:
    """The number of a day, by which neighbours in time are looked up."""
    return moment.toordinal()


def place_articles(session: Session, batch: Sequence[tuple[ArticleRow, Traits | None]]) -> None:
    """Find the story of each article that is in none and that no analyst has placed; post its terms."""
    rows = [row for row, _ in batch]
    placed = _decided(session, [row.id for row in rows])
    originals = _originals(session, [row.id for row in rows])
    finder = _Finder(session, batch)
    for row, traits in batch:
        if row.story_id is None and row.id not in placed:
            nearest = originals.get(row.id) or (finder.nearest(row, traits) if traits else None)
            if nearest is not None:
                finder.join(row, session.get_one(ArticleRow, nearest))
        if traits:
            finder.post(row, traits)
    finder.write()


def forget_terms(session: Session, marks: Sequence[MarkRow]) -> None:
    """Take the posted terms of articles away, before others take their place."""
    for mark in marks:
        terms = Traits(mark.traits).posted
        session.execute(
            delete(TermRow).where(
                TermRow.term.in_(terms), TermRow.day == mark.day, TermRow.article_id == mark.article_id
            )
        )


def count_articles(session: Session, story_id: int) -> int:
    """How many articles a story has now."""
    return session.scalar(select(func.count()).where(ArticleRow.story_id == story_id)) or 0


def merged_into(session: Session, story_id: int) -> int:
    """The story that the articles of this one went into, over any number of changes; itself while it has some."""
    seen = {story_id}
    while not count_articles(session, story_id):
        query = select(StoryDecisionRow.story_id).where(StoryDecisionRow.from_id == story_id)
        following = session.scalar(query.order_by(StoryDecisionRow.id.desc()).limit(1))
        if following is None or following in seen:
            break
        seen.add(following)
        story_id = following
    return story_id


def recount(session: Session, story: StoryRow) -> None:
    """Bring a story's number of articles and its time up to date; an emptied one keeps its last time."""
    number, first, last = session.execute(
        select(func.count(), func.min(ArticleRow.sorted_at), func.max(ArticleRow.sorted_at)).where(
            ArticleRow.story_id == story.id
        )
    ).one()
    story.articles = number
    if number:
        story.first_at, story.last_at = first, last
    session.flush()


@dataclass
class _Known:
    """What is compared of a neighbour."""

    story_id: int | None
    language: str
    moment: datetime
    traits: Traits


class _Finder:
    """Looks the neighbours of a whole batch up at once, and lets the articles of the batch see each other."""

    def __init__(self, session: Session, batch: Sequence[tuple[ArticleRow, Traits | None]]) -> None:
        self.session = session
        self.posted: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)  # term -> (day, article)
        self.shared: dict[int, Counter[int]] = {}  # article -> how many terms it shares with kept ones
        self.known: dict[int, _Known] = {}
        self.sizes: dict[int, int] = {}
        self.held: dict[int, StoryRow] = {}  # stories that analysts cannot change until the transaction ends
        self.added: list[dict[str, int]] = []
        asking = [(row, traits) for row, traits in batch if traits and row.story_id is None]
        for days in _stretches({day_of(row.sorted_at) for row, _ in asking}):
            here = [(row, traits) for row, traits in asking if day_of(row.sorted_at) in days]
            self._look_up({term for _, traits in here for term in traits.posted}, min(days) - DAYS, max(days) + DAYS)
        ours = {row.id for row, _ in batch}
        self.shared = {row.id: self._sharing(row, traits, ours) for row, traits in asking}
        self.posted.clear()  # from here on the articles of the batch
        self._load({one for counts in self.shared.values() for one in _most(counts)})

    def nearest(self, row: ArticleRow, traits: Traits) -> int | None:
        """The article through which this one joins a story; None when it is of none."""
        counts = self.shared[row.id] + self._sharing(row, traits, {row.id})
        neighbours = [(one, self.known[one]) for one in _most(counts) if one in self.known]
        compared = [
            Neighbour(other.traits, other.language == row.language, abs(row.sorted_at - other.moment) / A_DAY)
            for _, other in neighbours
        ]
        found: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
        for (one, other), alike in zip(neighbours, likenesses(traits, compared), strict=True):
            # An article in no story is a story of one, told from others by its own number.
            found[other.story_id if other.story_id is not None else -one].append((alike, one))
        scores = {key: self._score(key, pairs) for key, pairs in found.items()}
        best = max(scores, key=lambda key: (scores[key], -abs(key)), default=None)
        return max(found[best])[1] if best is not None and scores[best] >= 1 else None

    def join(self, row: ArticleRow, other: ArticleRow) -> None:
        """Put an article into the story of another, which begins one when it is in none."""
        if other.story_id is None:
            self.session.refresh(other, ["story_id"], with_for_update=True)  # an analyst may just have placed it
        if other.story_id is None:
            story = StoryRow(title=other.title, first_at=other.sorted_at, last_at=other.sorted_at, articles=1)
            self.session.add(story)
            self.session.flush()
            other.story_id = story.id
            self.held[story.id] = story
            if other.id in self.known:
                self.known[other.id].story_id = story.id
        story = self._hold(other.story_id)
        row.story_id = story.id
        story.articles += 1
        story.first_at, story.last_at = min(story.first_at, row.sorted_at), max(story.last_at, row.sorted_at)
        self.sizes[story.id] = story.articles

    def _hold(self, story_id: int) -> StoryRow:
        """The story, held until the transaction ends, or the one that an analyst put it into meanwhile."""
        if story_id not in self.held:
            query = select(StoryRow).where(StoryRow.id == story_id).with_for_update()
            story = self.session.scalars(query, execution_options={"populate_existing": True}).one()
            following = merged_into(self.session, story_id)
            self.held[story_id] = story if following == story_id else self._hold(following)
        return self.held[story_id]

    def post(self, row: ArticleRow, traits: Traits) -> None:
        """Let later articles find this one."""
        day = day_of(row.sorted_at)
        self.known[row.id] = _Known(row.story_id, row.language, row.sorted_at, traits)
        for term in set(traits.posted):
            self.posted[term].append((day, row.id))
            self.added.append({"term": term, "day": day, "article_id": row.id})

    def write(self) -> None:
        """Keep what was posted."""
        if self.added:
            self.session.connection().execute(insert(TermRow), self.added)

    def _score(self, key: int, pairs: list[tuple[float, int]]) -> float:
        return story_likeness([alike for alike, _ in pairs], self.sizes.get(key, 1))

    def _sharing(self, row: ArticleRow, traits: Traits, leave_out: set[int]) -> Counter[int]:
        """The articles of the days around, with how many terms they share with this one."""
        first, last = day_of(row.sorted_at) - DAYS, day_of(row.sorted_at) + DAYS
        terms = set(traits.posted)
        counts = Counter([one for term in terms for at, one in self.posted.get(term, ()) if first <= at <= last])
        for one in leave_out:
            counts.pop(one, None)
        return counts

    def _look_up(self, terms: set[int], first: int, last: int) -> None:
        connection, ordered = self.session.connection(), sorted(terms)
        for at in range(0, len(ordered), CHUNK):
            query = select(TERMS.c.term, TERMS.c.day, TERMS.c.article_id).where(
                TERMS.c.term.in_(ordered[at : at + CHUNK]), TERMS.c.day.between(first, last)
            )
            for term, day, one in connection.execute(query).all():
                self.posted[term].append((day, one))

    def _load(self, ids: set[int]) -> None:
        ordered = sorted(ids)
        query = (
            select(ArticleRow.id, ArticleRow.story_id, StoryRow.articles, ArticleRow.language, ArticleRow.sorted_at)
            .add_columns(MarkRow.traits)
            .join(MarkRow, MarkRow.article_id == ArticleRow.id)
            .outerjoin(StoryRow, StoryRow.id == ArticleRow.story_id)
        )
        for at in range(0, len(ordered), CHUNK):
            chosen = query.where(ArticleRow.id.in_(ordered[at : at + CHUNK]), MarkRow.version % 1_000 == VERSION)
            for one, story_id, size, language, moment, packed in self.session.execute(chosen):
                self.known[one] = _Known(story_id, language, moment, Traits(packed))
                if story_id is not None:
                    self.sizes[story_id] = size


def _most(counts: Counter[int]) -> list[int]:
    """The articles that share most terms."""
    sharing = sorted((-number, one) for one, number in counts.items() if number >= SHARED_TERMS)
    return [one for _, one in sharing[:NEIGHBOURS]]


def _stretches(days: set[int]) -> list[set[int]]:
    """Days in runs with short gaps: one look-up a run, and none over the years between two old articles."""
    runs: list[set[int]] = []
    for day in sorted(days):
        if runs and day - max(runs[-1]) <= 2 * DAYS:
            runs[-1].add(day)
        else:
            runs.append({day})
    return runs


def _decided(session: Session, ids: Sequence[int]) -> set[int]:
    """The articles that an analyst has placed."""
    query = select(StoryDecisionRow.article_id).where(StoryDecisionRow.article_id.in_(ids))
    return {one for one in session.scalars(query) if one is not None}


def _originals(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """Article -> one that it repeats or that repeats it: copies are of one story."""
    found: dict[int, int] = {}
    query = select(CopyRow.article_id, CopyRow.original_id)
    for article_id, original in session.execute(query.where(CopyRow.original_id.in_(ids))):
        found.setdefault(original, article_id)
    copies = session.execute(query.where(CopyRow.article_id.in_(ids)))
    return found | {article_id: original for article_id, original in copies}  # noqa: C416 - rows, not pairs
