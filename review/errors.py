"""What the desk refuses. `review.app` answers each with a page; `Refused` names its words by their key."""


class ReviewError(Exception):
    """Base of every error this package raises."""


class NotLoggedIn(ReviewError):  # noqa: N818 - a state of the visitor, not a fault
    """The page needs a user: the visitor is sent to the login page and back."""


class Refused(ReviewError):  # noqa: N818
    """A request that is not carried out; `key` is in `review.words`."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(f"{status}: {key}")
        self.status, self.key = status, key
