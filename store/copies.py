"""Which articles repeat another's text, and which of them was first. Incremental: a new text is compared with a few.

Candidates share a MinHash band or the digest of the whole text; each is verified by its sketch, where that leaves it
open by its words. Every copy points at the earliest article that it verifies against, whenever that one was found.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from classify.copies import VERSION, Marks, likeness, shared_words
from store.content import ArticleRow, BandRow, CopyRow, MarkRow, full_text

# A band that so many articles share is a formula (a masthead, a legal notice) or a text already found by them: more of
# it would make look-ups slow and find nothing new.
BAND_ARTICLES = 32
CANDIDATES = 40  # verified of one article, those that share most bands first
FAMILY = 200  # articles settled together; of a larger family only the originals are compared
CHUNK = 500  # values in one IN list

BAND_BYTES = 8


class CopyFinder:
    """Finds the copies of a batch of articles within one transaction."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.marks: dict[int, Marks | None] = {}
        self.articles: dict[int, ArticleRow] = {}

    def settle(self, batch: Sequence[tuple[ArticleRow, Marks | None]]) -> None:
        """Bring the copies of these articles, new or with a changed text or date, up to date."""
        rows = [row for row, _ in batch]
        families = self._families([row.id for row in rows])
        self._forget_bands([row.id for row in rows])
        self.marks |= {row.id: marks for row, marks in batch}
        self.articles |= {row.id: row for row in rows}
        bands = self._neighbours(marks for _, marks in batch if marks)
        twins = self._twins(rows)
        added: list[dict[str, int]] = []
        near: dict[int, list[int]] = {}
        for row, marks in batch:
            shared = Counter(other for band in (marks.bands if marks else ()) for other in bands[band])
            near[row.id] = [other for other, _ in shared.most_common(CANDIDATES)]
            if row.text_digest:
                near[row.id] += sorted(twins[row.text_digest])
                twins[row.text_digest].add(row.id)
            for band in marks.bands if marks else ():
                if len(bands[band]) < BAND_ARTICLES and row.id not in bands[band]:
                    bands[band].append(row.id)
                    added.append({"band": band, "article_id": row.id})
        self._load({other for others in near.values() for other in others})
        for row, _ in batch:
            self._place(row, near[row.id], families.get(row.id, set()))
        if added:
            self.session.execute(insert(BandRow), added)

    def _place(self, row: ArticleRow, near: list[int], family: set[int]) -> None:
        matches = [other for other in dict.fromkeys(near) if other != row.id and self._verify(row.id, other)]
        if not matches and not family:
            return
        self.session.flush()
        originals = self._originals(matches)
        if not family and self._is_later_copy(row, originals):
            return
        group = {row.id, *matches, *originals, *family}
        group |= {member for members in self._families(group).values() for member in members}
        if len(group) <= FAMILY:
            self._regroup(self._by_age(group))
            return
        self._regroup(self._by_age({row.id, *originals, *self._originals(family)}))
        self._follow(row.id)

    def _is_later_copy(self, row: ArticleRow, originals: set[int]) -> bool:
        """Whether it simply is a copy of an original that was before it, as most are; then that is kept."""
        known = self._by_age(originals | {row.id})
        if known[-1] is not row:
            return False
        found = next(((one, same) for one in known[:-1] if (same := self._verify(row.id, one.id))), None)
        if found is None:
            return False
        original, (method, similarity) = found
        others = select(CopyRow.agency).where(CopyRow.original_id == original.id).limit(1)
        agency = original.agency or self.session.scalar(others) or row.agency
        self.session.add(
            CopyRow(article_id=row.id, original_id=original.id, method=method, similarity=similarity, agency=agency)
        )
        if agency and agency == row.agency:
            unnamed = (CopyRow.original_id == original.id, CopyRow.agency.is_(None))
            self.session.execute(update(CopyRow).where(*unnamed).values(agency=agency))
        self.session.flush()
        return True

    def _originals(self, ids: Iterable[int]) -> set[int]:
        """The originals of these articles; those that are no copies stand for themselves."""
        wanted = list(ids)
        query = select(CopyRow.article_id, CopyRow.original_id).where(CopyRow.article_id.in_(wanted))
        of = {one: original for one, original in self.session.execute(query)}  # noqa: C416 - rows, not pairs
        return {of.get(one, one) for one in wanted}

    def _by_age(self, ids: set[int]) -> list[ArticleRow]:
        self._load(ids)
        return sorted((self.articles[one] for one in ids), key=lambda row: (row.sorted_at, row.id))

    def _follow(self, newcomer: int) -> None:
        """In a very large family, let the copies of what became a copy itself point at its original."""
        moved = select(CopyRow.article_id).where(CopyRow.original_id == newcomer)
        for one in self.session.scalars(moved).all():
            following = update(CopyRow).where(CopyRow.original_id == one)
            self.session.execute(following.values(original_id=newcomer))

    def _regroup(self, rows: list[ArticleRow]) -> None:
        """Earliest first, each is a copy of the earliest original it verifies against, or an original itself."""
        kept = {
            copy.article_id: copy
            for copy in self.session.scalars(select(CopyRow).where(CopyRow.article_id.in_([row.id for row in rows])))
        }
        originals: dict[int, str | None] = {}  # with the agency that the earliest of its family names
        copies: list[CopyRow] = []
        for row in rows:
            found = next(((one, same) for one in originals if (same := self._verify(row.id, one))), None)
            if found is None:
                originals[row.id] = row.agency
                if row.id in kept:
                    self.session.delete(kept[row.id])
                continue
            original, (method, similarity) = found
            originals[original] = originals[original] or row.agency
            copy = kept.get(row.id) or CopyRow(article_id=row.id)
            copy.original_id, copy.method, copy.similarity = original, method, similarity
            copies.append(copy)
        for copy in copies:
            copy.agency = originals[copy.original_id]
        self.session.add_all(copies)
        self.session.flush()

    def _verify(self, one: int, other: int) -> tuple[str, float] | None:
        """How the two are copies, and how much of the shorter text they share; None when they are not."""
        first, second = self.articles[one], self.articles[other]
        if first.text_digest and first.text_digest == second.text_digest:
            return "exact", 1.0
        left, right = self.marks[one], self.marks[other]
        if left is None or right is None:
            return None
        alike = likeness(left, right)
        same = alike.copy(lambda: shared_words(_text(first), _text(second)))
        return ("minhash", round(alike.containment, 3)) if same else None

    def _neighbours(self, marks: Iterable[Marks]) -> defaultdict[int, list[int]]:
        """Band -> the articles that have it."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        keys = sorted({band for one in marks for band in one.bands})
        for at in range(0, len(keys), CHUNK):
            query = select(BandRow.band, BandRow.article_id).where(BandRow.band.in_(keys[at : at + CHUNK]))
            for band, article_id in self.session.execute(query.order_by(BandRow.article_id)):
                found[band].append(article_id)
        return found

    def _twins(self, rows: Sequence[ArticleRow]) -> defaultdict[str, set[int]]:
        """Digest -> the articles with exactly this text, without those of the batch: their turn is still to come."""
        digests = {row.text_digest for row in rows if row.text_digest}
        coming = {row.id for row in rows}
        query = select(ArticleRow.text_digest, ArticleRow.id).where(ArticleRow.text_digest.in_(digests))
        found: defaultdict[str, set[int]] = defaultdict(set)
        for digest, article_id in self.session.execute(query):
            if article_id not in coming:
                found[digest].add(article_id)
        return found

    def _families(self, ids: Iterable[int]) -> dict[int, set[int]]:
        """Article -> itself, its original and the other copies of that, for those that have any."""
        wanted = list(ids)
        of = dict(
            self.session.execute(
                select(CopyRow.article_id, CopyRow.original_id).where(CopyRow.article_id.in_(wanted))
            ).all()
        )
        roots = {*of.values(), *wanted}
        members: defaultdict[int, set[int]] = defaultdict(set)
        query = select(CopyRow.original_id, CopyRow.article_id).where(CopyRow.original_id.in_(roots))
        for original, article_id in self.session.execute(query):
            members[original] |= {original, article_id}
        return {one: members[of.get(one, one)] for one in wanted if members.get(of.get(one, one))}

    def _load(self, ids: Iterable[int]) -> None:
        missing = [one for one in ids if one not in self.articles]
        for at in range(0, len(missing), CHUNK):
            part = missing[at : at + CHUNK]
            for row in self.session.scalars(select(ArticleRow).where(ArticleRow.id.in_(part))):
                self.articles[row.id] = row
            for mark in self.session.scalars(select(MarkRow).where(MarkRow.article_id.in_(part))):
                self.marks[mark.article_id] = unpacked(mark)
        for one in missing:
            self.marks.setdefault(one, None)

    def _forget_bands(self, ids: list[int]) -> None:
        for mark in self.session.scalars(select(MarkRow).where(MarkRow.article_id.in_(ids), MarkRow.shingles > 0)):
            bands = _bands(mark.bands)
            self.session.execute(
                delete(BandRow).where(BandRow.article_id == mark.article_id, BandRow.band.in_(bands)),
            )


def pack_bands(marks: Marks | None) -> bytes:
    """The bands as bytes, for the day when the text changes and they must go."""
    return b"".join(band.to_bytes(BAND_BYTES, "little") for band in marks.bands) if marks else b""


def unpacked(mark: MarkRow) -> Marks | None:
    """The marks kept in a row; None when there are none, or older ones."""
    if not mark.shingles or mark.version // 1_000 != VERSION:
        return None
    return Marks(_bands(mark.bands), mark.sketch, mark.shingles, mark.figures)


def _bands(packed: bytes) -> tuple[int, ...]:
    return tuple(int.from_bytes(packed[at : at + BAND_BYTES], "little") for at in range(0, len(packed), BAND_BYTES))


def _text(row: ArticleRow) -> str:
    return full_text(row.lead, row.body)
