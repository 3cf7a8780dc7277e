"""How well section pages are read: the 14 real front and section pages of Vietnamese outlets, and 320 labelled links.

On the 14 pages an outlet's own numbering says which links are articles (TRUTH, checked by eye). The 320 links are one
drawn from a page of each of 320 outlets (seed 3), labelled by eye: is this the page of one article? The labels are
below; the links themselves stay with the pages.
"""

import gzip
import json
import random
import re
from pathlib import Path

from replaying import shared

from crawler.discovery import NotAListing
from crawler.discovery.links import Link, links_of, parse
from crawler.discovery.sections import MIN_SCORE, _merged, article_links, article_score
from crawler.urls import canonical, host_of

HOMES = {
    name: f"https://{name}/"
    for name in ("cafef.vn", "nld.com.vn", "tuoitre.vn", "dantri.com.vn", "baocantho.com.vn", "znews.vn")
}
TRUTH = {
    "tuoitre": r"-\d{14,20}\.htm|/\d{8}/.*/\d+\.html|/tin/.*/\d{6}\.html|/\d{4}/\d\d/\d\d/.*/\d+\.html",
    "dantri": r"-\d{17}\.htm",
    "cafef": r"-\d{15,20}\.chn",
    "nld": r"-\d{15,20}\.htm",
    "znews": r"-post\d+\.html",
    "baocantho": r"-a\d{5,}\.html|/xem-video/.*-\d+\.html",
}
SEED, SAMPLE, FEWEST = 3, 320, 15
# fmt: off
ARTICLES = frozenset((
    6, 20, 29, 30, 31, 40, 48, 61, 67, 72, 78, 83, 87, 88, 90, 96, 99, 100, 102, 109, 114, 120, 121, 130, 132,
    146, 147, 148, 149, 155, 162, 166, 168, 169, 175, 177, 179, 181, 187, 188, 191, 197, 207, 210, 236, 243,
    247, 249, 250, 264, 265, 266, 274, 279, 286, 291, 300, 318,
))
# fmt: on


def figures(name: str, right: int, wrong: int, missed: int) -> None:
    """One line: of the links taken how many are articles, of the articles how many were taken."""
    print(f"{name}: precision {right / (right + wrong):.3f}, recall {right / (right + missed):.3f} "
          f"({right} right, {wrong} wrong, {missed} missed)")  # fmt: skip


def front_pages(folder: Path) -> None:
    """The Vietnamese front and section pages."""
    right = wrong = missed = 0
    for path in sorted((folder / "pages" / "vn_listing").glob("*.gz")):
        outlet = path.name.partition("_")[0]
        home = next(url for name, url in HOMES.items() if name.startswith(outlet))
        found = _merged(links_of(parse(gzip.decompress(path.read_bytes())), home))
        articles = {link.url for link in found if re.search(TRUTH[outlet], link.url)}
        taken = {link.url for link in article_links(found, host_of(home))}
        right, wrong, missed = (
            right + len(taken & articles),
            wrong + len(taken - articles),
            missed + len(articles - taken),
        )
    figures("14 Vietnamese front and section pages", right, wrong, missed)


def sample(folder: Path) -> None:
    """One link of each of 320 outlets' pages."""
    rows = [json.loads(line) for line in (folder / "pages" / "index.jsonl").open(encoding="utf-8")]
    outlets: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        if row.get("url"):
            outlets.setdefault(row["outlet"], []).append(row)
    draw = random.Random(SEED)
    names = sorted(outlets, key=str)
    draw.shuffle(names)
    right = wrong = missed = drawn = 0
    for name in names:
        row = draw.choice(outlets[name])
        try:
            tree = parse(gzip.decompress((folder / "pages" / row["file"]).read_bytes()))
        except NotAListing:
            continue
        found = [link for link in _merged(links_of(tree, row["url"])) if canonical(link.url) != canonical(row["url"])]
        if len(found) < FEWEST:
            continue
        link = draw.choice(found)
        taken = link.url in {one.url for one in article_links(found, host_of(row["url"]))}
        article = drawn in ARTICLES
        right, wrong, missed = (
            right + (taken and article),
            wrong + (taken and not article),
            missed + (article and not taken),
        )
        drawn += 1
        if drawn == SAMPLE:
            break
    figures(f"{drawn} labelled links of as many outlets", right, wrong, missed)


def known(folder: Path) -> None:
    """How many known articles of news outlets would be taken by their address and headline alone."""
    rows = [json.loads(line) for line in (folder / "pages" / "index.jsonl").open(encoding="utf-8")]
    links = [
        Link(row["url"], row["title"], menu=False, heading=False)
        for row in rows
        if row["set"] in ("vn", "fundus", "aeb") and row.get("url") and row.get("title")
    ]
    taken = sum(article_score(link) >= MIN_SCORE for link in links)
    print(f"{len(links)} known articles of news outlets: {taken / len(links):.3f} score {MIN_SCORE} or more")


if __name__ == "__main__":
    front_pages(shared())
    sample(shared())
    known(shared())
