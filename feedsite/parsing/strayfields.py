"""Fields in the first column that belong to what stands above them: a line of a text, or a field of an image."""

from collections.abc import Mapping
from typing import Any

from ..codes import Code
from . import nodes
from .braces import is_in_words
from .fields import Field
from .fieldtypes import Found, is_empty
from .nodes import Mark, Named, Scalar
from .problems import LINE_END
from .quoting import brief
from .straytext import text_indentation
from .unknownfields import nearest_field


def in_place(root: nodes.Mapping, table: Mapping[str, Field], content: bytes) -> tuple[nodes.Mapping, list[Found]]:
    """The fields of a file, with those in the places where they belong; what is wrong with each, where it stands, and
    the line to write.

    `table` has the fields that the file can have, `content` is its text.
    """
    if all(named.name in table or named.name.startswith("x-") for named in root.fields):
        return root, []
    lines = LINE_END.split(content.decode("utf-8-sig"))
    written = {named.name for named in root.fields}
    spaces: dict[Mark, int] = {}  # before the lines of a text, by its place
    fields: list[Named] = []
    problems: list[Found] = []
    for named in root.fields:
        name, mark, _ = named
        is_known = name in table or name.startswith("x-")
        if is_known or not fields or mark.column > 1 or name[:1].isspace():
            fields.append(named)
            continue
        above, line = fields[-1], brief(lines[mark.line - 1].rstrip())
        value = above.value
        if isinstance(value, Scalar) and value.style in ("|", ">") and _is_text(name, table, written):
            if value.mark not in spaces:
                spaces[value.mark] = min(text_indentation(lines, value.mark.line), 80)
            indented = " " * spaces[value.mark] + line
            message = f"if this line belongs to the text above, indent it: `{indented}`"
            problems.append(
                (Code.TEXT_NOT_INDENTED, mark._replace(end=len(lines[mark.line - 1].rstrip()) + 1), message, None)
            )
            fields[-1] = above._replace(value=value._replace(text=value.text or line))
        elif above.name in table and name in _own_fields(table[above.name].type.schema) and _is_open(value, name):
            others = value.fields if isinstance(value, nodes.Mapping) else ()
            indented = " " * ((value.mark.column - 1 if others else 0) or 2) + line
            lead = indented[: len(indented) - len(line)]
            is_alone = named.value.mark.line == mark.line and line.startswith(name)
            meant = f"{lead}{name}" if is_alone and named.value.mark.end else None
            problems.append((Code.FIELD_NOT_INDENTED, mark, f"indent it below {above.name}: `{indented}`", meant))
            fields[-1] = above._replace(value=nodes.Mapping((*others, named), others[0].mark if others else mark))
        else:
            fields.append(named)
    return root._replace(fields=tuple(fields)), problems


def _is_text(name: str, table: Mapping[str, Field], written: set[str]) -> bool:
    """Whether a name is rather the beginning of a sentence: in words, and no slip for a field that is not there yet."""
    known = nearest_field(name, table) if is_in_words(name) else ""
    return is_in_words(name) and (not known or known in written)


def _is_open(value: nodes.Node, name: str) -> bool:
    """Whether fields can be put below a field: it has no value yet, or such fields without this one."""
    if isinstance(value, nodes.Mapping):
        return not value.is_in_braces and all(named.name != name for named in value.fields)
    return isinstance(value, Scalar) and not value.style and is_empty(value)


def _own_fields(schema: Mapping[str, Any]) -> set[str]:
    """The names of the fields that a value can have, by its JSON Schema; of a list, those of an item alone."""
    names = set(schema.get("properties", ()))
    return names.union(*(_own_fields(each) for word in ("anyOf", "allOf") for each in schema.get(word, ())))
