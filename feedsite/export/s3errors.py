"""What an error of a store that speaks S3 means, as a sentence for an operator.

The texts are those of obstore: the store's answer in XML, or what went wrong on the way to it.
"""

import re

# The error codes of Amazon S3's API reference ("Error responses").
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
_OF_ONE_OBJECT = frozenset(
    {"KeyTooLongError", "InvalidURI", "InvalidObjectName", "XMinioInvalidObjectName", "EntityTooLarge"}
)


def is_no_bucket(text: str) -> bool:
    """Whether the bucket itself is missing, not an object in it."""
    return "<Code>NoSuchBucket</Code>" in text


def refused_object(text: str) -> str:
    """The error code, where the store refuses one object alone; else ""."""
    return code if (code := _code(text)) in _OF_ONE_OBJECT else ""


def sentence(text: str, action: str, bucket: str) -> str:
    """What went wrong, and what to look at; where the error is unknown, its first words."""
    code = _code(text)
    status = re.search(r"status code: (\d{3})", text)
    found = code if code in _SENTENCES else _STATUSES.get(int(status[1])) if status else None
    if found:
        return _SENTENCES[found].format(bucket=bucket, action=action)
    if "/latest/api/token" in text or "/latest/meta-data" in text:
        return "no key is given; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    if "TimedOut" in text or "kind: Timeout" in text:
        return "the store did not answer in time"
    if "kind: Connect" in text:
        address = re.search(r"\b\w+://[^/\s]+", text)
        return f"{address[0] if address else 'the store'} cannot be reached; look at AWS_ENDPOINT_URL"
    return f"the store failed: {text.partition('Debug source')[0].strip()}"


def _code(text: str) -> str:
    code = re.search(r"<Code>(\w+)</Code>", text)
    return code[1] if code else ""
