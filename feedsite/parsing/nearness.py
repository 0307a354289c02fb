"""Whether one word was probably meant by another."""


def is_one_slip_off(written: str, meant: str) -> bool:
    """Whether the words differ by one letter that is missing, too many, another one, or changed with its neighbour."""
    if written == meant or abs(len(written) - len(meant)) > 1:
        return False
    start = next(
        (n for n, (a, b) in enumerate(zip(written, meant, strict=False)) if a != b), min(len(written), len(meant))
    )
    rest, wanted = written[start:], meant[start:]
    if rest[1:] == wanted or rest == wanted[1:] or rest[1:] == wanted[1:]:
        return True
    return len(rest) > 1 and rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
