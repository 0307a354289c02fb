"""Faulty entry files: the first lines of each name its expected faults, so a case is added as a file.

    # expect: <line>:<column>: <what the message holds>
    # expect-note: <line>:<column>: <what the note holds>

One comment for each fault, in the order of the faults; lines are counted in the file as it stands, with the comments.
"""

import re
from pathlib import Path

import pytest

from feedsite.parsing import entryfile
from feedsite.settings import Section

from .support.builders import entry_text, settings

SAMPLES = sorted((Path(__file__).parent / "faulty").glob("*.yaml"))
SITE = settings(sections={"world": Section(title="World")})
EXPECTED = re.compile(r"^# expect(-note)?: (\d+):(\d+): (.+)$", re.MULTILINE)


def test_files_that_are_read_together_are_read_as_each_alone():
    """Neither the faults of one nor its fields reach another one."""
    files = [(sample.read_bytes(), f"entries/{sample.name}") for sample in SAMPLES]
    files[1:1] = [(entry_text(title=title).encode(), f"entries/{title}.yaml") for title in ("Trams", "Buses")]
    assert entryfile.read_all(files, SITE) == [entryfile.read(content, path, SITE) for content, path in files]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_faulty_file_has_its_faults_in_their_places_and_no_others(sample):
    """Each cause has one fault in its place; a file with a fault has no entry."""
    content = sample.read_bytes()
    expected = EXPECTED.findall(content.decode())
    read = entryfile.read(content, f"entries/{sample.name}", SITE)
    found = [fault for fault in read.faults if "has no id" not in fault.message]
    assert [(bool(note), int(line), int(column)) for note, line, column, _ in expected] == [
        (fault.is_note, fault.line, fault.column) for fault in found
    ], found
    for (_, _, _, fragment), fault in zip(expected, found, strict=True):
        assert fragment in fault.message
    assert expected
    assert (read.entry is None) == any(not fault.is_note for fault in found)
