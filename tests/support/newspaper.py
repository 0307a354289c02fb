"""A small newspaper in one of several languages: every kind of page, with what can stand on it."""

from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from feedsite.model import Category, Correction, Enclosure, Image, Person, Picture, Withdrawal
from feedsite.parsing import markup
from feedsite.pictures import sizes
from feedsite.pictures.parsed import Shape
from feedsite.settings import Section
from feedsite.urls import Urls
from feedsite.words import Words

from .builders import entry, site
from .golden import NOW

BASE = "https://news.example"
IMAGES = Path(__file__).parent.parent.parent / "images"
PICTURES = ("railway.png", "padma.png", "towers.png", "tonga.png")  # of one size, all of them
SHAPE = Shape(type="image/png", width=1200, height=675)


@dataclass(frozen=True)
class Paper:
    """What a paper writes: its name, its sections, some headlines, a sentence, and a heading within a text."""

    title: str
    sections: tuple[str, ...]
    headlines: tuple[str, ...]
    sentence: str
    heading: str
    author: str


PAPERS = {
    "en": Paper(
        "The Meridian",
        ("World", "Culture", "Science"),
        ("Night trains return to Vienna", "A bridge that paid for itself before anybody thought it could", "Rain"),
        "After nine years the night train to Vienna runs again, and it leaves the old station at nine in the evening.",
        "What it costs",
        "Mina Sato",
    ),
    "de": Paper(
        "Der Meridian",
        ("Welt", "Kultur", "Wissenschaft"),
        ("Nachtzüge fahren wieder nach Wien", "Donaudampfschifffahrtsgesellschaft verlängert Verträge", "Regen"),
        "Nach neun Jahren fährt der Nachtzug nach Wien wieder, und er verlässt den alten Bahnhof um neun Uhr abends.",
        "Geschwindigkeitsbegrenzungen",
        "Jonas Weiß",
    ),
    "ar": Paper(
        "خط الطول",
        ("العالم", "الثقافة", "العلوم"),
        ("عودة القطارات الليلية إلى فيينا", "جسر سدد تكلفته قبل أن يظن أحد أن ذلك ممكن", "مطر"),
        "بعد تسع سنوات يعود القطار الليلي إلى فيينا، ويغادر المحطة القديمة في الساعة التاسعة مساءً كل يوم.",
        "كم يكلف",
        "ليلى حداد",
    ),
    "he": Paper(
        "קו האורך",
        ("עולם", "תרבות", "מדע"),
        ("רכבות הלילה חוזרות לווינה", "גשר שכיסה את עלותו לפני שמישהו חשב שזה אפשרי", "גשם"),
        "אחרי תשע שנים רכבת הלילה לווינה פועלת שוב, והיא יוצאת מהתחנה הישנה בתשע בערב בכל יום מימות השבוע.",
        "כמה זה עולה",
        "נועה לוי",
    ),
    "ja": Paper(
        "子午線新聞",
        ("国際", "文化", "科学"),
        ("ウィーンへ夜行列車が復活", "誰も予想しなかった早さで建設費を回収した長い橋の物語", "雨"),
        "九年ぶりにウィーン行きの夜行列車が走り始めた。列車は毎晩九時に古い駅を出て、翌朝には運河の街に着く。",
        "運賃はいくらか",
        "佐藤美奈",
    ),
}
_PROSE = """{sentence} {sentence} [feedsite](https://elsewhere.example/feedsite/), *{heading}* ==2026==.[^1]

## {heading}

{sentence} `make test`. {sentence}

<aside>{sentence}</aside>

> {sentence}
>
> <cite>{author}</cite>

~~~python
answer = [one for one in range(1_000_000) if one % 7 == 0 and one % 11 == 0 and one % 13 == 0 and one % 17 == 0]
~~~

| {heading} | 2026 | 2027 | 2028 | 2029 | 2030 | 2031 |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
| {author} | 28,000 | 29,000 | 30,000 | 31,000 | 32,000 | 33,000 |

- {sentence}
- {sentence}

[^1]: {sentence}
"""


def articles(language, count=25):
    """So many articles in a language, newest first: with and without pictures, some of other languages."""
    return [_article(language, number) for number in range(count)]


@cache
def paper(language, count=25, **changes):
    """The site of a paper, made and drawn once for all tests that look at it."""
    made = PAPERS[language]
    sections = {f"s{number}": Section(title=title) for number, title in enumerate(made.sections)}
    said = {"title": made.title, "description": made.sentence, "language": language, "sections": sections}
    return site(*articles(language, count), **{"series": ("trains",)} | said | changes)


def kinds(a_site):
    """A path of each kind of page."""
    further = [path for path in a_site if path.endswith("/page/1/")][:1]
    whole, linked, withdrawn, foreign = (f"/2026/11/n{number:02}/" for number in (0, 3, 5, 4))
    return ["/", *further, "/s0/", "/tag/trains/", "/feeds/", "/tags/", "/404.html", whole, linked, withdrawn, foreign]


def served(a_site, route):
    """Answers a browser's request from a site, as a server does a person's; pictures are those of the sample site."""
    path = unquote(urlsplit(route.request.url).path)
    name = Path(path).name.removesuffix(".webp")
    if path.startswith(("/images/", sizes.FOLDER)) and name in PICTURES:
        route.fulfill(body=(IMAGES / name).read_bytes(), content_type="image/png")
        return
    found = a_site.opened(path) or a_site.get(path)
    found = getattr(found, "document", found)
    route.fulfill(body=found.body, content_type=found.media_type) if found else route.fulfill(status=404, body=b"")


@cache
def _article(language, number):
    tongue = "ja" if number % 10 == 4 and language != "ja" else language
    made = PAPERS[tongue]
    text = _PROSE.format(sentence=made.sentence, heading=made.heading, author=made.author)
    moment = NOW - timedelta(hours=7 * number + 1)
    picture = Image(
        src=f"{BASE}/images/{PICTURES[number % 4]}", alt=made.heading, caption=made.sentence, credit="AFP/Getty"
    )
    withdrawal = Withdrawal(at=NOW, reason=made.sentence, announce=False) if number == 5 else None
    title = made.headlines[number % len(made.headlines)]
    if withdrawal:
        title = Words(language, UTC).text("Withdrawn: {title}", title=title)
    path = f"/2026/11/n{number:02}/"
    return entry(
        f"n{number:02}",
        path=path,
        title=title,
        published=moment,
        updated=moment,
        day=moment.date(),
        summary=made.sentence,
        is_summary_written=True,
        body="" if withdrawal else markup.article(text, Urls(BASE), path),
        authors=(Person(name=made.author), Person(name="Ada Okoye"))[: 1 + number % 2],
        language=tongue,
        section=Category(term=f"s{number % 3}", label=PAPERS[language].sections[number % 3], scheme="section"),
        tags=tuple(Category(term=term, label=term, scheme="tag") for term in ("trains", "rain")[: number % 3]),
        image=picture if number % 3 != 1 and not withdrawal else None,
        pictures=(Picture(url=picture.src, shape=SHAPE),),
        enclosures=(Enclosure(url=f"{BASE}/audio/a.mp3", type="audio/mpeg", length=9_000_000, duration=1865),)
        * (number == 2),
        link="https://en.wikipedia.org/wiki/Night_train" if number == 3 else None,
        corrections=(Correction(at=NOW, note=made.sentence),) * (number == 2),
        withdrawal=withdrawal,
    )
