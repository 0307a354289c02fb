"""The words of pages and feeds: catalogues, plurals, dates, lists, and a site's own words."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from jinja2 import nodes
from markupsafe import Markup

from feedsite.document import Document
from feedsite.formats import templates
from feedsite.index.edition import Edition
from feedsite.languages import calendar, catalogues
from feedsite.model import Category, Correction, Person, Withdrawal
from feedsite.parsing import markup
from feedsite.settings import Publisher
from feedsite.site import Site
from feedsite.words import ENGLISH, Words

from .support import catalogues as sources
from .support.builders import entry, index, settings
from .support.golden import NOW

NINE = datetime(2021, 7, 5, 7, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
TAGS = sources.tags()
SPOKEN = re.compile(r"[^\W\d_]")  # a letter
ATTRIBUTES = ("alt", "aria-label", "content", "data-copied", "placeholder", "title", "value")  # that people read
# Attributes `content` of <meta> that are for programs.
FOR_PROGRAMS = re.compile(
    r"#[0-9a-f]{6}|noindex|website|article|summary\w*|width=device-width.*|0; url=\0|everything|light dark"
)


def words(tag, *own):
    return Words(tag, BERLIN, own)


def placeholders(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize("tag", TAGS)
def test_a_catalogue_has_each_message_of_the_sources_and_no_other(tag):
    """Every one is translated, none is marked as fuzzy or obsolete. `make words` brings them up to date."""
    said = sources.read(sources.FOLDER / f"{tag}.po")
    assert sorted(said) == sorted(sources.messages())
    assert [message for message, forms in said.items() if not all(form.strip() for form in forms)] == []


@pytest.mark.parametrize("path", sorted(sources.REGIONS.glob("*.po")), ids=lambda path: path.stem)
def test_a_region_has_only_what_it_says_otherwise(path):
    """Messages of the sources with their names in braces, in the text that `make words` writes."""
    said, plurals = sources.read(path), sources.messages()
    whole = sources.read(sources.FOLDER / f"{path.stem.partition('-')[0]}.po")
    assert path.read_text("utf-8") == sources.written(path.stem, said, is_whole=False)
    for message, forms in said.items():
        assert forms != whole[message], message
        assert len(forms) == (len(calendar.categories(path.stem)) if plurals[message] else 1), message
        assert {tuple(placeholders(form)) for form in forms} == {tuple(placeholders(message))}, message


@pytest.mark.parametrize(
    ("tag", "search", "archive"),
    [
        ("pt", "Buscar", "Arquivo"),
        ("pt-BR", "Buscar", "Arquivo"),
        ("pt-PT", "Pesquisar", "Arquivo"),
        ("pt-AO", "Pesquisar", "Arquivo"),
    ],
)
def test_a_region_says_some_things_otherwise_and_all_else_as_its_language(tag, search, archive):
    """Also where CLDR has a region follow another one, as Angola does Portugal."""
    assert (words(tag).text("Search"), words(tag).text("Archive")) == (search, archive)


@pytest.mark.parametrize("tag", TAGS)
def test_a_translation_has_the_names_in_braces_of_its_message(tag):
    """A form that is said of one number alone may leave that out."""
    numbers = sources.numbers(tag)
    for message, forms in sources.read(sources.FOLDER / f"{tag}.po").items():
        wanted = placeholders(message)
        for place, form in enumerate(forms):
            free = ["number"] if len(forms) > 1 and len(numbers[place]) == 1 else []
            found = placeholders(form)
            assert found == wanted or found == [name for name in wanted if name not in free], (message, form)


@pytest.mark.parametrize("tag", TAGS)
def test_a_catalogue_has_the_plurals_that_cldr_gives_its_language(tag):
    """In the header for gettext, and in each message that has any."""
    plurals = sources.messages()
    path = sources.FOLDER / f"{tag}.po"
    assert f'"Plural-Forms: {sources.plural_forms(tag)}\\n"' in path.read_text("utf-8")
    count = len(calendar.categories(tag))
    assert {len(forms) for message, forms in sources.read(path).items() if plurals[message]} == {count}


@pytest.mark.parametrize("tag", TAGS)
def test_gettext_takes_the_form_for_a_number_that_feedsite_takes(tag):
    """The law: the header of a catalogue means what CLDR's rule means, for every whole number up to 1,100."""
    from gettext import c2py  # noqa: PLC0415

    form = c2py(re.search("plural=(.*);", sources.plural_forms(tag))[1])
    assert [form(number) for number in range(1101)] == [calendar.category(tag, number) for number in range(1101)]


