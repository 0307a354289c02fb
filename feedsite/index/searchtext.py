"""What of an article can be found by a search: its words, and the collections that it belongs to.

All follows from the record and the body alone, so an article's words can be taken out of the search as they were put
in. Neither a draft nor a withdrawn article has any.
"""

import html
import re
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from .. import searchwords
from ..collection import names_of
from ..model import NEVER, Entry
from . import entryjson

# Within a word these mark no end of it; a note's number and how a word is read aloud are none of its letters.
_LEFT_OUT = re.compile(r'<sup class="footnote-reference".*?</sup>|<(r[tp])\b.*?</\1>', re.DOTALL)
_REST_OF_TAG = r'(?=[\s>/])[^>"]*+(?:"[^"]*+"[^>"]*+)*+>'
_INLINE = re.compile(
    "</?(?:a|abbr|b|bdi|bdo|cite|code|data|del|dfn|em|i|ins|kbd|mark|q|rb|ruby|s|samp|small|span|strong|sub|sup|time|u"
    f"|var|wbr){_REST_OF_TAG}"
)
_TAG = re.compile(f"</?[a-z0-9]+{_REST_OF_TAG}")
_BETWEEN = " \ue000 "  # keeps phrases from being found across two fields; `folded` never gives it
_OF_COLLECTION = "\ue001"  # begins the word for a collection
_OF_BEGINNING = "\ue002"  # begins the word for the beginning of words
SHORT = 4  # letters of a beginning that has a word of its own


@lru_cache(1)  # a trigger asks for its words, then for the set of them
def words_of(record: str, body: str) -> str:
    """The words of an article, as the table `search` takes them (searchschema.py); "" for one that nobody may find.

    Raises ValueError, LookupError or TypeError for what was never written to the index.
    """
    entry = entryjson.entry(record, "", body)
    if entry.withdrawal or entry.published == NEVER:
        return ""
    fields = (searchwords.folded(text) for text in (entry.title, *_beside(entry), text_of(body)) if text)
    keys = () if entry.nav else names_of(entry)  # a standing page is in no collection
    return _BETWEEN.join((*fields, " ".join(map(collection_word, keys))))


def word_set_of(record: str, body: str) -> str:
    return word_set(words_of(record, body))


def word_set(words: str) -> str:
    """Each of the words once, and each of their beginnings, as the table `has_word` takes them."""
    whole = set(words.split())
    whole.discard(_BETWEEN.strip())
    letters = {word for word in whole if word[0] != _OF_COLLECTION}
    begun = [letters := {word[:length] for word in letters} for length in range(SHORT, 0, -1)]
    return " ".join(whole.union(map(beginning_word, set().union(*begun))))


def beginning_word(letters: str) -> str:
    """The word for what begins with these letters, SHORT ones or fewer. No text has it."""
    return _OF_BEGINNING + letters


def collection_word(key: str) -> str:
    """The word for a collection, by its key. No text has it."""
    return _OF_COLLECTION + blake2b(key.encode(), digest_size=6).hexdigest()


def text_of(body: str) -> str:
    """The text of an article's HTML, in a line for each paragraph or heading."""
    if "<sup" in body or "<r" in body:
        body = _LEFT_OUT.sub("", body)
    plain = _TAG.sub("\n", _INLINE.sub("", body))
    return html.unescape(plain) if "&" in plain else plain


def _beside(entry: Entry) -> Iterable[str]:
    """What stands on an article's page beside title and body."""
    if entry.is_summary_written:
        yield entry.summary
    if entry.image:
        yield from (entry.image.alt, entry.image.caption or "", entry.image.credit or "")
    yield from (enclosure.title or "" for enclosure in entry.enclosures)
    yield from (category.label for category in entry.categories)
    yield from (person.name for person in (*entry.authors, *entry.other_contributors))
    yield from (correction.note for correction in entry.corrections)
