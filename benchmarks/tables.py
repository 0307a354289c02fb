"""Tables that read as plain text and can be pasted as Markdown; what was wanted beside what was measured."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """`measured` is to be at least, or at most, `wanted`."""

    name: str
    wanted: float
    measured: float
    is_at_least: bool
    unit: str = ""

    @property
    def is_met(self) -> bool:
        return self.measured >= self.wanted if self.is_at_least else self.measured <= self.wanted


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The first column to the left, figures to the right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(3, *(len(line[column]) for line in lines)) for column in range(len(head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(
        "| "
        + " | ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        + " |"
        for line in [lines[0], rule, *lines[1:]]
    )


def goals(reached: Iterable[Goal]) -> str:
    return table(
        ("goal", "wanted", "measured", "met"),
        (
            (
                goal.name,
                f"{'at least' if goal.is_at_least else 'at most'} {goal.wanted:g}{goal.unit}",
                f"{goal.measured:.3g}{goal.unit}",
                "yes" if goal.is_met else "NO",
            )
            for goal in reached
        ),
    )


def times(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"


def percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def megabytes(count: float) -> str:
    return f"{count / 1e6:,.1f}"


def middle_and_p95(figures: Sequence[float]) -> tuple[float, float]:
    return median(figures), quantiles(figures, n=20, method="inclusive")[-1]
