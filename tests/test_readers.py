"""User-Agents as services and readers send them: the name and the claim of each."""

import time

import pytest

from feedsite.audience.readers import BROWSERS, NAMELESS, identify, printable

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
WEBKIT = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "name", "subscribers", "feed_id"),
    [
        ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 462 subscribers; )", "Feedly", 462, ""),
        ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 1 subscribers; like FeedFetcher-Google)", "Feedly", 1, ""),
        ("Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 26 subscribers; )", "Inoreader", 26, ""),
        ("Mozilla/5.0 (compatible; inoreader.com; 114 subscribers)", "Inoreader", 114, ""),
        ("Feedbin feed-id:1697787 - 102 subscribers", "Feedbin", 102, "1697787"),
        (
            f'NewsBlur Feed Fetcher - 1 subscriber - https://www.newsblur.com/site/7704055/cat ("{WEBKIT}")',
            "NewsBlur",
            1,
            "7704055",
        ),
        ("NewsBlur Feed Fetcher - 1,234 subscribers - https://newsblur.com", "NewsBlur", 1234, ""),
        (
            "Mozilla/5.0 (compatible; theoldreader.com; 61 subscribers; feed-id=cead6c3a837650eeefd8fe4a)",
            "The Old Reader",
            61,
            "cead6c3a837650eeefd8fe4a",
        ),
        ("Mozilla/5.0 (compatible; BazQux/2.4; +https://bazqux.com/fetcher; 6 subscribers)", "BazQux", 6, ""),
        ("Netvibes (http://www.netvibes.com/; 0 subscribers; feedID: 19374716)", "Netvibes", 0, "19374716"),
        (
            "Overcast/1.0 Podcast Sync (123 subscribers; feed-id=456789; +http://overcast.fm/)",
            "Overcast",
            123,
            "456789",
        ),
        (
            "Dreamwidth Studios (webmaster@dreamwidth.org; for https://www.dreamwidth.org/x/; 2 readers)",
            "Dreamwidth",
            2,
            "",
        ),
        ("LiveJournal.com (webmaster@livejournal.com; for http://x/; 0 reader)", "LiveJournal", 0, ""),
        (
            "Mozilla/5.0 (compatible; YandexBlogs/0.99; robot; B; +http://yandex.com/bots)1 readers",
            "YandexBlogs",
            1,
            "",
        ),
        ("PlainFeeder v0.0.1 (+http://plainfeeder.com/about ; Subscriber Count: 12)", "PlainFeeder", 12, ""),
        ("Planet/1.0 subscribers=42", "Planet", 42, ""),
        ("Zhuaxia.com 1 Subscribers", "Zhuaxia.com", 1, ""),
        ("Lion Reader 1.0 (+https://lion.example; 1 subscriber)", "Lion Reader", 1, ""),
        ("Superfeedr bot/2.0 http://superfeedr.com - get in touch - feed-id:46271263", "Superfeedr", None, "46271263"),
        (
            "Mozilla/5.0 (X11; rv:1.2.1; Rojo 1.0;; on behalf of 15 subscriber(s) online) Gecko/20021130",
            "Mozilla",
            15,
            "",
        ),
    ],
)
def test_a_services_claim_is_read_in_every_spelling(agent, name, subscribers, feed_id):
    """User-Agents from logs and from their makers' pages have this name, claim and feed-id."""
    found = identify(agent)
    assert (found.name, found.subscribers, found.feed_id) == (name, subscribers, feed_id)


