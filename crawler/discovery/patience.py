"""A limit on what reading one listing may cost: it happens in the crawl's one thread, where everybody waits meanwhile.

feedparser takes 35 us an element, grows with the square of the attributes of a tag and of some address-like texts; a
feed of 600 KB took it 8 s, one of 2 MB more than 300 s. No look at the bytes tells that beforehand, so the clock does.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from crawler.discovery.listing import NotAListing
from crawler.patience import OutOfPatience, limited

# The feeds of our corpora need 0.3 s at most; at 35 us an element this is a feed of 80,000, where an honest one has a
# few thousand.
SECONDS = 3.0


@contextmanager
def patience(seconds: float = SECONDS) -> Iterator[None]:
    """Let what is inside use this much processor time.

    Raises
    ------
    NotAListing
        It took longer; what was read so far is lost.
    """
    try:
        with limited(seconds):
            yield
    except OutOfPatience:
        raise NotAListing(f"reading it took more than {seconds:g} s") from None
