"""Every runtime dependency with its version and licence, as the table of docs/choices.md: `python bench/licences.py`.

Licences are read from what is installed: the metadata of each distribution, then the text of its licence file. The
test tests/contracts/test_licences.py holds the table against the installation.
"""

import operator
import re
from collections.abc import Callable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any, NamedTuple

PROJECT = "diembao"
EXTRAS = ("web", "report", "postgres")

# What the metadata says in words, as SPDX writes it. "BSD License" alone is not here: its text tells the clauses.
SPDX = {
    "apache 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "the bsd 2-clause license": "BSD-2-Clause",
    "isc license": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}
# Read by a person in the licence files, because the metadata says less than the files or says it in no usable form.
READ = {
    "pyphen": "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
}
PLAIN = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")
# How a licence file is known: by the first of these in it, for it may go on with the licences of what is bundled.
TEXTS = (
    (r"LESSER GENERAL PUBLIC LICENSE\s+Version 3", "LGPL-3.0-only"),
    (r"LESSER GENERAL PUBLIC LICENSE\s+Version 2\.1", "LGPL-2.1-only"),
    (r"AFFERO GENERAL PUBLIC LICENSE", "AGPL-3.0-only"),
    (r"GNU GENERAL PUBLIC LICENSE\s+Version 3", "GPL-3.0-only"),
    (r"GNU GENERAL PUBLIC LICENSE\s+Version 2", "GPL-2.0-only"),
    (r"Mozilla Public License,? [Vv]ersion 2\.0", "MPL-2.0"),
    (r"Apache License\s+Version 2\.0", "Apache-2.0"),
    (r"Redistribution and use(?s:.)+[Nn]either the name", "BSD-3-Clause"),
    (r"Redistribution and use", "BSD-2-Clause"),
    (r"Permission is hereby granted, free of charge", "MIT"),
    (r"Permission to use, copy, modify, and(?:/or)? distribute", "ISC"),
)


class Dependency(NamedTuple):
    """An installed distribution; `needed_by` names those that ask for it, the project first."""

    name: str
    version: str
    licence: str
    needed_by: tuple[str, ...]


def runtime_dependencies(project: str = PROJECT, extras: tuple[str, ...] = EXTRAS) -> list[Dependency]:
    """Everything installed that the project with these extras needs, directly or not, by name."""
    wanted: dict[str, set[str]] = {project: set(extras)}
    needed_by: dict[str, set[str]] = {}
    queue = [project]
    while queue:
        name = queue.pop()
        for child, child_extras in _requirements(name, wanted[name]):
            if _installed(child) is None:
                continue
            needed_by.setdefault(child, set()).add(name)
            if child not in wanted or not child_extras <= wanted[child]:
                wanted[child] = wanted.get(child, set()) | child_extras
                queue.append(child)
    rows = []
    for name in sorted(set(wanted) - {project}):
        found = distribution(name)
        parents = sorted(needed_by[name], key=lambda parent: (parent != project, parent))
        rows.append(Dependency(name, found.version, licence_of(found), tuple(parents)))
    return rows


def licence_of(found: Distribution) -> str:
    """The licence as an SPDX expression, `unknown` when neither metadata nor files tell."""
    name = normal(found.metadata["Name"])
    stated = [found.metadata["License-Expression"], found.metadata["License"]]
    stated += [row.rpartition("::")[2].strip() for row in found.metadata.get_all("Classifier") or [] if "Licen" in row]
    if name in READ:
        return READ[name]
    for text in filter(None, stated):
        spdx = SPDX.get(text.strip().lower(), text.strip())
        if PLAIN.fullmatch(spdx) and spdx not in ("BSD", "LGPL", "GPL"):
            return spdx
    return _by_text(found) or ("BSD" if "BSD" in stated else "unknown")  # BSD: which of them, nobody says


def is_strong(licence: str) -> bool:
    """Whether a licence leaves no choice but the GPL or AGPL. `A OR GPL` leaves one, the LGPL is not the GPL."""
    return all(re.search(r"(?<![A-Z])A?GPL", choice) for choice in re.split(r"\s+OR\s+", licence))


