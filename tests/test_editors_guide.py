"""docs/editing.md: every command in it is typed, and prints what stands there."""

from .support.docs import DOCS
from .support.walk import Walk, steps


def test_each_command_of_the_guide_prints_what_the_guide_shows(tmp_path, monkeypatch):
    """One walk, in the order of the page, from an empty folder on."""
    monkeypatch.chdir(tmp_path)
    walk = Walk(tmp_path, monkeypatch.chdir)
    shown = list(steps(DOCS["editing.md"]))
    assert len(shown) >= 5
    for step in shown:
        assert walk.take(step) == step.printed, step.command
