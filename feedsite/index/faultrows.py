"""A fault as a row of the index, and back."""

import json
from typing import Any

from ..edits import Edit
from ..errors import Fault

COLUMNS = "path, line, col, message, is_note, code, end_col, mend"


def row_of(fault: Fault, origin: str) -> tuple[Any, ...]:
    """`origin` is what found it (schema.py)."""
    mend = json.dumps(fault.mend, ensure_ascii=False) if fault.mend else ""
    return (fault.path, origin, fault.line, fault.column, fault.message, fault.is_note, fault.code, fault.end, mend)


def fault_of(path: str, line: int, col: int, message: str, is_note: int, code: str, end: int, mend: str) -> Fault:
    """The fault in a row of COLUMNS."""
    edits = tuple(Edit(*members) for members in json.loads(mend)) if mend else ()
    return Fault(path, line, col, message, bool(is_note), code, end, edits)
