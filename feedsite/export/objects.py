"""The objects of one bucket, in any store that speaks S3. The only door to obstore.

Keys and endpoint come from the environment variables that Amazon's own tools read (AWS_*), or from the machine's role.
"""

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
from . import s3errors
from .manifest import Refused

Tag = str | None  # an object's entity tag; None where no object exists


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Seconds that one request may take, and seconds in which a request that failed is repeated."""

    request: float = 60
    retries: float = 60


_LONGEST_KEY = 1024  # bytes of UTF-8
_LONGEST_PREFIX = 200  # bytes: so every path that `feedsite check` passes makes a key (urls.py)
_DIGEST = 12  # bytes; Document.digest has as many
_PART = 8 * 1024 * 1024  # bytes: S3 takes 10,000 parts of an object, and none under 5 MB
_PARTS_AT_ONCE = 2
UPLOADING = (_PARTS_AT_ONCE + 1) * _PART  # bytes in memory of an object that is sent in parts
USUAL = RetryPolicy()
_QUICK = RetryPolicy(request=5, retries=2)


class Conflict(FeedsiteError):
    """Another process has replaced the object that was to be replaced."""


class Headers(NamedTuple):
    """The headers of an object: Content-Type, Cache-Control, and where the store redirects to, "" for nowhere."""

    media_type: str
    cache_control: str
    location: str = ""


class Stored(NamedTuple):
    """An object as it was fetched; `modified` is by the store's clock."""

    body: bytes
    tag: str
    modified: datetime


class Bucket:
    """The objects below a prefix, by names relative to it."""

    def __init__(self, address: str, policy: RetryPolicy = USUAL) -> None:
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
        self._policy = policy
        self._store = self._opened()

    @property
    def quick(self) -> "Bucket":
        """The same bucket with short time limits, for requests that may fail, or are repeated anyway."""
        return Bucket(self.address, _QUICK)

    def get(self, name: str) -> Stored | None:
        """None where the bucket has no object of that name."""
        with self._explained("read"):
            try:
                found = obstore.get(self._store, self._prefix + name)
                return Stored(bytes(found.bytes()), found.meta["e_tag"] or "", found.meta["last_modified"])
            except FileNotFoundError as error:
                if s3errors.is_no_bucket(str(error)):
                    raise
                return None

    def exists(self, name: str) -> bool:
        return self._size(name) is not None

    def has(self, name: str, size: int, digest: str) -> bool:
        """Whether the object has bytes of this size and digest (Document.digest)."""
        if self._size(name) != size:
            return False
        with self._explained("read"):
            try:
                stream = obstore.get(self._store, self._prefix + name).stream()
                return digest_of_pieces((bytes(piece) for piece in stream), _DIGEST) == digest
            except FileNotFoundError:
                return False

    def put(self, name: str, body: bytes, headers: Headers, *, is_new: bool = False) -> bool:
        """Writes the object, whatever stood there. One that `is_new` is written only where no object exists
        (If-None-Match), else False is returned.

        Raises Refused where the store takes no object of that name.
        """
        self.refuse_long(name)
        store = self._opened({"x-amz-website-redirect-location": headers.location}) if headers.location else self._store
        how: Any = {"mode": "create", "use_multipart": False} if is_new else {}
        with self._explained("write"):
            try:
                obstore.put(store, self._prefix + name, body, attributes=_attributes(headers), **how)
            except (AlreadyExistsError, PreconditionError):
                return False
            return True

    def takes_name(self, name: str) -> bool:
        return len((self._prefix + name).encode()) <= _LONGEST_KEY

    def refuse_long(self, name: str) -> None:
        if not self.takes_name(name):
            raise Refused(f"its key would be longer than {_LONGEST_KEY} bytes, the most that S3 takes")

    def put_pieces(self, name: str, pieces: Iterator[bytes], headers: Headers) -> None:
        """Writes an object that is read while it is sent, in parts. On an error the former object stays."""
        self.refuse_long(name)
        with self._explained("write"):
            obstore.put(
                self._store,
                self._prefix + name,
                pieces,
                attributes=_attributes(headers),
                chunk_size=_PART,
                max_concurrency=_PARTS_AT_ONCE,
            )

    def swap(self, name: str, body: bytes, headers: Headers, tag: Tag) -> str:
        """Replaces the object that has this tag (RFC 9110 13.1), and returns the new one's tag. Raises Conflict where
        another object stands there.

        When the answer to a request was lost, obstore repeats the request, and the store refuses the second one because
        the first has succeeded. So the object is read before a conflict is reported.
        """
        mode: Any = "create" if tag is None else {"e_tag": tag}
        with self._explained("write"):
            try:
                put = obstore.put(
                    self._store,
                    self._prefix + name,
                    body,
                    attributes=_attributes(headers),
                    mode=mode,
                    use_multipart=False,
                )
                return put["e_tag"] or ""
            except (AlreadyExistsError, PreconditionError):
                pass
        stored = self.get(name)
        if stored is None or stored.body != body:
            raise Conflict(f"another build has written to {self.address} meanwhile")
        return stored.tag

    def delete(self, name: str) -> None:
        with self._explained("delete"):
            try:
                obstore.delete(self._store, self._prefix + name)
            except FileNotFoundError as error:
                if s3errors.is_no_bucket(str(error)):
                    raise

    def _size(self, name: str) -> int | None:
        with self._explained("read"):
            try:
                return obstore.head(self._store, self._prefix + name)["size"]
            except FileNotFoundError as error:
                if s3errors.is_no_bucket(str(error)):
                    raise
                return None

    def _opened(self, headers: dict[str, str] | None = None) -> S3Store:
        """Each redirect needs a store of its own, for obstore sends the headers of a store with all its requests."""
        with self._explained("open"):
            return S3Store(
                self._name,
                client_options={
                    "allow_http": True,  # where AWS_ENDPOINT_URL says http, it is meant
                    "timeout": timedelta(seconds=self._policy.request),
                    "default_headers": headers or {},
                },
                retry_config={
                    "max_retries": 20,
                    "backoff": {
                        "init_backoff": timedelta(seconds=0.1),
                        "max_backoff": timedelta(seconds=5),
                        "base": 2,
                    },
                    "retry_timeout": timedelta(seconds=self._policy.retries),
                },
            )

    @contextmanager
    def _explained(self, action: str) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as error:
            if code := s3errors.refused_object(str(error)):
                raise Refused(f"the store takes no object of that name or size ({code})") from None
            raise FeedsiteError(f"{self.address}: {s3errors.sentence(str(error), action, self._name)}") from None


def _attributes(headers: Headers) -> dict[str, str]:
    return {"Content-Type": headers.media_type, "Cache-Control": headers.cache_control}
