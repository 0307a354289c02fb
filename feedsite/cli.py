"""The command line. Each command is a module in commands/, imported when it is called."""

import os
import sys
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from . import __version__
from .errors import FeedsiteError, in_one_line

_COMMANDS = (
    "init",
    "new",
    "preview",
    "check",
    "list",
    "show",
    *("mv", "publish", "unpublish", "withdraw", "correct", "touch", "write-ids"),
    "diff",
    "share",
    "serve",
    "build",
    "purge",
    "ping",
    "audience",
    "schema",
    "explain",
)
_OTHER_WORDS = {  # of other programs, for the same
    **dict.fromkeys(("add", "create", "draft", "write"), "new"),
    **dict.fromkeys(("fix", "lint", "validate"), "check"),
    **dict.fromkeys(("ls", "status"), "list"),
    **dict.fromkeys(("move", "rename"), "mv"),
    **dict.fromkeys(("delete", "remove", "retract", "rm"), "withdraw"),
    **dict.fromkeys(("run", "server", "start"), "serve"),
    **dict.fromkeys(("export", "generate"), "build"),
    "schedule": "publish",
    "help": "--help",
    "version": "--version",
}
_ONE = "one article at a time; words with spaces between them stand in quotation marks"
# What is said where a command gets more words than it takes.
_TOO_MANY_WORDS = {
    "init": 'a name of several words stands in quotation marks: `feedsite init my-site --title "My site"`',
    "new": 'a headline of several words stands in quotation marks: `feedsite new "The headline"`',
    "check": "check reads the whole site, and takes no names of files",
    "correct": 'what was wrong stands in quotation marks: --note "What was wrong."',
    "withdraw": 'the reason stands in quotation marks: --reason "Why it is taken back."',
    **dict.fromkeys(("mv", "publish", "share", "show", "touch", "unpublish"), _ONE),
}
_WHOLE = 1000  # letters of a command's first sentence


class _Commands(click.Group):
    """An error is printed as one sentence, never as a traceback."""

    def __call__(self, *args: Any, **extra: Any) -> Any:
        _in_utf8()
        _open_what_is_closed()
        return super().__call__(*args, **extra)

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            return super().main(*args, **extra)
        except OSError as error:  # click itself ends quietly where nobody reads any more (EPIPE)
            _drop_output()
            place = os.fsdecode(error.filename) if error.filename else "what is printed"
            click.echo(in_one_line(f"{place} cannot be written or read: {error.strerror}"), err=True)
            raise SystemExit(1) from None

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        if cmd_name not in _COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = import_module(f".commands.{name}", __package__)
        name = name if hasattr(module, name) else f"{name}_"  # such as list_, for Python has a list
        command: click.Command = getattr(module, name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            near = _OTHER_WORDS.get(name) or next(iter(get_close_matches(name, _COMMANDS, 1)), "")
            meant = f"; is `feedsite {near}` meant?" if near else ""
            ctx.fail(f"feedsite has no command {in_one_line(name)}{meant}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each with its whole first sentence, which click cuts at the end of the line."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(_WHOLE)) for name, command in found if command])

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        try:
            return super().make_context(*args, **extra)
        except click.UsageError as error:
            _refuse(error)
            raise

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FeedsiteError as error:
            click.echo(str(error), err=True)
            ctx.exit(1)
        except click.UsageError as error:
            _refuse(error)
            raise


def _open_what_is_closed() -> None:
    """A file that is opened next would be the output, and be written into."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  # as long as the process is there


def _drop_output() -> None:
    """What could not be printed, such as onto a full disk, is not tried again when the process exits."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _in_utf8() -> None:
    """Begins anew with file names in UTF-8, where the locale has them in another encoding: a site is the same anywhere.
    What is printed stays in the terminal's.
    """
    if sys.getfilesystemencoding() == "utf-8":
        return
    if sys.stdout:  # it may be closed
        os.environ.setdefault("PYTHONIOENCODING", sys.stdout.encoding)
    words = [word.encode("utf-8", "surrogateescape") for word in sys.orig_argv[1:]]
    os.execv(sys.executable, [os.fsencode(sys.executable), b"-X", b"utf8", *words])  # noqa: S606  # these very words


def _refuse(error: click.UsageError) -> None:
    """Prints one sentence, without click's two lines of usage, and exits; without any command click shows the help."""
    if not isinstance(error, click.exceptions.NoArgsIsHelpError):
        command = error.ctx.info_name if error.ctx else ""
        hint = _TOO_MANY_WORDS.get(command or "") if "unexpected extra argument" in error.message else ""
        click.echo(in_one_line(f"{hint or error.format_message()} (`feedsite --help` tells more)"), err=True)
        raise SystemExit(error.exit_code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--site",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=".",
    envvar="FEEDSITE_SITE",
    help="The site's folder, with site.yaml and entries/; the current one if not given.",
)
@click.version_option(__version__, prog_name="feedsite")
@click.pass_context
def main(ctx: click.Context, site: Path) -> None:
    """Publishes articles kept as YAML files as RSS, Atom and JSON feeds and as pages."""
    os.environ["PYTHONSAFEPATH"] = "1"  # no process that a command starts imports from the current folder
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a letter that the terminal's encoding lacks becomes ?
    ctx.obj = site
