"""The pages of docs/, and the calls of feedsite in them."""

import re
from pathlib import Path

import click

from feedsite.cli import main

HOME = Path(__file__).parent.parent.parent
DOCS = {path.name: path.read_text("utf-8") for path in [*sorted((HOME / "docs").glob("*.md")), HOME / "README.md"]}
VARIABLE = re.compile(r"\bFEEDSITE_[A-Z]+(?:_[A-Z]+)*\b")
COMMANDS = {name: main.get_command(None, name) for name in main.list_commands(None)}


def called(words):
    """The command of a call, and its options, each with the command that takes it. Raises KeyError for any unknown."""
    command, options = main, []
    words = iter(words)
    for word in words:
        if word.startswith("-"):
            known = {name: option for option in command.params for name in (*option.opts, *option.secondary_opts)}
            options.append((command.name, known[word].name))
            if not known[word].is_flag:
                next(words)
        elif isinstance(command, click.Group):
            command = COMMANDS[word]
        else:
            options += [(command.name, given.name) for given in command.params if isinstance(given, click.Argument)]
    return command.name, options
