"""An editor's value as a message repeats it: shortened where it only has to be recognised, whole where it is pasted."""

_SHOWN = 60  # characters of a value that has to be recognised
_PASTED = 1000  # characters of a value that is to be pasted


def shown(value: str) -> str:
    """The value in quotation marks; of a long one only its beginning."""
    return quoted(value if len(value) <= _SHOWN else f"{value[:_SHOWN]}...")


def quoted(value: str) -> str:
    """The value as YAML's double-quoted text."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def in_full(value: str) -> str:
    """The value in quotation marks, ready to paste; of a very long one only its two ends."""
    return quoted(brief(value))


def brief(value: str) -> str:
    """The value itself; of a very long one only its two ends."""
    return value if len(value) <= _PASTED else f"{value[:_SHOWN]} ... {value[-_SHOWN:]}"
