"""What the front page and an article's page show beside the article, by the rules in the documentation alone."""

from .rows import rows


def is_readable(item):
    return not (item.part or item.entry.withdrawal)


def front_of(entries, listed, sections, now):
    """Of the newest articles, `listed`: what leads with the two beside it, the six newest, the blocks, the others."""
    collections = rows(entries, now)
    pinned = [item for item in collections["/"][1] if is_readable(item) and item.entry.pin][:1]
    top = (pinned + [item for item in listed if is_readable(item) and item not in pinned])[:3]
    told = [item.entry for item in listed if item.part == "#withdrawn"]
    left = [item for item in listed if item not in top and (item.part or item.entry not in told)]
    shown = top + left[:6]
    blocks = []
    for path in sections:
        found = [item for item in collections[path][1] if is_readable(item) and item not in shown][:4]
        blocks += [(path, found)] * bool(found)
        shown += found
    return top, left[:6], blocks, [item for item in left if item not in shown]


def related_of(entries, entry, series, now):
    """The next three older articles of the section; of each tag one that is among its next three, three in all; and
    which part of a series it is, with the parts beside it.
    """
    collections = rows(entries, now)
    section = older(collections[f"/{entry.section.term}/"][1], entry)[:3] if entry.section else []
    tags = []
    for tag in entry.tags:
        near = older(collections[f"/tag/{tag.term}/"][1], entry)[:3]
        tags += [one for one in near if one not in section + tags][:1]
    term = next((tag.term for tag in entry.tags if tag.term in series), None)
    return section, tags[:3], term and part_of(collections[f"/tag/{term}/"][1], entry)


def part_of(members, entry):
    articles = [item.entry for item in members if not item.part]
    readable = [one for one in articles if one == entry or not one.withdrawal]
    place = readable.index(entry)
    beside = [readable[place + 1 : place + 2], readable[max(0, place - 1) : place]]
    return len(articles) - articles.index(entry), *(one[0] if one else None for one in beside)


def older(members, entry):
    """The readable articles behind this one in a list, the nearest first."""
    behind = [item.entry for item in members if not item.part]
    behind = behind[behind.index(entry) + 1 :]
    return [one for one in behind if not one.withdrawal]
