"""The names of hosts in ASCII, by IDNA 2008 as browsers apply it: straße.example is xn--strae-oqa.example.

The only door to idna.
"""

import re

import idna

_LONGEST_LABEL = 63  # letters of ASCII (RFC 1035 2.3.4)
_NO_NAME = re.compile(r"[\s\x00-\x20\x7f\"#%/:<>?@\[\\\]^`{|}]")


def in_ascii(host: str) -> str:
    """The name of a host, without a port, in ASCII. Raises ValueError where it has none.

    Letters are mapped first (UTS 46, not transitional): Capitals become small, ideographic full stops become dots. A
    label that IDNA 2008 refuses and browsers open, such as an emoji, is encoded all the same.
    """
    if host.isascii():
        return host
    try:
        mapped = idna.uts46_remap(host, std3_rules=False)
    except idna.IDNAError:
        mapped = host.encode("idna").decode("ascii")  # IDNA 2003 knows fewer letters and refuses fewer
    *labels, last = mapped.split(".")
    if _NO_NAME.search(mapped) or not all(labels) or not (labels or last):
        raise ValueError(host)
    return ".".join(map(_label, (*labels, last)))


def _label(label: str) -> str:
    if len(label) > _LONGEST_LABEL:  # encoding takes the square of its length
        raise ValueError(label)
    if label.isascii():
        return label
    try:
        return idna.alabel(label).decode("ascii")
    except idna.IDNAError:
        encoded = f"xn--{label.encode('punycode').decode('ascii')}"
    if len(encoded) > _LONGEST_LABEL:
        raise ValueError(label)
    return encoded
