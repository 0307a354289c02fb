"""The Audience that access logs come to: what is counted, for which reader, and within which limits."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedsite.audience import chart, report, tally
from feedsite.audience.figures import Counts, Validators
from feedsite.audience.readers import BROWSERS
from feedsite.audience.tally import MORE_FEEDS, feed_at
from feedsite.formats import FEED_FORMATS

from .support.logs import FEEDLY, FRESH, RESS, audience_of, line, own


def reader(*lines):
    """The only reader in these lines."""
    (only,) = audience_of(*lines).readers
    return only


class TestWhatIsCounted:
    """Polls of feeds, and the sum of all other requests."""

    @pytest.mark.parametrize(
        ("path", "feed"),
        [
            ("/feed.rss", "/feed.rss"),
            ("/feed.rss?from=here", "/feed.rss"),
            ("/section/world.atom", "/section/world.atom"),
            ("/feed.json", "/feed.json"),
            ("/rss.xml", "/rss.xml"),
            ("/feed/", "/feed"),
            ("http://news.example/feed.rss", "/feed.rss"),
            ("/", None),
            ("/feed.rss/", None),
            ("/2026/11/rss/", None),
            ("/sitemap.xml", None),
            ("*", None),
            ("", None),
            (f"/{'x' * 300}.rss", None),
        ],
    )
    def test_a_feed_is_known_by_its_path(self, path, feed):
        """A feed's path is one that a format has, or had in other software."""
        assert feed_at(path) == feed

    @pytest.mark.parametrize("form", FEED_FORMATS, ids=lambda form: form.suffix)
    def test_each_formats_own_and_former_addresses_are_feeds(self, form):
        """Each path in the table of formats is a feed's."""
        assert feed_at(f"/feed.{form.suffix}")
        assert all(map(feed_at, form.former))

    @pytest.mark.parametrize("path", ["/blog/rss.xml", "/rss.xml"])
    def test_the_path_of_base_url_is_taken_off(self, path):
        """The path of base_url may stand before a feed's path, as in a proxy's log, or not, as in the server's."""
        assert feed_at(path, "/blog") == "/rss.xml"

    def test_each_request_is_counted_once(self):
        """A request is counted by its status: as a poll, a redirect, another request, or an unreadable line."""
        found = audience_of(
            line(0, 200, 5000),
            line(1, 304),
            line(2, 226, 300),
            line(3, 503, 40),
            line(4, 301, 20, path="/rss.xml"),
            line(5, 200, 5000, path="/"),
            line(6, 404, 90, path="/other.rss"),
            line(7, 410, 90),
            line(8, 200, 0, method="HEAD"),
            line(9, 405, 9, method="POST"),
            "not a line",
            "",
        )
        assert found.total == Counts(polls=5, moved=1, not_modified=1, differences=1, errors=1, bytes=5360)
        assert (found.other_requests, found.other_bytes) == (4, 5189)
        assert (found.unreadable, found.example, found.requests) == (1, "not a line", 10)

    def test_polls_an_hour_are_over_all_that_the_logs_span(self):
        """Polls an hour are counted over the time from the first line to the last, whatever these requested."""
        found = audience_of(line(0, path="/"), line(30), line(60), line(240, path="/"))
        assert (found.hours, found.an_hour(found.total.polls)) == (4, 0.5)

    def test_less_than_an_hour_gives_no_polls_an_hour(self):
        """Two polls within a minute are not 120 an hour."""
        assert audience_of(line(0), line(1)).an_hour(2) is None

    def test_an_empty_log_has_no_readers(self):
        """Without a line there are no readers, no requests and no hours."""
        found = audience_of()
        assert (found.readers, found.requests, found.hours) == ((), 0, 0)