@pytest.mark.parametrize("tag", TAGS)
def test_the_text_of_a_catalogue_is_the_one_that_make_words_writes(tag):
    path = sources.FOLDER / f"{tag}.po"
    assert path.read_text("utf-8") == sources.written(tag, sources.read(path))


def test_the_list_of_messages_in_english_is_up_to_date():
    """And so is that in docs/languages.md."""
    assert (sources.FOLDER / "messages.pot").read_text("utf-8") == sources.written("", {})
    assert sources.table() in sources.DOCS.read_text("utf-8")


def test_a_message_is_not_said_in_pieces_or_bare_in_a_template():
    """The law: no template has letters for readers outside a message, neither as HTML nor within an expression."""
    bare = []
    for path in sorted(sources.TEMPLATES.glob("*.html")):
        tree = templates.parsed(path.read_text("utf-8"))
        page = "".join(part.data if isinstance(part, nodes.TemplateData) else "\0" for part in _parts(tree))
        reader = _Reader()
        reader.feed(page)
        reader.close()
        bare += [(path.name, said) for said in reader.said]
        bare += [(path.name, said) for output in tree.find_all(nodes.Output) for said in _constants(output)]
    assert bare == []


def _parts(tree):
    for output in tree.find_all(nodes.Output):
        yield from output.nodes


class _Reader(HTMLParser):
    """What a template without its expressions says to people."""

    def __init__(self):
        super().__init__()
        self.said = []

    def handle_data(self, data):
        if SPOKEN.search(data):
            self.said.append(data.strip())

    def handle_starttag(self, _, attrs):
        for name, value in attrs:
            if name in ATTRIBUTES and SPOKEN.search(value or "") and not FOR_PROGRAMS.fullmatch(value):
                self.said.append(value)


