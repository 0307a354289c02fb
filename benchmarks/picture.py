"""Curves over a growing archive as SVG, both axes logarithmic: linear growth is a slope, and drawn beside them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 460, 380  # of a panel
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 150, 46, 44  # around its plot; to the right stand the curves' names
_APART = 15  # pixels between two names at the least

# A card of its own, for an SVG in a page does not know the page's colours. The hues differ to every eye.
_STYLE = """\
svg { --card: #ffffff; --ink: #1f2328; --quiet: #59636e; --line: #d1d9e0;
      --c0: #0550ae; --c1: #b35900; --c2: #1a7f37; --c3: #a0158a; }
@media (prefers-color-scheme: dark) {
  svg { --card: #0d1117; --ink: #f0f6fc; --quiet: #9198a1; --line: #3d444d;
        --c0: #79c0ff; --c1: #ffa657; --c2: #56d364; --c3: #f5a3e6; }
}
text { font: 12px system-ui, sans-serif; fill: var(--ink); }
.quiet { fill: var(--quiet); }
.title { font-weight: 600; font-size: 14px; }
.grid { stroke: var(--line); stroke-width: 1; }
.ideal { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 4 4; }
.curve { fill: none; stroke-width: 2.2; }"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One curve: a value for each size."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Curves of one unit, which `title` names."""

    title: str
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """From a value to pixels; decades of `low` to `high` are as long as each other."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.start + share * (self.end - self.start)

    @property
    def decades(self) -> list[float]:
        first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
        return [10.0**power for power in range(first, last + 1)]


def drawn(sizes: Sequence[int], panels: Sequence[Panel]) -> str:
    width = _WIDTH * len(panels)
    title = f"What an archive costs from {sizes[0]:,} to {sizes[-1]:,} articles"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HEIGHT}" width="{width}" height="{_HEIGHT}" '
        f'role="img" aria-labelledby="title">',
        f'<title id="title">{title}</title>',
        f"<style>\n{_STYLE}\n</style>",
        f'<rect width="{width}" height="{_HEIGHT}" rx="8" fill="var(--card)"/>',
    ]
    for number, panel in enumerate(panels):
        lines += [f'<g transform="translate({number * _WIDTH} 0)">', *_panel(sizes, panel), "</g>"]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _panel(sizes: Sequence[int], panel: Panel) -> Iterator[str]:
    values = [value for series in panel.series for value in series.values]
    low, high = 10.0 ** math.floor(math.log10(min(values))), 10.0 ** math.ceil(math.log10(max(values)))
    across = _Scale(sizes[0], sizes[-1], _LEFT, _WIDTH - _RIGHT)
    up = _Scale(low, high, _HEIGHT - _BOTTOM, _TOP)
    yield f'<text class="title" x="{_LEFT}" y="26">{escape(panel.title)}</text>'
    for value in up.decades:
        y = f"{up(value):.1f}"
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>'
        yield f'<text class="quiet" x="{_LEFT - 8}" y="{y}" dy="4" text-anchor="end">{value:g}</text>'
    for size in sizes:
        x = f"{across(size):.1f}"
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}"/>'
        yield f'<text class="quiet" x="{x}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{_short(size)}</text>'
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    yield f'<text class="quiet" x="{middle}" y="{_HEIGHT - 8}" text-anchor="middle">articles</text>'
    yield from _ideals(across, up)
    for (number, series), label in zip(enumerate(panel.series), _labels(panel.series, up), strict=True):
        colour = f"var(--c{number % 4})"
        points = [(across(size), up(value)) for size, value in zip(sizes, series.values, strict=True)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline class="curve" points="{path}" style="stroke: {colour}"/>'
        for x, y in points:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" style="fill: {colour}"/>'
        beside = _WIDTH - _RIGHT + 10
        yield f'<text x="{beside}" y="{label:.1f}" dy="4" style="fill: {colour}">{escape(series.name)}</text>'


def _ideals(across: _Scale, up: _Scale) -> Iterator[str]:
    """The slope of what costs twice as much for twice as many, through each decade at the right, cut at the frame."""
    growth = across.high / across.low
    for value in up.decades[1:]:
        start = max(value / growth, up.low)
        x = across(across.high * start / value)
        yield f'<line class="ideal" x1="{x:.1f}" y1="{up(start):.1f}" x2="{across.end}" y2="{up(value):.1f}"/>'
    yield f'<text class="quiet" x="{across.end}" y="{up.end - 8}" text-anchor="end">dashed: linear growth</text>'


def _labels(series: Sequence[Series], up: _Scale) -> list[float]:
    """The heights of the names: at their curves' ends, and moved down where two would touch."""
    wanted = [up(each.values[-1]) for each in series]
    placed: dict[int, float] = {}
    lowest = -math.inf
    for number in sorted(range(len(series)), key=wanted.__getitem__):
        lowest = placed[number] = max(wanted[number], lowest + _APART)
    return [placed[number] for number in range(len(series))]


def _short(size: int) -> str:
    return f"{size // 1000}k" if size >= 1000 else str(size)
