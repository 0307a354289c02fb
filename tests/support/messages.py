"""docs/messages.md as feedsite/explanations/ makes it.

Run as a program (`make messages`), it brings the page up to date.
"""

from pathlib import Path

from feedsite.checking.explanations import pages

PAGE = Path(__file__).parent.parent.parent / "docs" / "messages.md"
_ABOVE = "`feedsite explain E010` prints one of them, `feedsite explain` the list.\n"


def printed(page: str) -> str:
    """The page with what stands below its own text made anew."""
    own, mark, _ = page.partition(_ABOVE)
    return "\n".join([own + mark, *pages()])


if __name__ == "__main__":
    PAGE.write_text(printed(PAGE.read_text("utf-8")), "utf-8")