def _constants(node):
    """Texts within an expression that are printed as they are: not what a call or a filter takes."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Const) and isinstance(child.value, str) and SPOKEN.search(child.value):
            if not re.fullmatch(r"[a-z]+( [a-z]+)?", child.value):  # values of attributes, such as a class
                yield child.value
        elif not isinstance(child, nodes.Call | nodes.Filter | nodes.Compare | nodes.Test):
            yield from _constants(child)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("de-1996", "de"),
        ("ar-EG", "ar"),
        ("ar-Latn", ""),
        ("en", ""),
        ("en-US", ""),
        ("sv", ""),
        ("tlh", ""),
    ],
)
def test_a_language_has_the_catalogue_of_its_script(tag, expected):
    """Whatever country it names."""
    assert catalogues.tag_of(tag) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant", "zh-Hant"),
        ("pt-BR", "pt"),
        ("iw", "he"),
        ("in", "id"),
    ],
)
def test_chinese_has_a_catalogue_for_each_script(monkeypatch, tag, expected):
    """Portuguese one for all countries, and former codes of languages those of the present ones."""
    monkeypatch.setattr(catalogues, "tags", lambda: frozenset(("zh-Hans", "zh-Hant", "pt", "he", "id")))
    assert catalogues.tag_of.__wrapped__(tag) == expected


def test_a_message_is_said_in_the_language_of_the_site():
    """And in English where there is no catalogue."""
    said = {tag: words(tag).text("Correction: {title}", title="X") for tag in ("en", "de", "ar", "sv")}
    assert said == {"en": "Correction: X", "de": "Korrektur: X", "ar": "تصويب: X", "sv": "Correction: X"}


def test_a_number_takes_the_plural_of_the_language():
    """Arabic has six, Polish three."""
    polish = [
        words("pl").counted("{number} article", "{number} articles", number) for number in (1, 2, 5, 12, 22, 1000)
    ]
    assert polish == ["1 artykuł", "2 artykuły", "5 artykułów", "12 artykułów", "22 artykuły", "1000 artykułów"]
    arabic = [words("ar").counted("{number} article", "{number} articles", number) for number in (0, 1, 2, 3, 11, 100)]
    assert arabic == ["لا مقالات", "مقال واحد", "مقالان", "3 مقالات", "11 مقالًا", "100 مقال"]
    assert [words("en").counted("{number} article", "{number} articles", number) for number in (0, 1, 12345)] == [
        "0 articles",
        "1 article",
        "12,345 articles",
    ]


@pytest.mark.parametrize(
    ("tag", "day", "minute", "month"),
    [
        ("en", "5 July 2021", "5 July 2021, 09:30\u00a0(UTC+2)", "July 2021"),
        ("en-GB", "5 July 2021", "5 July 2021, 09:30\u00a0(UTC+2)", "July 2021"),
        ("en-US", "July 5, 2021", "July 5, 2021, 9:30\u202fAM\u00a0(UTC+2)", "July 2021"),
        ("de", "5. Juli 2021", "5. Juli 2021, 09:30\u00a0(UTC+2)", "Juli 2021"),
        ("ar", "5 يوليو 2021", "5 يوليو 2021، 9:30\u00a0ص\u00a0(UTC+2)", "يوليو 2021"),
        ("ar-EG", "٥ يوليو ٢٠٢١", "٥ يوليو ٢٠٢١، ٩:٣٠\u00a0ص\u00a0(UTC+2)", "يوليو ٢٠٢١"),
        ("fa", "۱۴ تیر ۱۴۰۰", "۱۴ تیر ۱۴۰۰،\u200f ۹:۳۰\u00a0(UTC+2)", "ژوئیه ۲۰۲۱"),
        ("ja", "2021年7月5日", "2021年7月5日 9:30\u00a0(UTC+2)", "2021年7月"),
        ("zh-TW", "2021年7月5日", "2021年7月5日 上午9:30\u00a0(UTC+2)", "2021年7月"),
        ("sv", "5 juli 2021", "5 juli 2021 09:30\u00a0(UTC+2)", "juli 2021"),
        ("tlh", "5 July 2021", "5 July 2021, 09:30\u00a0(UTC+2)", "July 2021"),
    ],
)
def test_a_date_is_written_as_the_language_writes_it(tag, day, minute, month):
    """In the digits of its papers."""
    said = words(tag)
    assert (said.day(NINE), said.minute(NINE), said.month(date(2021, 7, 31))) == (day, minute, month)


@pytest.mark.parametrize(
    ("tag", "two", "three", "either"),
    [
        ("en", "A and B", "A, B and C", "A, B or C"),
        ("en-US", "A and B", "A, B, and C", "A, B, or C"),
        ("de", "A und B", "A, B und C", "A, B oder C"),
        ("ar", "A وB", "A وB وC", "A أو B أو C"),
        ("ja", "A、B", "A、B、C", "A、B、またはC"),
    ],
)
def test_a_list_is_joined_as_the_language_joins_it(tag, two, three, either):
    said = words(tag)
    assert [said.listed(["A"]), said.listed(["A", "B"]), said.listed(["A", "B", "C"])] == ["A", two, three]
    assert said.listed(["A", "B", "C"], is_either=True) == either


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "A. B."),
        ("ko", "A. B."),
        ("th", "A. B."),
        ("ja", "A.B."),
        ("zh-TW", "A.B."),
        ("yue", "A.B."),
        ("ja-Latn", "A. B."),
    ],
)
def test_sentences_follow_each_other_as_the_script_has_them(tag, expected):
    """Those of Chinese and Japanese without a space; HTML stays HTML, and what is none is escaped."""
    assert words(tag).sentences("A.", "", "B.") == expected
    assert words(tag).sentences("<", Markup("<b>B</b>")) == f"&lt;{expected[2:-2]}<b>B</b>"


def test_a_list_of_many_is_joined_in_its_order():
    assert ENGLISH.listed([*"ABCDEF", "{0}"]) == "A, B, C, D, E, F and {0}"


def test_a_size_is_written_with_the_unit_of_the_language():
    assert [words(tag).size(octets) for tag, octets in (("en", 1234567), ("de", 1234567), ("en", 900))] == [
        "1.2 MB",
        "1,2 MB",
        "900 bytes",
    ]


def test_a_message_with_a_link_in_it_is_html_in_which_all_else_is_escaped():
    """And one without is text, which a template escapes where it prints it."""
    link = Markup('<a href="/">here</a>')
    said = ENGLISH.text("Tom & {names} at {place}", names="<b>", place=link)
    assert (said, hasattr(said, "__html__")) == ('Tom &amp; &lt;b&gt; at <a href="/">here</a>', True)
    plain = ENGLISH.text("Tom & {names}", names="<b>")
    assert (plain, hasattr(plain, "__html__")) == ("Tom & <b>", False)
    listed = ENGLISH.listed([link, "<b>"])
    assert (listed, hasattr(listed, "__html__")) == ('<a href="/">here</a> and &lt;b&gt;', True)


def test_a_sites_own_words_stand_before_those_of_the_catalogue():
    own = (
        ("Newest", ("Frisch",)),
        ("{number} article", ("{number} Text", "{number} Texte")),
        ("{number} more", ("+{number}",)),
    )
    said = words("de", *own)
    assert (said.text("Newest"), said.text("Subscribe")) == ("Frisch", "Abonnieren")
    assert [said.counted("{number} article", "{number} articles", number) for number in (1, 2)] == ["1 Text", "2 Texte"]
    assert said.counted("{number} more", "{number} more", 7) == "+7"


MENDED = Correction(at=NINE, note="Wien statt Graz", announce=True)
ALARM = """> [!NOTE]
> Zug[^1]

