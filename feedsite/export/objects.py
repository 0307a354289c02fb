"""Objects of one bucket in any store that speaks S3, and what went wrong there, in words. The only door to obstore.

Keys and endpoint come from the environment variables that Amazon's own tools read (AWS_*), or from the machine's role.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
from obstore.store import S3Store

from ..digest import digest_of_pieces
from ..errors import FeedsiteError
from .manifest import Refused

# RFC 9110 13.1: the condition on which an object is put is its entity tag; None where there must be no object yet.
Tag = str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Seconds that one request may take, and in which one that failed is tried again."""

    request: float = 60
    retries: float = 60


_LONGEST_KEY = 1024  # bytes of UTF-8
_LONGEST_PREFIX = 200  # bytes: with it every alias that `check` passes makes a key (urls.py)
_DIGEST = 12  # bytes; Document.digest has as many
_PART = 8 * 1024 * 1024  # bytes: S3 takes 10,000 parts of an object, and none under 5 MB
_PARTS_AT_ONCE = 2
UPLOADING = (_PARTS_AT_ONCE + 1) * _PART  # bytes in memory of an object that is sent in parts
USUAL = RetryPolicy()
_HASTE = RetryPolicy(request=5, retries=2)


class Lost(FeedsiteError):
    """Another process has put an object in the place of the one that was to be replaced."""


class Told(NamedTuple):
    """What is told with an object: its media type, how long it may be kept, and where its address has moved to."""

    media_type: str
    cache_control: str
    location: str = ""


class Held(NamedTuple):
    """An object as it was fetched; `modified` is told by the store's clock."""

    body: bytes
    tag: str
    modified: datetime


class Bucket:
    """The objects below a prefix, by names relative to it."""

    def __init__(self, address: str, patience: RetryPolicy = USUAL) -> None:
        """`address` is s3://bucket/prefix. Raises FeedsiteError for any other."""
        parts = urlsplit(address)
        prefix = parts.path.strip("/")
        if parts.scheme != "s3" or not parts.netloc or "//" in prefix or parts.query or parts.fragment:
            raise FeedsiteError(f"{address} is no address of a bucket; write s3://bucket, or s3://bucket/prefix")
        if len(prefix.encode()) > _LONGEST_PREFIX:
            raise FeedsiteError(f"the prefix in {address} is longer than {_LONGEST_PREFIX} bytes; name a shorter one")
        self.address = address.rstrip("/")
        self._name = parts.netloc
        self._prefix = f"{prefix}/" if prefix else ""
        self._patience = patience
        self._store = self._opened()

    @property
    def hasty(self) -> "Bucket":
        """The same, for what can be left undone or comes again."""
        return Bucket(self.address, _HASTE)

    def get(self, name: str) -> Held | None:
        """The object; None where the bucket holds none of that name."""
        with self._in_words("read"):
            try:
                found = obstore.get(self._store, self._prefix + name)
                return Held(bytes(found.bytes()), found.meta["e_tag"] or "", found.meta["last_modified"])
            except FileNotFoundError as error:
                if "<Code>NoSuchBucket</Code>" in str(error):
                    raise
                return None

    def stands(self, name: str) -> bool:
        """Whether the bucket holds an object of that name."""
        return self._size(name) is not None

    def holds(self, name: str, size: int, digest: str) -> bool:
        """Whether it holds one of these bytes, told by their mark (Document.digest)."""
        if self._size(name) != size:
            return False
        with self._in_words("read"):
            try:
                stream = obstore.get(self._store, self._prefix + name).stream()
                return digest_of_pieces((bytes(piece) for piece in stream), _DIGEST) == digest
            except FileNotFoundError:
                return False

    def put(self, name: str, body: bytes, told: Told, *, is_new: bool = False) -> bool:
        """Puts the object, whatever stood there; a new one only where nothing does (If-None-Match), else gives False.

        Raises Refused where the store takes no object of that name.
        """
        self.refuse_unholdable(name)
        store = self._opened({"x-amz-website-redirect-location": told.location}) if told.location else self._store
        how: Any = {"mode": "create", "use_multipart": False} if is_new else {}
        with self._in_words("write"):
            try:
                obstore.put(store, self._prefix + name, body, attributes=_attributes(told), **how)
            except (AlreadyExistsError, PreconditionError):
                return False
            return True

    def can_hold(self, name: str) -> bool:
        return len((self._prefix + name).encode()) <= _LONGEST_KEY

    def refuse_unholdable(self, name: str) -> None:
        if not self.can_hold(name):
            raise Refused(f"its key would be longer than {_LONGEST_KEY} bytes, the most that S3 takes")

    def put_pieces(self, name: str, pieces: Iterator[bytes], told: Told) -> None:
        """The same of what is read while it is sent, in parts. What fails on the way leaves the former object."""
        self.refuse_unholdable(name)
        with self._in_words("write"):
            obstore.put(
                self._store,
                self._prefix + name,
                pieces,
                attributes=_attributes(told),
                chunk_size=_PART,
                max_concurrency=_PARTS_AT_ONCE,
            )

    def swap(self, name: str, body: bytes, told: Told, tag: Tag) -> str:
        """Puts the object in the place of the one with this tag, and gives its own. Raises Lost where that is away.

        An attempt whose answer was lost is repeated, and then refused by its own success: so what stands there is read.
        """
        mode: Any = "create" if tag is None else {"e_tag": tag}
        with self._in_words("write"):
            try:
                put = obstore.put(
                    self._store, self._prefix + name, body, attributes=_attributes(told), mode=mode, use_multipart=False
                )
                return put["e_tag"] or ""
            except (AlreadyExistsError, PreconditionError):
                pass
        held = self.get(name)
        if held is None or held.body != body:
            raise Lost(f"another build has written to {self.address} meanwhile")
        return held.tag

    def delete(self, name: str) -> None:
        with self._in_words("delete"):
            try:
                obstore.delete(self._store, self._prefix + name)
            except FileNotFoundError as error:
                if "<Code>NoSuchBucket</Code>" in str(error):
                    raise

    def _size(self, name: str) -> int | None:
        with self._in_words("read"):
            try:
                return obstore.head(self._store, self._prefix + name)["size"]
            except FileNotFoundError as error:
                if "<Code>NoSuchBucket</Code>" in str(error):
                    raise
                return None

    def _opened(self, headers: dict[str, str] | None = None) -> S3Store:
        """A store adds its headers to all it sends and signs them; so each address that has moved needs its own."""
        with self._in_words("open"):
            return S3Store(
                self._name,
                client_options={
                    "allow_http": True,  # where AWS_ENDPOINT_URL says http, it is meant
                    "timeout": timedelta(seconds=self._patience.request),
                    "default_headers": headers or {},
                },
                retry_config={
                    "max_retries": 20,
                    "backoff": {
                        "init_backoff": timedelta(seconds=0.1),
                        "max_backoff": timedelta(seconds=5),
                        "base": 2,
                    },
                    "retry_timeout": timedelta(seconds=self._patience.retries),
                },
            )

    @contextmanager
    def _in_words(self, action: str) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as error:
            if (code := _code(str(error))) in _OF_ONE_OBJECT:
                raise Refused(f"the store takes no object of that name or size ({code})") from None
            raise FeedsiteError(f"{self.address}: {_reason(str(error), action, self._name)}") from None


