"""Pieces of files that editors' programs put in: whole articles, and fields that are made of fields.

`$1` and `${1:word}` are where the cursor goes; $CURRENT_... is the clock's, in programs that know these variables.
"""

from typing import Any

_TODAY = "${CURRENT_YEAR:2026}-${CURRENT_MONTH:11}-${CURRENT_DATE:22}"
_NOW = f"{_TODAY}T${{CURRENT_HOUR:09}}:${{CURRENT_MINUTE:00}}:00${{CURRENT_TIMEZONE_OFFSET:Z}}"
_TEXT = "|\n  "


def _snippet(label: str, description: str, body: Any) -> dict[str, Any]:
    return {"label": label, "description": description, "body": body}


_PICTURE = {"src": "images/${1:picture.jpg}", "alt": '"$2"', "credit": '"$3"'}
_HEADLINE = {"title": '"${1:The headline}"', "published": _NOW}
OF_ARTICLES = [
    _snippet(
        "New article",
        "An article that appears now.",
        {**_HEADLINE, "section": "${2:world}", "body": f"{_TEXT}${{3:The text.}}"},
    ),
    _snippet(
        "New draft",
        "An article that nobody sees before `status` is taken out.",
        {**_HEADLINE, "status": "draft", "body": f"{_TEXT}${{2:The text.}}"},
    ),
    _snippet("Picture", "A picture of the site.", {"image": _PICTURE}),
    _snippet(
        "Recording",
        "A file of the site, and its player.",
        {"enclosures": [{"url": "audio/${1:talk.mp3}", "title": '"$2"'}]},
    ),
    _snippet("Correction", "Put the text right as well.", {"corrections": [{"at": _NOW, "note": '"$1"'}]}),
    _snippet("Withdrawal", "A notice in the article's place.", {"withdrawn": {"at": _NOW, "reason": '"$1"'}}),
]
_AT = [_snippet("Now", "This moment.", _NOW)]
OF_FIELDS: dict[str, list[dict[str, Any]]] = {
    "published": _AT,
    "updated": _AT,
    "image": [_snippet("Picture", "A picture of the site.", _PICTURE)],
}
