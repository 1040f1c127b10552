"""The page of commands says what the commands are."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from leadloom.cli.app import app

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
ROW = re.compile(r"^\| `([a-z -]+)` \| (.+?) \| `leadloom (.+)` \|$", re.MULTILINE)
ROWS = ROW.findall(PAGE.read_text(encoding="utf-8"))


def commands_of(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            if command.invoke_without_command:
                yield " ".join((*path, name)), command
            yield from commands_of(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands_of(typer.main.get_command(app)))


def test_every_command_is_on_the_page_with_its_help():
    assert {name: help for name, help, _ in ROWS} == {
        name: command.help for name, command in COMMANDS.items()
    }


@pytest.mark.parametrize(("name", "example"), [(name, example) for name, _, example in ROWS])
def test_every_example_can_be_typed(name, example):
    words = shlex.split(example)
    path = name.split()
    assert words[: len(path)] == path
    COMMANDS[name].make_context(name, words[len(path) :])


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_its_options(name):
    options = {option for one in COMMANDS[name].params for option in one.opts}
    assert {"--json", "--db"} <= options
    assert all(getattr(one, "help", None) for one in COMMANDS[name].params)