class TestSubscribers:
    """The subscribers that services claim, each counted once."""

    def test_the_latest_claim_counts(self):
        """Of two claims for one feed the later one counts."""
        assert reader(line(0, agent=FEEDLY.format(40)), line(60, agent=FEEDLY.format(42))).subscribers == 42

    def test_the_latest_claim_is_that_of_the_latest_time(self):
        """The times of the claims decide, not the order of the lines: rotated logs may be given newest first."""
        assert reader(line(60, agent=FEEDLY.format(42)), line(0, agent=FEEDLY.format(40))).subscribers == 42

    def test_subscribers_of_two_feeds_are_summed(self):
        """RSS and Atom at two paths are two subscriptions."""
        lines = line(0, agent=FEEDLY.format(40)), line(1, agent=FEEDLY.format(2), path="/feed.atom")
        assert reader(*lines).subscribers == 42

    def test_one_feed_id_counts_once_wherever_it_polls(self):
        """One feed-id that polls at two addresses has its subscribers once."""
        lines = (line(0, agent="Feedbin feed-id:7 - 42 subscribers", path=path) for path in ("/feed.rss", "/feed.atom"))
        assert reader(*lines).subscribers == 42

    def test_two_feed_ids_at_one_address_are_two(self):
        """Two feed-ids that poll at one address have their subscribers each."""
        lines = (line(0, agent=f"Feedbin feed-id:{number} - 21 subscribers") for number in (7, 8))
        assert reader(*lines).subscribers == 42

    def test_a_redirected_reader_claims_once(self):
        """The claim of a request that was redirected is not counted again at its target, from whatever address."""
        ten, rest = FEEDLY.format(10), FEEDLY.format(32)
        found = reader(
            line(0, 301, agent=ten, path="/rss.xml"),
            line(0.1, agent=ten, client="203.0.113.10"),
            line(5, agent=rest),
            line(60, 301, agent=ten, path="/rss.xml"),
            line(60.1, agent=ten, client="203.0.113.11"),
        )
        assert [(claim.feed, claim.is_moved, claim.subscribers) for claim in found.claims] == [
            ("/feed.rss", False, 32),
            ("/rss.xml", True, 10),
        ]
        assert found.subscribers == 42

    def test_a_feed_known_by_http_and_by_https_is_two(self):
        """A redirect to the same path, from http to https, makes two feeds, each with its claim."""
        few, many = FEEDLY.format(2), FEEDLY.format(40)
        lines = line(0, 301, agent=few), line(0.1, agent=few), line(5, agent=many), line(60, 301, agent=few)
        assert reader(*lines).subscribers == 42

    def test_a_claim_two_days_older_than_the_newest_does_not_count(self):
        """A claim counts until its reader has made another one two days later."""
        gone = line(0, agent=FEEDLY.format(7), path="/feed.atom")
        assert reader(gone, line(48 * 60, agent=FEEDLY.format(42))).subscribers == 42
        assert reader(gone, line(48 * 60 - 1, agent=FEEDLY.format(42))).subscribers == 49

    def test_a_reader_without_claims_is_counted_by_its_clients(self):
        """The subscribers of a reader without claims are its clients, marked as an estimate."""
        found = reader(*(line(minute, client=f"203.0.113.{minute % 3}") for minute in range(9)))
        assert (found.subscribers, found.is_claimed) == (3, False)

    def test_a_claim_of_no_subscribers_is_a_claim(self):
        """A reader that claims 0 subscribers has 0, and its clients are no estimate."""
        found = reader(line(0, agent=FEEDLY.format(0)))
        assert (found.subscribers, found.is_claimed, found.clients) == (0, True, 1)

    def test_a_households_addresses_are_one_client(self):
        """All IPv6 addresses of a /64 are one client, and so is IPv4 written as IPv6."""
        clients = ("2001:db8::1", "2001:db8::2", "[2001:db8::3]", "203.0.113.9", "::ffff:203.0.113.9", "2001:db8:1::1")
        assert reader(*(line(client=client) for client in clients)).clients == 3


FETCHES = [(hour * 60, 200, 5000) for hour in range(5)]


