"""Pieces of files that editors' programs put in: whole articles, and fields that are made of fields.

`$1` and `${1:word}` are where the cursor goes; $CURRENT_... is the clock's, in programs that know these variables.
"""

from typing import Any

_TODAY = "${CURRENT_YEAR:2026}-${CURRENT_MONTH:11}-${CURRENT_DATE:22}"
_NOW = f"{_TODAY}T${{CURRENT_HOUR:09}}:${{CURRENT_MINUTE:00}}:00${{CURRENT_TIMEZONE_OFFSET:Z}}"
_TEXT = "|\n  "


def _snippet(label: str, description: str, body: Any) -> dict[str, Any]:
    return {"label": label, "description": description, "body": body}


OF_ARTICLES = [
    _snippet(
        "New article",
        "An article that appears now.",
        {
            "title": '"${1:The headline}"',
            "published": _NOW,
            "section": "${2:world}",
            "body": f"{_TEXT}${{3:The text.}}",
        },
    ),
    _snippet(
        "New draft",
        "An article that nobody sees before `status` is taken out.",
        {"title": '"${1:The headline}"', "published": _NOW, "status": "draft", "body": f"{_TEXT}${{2:The text.}}"},
    ),
]
OF_FIELDS: dict[str, list[dict[str, Any]]] = {
    "published": [_snippet("Now", "This moment.", _NOW)],
    "updated": [_snippet("Now", "This moment.", _NOW)],
    "image": [_snippet("An image", "A picture of the site.", {"src": "images/$1", "alt": "$2", "credit": "$3"})],
    "enclosures": [_snippet("A recording", "A file of the site.", [{"url": "audio/$1"}])],
    "corrections": [_snippet("A correction", "Put the text right as well.", [{"at": _NOW, "note": '"$1"'}])],
    "withdrawn": [_snippet("A withdrawal", "A notice in the article's place.", {"at": _NOW, "reason": '"$1"'})],
}
