"""Faults and notes for programs: commands of GitHub's workflows, JSON, and SARIF."""

import json
import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.checking.machineformats import FORMATS
from feedsite.codes import Code
from feedsite.edits import Edit, applied
from feedsite.errors import Fault

TEXT = "id: x\ntitle: War: what\n"
WHY = "a value that holds a colon must stand in quotation marks"
MEND = (Edit(13, 22, '"War: what"'),)
FAULT = Fault("entries/a b.yaml", 2, 8, Code.COLON_IN_VALUE, f'{WHY}; write title: "War: what"', 17, MEND)
NOTE = Fault("images/a.png", 0, 0, Code.LARGE_PICTURE, "the picture has 50 megapixels")


def printed(form, *faults, text=TEXT):
    return list(FORMATS[form](faults, lambda _: text))


def test_github_is_told_place_code_and_mend():
    """A note is a notice; what is one of the whole file has no line."""
    assert printed("github", NOTE, FAULT) == [
        f'::error file=entries/a b.yaml,line=2,col=8,endLine=2,endColumn=17,title=E010::{WHY}%0Atitle: "War: what"',
        "::notice file=images/a.png,title=N092::the picture has 50 megapixels",
    ]


@given(st.text(), st.text(), st.sampled_from(["", TEXT]))
def test_no_value_of_a_file_makes_a_workflow_command(path, message, text):
    """The law: one fault is one line, and its properties are those that it has."""
    (line,) = printed("github", Fault(f"entries/{path}", 1, 1, Code.COLON_IN_VALUE, message), text=text)
    assert len(line.splitlines()) == 1
    assert re.fullmatch(r"::error file=[^:,]*,line=1,col=1,title=E010::.*", line)


def test_json_has_each_fault_with_its_mend_by_lines_and_columns():
    """What is not known is null."""
    assert json.loads("\n".join(printed("json", NOTE, FAULT))) == {
        "version": 1,
        "faults": 1,
        "notes": 1,
        "messages": [
            {
                "code": "E010",
                "kind": "fault",
                "path": "entries/a b.yaml",
                "line": 2,
                "column": 8,
                "end_column": 17,
                "message": f'{WHY}; write title: "War: what"',
                "mend": [{"line": 2, "column": 8, "end_line": 2, "end_column": 17, "text": '"War: what"'}],
            },
            {
                "code": "N092",
                "kind": "note",
                "path": "images/a.png",
                "line": None,
                "column": None,
                "end_column": None,
                "message": "the picture has 50 megapixels",
                "mend": [],
            },
        ],
    }


def test_sarif_has_rules_regions_and_replacements():
    """As SARIF 2.1.0 names them: 3.27 result, 3.30 region, 3.55 fix."""
    log = json.loads("\n".join(printed("sarif", NOTE, FAULT)))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert run["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["E010", "N092"]
    file = {"uri": "entries/a%20b.yaml", "uriBaseId": "%SRCROOT%"}
    region = {"startLine": 2, "startColumn": 8, "endLine": 2, "endColumn": 17}
    replacement = {"deletedRegion": region, "insertedContent": {"text": '"War: what"'}}
    assert run["results"] == [
        {
            "level": "error",
            "message": {"text": WHY},
            "locations": [{"physicalLocation": {"artifactLocation": file, "region": region}}],
            "ruleId": "E010",
            "ruleIndex": 0,
            "fixes": [{"artifactChanges": [{"artifactLocation": file, "replacements": [replacement]}]}],
        },
        {
            "level": "note",
            "message": {"text": "the picture has 50 megapixels"},
            "locations": [
                {"physicalLocation": {"artifactLocation": {"uri": "images/a.png", "uriBaseId": "%SRCROOT%"}}}
            ],
            "ruleId": "N092",
            "ruleIndex": 1,
        },
    ]


@given(st.text(st.sampled_from("ab戦\r\n")), st.integers(0, 9), st.integers(0, 9), st.text(max_size=3))
def test_a_program_that_makes_the_replacement_gets_the_mended_text(text, begin, length, new):
    """The law: lines and columns lead back to the same characters."""
    begin = min(begin, len(text))
    edit = Edit(begin, min(begin + length, len(text)), new)
    fault = Fault("a", 1, 1, Code.COLON_IN_VALUE, "x", mend=(edit,))
    (message,) = json.loads(printed("json", fault, text=text)[0])["messages"]
    (change,) = message["mend"]
    starts = [0, *(end.end() for end in re.finditer("\r\n|\r|\n", text))]
    found = starts[change["line"] - 1] + change["column"] - 1, starts[change["end_line"] - 1] + change["end_column"] - 1
    assert text[: found[0]] + change["text"] + text[found[1] :] == applied(text, [edit])


@pytest.mark.parametrize("form", FORMATS)
def test_names_that_are_no_unicode_can_be_printed(form):
    """A file's name may have bytes that are no UTF-8."""
    text = "\n".join(printed(form, Fault("images/\udcff.png", 0, 0, Code.UNFIT_NAME, "x")))
    assert "images/" in unquote(text)


@pytest.mark.parametrize("form", FORMATS)
def test_a_mend_of_a_file_that_has_changed_is_left_out(form):
    """Its places are those of another text."""
    text = "\n".join(printed(form, FAULT, text="x\n"))
    assert "insertedContent" not in text
    assert "%0A" not in text
    assert "end_line" not in text
