"""Signed addresses of articles that are not public: /shared/<token>/. A token names an article and its last second.

A token is base64url (RFC 4648 5) of the moment until which it opens anything, in five bytes; of an HMAC-SHA256 over
that moment and the article's id; and of that id. Nothing is stored: whoever has the secret can say whether a token is
one, and another secret makes all of them worthless.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from .errors import FeedsiteError

FOLDER = "/shared/"
VARIABLE = "FEEDSITE_SHARE_SECRET"
LEAST = 16  # bytes of a secret
_PURPOSE = b"feedsite share\0"  # no other use of the same secret gives the same signature
_MOMENT, _SIGNATURE = 5, sha256().digest_size  # bytes
_LONGEST = 2000  # letters of a token; an id has a few hundred at most
_ADDRESS = re.compile(rf"{FOLDER}[\w-]{{51,}}", re.ASCII)  # a token of an id with one byte has 51 letters


def secret(environment: Mapping[str, str]) -> bytes:
    """The secret that signs; b"" where none is set. Raises FeedsiteError where it is one that can be guessed."""
    found = environment.get(VARIABLE, "").encode("utf-8", "surrogateescape")
    if 0 < len(found) < LEAST:
        raise FeedsiteError(
            f"{VARIABLE} has {len(found)} bytes, and needs {LEAST} at least; "
            f"write a longer one, such as {secrets.token_urlsafe(24)}"
        )
    return found


def path(article: str, until: datetime, key: bytes) -> str:
    """The path that opens the article of this id (Entry.iri) before `until`, in whole seconds."""
    moment = int(until.timestamp()).to_bytes(_MOMENT)
    return f"{FOLDER}{_written(moment + _signature(moment, article.encode(), key) + article.encode())}/"


def opened(path: str, key: bytes, now: datetime) -> str | None:
    """The id of the article that a path opens at this moment; None where it opens nothing, and where `key` is empty."""
    token = path.removeprefix(FOLDER).removesuffix("/")
    if not key or not path.startswith(FOLDER) or len(token) > _LONGEST:
        return None
    try:
        content = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError:
        return None
    moment, signature, article = (
        content[:_MOMENT],
        content[_MOMENT : _MOMENT + _SIGNATURE],
        content[_MOMENT + _SIGNATURE :],
    )
    # The spelling is compared as well: base64 leaves bits at the end, and letters that a reader passes over.
    if not hmac.compare_digest(signature, _signature(moment, article, key)) or _written(content) != token:
        return None
    return article.decode() if now.timestamp() < int.from_bytes(moment) else None


def without_tokens(text: str) -> str:
    """The text with * for each token of a signed address in it: a log opens no draft to whoever reads it."""
    return _ADDRESS.sub(f"{FOLDER}*", text) if FOLDER in text else text


def _signature(moment: bytes, article: bytes, key: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE + moment + article, "sha256")


def _written(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
