"""The members of a JSON object."""

from typing import Any


def without_empty(members: dict[str, Any]) -> dict[str, Any]:
    """The members that have a value: not those that are None, "" or []."""
    return {name: value for name, value in members.items() if value not in (None, "", [])}
