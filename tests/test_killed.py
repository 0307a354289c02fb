"""kill -9 at each step of each command that changes files: nothing is lost or half there, and once more does the rest.

A build that is killed: test_export.py.
"""

import re

from .support.killed import tries

FILES = {
    "site.yaml": "title: The Meridian\ndescription: World news.\nbase_url: https://news.example\n",
    "entries/a.yaml": "title: A\nid: tag:a,2026:a\npublished: 2026-11-20\nbody: Text.\n",
    "entries/draft.yaml": "title: Draft\nid: tag:a,2026:draft\nstatus: draft\nbody: Text.\n",
    "entries/links.yaml": "title: Links\nid: tag:a,2026:l\npublished: 2026-11-20\nbody: See [it](a.yaml).\n",
    "entries/2026-11-19-nameless.yaml": "title: Nameless\nbody: Text.\n",
    "entries/2026-11-18-nameless-too.yaml": "title: Nameless too\nbody: Text.\n",
    "entries/faulty.yaml": "title: Faulty: yes\nid: tag:a,2026:faulty\npublished: 2026-11-17\nbody: Text.\n",
}
# What is typed, and at each how many steps it is killed: several commands change a file by the same steps.
COMMANDS = (
    (("mv", "a", "b"), 1),
    (("publish", "draft"), 1),
    (("withdraw", "a", "--reason", "It was wrong."), 3),
    (("correct", "a", "--note", "It was wrong."), 4),
    (("write-ids",), 4),
    (("check", "--fix"), 5),
    (("new", "The headline"), 1),
    (("init", "new-site"), 13),
)
RENAMED = {"entries/a.yaml", "entries/b.yaml"}
PART = ".feedsite-part"  # hidden: never read, served, built or noted


def test_a_command_that_is_killed_loses_nothing_and_is_completed_by_the_next(tmp_path):
    for path, text in FILES.items():
        (tmp_path / "template" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "template" / path).write_text(text)
    tried = tries(tmp_path / "template", tmp_path / "site", COMMANDS)
    for (words, _), (*killed, whole) in zip(COMMANDS, tried, strict=True):
        final = without_times(whole["killed"])
        assert len(killed) >= 2
        assert final != FILES
        for number, one in enumerate(killed):
            at = words, number
            there = without_times(one["killed"])
            shown = {path: text for path, text in there.items() if not path.endswith(PART)}
            for path, text in shown.items():
                names = RENAMED if path in RENAMED else {path}
                assert text in [files.get(name) for files in (FILES, final) for name in names], (*at, path)
            assert FILES.keys() - RENAMED <= shown.keys(), at
            assert RENAMED & shown.keys(), at
            again = without_times(one["again"])
            if words[0] == "init" and shown.keys() - FILES.keys():
                assert (one["status"], again) == (1, there), at  # it writes over nothing, and says what stands there
            elif words[0] == "new" and final.keys() == shown.keys():
                assert len(again) == len(final) + 1, at  # it was done already
            else:
                assert (one["status"], again) == (0, final), at


def without_times(files):
    """Texts in which every time, and every random id, is the same one."""
    own = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+(Z|\+[\d:]+)|urn:uuid:[\da-f-]+")
    return {path: own.sub("...", text) for path, text in files.items()}
