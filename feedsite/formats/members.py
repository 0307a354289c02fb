"""The members of a JSON object."""

from typing import Any


def without_empty(members: dict[str, Any], kept: str = "") -> dict[str, Any]:
    """The members that have a value, not those that are None, "" or []; and the one named `kept` in any case."""
    return {name: value for name, value in members.items() if name == kept or value not in (None, "", [])}
