"""A value as an editor writes it, checked by one field type."""

from zoneinfo import ZoneInfo

import pytest

from feedsite.parsing import composer
from feedsite.parsing.fieldtypes import Context, Invalid


def context():
    return Context("a.yaml", ZoneInfo("UTC"))


def node(written):
    return composer.parse(f"x: {written}\n".encode(), "a.yaml")[0].fields[0].value


def value(type_, written):
    """What becomes of the value, which has no fault."""
    seen = context()
    read = type_.check(node(written), seen)
    assert seen.faults == []
    return read


def refusal(type_, written):
    """The one fault of the value, as a line."""
    seen = context()
    with pytest.raises(Invalid):
        type_.check(node(written), seen)
    (fault,) = seen.faults
    return str(fault)
