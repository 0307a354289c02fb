"""The name of an entry file as it is sorted: by it the newer one of two articles of the same second is found.

Names are compared by their code points, and the numbers in them as numbers: part-10 is later than part-9.
"""

import re
import unicodedata
from functools import cache

_NUMBER = re.compile("([0-9]+)")
_USUAL = ".yaml"  # how nearly all files end


def sort_name(path: str) -> str:
    """A text for the path of an entry file: texts compare, by code points, as the paths below entries/ do. Two paths
    never have the same.

    Of `part-9.yaml` it is `part-19`, and of `part-10.yaml` `part-210`: before a number stands how many digits it has.
    Behind a zero byte stands what decides between names that are alike but for leading zeros; behind another one the
    path itself, of the few that end otherwise or have accents in two characters.
    """
    below = path.partition("/")[2]
    name = unicodedata.normalize("NFC", below.rpartition(".")[0])  # macOS writes é in two characters
    texts = _NUMBER.split(name)
    zeros = ""
    for place in range(1, len(texts), 2):
        digits = texts[place].lstrip("0")
        zeros += _length(len(texts[place]) - len(digits))
        texts[place] = _length(len(digits)) + digits
    is_usual = below == name + _USUAL
    texts += [f"\0{zeros}"] if zeros.strip("0") or not is_usual else []
    texts += [] if is_usual else [f"\0{below}"]
    return "".join(texts)


@cache
def _length(count: int) -> str:
    """A number in digits that compares with others as a text: 0 to 8, then 90 to 98, 990 to 998, and so on."""
    return "9" * (count // 9) + str(count % 9)
