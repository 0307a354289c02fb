"""Pictures with a caption: what Markdown makes of a picture that has a title and stands alone in its paragraph.

`![alt](images/a.jpg "Caption. Credit: AFP")` is a figure. It is found in what pyromark wrote, whose tags have one form.
"""

import re
from html import unescape

# Who made a picture is said behind one of these words and a colon, where a sentence may begin.
_WORDS = (
    "credits? | photo(?:graph)? | picture | image | foto | bild | cr[ée]dit(?:\\ photo)? | cr[ée]dito | fotograf[íi]a"
    "| imagen | imagem | zdjęcie | fot\\. | fotoğraf | фото | صورة | تصوير | צילום | عکس | फ़ोटो | फोटो | ảnh"
    "| 写真 | 撮影 | 사진 | 图片? | 圖片? | 摄影 | 攝影"
)
_CREDIT = re.compile(
    rf"(?P<before>^|[.!?…。！？)\]”’»|–—-])\s*+[(（\[]?(?:{_WORDS})\s*+[:：]\s*+(?P<by>\S.*?)[)）\]]?$",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_SENTENCE_END = re.compile(r"[.!?…。！？؟।۔][)\]”’»」』\"]*$")
_ALONE = re.compile(
    r'^<p>(?P<link><a href="[^"<>]*+"(?: title="[^"<>]*+")?>)?+(?P<picture><img src="[^"<>]*+" alt="[^"<>]*+")'
    r' title="(?P<title>[^"<>]*+)" />(?P<end></a>)?+</p>$',
    re.MULTILINE,
)


def joint(caption: str) -> str:
    """What stands between a caption and the name of who made the picture: a dash, where no sentence ends."""
    return " " if _SENTENCE_END.search(caption) else " — "


def captioned(unsafe: str) -> str:
    """HTML of pyromark in which such pictures are figures. The title is the caption, and no longer one."""
    return _ALONE.sub(_figure, unsafe) if ' title="' in unsafe else unsafe


def _figure(found: re.Match[str]) -> str:
    title = found["title"].strip()
    if not title or bool(found["link"]) != bool(found["end"]):
        return found[0]
    credit = _CREDIT.search(title)
    caption = title[: credit.end("before")].strip(" |–—-") if credit else title
    if credit:
        caption = f"{caption}{joint(unescape(caption)) if caption else ''}<small>{credit['by']}</small>"
    picture = f"{found['link'] or ''}{found['picture']}>{found['end'] or ''}"
    return f"<figure>{picture}<figcaption>{caption}</figcaption></figure>"
