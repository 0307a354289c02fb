"""A site's folder in a git repository, as an editor has it; and what `feedsite diff` prints of it."""

import os
import re
import subprocess

from click.testing import CliRunner

from feedsite.cli import main

from .programs import needed

_WHO = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "An Editor"), ("EMAIL", "desk@news.example"), ("DATE", "2026-11-22T09:00:00Z"))
}
_ENVIRONMENT = _WHO | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
AT = "2026-11-22T10:00:00+01:00"


class Repository:
    """A repository of the files in a folder, all committed; `site` is the site's folder, which may lie below it."""

    def __init__(self, folder, site=None):
        self.folder, self.site = folder, site or folder
        self.git("init", "--quiet", "--initial-branch", "main")
        self.commit()

    def git(self, *words, **environment):
        command = [needed("git"), "-C", str(self.folder), *map(str, words)]
        done = subprocess.run(command, env=os.environ | _ENVIRONMENT | environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def commit(self):
        """Commits all files, and returns the commit's hash."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "An edit")
        return self.git("rev-parse", "HEAD")

    def diff(self, *words, at=AT, **environment):
        """The result of the command."""
        runner = CliRunner(env={"FEEDSITE_BASE_URL": None, "GITHUB_STEP_SUMMARY": None, **environment})
        moment = ("--at", at) if at else ()
        return runner.invoke(main, ["--site", str(self.site), "diff", *moment, *map(str, words)])


def without_hashes(text):
    """A text in which every hash of a commit is the same one."""
    text = re.sub(r"\([0-9a-f]{7}\)", "(1f2e3d4)", text)
    return re.sub(r"--source=[0-9a-f]{12}", "--source=1f2e3d4c5b6a", text)
