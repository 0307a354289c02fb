"""The kinds of faults and notes: each one has a code, and each code is one that some check gives."""

import re
from pathlib import Path

from feedsite.codes import Code

ROOT = Path(__file__).parent.parent

SOURCES = [path.read_text() for path in (ROOT / "feedsite").rglob("*.py") if path.name != "codes.py"]


def test_every_code_is_given_somewhere():
    """A code that nothing gives would be explained in vain."""
    given = {name for text in SOURCES for name in re.findall(r"\bCode\.([A-Z0-9_]+)", text)}
    assert given == set(Code.__members__)


def test_a_code_is_a_letter_and_three_digits():
    """E for a fault, N for a note; and they stand in their order, group by group."""
    assert all(re.fullmatch("[EN][0-9]{3}", code) for code in Code)
    groups = [code[1:3] for code in Code]
    assert groups == sorted(groups)
    assert [code for code in Code if code.is_note] == [code for code in Code if code[0] == "N"]
