"""Where an embedded player leads: to which page, and what that place is called."""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from ..words import message

_WATCHED = (
    "bilibili.com bitchute.com dailymotion.com facebook.com loom.com mux.com nicovideo.jp odysee.com rumble.com"
    " rutube.ru streamable.com ted.com tiktok.com twitch.tv vimeo.com vk.com vkvideo.ru wistia.com wistia.net"
    " youku.com youtu.be youtube-nocookie.com youtube.com"
)
_HEARD = (
    "acast.com anchor.fm audioboom.com audiomack.com bandcamp.com buzzsprout.com captivate.fm castos.com deezer.com"
    " fireside.fm libsyn.com megaphone.fm mixcloud.com omny.fm podbean.com podcasts.apple.com podigee.io"
    " simplecast.com soundcloud.com spotify.com spreaker.com transistor.fm tunein.com"
)
_SAID = dict.fromkeys(_WATCHED.split(), message("Watch on {host}")) | dict.fromkeys(
    _HEARD.split(), message("Listen on {host}")
)
_CALLED = {"youtube-nocookie.com": "youtube.com", "youtu.be": "youtube.com", "wistia.net": "wistia.com"}
_YOUTUBE = re.compile(r"https?://(?:[a-z]+\.)?youtube(?:-nocookie)?\.com/embed/([\w-]*)/?(?:\?(.*))?", re.DOTALL)
# The address of a player, and that of the page which shows the same.
_PAGES = [
    (re.compile(player), page)
    for player, page in (
        (r"https?://player\.vimeo\.com/video/(\d+)(?:\?h=(\w+))?.*", r"https://vimeo.com/\1/\2"),
        (r"https?://(?:www|geo)\.dailymotion\.com/embed/video/(\w+).*", r"https://www.dailymotion.com/video/\1"),
        (r"https?://embed\.ted\.com/talks/([\w/-]+).*", r"https://www.ted.com/talks/\1"),
        (r"https?://open\.spotify\.com/embed(?:-podcast)?/([\w/]+).*", r"https://open.spotify.com/\1"),
        (r"https?://embed\.podcasts\.apple\.com/(.*)", r"https://podcasts.apple.com/\1"),
        (r"https?://embed\.music\.apple\.com/(.*)", r"https://music.apple.com/\1"),
    )
]


class Destination(NamedTuple):
    """The address of a page, the host as people call it, and the message on the link to it."""

    address: str
    host: str
    said: str


def destination(address: str, said: str = "") -> Destination:
    """Where an embed of this absolute address leads. `said` is the message, if what one does there is known already."""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    place = host
    while place and place not in _SAID:
        place = place.partition(".")[2]
    name = _CALLED.get(place, place) or host
    label = said or _SAID.get(place) or message("Open on {host}")
    return Destination(_page(address) if place else address, name, label)


def _page(address: str) -> str:
    if found := _YOUTUBE.fullmatch(address):
        return _of_youtube(found[1], parse_qs(found[2] or "")) or address
    for player, page in _PAGES:
        if found := player.fullmatch(address):
            return found.expand(page).rstrip("/")
    return address


def _of_youtube(video: str, said: dict[str, list[str]]) -> str | None:
    if video and video not in ("videoseries", "live_stream"):
        start = said.get("start", [""])[0]
        return f"https://www.youtube.com/watch?v={video}" + (
            f"&t={start}s" if re.fullmatch("[0-9]{1,6}", start) else ""
        )
    if re.fullmatch(r"[\w-]+", (listed := said.get("list", [""])[0])):
        return f"https://www.youtube.com/playlist?list={listed}"
    return None
