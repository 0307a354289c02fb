"""A value as an editor writes it, checked by one field type."""

from zoneinfo import ZoneInfo

import pytest

from feedsite.parsing import nodes
from feedsite.parsing.fieldtypes import Context, Invalid


def context():
    return Context("a.yaml", ZoneInfo("UTC"))


def node(written):
    return nodes.parse(f"x: {written}\n".encode(), "a.yaml")[0].fields[0].value


def value(kind, written):
    """What becomes of the value, which has no fault."""
    seen = context()
    read = kind(node(written), seen)
    assert seen.faults == []
    return read


def refusal(kind, written):
    """The one fault of the value, as a line."""
    seen = context()
    with pytest.raises(Invalid):
        kind(node(written), seen)
    (fault,) = seen.faults
    return str(fault)
