"""The media types (IANA registry) of the pictures and recordings that a site publishes, by the end of their names."""

from pathlib import PurePosixPath
from urllib.parse import urlsplit

TYPES = {
    ".aac": "audio/aac",
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".vtt": "text/vtt; charset=utf-8",
    ".wav": "audio/vnd.wave",
    ".webm": "video/webm",
    ".webp": "image/webp",
}


_TYPES_ELSEWHERE = {
    ".epub": "application/epub+zip",
    ".flac": "audio/flac",
    ".m4b": "audio/mp4",
    ".m4v": "video/mp4",
    ".mkv": "video/matroska",
    ".mov": "video/quicktime",
    ".zip": "application/zip",
}


def type_of(name: str) -> str | None:
    """The media type of a file, by its name or address; None if the site publishes no files with this ending."""
    ending = name.rsplit("/", 1)[-1].rpartition(".")[2].partition("?")[0]
    return TYPES.get(f".{ending.lower()}")


def type_at(address: str) -> str | None:
    """The media type of a file at any address, without parameters; None where the ending of its path names none."""
    path = urlsplit(address).path
    kind = type_of(path) or _TYPES_ELSEWHERE.get(PurePosixPath(path).suffix.lower())
    return kind and kind.partition(";")[0]


def is_text(media_type: str) -> bool:
    """Whether a content coding makes content of this type smaller."""
    kind = media_type.partition(";")[0]
    return kind.startswith("text/") or kind.endswith(("xml", "json"))
