"""The languages of the desk, and the form of its words."""

from typing import Literal, TypeAlias, get_args

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
Words: TypeAlias = dict[str, dict[Language, str]]