class TestValidators:
    """Which pollers ignore validators, and which only seem to."""

    def judged(self, polls, *, others_got_304=True):
        other = [line(0, client="203.0.113.1", agent=FRESH)] if others_got_304 else []
        found = audience_of(*(line(*poll) for poll in polls), *other)
        return next(one.validators for one in found.readers if one.name == "NetNewsWire")

    def test_fetches_of_the_same_size_ignore_validators(self):
        """Five fetches, four of them of the same size as before, ignore validators if others were answered 304."""
        assert self.judged(FETCHES) == Validators(judged=1, ignoring=1, needless_bytes=20_000)

    @pytest.mark.parametrize(
        "polls",
        [
            pytest.param([(0, 200, 5000), (60, 200, 5001)], id="twice around one change"),
            pytest.param(FETCHES[:4], id="four times"),
            pytest.param([(hour * 60, 200, 5000 + hour) for hour in range(9)], id="a feed that changes each hour"),
            pytest.param([*FETCHES, (300, 304, 0)], id="answered 304 once"),
            pytest.param([*FETCHES, (300, 226, 90)], id="answered 226 once"),
            pytest.param(
                [(hour * 60, 200, 5000 + hour // 2) for hour in range(6)], id="half of the changes left the size"
            ),
            pytest.param([(hour * 60, 200, 0) for hour in range(9)], id="a log without sizes"),
            pytest.param([(second / 60, 200, 5000) for second in range(50)], id="a minute of reloading"),
            pytest.param([(hour * 60, 503, 5000) for hour in range(9)], id="a server in trouble"),
        ],
    )
    def test_a_poller_that_may_use_validators_ignores_none(self, polls):
        """Few fetches, other sizes, or one 304 or 226 are enough to judge in a poller's favour."""
        assert self.judged(polls).ignoring == 0

    def test_without_any_304_no_poller_ignores_validators(self):
        """On a server that never answers 304 no poller is judged by sizes."""
        assert self.judged(FETCHES, others_got_304=False).ignoring == 0

    def test_people_behind_many_addresses_are_no_poller(self):
        """Five clients that fetch once each are not one poller of five fetches."""
        lines = (line(hour * 60, 200, 5000, client=f"203.0.113.{hour}") for hour in range(5))
        assert reader(*lines).validators == Validators()

    def test_a_service_is_one_poller_from_whatever_address(self):
        """A reader that claims subscribers is one poller from all its addresses."""
        polls = [line(hour * 60, 200, 5000, client=f"203.0.113.{hour}", agent=FEEDLY.format(42)) for hour in range(5)]
        service = audience_of(*polls, line(0, agent=FRESH)).readers[0]
        assert (service.clients, service.validators.judged, service.validators.ignoring) == (5, 1, 1)

    def test_where_conditions_are_logged_sizes_do_not_matter(self):
        """In a log that records conditions, five fetches of any size without a condition ignore validators."""
        polls = [own(hour * 60, 200, 5000 + hour, is_conditional=False) for hour in range(5)]
        assert reader(*polls).validators == Validators(judged=1, ignoring=1, needless_bytes=0)

    def test_a_poller_that_names_a_version_ignores_no_validators(self):
        """One request with a condition is enough, even if the whole feed was sent each time."""
        got_304 = line(0, agent=FRESH)
        polls = [own(hour * 60, 200, 5000, is_conditional=hour > 0) for hour in range(9)]
        assert audience_of(*polls, got_304).readers[0].validators == Validators(judged=1)

    def test_each_poller_of_a_reader_is_judged_by_itself(self):
        """One installation of a program can ignore validators while another does not."""
        good = [line(hour * 60, client="203.0.113.1") for hour in range(5)]
        assert reader(*good, *(line(*poll) for poll in FETCHES)).validators == Validators(
            judged=2, ignoring=1, needless_bytes=20_000
        )


class TestBounds:
    """Limits of memory, whatever the logs contain."""

    def test_invented_readers_are_summed_and_the_real_one_stays(self):
        """Of too many readers those that poll least are summed, and the sum of all polls stays right."""
        lines = [line(number, agent=f"Invented{number}/1") for number in range(3000)]
        lines[::100] = [line(number, agent="steady/1") for number in range(30)]
        found = audience_of(*lines)
        assert len(found.readers) <= tally._MOST_UNLISTED
        assert found.total == Counts(polls=3000, not_modified=3000)
        assert next(one for one in found.readers if one.name == "steady").counts.polls == 30
        assert found.others.polls == 3000 - sum(one.counts.polls for one in found.readers)

    @pytest.mark.parametrize(("agent", "within"), [(RESS, 0.07), ("unheard/1", 0.2)])
    def test_a_great_many_clients_are_estimated(self, agent, within):
        """Clients beyond the sample are estimated, within these bounds and the same on every machine."""
        found = reader(*(line(number % 60, agent=agent, client=f"reader{number}.example") for number in range(20_000)))
        assert abs(found.clients / 20_000 - 1) < within

    def test_few_clients_are_counted(self):
        """Clients that all fit into the sample are counted exactly."""
        assert reader(*(line(client=f"reader{number}.example") for number in range(1000))).clients == 1000

    def test_a_poller_in_the_sample_is_kept_completely(self):
        """Pollers that ignore validators are found in a sample although thousands of other clients poll between."""
        lines = []
        for hour in range(5):
            lines += [line(hour * 60, 200, 5000, client=f"poller{number}.example") for number in range(1000)]
            lines += [line(hour * 60, client=f"passer{hour}-{number}.example") for number in range(1000)]
        found = reader(*lines).validators
        assert found.judged == found.ignoring
        assert 100 < found.judged < 250

    def test_invented_feeds_are_summed(self):
        """Of more than a thousand feeds the rest is summed."""
        found = audience_of(*(line(path=f"/{number}.rss") for number in range(3000)))
        assert len(found.feeds) == tally._MOST_FEEDS + 1
        assert found.feeds[0].path == MORE_FEEDS
        assert found.feeds[0].counts.polls == 2000

    def test_invented_feed_ids_are_bounded(self):
        """Of one reader at most a thousand claims are kept."""
        lines = (line(agent=f"Feedbin feed-id:{number} - 1 subscribers") for number in range(3000))
        assert reader(*lines).subscribers == tally._MOST_CLAIMS


STATUSES = st.sampled_from([200, 200, 304, 304, 226, 206, 301, 404, 410, 429, 503])
AGENTS = st.sampled_from([FEEDLY.format(7), FEEDLY.format(9), RESS, FRESH, "curl/8", "", "x"]) | st.text(max_size=60)
PATHS = st.sampled_from(["/feed.rss", "/feed.atom", "/rss.xml", "/feed/", "/", "/x.json", "/a b"]) | st.text(
    max_size=30
)
LINES = st.builds(
    lambda minutes, status, size, agent, path, number: line(
        minutes, status, size, agent=agent, path=path, client=f"203.0.113.{number}"
    ),
    st.integers(0, 6000),
    STATUSES,
    st.integers(0, 10**6),
    AGENTS,
    PATHS,
    st.integers(0, 9),
)
RAW = st.text(max_size=200) | st.builds(
    json.dumps,
    st.dictionaries(
        st.sampled_from(
            [
                "time",
                "client",
                "method",
                "path",
                "status",
                "bytes",
                "agent",
                "request",
                "is_conditional",
            ]
        ),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text()
        | st.dictionaries(
            st.sampled_from(["headers", "uri", "client_ip"]),
            st.text() | st.dictionaries(st.text(), st.lists(st.text())),
        ),
    ),
)


@given(st.lists(LINES | RAW, max_size=40))
@example([line(agent="\ud800", path="/\ud800.rss", client="\ud800")])
@example([own(0, 200, 10**18, is_conditional=False), own(10**7, 304, 0, is_conditional=True)])
def test_whatever_a_log_contains_is_counted_once_and_can_be_printed(lines):
    """The counts of any lines agree, and table, JSON and chart can be printed."""
    found = audience_of(*lines)
    whole = [one for one in lines if one.strip()]
    assert found.requests + found.unreadable == len(whole)
    assert sum((feed.counts for feed in found.feeds), Counts()) == found.total
    shown = report.table(found)
    assert all(letter.isprintable() or letter == "\n" for letter in shown)
    assert report.as_json(found).isascii()
    chart.draw(found)


@given(st.lists(LINES.filter(lambda one: '" 301 ' not in one), max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_the_logs_changes_no_count(lines, random):
    """Lines without redirects give the same counts, claims and clients in any order."""
    shuffled = list(lines)
    random.shuffle(shuffled)
    first, second = audience_of(*lines), audience_of(*shuffled)
    assert [(one.name, one.counts, one.claims, one.clients) for one in first.readers] == [
        (one.name, one.counts, one.claims, one.clients) for one in second.readers
    ]
    assert (first.total, first.feeds, first.hours) == (second.total, second.feeds, second.hours)


def test_browsers_are_one_reader():
    """User-Agents of all browsers are one reader."""
    agents = (
        "Mozilla/5.0 (X11) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (X) AppleWebKit/537.36 Chrome/140 Safari/537",
    )
    assert reader(*(line(agent=agent, client=agent[-3:]) for agent in agents)).name == BROWSERS
