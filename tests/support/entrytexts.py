"""What the text of an entry file says, and the comments in it: what must stay when one field changes."""

import re
from pathlib import Path

from feedsite.parsing import composer, nodes
from feedsite.parsing.spans import spans

ROOT = Path(__file__).parents[2]
FILES = [path for folder in ("entries", "tests/sample/entries") for path in sorted((ROOT / folder).rglob("*.y*ml"))]


def said(text):
    """All that a text says, by the names of its fields; without empty lines at ends, which have no meaning."""
    root, faults = composer.parse(text.encode(), "a.yaml")
    assert root, faults
    return plain(root)


def plain(node):
    if isinstance(node, nodes.Scalar):
        return node.text.rstrip("\n")
    if isinstance(node, nodes.Sequence):
        return [plain(item) for item in node.items]
    return {named.name: plain(named.value) for named in node.fields}


def comments(text):
    """The comments of a text, those at the ends of lines too, as far as they are none within a value."""
    for value in leaves(spans(text)):
        text = text[: value.begin] + "x" * (value.end - value.begin) + text[value.end :]
    return re.findall(r"#[^\r\n]*", text)


def leaves(value):
    parts = [getattr(part, "value", part) for part in value.parts]
    return [leaf for part in parts for leaf in leaves(part)] if parts else [value]
