"""A fault as a row of the index, and back."""

import json
from typing import Any

from ..codes import Code
from ..edits import Edit
from ..errors import Fault

COLUMNS = "path, line, col, code, message, end_col, mend"


def row_of(fault: Fault, origin: str) -> tuple[Any, ...]:
    """`origin` is what found it (schema.py)."""
    path, *others = columns_of(fault)
    return (path, origin, *others, fault.is_note)


def columns_of(fault: Fault) -> tuple[Any, ...]:
    """The row of COLUMNS of a fault."""
    mend = json.dumps(fault.mend, ensure_ascii=False) if fault.mend else ""
    return (fault.path, fault.line, fault.column, fault.code, fault.message, fault.end, mend)


def fault_of(path: str, line: int, col: int, code: str, message: str, end: int, mend: str) -> Fault:
    """The fault in a row of COLUMNS."""
    edits = tuple(Edit(*members) for members in json.loads(mend)) if mend else ()
    return Fault(path, line, col, Code(code), message, end, edits)
