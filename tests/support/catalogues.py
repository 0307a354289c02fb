"""The messages in the sources of feedsite, and its catalogues of them.

Run as a program (`make words`), it brings the catalogues and docs/languages.md up to date with the sources:
translations of messages that are still there stay, new ones are empty until somebody writes them.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.pofile import normalize, read_po
from babel.plural import PluralRule, to_gettext
from jinja2 import nodes

from feedsite.formats import templates
from feedsite.languages import calendar, own_name

PACKAGE = Path(calendar.__file__).parent.parent
FOLDER = PACKAGE / "catalogues"
REGIONS = FOLDER / "regions"
TEMPLATES = PACKAGE / "templates"
DOCS = PACKAGE.parent / "docs" / "languages.md"
_METHODS = {"text": 1, "counted": 2}  # of Words, with how many forms of a message each takes first
_MARKS = {"message": 1, "messages": 2}  # functions of words.py
_COUNTED = 1101  # numbers, as calendar.categories looks at
LIST = re.compile(r"(?<=\| message \| in German \|\n\| --- \| --- \|\n)(?:\|.*\n)*")


@cache
def messages() -> dict[str, str]:
    """Every message in the sources, with its plural; "" for one without plurals. In the order of their names."""
    found: dict[str, str] = {}
    for forms in (*_in_templates(), *_in_python()):
        one, many = (*forms, "")[:2]
        assert found.setdefault(one, many) == many, f"{one!r} is said with a plural here and without one there"
    return dict(sorted(found.items()))


def _in_templates() -> Iterator[tuple[str, ...]]:
    for path in sorted(TEMPLATES.glob("*.html")):
        for call in templates.parsed(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Getattr) and (count := _METHODS.get(call.node.attr)):
                yield from _forms([one.value for one in call.args[:count] if isinstance(one, nodes.Const)], count)


def _in_python() -> Iterator[tuple[str, ...]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            if isinstance(call.func, ast.Attribute):
                count = _METHODS.get(call.func.attr, 0)
            else:
                count = _MARKS.get(call.func.id, 0) if isinstance(call.func, ast.Name) else 0
            yield from _forms([one.value for one in call.args[:count] if isinstance(one, ast.Constant)], count)


def _forms(said: list[object], count: int) -> Iterator[tuple[str, ...]]:
    if count and len(said) == count and all(isinstance(one, str) for one in said):
        yield tuple(map(str, said))


def tags() -> list[str]:
    """The languages of the catalogues."""
    return sorted(path.stem for path in FOLDER.glob("*.po"))


def read(path: Path) -> dict[str, tuple[str, ...]]:
    """A catalogue as it is written: the forms of each message by its English one. Raises where gettext would."""
    with path.open("rb") as file:
        found = read_po(file, abort_invalid=True)
    assert not any(message.fuzzy for message in found if message.id), path
    assert not found.obsolete, path
    forms = {message.id: message.string for message in found if message.id}
    return {
        one if isinstance(one, str) else one[0]: (said,) if isinstance(said, str) else tuple(said)
        for one, said in forms.items()
    }


def plural_forms(tag: str) -> str:
    """gettext's header for a language: CLDR's rule, without the categories that only fractions have."""
    rule, used = calendar.locale_of(tag).plural_form, calendar.categories(tag)
    rules = {name: condition for name, condition in rule.rules.items() if name in used}
    if "other" not in used:
        rules.pop(used[-1])
    return to_gettext(PluralRule(rules)).rstrip(";") + ";"


def numbers(tag: str) -> list[list[int]]:
    """For each form of a message in a language the first numbers that it is said of."""
    found: list[list[int]] = [[] for _ in calendar.categories(tag)]
    for number in range(_COUNTED):
        found[calendar.category(tag, number)].append(number)
    return found


def written(tag: str, known: dict[str, tuple[str, ...]], *, is_whole: bool = True) -> str:
    """The text of a catalogue with the messages of the sources and what is known of them. "" is the tag of English.

    One that is not whole, of a region, has only those that are known.
    """
    if tag:
        count = len(calendar.categories(tag))
        forms = f"Plural-Forms: {plural_forms(tag)}"
        head = [f"# {own_name(tag)}"]
        head += [
            f"# msgstr[{place}] {name}: {', '.join(map(str, of[:8]))}{' ...' if len(of) > 8 else ''}"
            for place, (name, of) in enumerate(zip(calendar.categories(tag), numbers(tag), strict=True))
        ]
    else:
        count, forms, head = 2, "Plural-Forms: nplurals=2; plural=(n != 1);", ["# The messages in English."]
    fields = (f"Language: {tag or 'en'}", "Content-Type: text/plain; charset=utf-8", forms)
    lines = [*head, 'msgid ""', 'msgstr ""', *(f'"{field}\\n"' for field in fields)]
    for one, many in messages().items():
        if not (is_whole or one in known):
            continue
        lines += ["", f"msgid {normalize(one)}"]
        if many:
            said = known.get(one, ("",) * count) if tag else (one, many)
            lines += [f"msgid_plural {normalize(many)}"]
            lines += [f"msgstr[{place}] {normalize(form)}" for place, form in enumerate(said)]
        else:
            lines += [f"msgstr {normalize(known.get(one, ('',))[0] if tag else one)}"]
    return "\n".join(lines) + "\n"


def table() -> str:
    """The list of all messages in docs/languages.md, beside German as an example."""
    german = read(FOLDER / "de.po")
    return "".join(f"| `{one}` | {' / '.join(german[one])} |\n" for one in messages())


if __name__ == "__main__":
    (FOLDER / "messages.pot").write_text(written("", {}), "utf-8")
    for tag in tags():
        path = FOLDER / f"{tag}.po"
        path.write_text(written(tag, read(path)), "utf-8")
        lacking = [one for one, forms in read(path).items() if not all(forms)]
        print(f"{tag}: {len(lacking)} of {len(messages())} messages lack a translation")  # noqa: T201
    for path in REGIONS.glob("*.po"):
        path.write_text(written(path.stem, read(path), is_whole=False), "utf-8")
    DOCS.write_text(LIST.sub(lambda _: table(), DOCS.read_text("utf-8")), "utf-8")
