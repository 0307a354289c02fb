"""An Audience as a chart: for each reader a bar of its subscribers, and the share of its polls answered 304 or 226.

The SVG document needs no other file and runs no script. It is light or dark as its viewer prefers. markupsafe escapes
each value.
"""

from markupsafe import Markup

from .figures import Audience, Counts, Reader
from .words import counted, cut, heading, people, period, rate, share

_SHOWN = 24  # readers
_LETTERS = 25  # of a reader's name
_WIDE, _EDGE = 960, 32  # of the picture, in pixels as all numbers that follow
_ROWS, _ROW, _BAR = 142, 32, 18  # where the rows begin; the height of a row, and of its bar
_BARS, _LONGEST = 226, 360  # where the bars begin, and the length of the longest
_METER, _METER_WIDE = 690, 100  # the bar of the share that was answered 304 or 226
_END = _WIDE - _EDGE

_STYLE = Markup("""
  :root { color-scheme: light dark; }
  svg { --paper: #fbf8f1; --ink: #16202c; --muted: #566070; --track: #e7dfce;
    --claimed: #2c6491; --estimated: #9dbdd6; --spared: #4d7f45; --wrong: #a62f1b; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #12171d; --ink: #e8e4db; --muted: #a4adb9; --track: #28313c;
      --claimed: #6fb0e0; --estimated: #35597a; --spared: #8cc37f; --wrong: #ff9b82; }
  }
  text { font-family: system-ui, "Segoe UI", "Noto Sans", "Helvetica Neue", Arial, sans-serif; font-size: 14px;
    fill: var(--ink); font-variant-numeric: tabular-nums; }
  .paper { fill: var(--paper); } .title { font-size: 22px; font-weight: 650; } .muted { fill: var(--muted); }
  .small { font-size: 12.5px; } .wrong { fill: var(--wrong); font-weight: 650; }
  .claimed { fill: var(--claimed); } .estimated { fill: var(--estimated); }
  .track { fill: var(--track); } .spared { fill: var(--spared); } .end { text-anchor: end; }
  .name { clip-path: url(#audience-names); }
""")
_PICTURE = Markup("""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img" \
aria-labelledby="audience-title audience-about">
<title id="audience-title">{title}</title>
<desc id="audience-about">{about}</desc>
<style>{style}</style>
<clipPath id="audience-names"><rect width="{names}" height="{high}"/></clipPath>
<rect class="paper" width="{wide}" height="{high}"/>
{parts}
</svg>
""")
_TEXT = Markup('<text class="{kind}" x="{x}" y="{y}">{text}</text>')
_BOX = Markup('<rect class="{kind}" x="{x}" y="{y}" width="{wide}" height="{high}" rx="{round}"/>')
_GROUP = Markup("<g><title>{title}</title>\n{parts}\n</g>")


def draw(audience: Audience) -> str:
    """The chart as an SVG document."""
    shown, rest = audience.readers[:_SHOWN], audience.readers[_SHOWN:]
    most = max((reader.subscribers for reader in shown), default=0) or 1
    parts = [*_head(audience), *(_row(audience, reader, number, most) for number, reader in enumerate(shown))]
    y = _ROWS + len(shown) * _ROW + 24
    for note in _notes(audience, rest):
        parts.append(_text(note, _EDGE, y, "small muted"))
        y += 20
    about = f"{heading(audience)}. " + "; ".join(map(_sentence, shown)) + "."
    return str(
        _PICTURE.format(
            wide=_WIDE,
            high=y + 8,
            title="Who reads the feeds",
            about=about,
            style=_STYLE,
            names=_BARS - 8,
            parts=Markup("\n").join(parts),
        )
    )


def _head(audience: Audience) -> list[Markup]:
    parts = [_text("Who reads the feeds", _EDGE, 46, "title")]
    if not audience.feeds:
        return [*parts, _text(heading(audience), _EDGE, 72, "muted")]
    y = _ROWS - 18
    return [
        *parts,
        _text(f"{counted(audience.polled, 'feed')}, polled {period(audience)}", _EDGE, 72, "muted"),
        _text("Reader", _EDGE, y, "small muted"),
        _box("claimed", _BARS, y - 10, 11, 11),
        _text("subscribers it claims", _BARS + 17, y, "small muted"),
        _box("estimated", _BARS + 170, y - 10, 11, 11),
        _text("different clients (~)", _BARS + 187, y, "small muted"),
        _text("answered 304 or 226", _METER, y, "small muted"),
        _text("polls an hour", _END, y, "small muted end"),
        _box("track", _EDGE, _ROWS - 9, _END - _EDGE, 1),
    ]


def _row(audience: Audience, reader: Reader, number: int, most: int) -> Markup:
    top = _ROWS + number * _ROW + (_ROW - _BAR) // 2
    y = top + 14
    long = max(round(_LONGEST * reader.subscribers / most), 2)
    spared = _spared(reader.counts)
    parts = [
        _text(cut(reader.name, _LETTERS), _EDGE, y, "name"),  # clipped: 25 letters W are twice as wide as most names
        _box("claimed" if reader.is_claimed else "estimated", _BARS, top, long, _BAR, 3),
        _text(people(reader), _BARS + long + 8, y),
        _box("track", _METER, top + 4, _METER_WIDE, _BAR - 8, 5),
        *([_box("spared", _METER, top + 4, max(round(_METER_WIDE * spared), 3), _BAR - 8, 5)] if spared else []),
        _text(
            share(spared) + (" !" if _is_ignoring(reader) else ""),
            _METER + _METER_WIDE + 10,
            y,
            "wrong" if _is_ignoring(reader) else "",
        ),
        _text(rate(audience.an_hour(reader.counts.polls)), _END, y, "end"),
    ]
    return _GROUP.format(title=_sentence(reader), parts=Markup("\n").join(parts))


def _notes(audience: Audience, rest: tuple[Reader, ...]) -> list[str]:
    notes = []
    if audience.feeds:
        notes.append(
            f"{counted(audience.claimed, 'subscriber')} claimed; {counted(audience.estimated, 'client')} "
            "of readers that claim none, browsers and robots among them."
        )
    if rest or audience.others != Counts():
        more = sum((reader.counts for reader in rest), audience.others)
        notes.append(f"Readers not shown here: {counted(more.polls, 'poll')}.")
    if any(map(_is_ignoring, audience.readers[:_SHOWN])):
        notes.append("! Most of its pollers that can be judged ask each time as if they held nothing.")
    return notes


def _is_ignoring(reader: Reader) -> bool:
    return reader.validators.ignoring * 2 > reader.validators.judged


def _spared(counts: Counts) -> float:
    """The share of polls that were answered without the whole feed."""
    return counts.not_modified_share + counts.differences_share


def _sentence(reader: Reader) -> str:
    """The text that a screen reader reads and that a pointer shows."""
    who = counted(reader.subscribers, "subscriber" if reader.is_claimed else "client")
    polls = counted(reader.counts.polls, "poll")
    return f"{reader.name}: {who}, {polls}, {share(_spared(reader.counts))} answered 304 or 226"


def _text(text: str, x: int, y: int, kind: str = "") -> Markup:
    return _TEXT.format(kind=kind, x=x, y=y, text=text)


def _box(kind: str, x: int, y: int, wide: int, high: int, curve: int = 0) -> Markup:
    return _BOX.format(kind=kind, x=x, y=y, wide=wide, high=high, round=curve)
