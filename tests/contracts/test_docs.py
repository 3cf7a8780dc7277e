"""What the documents promise is there: settings, commands, files; and what they must not hold is not."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from pipelines.cli import COMMANDS
from pipelines.settings import Settings

ROOT = Path(__file__).parents[2]
NOT_OURS = {"var", "dist", "build", "node_modules"}
# Written in pieces, because this file is searched, too.
FORBIDDEN = re.compile(
    "|".join(
        (
            r"(?<![\w.~-])/(?:wo" + r"rk|ro" + r"ot)\b",
            r"(?<![\w.~-])/(?:ho" + r"me|Us" + r"ers)/\w",
            r"\bpy" + r"pi\.org",
            r"python" + r"hosted\.org",
            r"npm" + r"js\.(?:org|com)",
            r"\bcrates\." + r"io",
            r"docker\." + r"io",
        )
    )
)
LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)")
CODE = re.compile(r"^```.*?^```|^~~~.*?^~~~|`[^`\n]*`|^ {4}.*$", re.MULTILINE | re.DOTALL)


def files(*endings: str) -> list[Path]:
    """The project's own files: nothing hidden, nothing made at run time."""
    found = []
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") or part in NOT_OURS or part.endswith(".egg-info") for part in parts)
        if path.suffix in endings and not hidden and path.is_file():
            found.append(path)
    return found


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def load(name: str) -> click.Command:
    command: click.Command = import_module(COMMANDS[name][0]).command
    return command


def leaves(name: str) -> Iterator[tuple[str, click.Command, str]]:
    """The commands that do something: full name, command, and the help of the group it belongs to."""
    command = load(name)
    if not isinstance(command, click.Group):
        yield name, command, ""
        return
    for child_name, child in command.commands.items():
        yield f"{name} {child_name}", child, command.help or ""


def documents() -> str:
    paths = [*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md")]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_documented(name: str) -> None:
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{name}` \|", text, re.MULTILINE), f"docs/operate.md has no row for the setting {name}"


def test_no_setting_is_documented_that_is_not_there() -> None:
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    section = text.partition("## Settings")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(Settings.model_fields)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_their_help_says(name: str) -> None:
    first_sentence = load(name).get_short_help_str(limit=300)
    assert first_sentence.rstrip(".") == COMMANDS[name][1].rstrip(".")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help_with_an_example(name: str) -> None:
    for full_name, command, group_help in leaves(name):
        assert command.help, f"diembao {full_name} has no help"
        # A group whose own help shows its commands at work need not repeat them in each.
        shown = command.help if f"diembao {full_name}" not in group_help else group_help
        assert re.search(r"^ *Examples?:", shown, re.MULTILINE), f"diembao {full_name} --help has no example"
        assert f"diembao {full_name}" in shown, f"the example of diembao {full_name} is of something else"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_can_be_shown(name: str) -> None:
    command = load(name)
    with click.Context(command, info_name=name) as context:
        assert command.get_help(context).startswith(f"Usage: {name}")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_documented(name: str) -> None:
    for full_name, _, _ in leaves(name):
        assert re.search(rf"diembao {full_name}\b", documents()), f"no document speaks of diembao {full_name}"


def test_the_documents_speak_of_no_command_that_is_not_there() -> None:
    known = {full_name for name in COMMANDS for full_name, _, _ in leaves(name)} | set(COMMANDS)
    subcommands = {name for name in COMMANDS if isinstance(load(name), click.Group)}
    wrong = []
    for path in files(".md"):
        for words in re.findall(r"(?:^|[`;&|(] ?|\s)diembao ([a-z]+)(?: ([a-z]+))?", path.read_text(encoding="utf-8")):
            full_name = " ".join(words) if words[0] in subcommands and words[1] else words[0]
            if full_name not in known:
                wrong.append(f"{name_of(path)}: diembao {full_name}")
    assert wrong == []


@pytest.mark.parametrize("path", files(".md"), ids=name_of)
def test_a_relative_link_leads_to_a_file(path: Path) -> None:
    text = CODE.sub("", path.read_text(encoding="utf-8"))
    targets = [target.partition("#")[0] for target in LINK.findall(text) if not re.match(r"[a-z]+:|#", target)]
    assert [target for target in targets if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("path", files(".py"), ids=name_of)
def test_a_document_that_code_names_is_there(path: Path) -> None:
    named = re.findall(r"\b((?:docs|data|tests/contracts)/[\w/]+\.(?:md|py))\b", path.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_no_file_holds_a_machine_path_or_a_registry_host() -> None:
    found = []
    for path in files(".md", ".py"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if FORBIDDEN.search(line):
                found.append(f"{name_of(path)}:{number}: {line.strip()[:80]}")
    assert found == []