[^1]: Wien

<iframe src="https://www.youtube.com/embed/a"></iframe>
"""


@pytest.mark.sampled
@pytest.mark.parametrize("tag", TAGS)
def test_no_page_and_no_feed_of_another_language_has_an_english_message(tag):
    """Every path of a small site, also what articles say by themselves: notices, footnotes, links to players."""
    own = settings(language=tag, title="Ω", description="Ω", publisher=Publisher(name="Ω"))
    body = markup.article(ALARM, own.urls, "/2026/11/a/", words=own.words)
    some = {"title": "Ω", "summary": "Ω", "language": tag, "body": body, "authors": (Person(name="Ω"),)}
    rail = (Category(term="ω", label="Ω", scheme="tag"),)
    entries = [
        entry(
            "a", **some, tags=rail, corrections=(MENDED,), link="https://ω.example/", contributors=(Person(name="Ψ"),)
        ),
        entry("b", **some, withdrawal=Withdrawal(at=NOW, reason="Ω")),
        *(entry(f"c{number}", **some, section=Category(term="ω", label="Ω", scheme="section")) for number in range(50)),
    ]
    made = Site(Edition(index(*entries), NOW, own.words), own, {})
    kept = {form for forms in sources.read(sources.FOLDER / f"{tag}.po").values() for form in forms}
    english = [
        re.compile(re.sub(r"\\{\w+\\}", ".*", re.escape(form)))
        for messages in sources.messages().items()
        for form in messages
        if form not in kept and re.search("[a-z]{3}", re.sub(r"{\w+}", "", form))  # French has articles too
    ]
    said_at = {}
    for path in made:
        drawn = made[path]
        document = drawn if isinstance(drawn, Document) else drawn.document
        pages = [document, made.opened(path) or document] if "text/css" not in document.media_type else []
        said_at |= {said: path for page in pages for said in _said_in(page.body.decode())}
    found = {said for said in said_at.keys() - kept if any(form.fullmatch(said) for form in english)}
    assert {said: said_at[said] for said in found} == {}


def _said_in(text):
    yield from re.findall(r'"(?:title|description|user_comment|feed-menu)": "((?:[^"\\]|\\.)*)"', text)
    yield from (said.strip() for said in re.findall(r">([^<>]+)<", html.unescape(text)))
    yield from re.findall(r'(?:aria-label|title|text|content)="([^"]+)"', text)


def test_the_time_of_a_zone_with_minutes_is_named_with_them():
    kolkata = Words("en", ZoneInfo("Asia/Kolkata"))
    assert kolkata.minute(NINE) == "5 July 2021, 13:00\u00a0(UTC+5:30)"
    assert ENGLISH.span(NINE, NINE + timedelta(days=4)) == "5\u2060–\u20609\u00a0July 2021"
