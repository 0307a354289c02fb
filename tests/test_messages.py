"""Every code of faults and notes is explained, with examples that `feedsite check` judges as they say."""

import re

import pytest
from click.testing import CliRunner

from feedsite.checking.explanations import explanations, groups
from feedsite.cli import main
from feedsite.codes import Code

from .support.docs import DOCS
from .support.examples import files, found_in, write
from .support.messages import printed

FENCED = re.compile(r"^```\n(E.*?\n)```$", re.MULTILINE | re.DOTALL)


def run(*words):
    return CliRunner().invoke(main, list(words))


def test_each_code_is_explained_and_no_other():
    """In the order of the codes, faults before notes in each group."""
    assert list(explanations()) == list(Code)
    assert [one.code for _, of_group in groups() for one in of_group] == list(Code)


@pytest.mark.parametrize("code", Code)
def test_each_wrong_example_has_its_code_and_each_right_one_none(code, tmp_path):
    """Whoever looks a message up sees that very one, and how it goes away."""
    one = explanations()[code]
    assert {fault.code for fault in found_in(one.wrong, tmp_path / "wrong")} == {code}
    assert found_in(one.right, tmp_path / "right") == []


def test_a_title_is_a_short_claim_and_each_explanation_a_paragraph():
    """Titles stand in lists, and in the logs of other programs."""
    for one in explanations().values():
        assert len(one.title) <= 70
        assert not one.title.endswith(".")
        assert one.why.endswith(".")


def test_the_page_of_messages_repeats_them():
    """`make messages` writes it."""
    assert printed(DOCS["messages.md"]) == DOCS["messages.md"]


@pytest.mark.parametrize("page", ["messages.md", "entry-file.md"])
def test_a_screen_in_the_docs_is_what_is_printed(page, tmp_path):
    """Of the files whose lines it shows."""
    (screen,) = FENCED.findall(DOCS[page])
    shown = re.findall(r"^E\d+ (entries/\S+?):1:\d+\n +1 \| (.*)$", screen, re.MULTILINE)
    noted = re.findall(r"^N080 (entries/\S+?):", screen, re.MULTILINE)
    example = "".join(f"# {path}, whole\n{line}\n" for path, line in shown)
    example += "".join(f"# {path}, whole\ntitle: Strike\npublished: 2026-11-23\nbody: x\n" for path in noted)
    write(tmp_path, files("# site.yaml\n" + example))
    assert run("--site", str(tmp_path), "check").output == screen


def test_explain_prints_title_reason_and_examples():
    """A code can be written in small letters, and without noughts."""
    output = run("explain", "E010").output
    assert output == run("explain", "e10").output
    assert output.startswith("E010 A value holds a colon\n\nA colon with a space behind it ")
    assert output.endswith('Wrong:\n\n    title: War: what is it\n\nRight:\n\n    title: "War: what is it"\n')
    assert run("explain", "E010", "E012").output == f"{output}\n{run('explain', 'E012').output}"


def test_explain_without_a_code_lists_all():
    """Below their groups, with their titles."""
    output = run("explain").output
    assert re.findall(r"^  ([EN]\d{3}) ", output, re.MULTILINE) == list(Code)
    assert output.startswith("Files and their encoding\n  E001 The file is not saved as UTF-8\n")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("E139", "is E130, E131, E132, E133 or N130 meant?"),
        ("21", "is E021 or N021 meant?"),
        ("bracket", "is E015 meant?"),
        ("E999", "`feedsite explain` lists all codes"),
        ("\x1b[2J", "`feedsite explain` lists all codes"),
    ],
)
def test_an_unknown_code_is_answered_with_near_ones(written, said):
    """Those of its group, of its number, or whose title has the word."""
    result = run("explain", written)
    assert result.exit_code == 1
    assert result.output == f"no fault or note has the code {written.replace(chr(27), '?')}; {said}\n"
