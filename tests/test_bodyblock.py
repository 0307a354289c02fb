"""What YAML drops of a body, and which of its lines it joins. Examples of each message are in faulty/."""

import pytest

from feedsite.parsing import entryfile

from .support.builders import PATH, entry_text, settings


def problems(body, after=""):
    """Line, column and whether it is a note, of a body that begins on line 5."""
    found = entryfile.read(f"{entry_text(body=body)}{after}".encode(), PATH, settings()).faults
    return [(fault.line, fault.column, fault.is_note) for fault in found]


@pytest.mark.parametrize(
    ("body", "after", "found"),
    [
        ("|\n  A.", "## Corrections\n", [(6, 1, False)]),
        ("|\n  A.\n", "## Corrections\n# more\n\n", [(7, 1, False)]),
        ("|\n    A.\n  ## Corrections", "link: https://a.example/\n", [(6, 3, False)]),
        (">\n  A.", "### Corrections", [(6, 1, False)]),
        ("|\n  A.", "# Corrections\n", [(6, 1, True)]),
        ("|\n  A.", "## The rest\nlink: https://a.example/\n", [(6, 1, True)]),
        ("|\n  A.", "# the rest\nlink: https://a.example/\n", []),
        ("|\n  A.", "#\n", []),
        ("|\n  A.\n  ## Corrections", "", []),
        ("\n  # A\n\n  B.", "", [(5, 3, False)]),
        ("A.\n  ## B", "", [(5, 3, False)]),
        ("A.", "# a comment\n", []),
    ],
)
def test_a_heading_that_yaml_drops_is_a_fault(body, after, found):
    """Where it can as well be a comment on the fields below, it is a note; a comment among fields is none."""
    assert problems(body, after) == found


@pytest.mark.parametrize(
    ("body", "is_noted"),
    [
        ("A.\n\n  B.", True),
        (">\n  A.\n\n  B.", True),
        ('"A.\n\n  B."', True),
        ("'A.\n\n  B.'", True),
        (">\n  - a\n  - b", True),
        (">\n  A:\n  1. a\n  2. b", True),
        ("A.", False),
        ("A\n  and B.", False),
        (">\n  A\n  and B.\n", False),
        ('"A.\\n\\nB."', False),
        ("|\n  A.\n\n  B.", False),
    ],
)
def test_paragraphs_and_lists_that_yaml_joins_are_noted(body, is_noted):
    """One paragraph of several lines is the same, joined or not."""
    assert [is_note for _, _, is_note in problems(body)] == ([True] if is_noted else [])