@pytest.mark.parametrize(
    "agent",
    [
        "NewsBlur Feed Fetcher - -1 subscribers",
        "Feedly/1.0 (9999999999 subscribers)",
        "Planet/1.0 subscribers=9999999999",
        "Feedly/1.5 subscribers",
        "Reader42 subscribers",
        "Feedly/1.0 (some subscribers)",
        "Feedly/1.0 (٤٢ subscribers)",
    ],
)
def test_what_is_no_number_of_people_is_no_claim(agent):
    """A version, a negative number, or one of ten digits is no claim."""
    assert identify(agent).subscribers is None


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("FreshRSS/1.23.1 (Linux; https://freshrss.org)", "FreshRSS"),
        ("Mozilla/5.0 (compatible; Miniflux/2.2.3; +https://miniflux.app)", "Miniflux"),
        ("Tiny Tiny RSS/23.05-a4543de (Unsupported) (https://tt-rss.org/)", "Tiny Tiny RSS"),
        ("NetNewsWire (RSS Reader; https://netnewswire.com/)", "NetNewsWire"),
        (f"{WEBKIT} Version/6.0 NetNewsWire/4.0.0", "NetNewsWire"),
        ("Reeder/5050102 CFNetwork/3860.700.2 Darwin/25.6.0", "Reeder"),
        ("newsboat/2.13 (Linux x86_64)", "newsboat"),
        ("newsbeuter/2.7 (Linux x86_64)", "newsboat"),
        ("Akregator/5.24.0 (23.08.0); syndication", "Akregator"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.21 (KHTML, like Gecko) akregator/4.11.5 Safari/537.21",
            "Akregator",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.6.1", "Thunderbird"),
        ("feedparser/6.0.11 +https://github.com/kurtmckee/feedparser/", "feedparser"),
        ("Emacs Elfeed 3.4.2", "Elfeed"),
        ("SpaceCowboys Android RSS Reader / 2.13.0(3764)", "Feeder"),
        ("Fiery%20Feeds/572 CFNetwork/3860.100.1 Darwin/25.0.0", "Fiery Feeds"),
        ("Unread RSS Reader - https://www.goldenhillsoftware.com/unread/", "Unread"),
        ("FeedFetcher-Google; (+http://www.google.com/feedfetcher.html)", "Google Feedfetcher"),
        ("python-requests/2.32.3", "Python"),
        # no row: its own product token
        ("davefeedread v0.5.25", "davefeedread"),
        ("axios/0.26.1", "axios"),
        ("Some%20App/572 CFNetwork/3860.100.1 Darwin/25.0.0", "Some App"),
        ("StreamReader bot : http://rss.nhenry.fr/", "StreamReader bot"),
        ("node", "node"),
        ("Mozilla/5.0 (compatible; PetalBot;+https://webmaster.petalsearch.com/site/petalbot)", "PetalBot"),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://x) Chrome/116",
            "bingbot",
        ),
        (f"{WEBKIT} Version/17.4 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)", "Applebot"),
        ("Mozilla/5.0 +https://podnews.net/bot PodnewsBot/1.0", "PodnewsBot"),
        ("Archiver/1.0 (+https://x.example/podcast/ and https://y.example/lire/)", "Archiver"),
        # people
        (CHROME, BROWSERS),
        (f"{WEBKIT} Mobile/15E148", BROWSERS),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", BROWSERS),
        ("Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 5.2; Trident/5.0)", BROWSERS),
        ("Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.16", BROWSERS),
        # nobody
        ("", NAMELESS),
        ("  ", NAMELESS),
        ("/", "/"),
    ],
)
def test_each_agent_has_one_name(agent, name):
    """A reader's name is that of the table or its product token; all browsers have one name."""
    assert identify(agent).name == name


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("newsboat/2.13 (Linux x86_64)", "newsboat/2.36 (macOS)"),
        ("Planet/1.0 subscribers=1", "Planet/2.0 subscribers=42"),
        ("Zhuaxia.com 1 Subscribers", "Zhuaxia.com 12 Subscribers"),
        ("Unheard feed-id=1", "Unheard feed-id=22"),
    ],
)
def test_versions_and_figures_make_no_other_reader(older, newer):
    """A name contains nothing that changes from poll to poll."""
    assert identify(older).name == identify(newer).name


def test_no_agent_costs_much_time():
    """200 User-Agents that are hard to read take less than two seconds; without joining blanks they took ten."""
    begun = time.process_time()
    for number in range(200):
        identify(f"a{' ' * 990}{number}")
    assert time.process_time() - begun < 2


def test_a_name_is_one_short_printable_line():
    """Control characters in a name are replaced, and a long name is cut."""
    name = identify("\x1b[31ma\u202eb\x07" + "x" * 500 + "/1").name
    assert name == "�[31ma�b�" + "x" * 30 + "…"


def test_any_text_is_made_printable():
    """Line ends, half a surrogate pair and unassigned characters are replaced."""
    assert printable("a\nb\r\tc\u2028d\ud800e\U0010ffff", 40) == "a�b��c�d�e�"