def _attributes(told: Told) -> dict[str, str]:
    return {"Content-Type": told.media_type, "Cache-Control": told.cache_control}


# What stores say (Amazon S3's API reference, "Error responses"), and what that means to who reads it.
_KEY = "the key is not known there; look at AWS_ACCESS_KEY_ID and AWS_ENDPOINT_URL"
_REGION = "the bucket lies in another region; name that in AWS_REGION"
_SENTENCES = {
    "NoSuchBucket": "there is no bucket {bucket}; make it first, or mend its name",
    "AccessDenied": "the key may not {action} objects there; it needs the right to get, put and delete them",
    "AllAccessDisabled": "the bucket is closed; its owner or the store's operator knows why",
    "InvalidAccessKeyId": _KEY,
    "InvalidClientTokenId": _KEY,
    "SignatureDoesNotMatch": "the secret does not belong to the key; look at AWS_SECRET_ACCESS_KEY",
    "ExpiredToken": "the key has expired; fetch a new one",
    "InvalidToken": "the session's token is not valid; look at AWS_SESSION_TOKEN",
    "RequestTimeTooSkewed": "this machine's clock and the store's differ too much; set the clock",
    "AuthorizationHeaderMalformed": _REGION,
    "PermanentRedirect": _REGION,
    "NotImplemented": "the store knows no conditional writes (If-Match), which keep two builds apart",
    "SlowDown": "the store asks to slow down, and went on to; build again later",
    "ServiceUnavailable": "the store is out of order, and stayed so; build again later",
    "InternalError": "the store is out of order, and stayed so; build again later",
    "QuotaExceeded": "the store is full, or the quota used up",
}
_STATUSES = {403: "AccessDenied", 429: "SlowDown", 500: "InternalError", 503: "ServiceUnavailable"}


# What is wrong with one object alone.
_OF_ONE_OBJECT = frozenset(
    {"KeyTooLongError", "InvalidURI", "InvalidObjectName", "XMinioInvalidObjectName", "EntityTooLarge"}
)


def _code(told: str) -> str:
    code = re.search(r"<Code>(\w+)</Code>", told)
    return code[1] if code else ""


def _reason(told: str, action: str, bucket: str) -> str:
    """The store's own code as a sentence, or its first words where it is unknown."""
    code = _code(told)
    status = re.search(r"status code: (\d{3})", told)
    found = code if code in _SENTENCES else _STATUSES.get(int(status[1])) if status else None
    if found:
        return _SENTENCES[found].format(bucket=bucket, action=action)
    if "/latest/api/token" in told or "/latest/meta-data" in told:
        return "no key is given; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    if "TimedOut" in told or "kind: Timeout" in told:
        return "the store did not answer in time"
    if "kind: Connect" in told:
        address = re.search(r"\b\w+://[^/\s]+", told)
        return f"{address[0] if address else 'the store'} cannot be reached; look at AWS_ENDPOINT_URL"
    return f"the store failed: {told.partition('Debug source')[0].strip()}"
