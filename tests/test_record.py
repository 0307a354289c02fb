"""A value that is written as fields of its own: which fields it has, and how each fault is reported."""

import pytest

from feedsite.model import Person
from feedsite.parsing import entryfields, entryfile, sitefields, unknownfields
from feedsite.parsing.fieldtypes import Invalid
from feedsite.parsing.record import Field, record_of
from feedsite.parsing.scalars import EMAIL, LINE

from .support.builders import PATH, entry_text, settings
from .support.checking import context, node, refusal, value

TABLE = {
    "name": Field(LINE, "Mina Sato", is_required=True, synonyms=("byline",)),
    "email": Field(EMAIL, "sato@news.example"),
}
PERSON = record_of(Person, TABLE, "a person")


def test_fields_make_a_value():
    """A value is made of its fields; names with x- and empty fields are left out."""
    assert value(PERSON, "{name: Mina, email: , x-desk: [world]}") == Person(name="Mina")


def test_a_value_with_a_fault_is_not_made():
    """Each faulty field is reported, and the value is invalid as a whole."""
    seen = context()
    with pytest.raises(Invalid):
        PERSON.check(node("{byline: Mina, email: mina, desk: world}"), seen)
    assert [str(fault) for fault in seen.faults] == [
        'a.yaml:1:5: "byline" is called name here; write `name:` and keep what follows',
        'a.yaml:1:26: "mina" is not an e-mail address; write one such as desk@news.example',
        'a.yaml:1:32: a person has no field "desk"; there are name, email; take it out, or call it `x-desk` and it '
        "is passed over",
    ]


@pytest.mark.parametrize(("written", "shown"), [("Mina", "Mina"), ("[Mina]", "Mina Sato")])
def test_a_value_with_fields_is_not_a_word(written, shown):
    """The fault shows the required fields, with the editor's own word in its place."""
    assert refusal(PERSON, written) == f"a.yaml:1:4: a person is written as fields: {{name: {shown}}}"


def test_a_field_that_stands_in_another_file_is_sent_there():
    """Law: of each field that `unknownfields` sends elsewhere the other file has one, and this one has none."""
    files = {"an article": entryfields.FIELDS, "site.yaml": sitefields.FIELDS}
    for here, (there, names) in unknownfields._ELSEWHERE.items():
        assert set(names.split()) <= files[there].keys() - files[here].keys()
    (fault,) = entryfile.read(entry_text(series="[rail]").encode(), PATH, settings()).faults
    assert fault.message.startswith("series stands in site.yaml, not in an article; name there the tag of the parts")
