"""Groups of outlets (ASEAN, G7, the provincial press ...), said once in `data/groups.yaml` and not at every outlet."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from crawler.errors import SourceError
from crawler.source import Scope, Source
from crawler.yamls import explain, read_yaml

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
HELP = "data/groups.yaml of the project"


class Group(BaseModel):
    """A group and what makes an outlet one of it; every condition that is given must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")
    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)
    countries: tuple[Country, ...] = ()
    not_countries: tuple[Country, ...] = ()
    scopes: tuple[Scope, ...] = ()
    languages: tuple[str, ...] = ()
    not_languages: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_a_condition(self) -> "Group":
        if not any((self.countries, self.not_countries, self.scopes, self.languages, self.not_languages)):
            raise ValueError("a group needs a condition: countries, not_countries, scopes, languages or not_languages")
        return self

    def holds(self, source: Source) -> bool:
        """Whether an outlet meets every condition."""
        return (
            (not self.countries or source.country in self.countries)
            and source.country not in self.not_countries
            and (not self.scopes or source.scope in self.scopes)
            and (not self.languages or bool({*self.languages} & {*source.languages}))
            and not {*self.not_languages} & {*source.languages}
        )


def load_groups(data_dir: Path) -> tuple[Group, ...]:
    """The groups of `groups.yaml` in a data folder, in their order; none when there is no such file.

    Raises
    ------
    SourceError
        The file is wrong; the message names the line and the remedy.
    """
    path = data_dir / "groups.yaml"
    if not path.exists():
        return ()
    data, text = read_yaml(path, HELP)
    if not isinstance(data, list):
        raise SourceError(f"{path}, line 1: expected a list of groups (- id: ...), got {type(data).__name__}")
    try:
        groups = TypeAdapter(tuple[Group, ...]).validate_python(data)
    except ValidationError as error:
        raise SourceError(explain(path, text, error, lambda _: Group, "the list")) from error
    taken = {group.id for group in groups}
    if len(taken) < len(groups):
        raise SourceError(f"{path}: two groups have one id; valid are different ones")
    return groups


def groups_of(source: Source, groups: Sequence[Group]) -> tuple[str, ...]:
    """The ids of an outlet's groups, the main one first; the one its file names, when it names one."""
    if source.group:
        return (source.group,)
    return tuple(group.id for group in groups if group.holds(source))