def table(rows: list[Dependency]) -> str:
    """The rows as Markdown."""
    lines = ["| package | version | licence | needed by |", "|---|---|---|---|"]
    for row in rows:
        parents = ["**us**" if parent == PROJECT else parent for parent in row.needed_by]
        more = f" and {len(parents) - 3} more" if len(parents) > 3 else ""
        lines.append(f"| {row.name} | {row.version} | {row.licence} | {', '.join(parents[:3])}{more} |")
    return "\n".join(lines)


def normal(name: str) -> str:
    """A distribution's name as all spellings of it have in common."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _by_text(found: Distribution) -> str | None:
    files = [path for path in found.files or () if re.search(r"licen[cs]e|copying", path.name, re.IGNORECASE)]
    for path in sorted(files, key=lambda path: len(path.parts)):
        text = path.read_text(encoding="utf-8") if path.suffix != ".py" else ""
        hits = [
            (hit.start(), at, name) for at, (pattern, name) in enumerate(TEXTS) if (hit := re.search(pattern, text))
        ]
        if hits:
            return min(hits)[2]
    return None


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _requirements(name: str, extras: set[str]) -> Iterator[tuple[str, set[str]]]:
    for line in distribution(name).requires or ():
        requirement, _, marker = line.partition(";")
        head = re.match(r"\s*([\w.-]+)\s*(?:\[([^]]*)\])?", requirement)
        if head and any(_holds(marker, extra) for extra in extras | {""}):
            asked = {normal(extra) for extra in re.split(r"\s*,\s*", head[2] or "") if extra}
            yield normal(head[1]), asked


def _holds(marker: str, extra: str) -> bool:
    """Whether an environment marker (PEP 508) holds here. An empty one does."""
    if not marker.strip():
        return True
    tokens = re.findall(r"\(|\)|'[^']*'|\"[^\"]*\"|not\s+in\b|[<>=!~]+|[\w.]+", marker)
    return _Marker(tokens, {**_environment(), "extra": normal(extra)}).any_of()


class _Marker:
    """A reader of one marker: `or` of `and` of comparisons and brackets."""

    def __init__(self, tokens: list[str], environment: dict[str, str]) -> None:
        self.tokens, self.environment = tokens, environment

    def any_of(self) -> bool:
        result = self._all_of()
        while self._take("or"):
            result = self._all_of() or result
        return result

    def _all_of(self) -> bool:
        result = self._one()
        while self._take("and"):
            result = self._one() and result
        return result

    def _one(self) -> bool:
        if self._take("("):
            result = self.any_of()
            self._take(")")
            return result
        left, sign, right = self._value(), re.sub(r"\s+", " ", self.tokens.pop(0)), self._value()
        return _compare(left, sign, right)

    def _take(self, token: str) -> bool:
        if self.tokens[:1] == [token]:
            self.tokens.pop(0)
            return True
        return False

    def _value(self) -> str:
        token = self.tokens.pop(0)
        return token[1:-1] if token[0] in "'\"" else self.environment.get(token, "")


def _compare(left: str, sign: str, right: str) -> bool:
    if sign in ("in", "not in"):
        return (left in right) == (sign == "in")
    signs: dict[str, Callable[[Any, Any], bool]] = {
        "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
        "~=": operator.ge,
    }  # fmt: skip
    versions = all(re.fullmatch(r"\d+(\.\d+)*", side) for side in (left, right))
    if versions:
        return signs[sign](_numbers(left), _numbers(right))
    return signs[sign](left, right)


def _numbers(version: str) -> tuple[int, ...]:
    parts = [int(part) for part in version.split(".")]
    return tuple(parts + [0] * (4 - len(parts)))


def _environment() -> dict[str, str]:
    import os
    import platform
    import sys

    return {
        "python_version": ".".join(map(str, sys.version_info[:2])),
        "python_full_version": ".".join(map(str, sys.version_info[:3])),
        "os_name": os.name,
        "sys_platform": sys.platform,
        "platform_machine": platform.machine(),
        "platform_system": platform.system(),
        "platform_python_implementation": platform.python_implementation(),
        "implementation_name": sys.implementation.name,
        "implementation_version": ".".join(map(str, sys.version_info[:3])),
    }


if __name__ == "__main__":
    print(table(runtime_dependencies()))
