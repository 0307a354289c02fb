"""`feedsite audience`: the logs it opens, and the table, the JSON and the chart it makes of them."""

import gzip
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as law
from hypothesis import strategies as st
from lxml import etree

from feedsite.audience import chart, logfiles, report, words
from feedsite.audience.tally import Tally
from feedsite.cli import main

from .support.logs import DAY, FEEDLY, line, own, told

HOSTILE = "\x1b[2J<script>alert(1)</script>&amp;'\u202e]]>--><a href=x>日本語日本語日本語日本語日本語"
SVG = "{http://www.w3.org/2000/svg}"
TABLE = """\
Who polled 1 feed from 22 Nov 2026, 09:00, to 23 Nov 2026, 08:00 UTC (23 hours)

Reader                      Subscribers  Feeds      Polls  Polls/h   304   226     Bytes    Ignoring
────────────────────────────────────────────────────────────────────────────────────────────────────
Feedly                            1,257      1         24      1.0  100%    0%       0 B
FreshRSS                             ~1      1         24      1.0   92%    0%   96.0 kB
feedparser                           ~1      1         24      1.0    0%    0%    1.2 MB      1 of 1
NetNewsWire                          ~1      0          0        0     –     –     200 B
────────────────────────────────────────────────────────────────────────────────────────────────────
Total                                        1         72      3.1   64%    0%    1.2 MB

1,257 subscribers claimed by the readers themselves. ~ marks the different clients of readers that
claim none, 3 in all, browsers and robots among them.
Ignoring: how many of the pollers that can be judged ask each time as if they held nothing. At least
1.1 MB of what they were sent they had already.
Led to another address, and no polls: 1 request for feeds.
Everything else: 1 request, 9.0 kB.
1 line could not be read, this one first:
  �[31mno line
"""


def run(*words, stdin=b""):
    return CliRunner().invoke(main, ["audience", *map(str, words)], input=stdin)


def log(folder, lines=DAY, name="access.log", pack=bytes):
    path = folder / name
    path.write_bytes(pack("\n".join(lines).encode() + b"\n"))
    return path


def lines_of(content: bytes) -> list[str]:
    return [one for batch in logfiles._lines(Path("log"), io.BytesIO(content)) for one in batch.lines]


class TestLogs:
    """Files and standard input, plain and packed."""

    @pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
    @pytest.mark.parametrize("name", ["access.log", "access.log.3.gz", "access.log-20261122"])
    def test_a_log_is_read_as_its_bytes_tell(self, tmp_path, pack, name):
        """Whatever its name says."""
        assert run(log(tmp_path, name=name, pack=pack)).stdout == report.table(told(*DAY))

    def test_several_logs_are_one(self, tmp_path):
        """Rotated ones, the newest first, as the shell lists them; formats may differ."""
        own_lines = [own(hour * 60, 304, 0, is_conditional=True) for hour in range(30)]
        logs = (
            log(tmp_path, own_lines),
            log(tmp_path, name="access.log.1"),
            log(tmp_path, name="2.gz", pack=gzip.compress),
        )
        assert run(*logs).stdout == report.table(told(*own_lines, *DAY, *DAY))

    @pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
    def test_a_dash_is_standard_input(self, pack):
        """At the end of a pipe."""
        assert run("-", stdin=pack("\n".join(DAY).encode())).stdout == report.table(told(*DAY))

    def test_members_that_were_joined_are_one_log(self):
        """`cat *.gz`, and the zeros that a tape adds (RFC 1952 2.2)."""
        packed = gzip.compress(b"a\nb") + gzip.compress(b"c\nd\n") + bytes(1000)
        assert lines_of(packed) == ["a", "bc", "d"]
        assert not any(batch.problem for batch in logfiles._lines(Path("log"), io.BytesIO(packed)))

    @pytest.mark.parametrize(
        "damage", [lambda packed: packed[:-9], lambda packed: packed[:600] + b"x" * 99 + packed[699:]]
    )
    def test_a_damaged_log_is_read_as_far_as_it_goes(self, tmp_path, damage):
        """And said to be damaged."""
        packed = gzip.compress("\n".join(line(number, client=f"host{number}") for number in range(999)).encode())
        path = tmp_path / "access.log.gz"
        path.write_bytes(damage(packed))
        result = run(log(tmp_path), path)
        assert result.exit_code == 0
        assert result.stderr == f"{path} is gzipped and breaks off or is damaged; what stands before that is counted\n"
        assert "Feedly" in result.stdout

    def test_lines_are_whole_wherever_a_piece_ends(self, monkeypatch):
        """Letters of three bytes, lines and packed bytes are cut anywhere, and joined."""
        lines = [f"{number} 日本" for number in range(50)]
        content = "\n".join(lines).encode()
        for size in (2, 3, 7, 64):
            monkeypatch.setattr(logfiles, "_CHUNK", size)
            assert lines_of(content) == lines
            assert lines_of(gzip.compress(content)) == lines

    def test_only_the_end_of_a_line_ends_a_line(self):
        """A stranger can send the other characters that might."""
        assert lines_of("a\x0bb\x0cc\x85d\u2028e\rf\ng\n".encode()) == ["a\x0bb\x0cc\x85d\u2028e\rf", "g"]

    def test_a_line_without_end_is_cut(self):
        """And the next one is read again."""
        content = b"a" * 10_000_000 + b"\nb\n" + b"c" * 10_000_000
        found = lines_of(content)
        assert found[1] == "b"
        assert all(len(one) <= 2 * logfiles._CHUNK for one in found)

    def test_what_unpacks_to_a_thousand_times_its_size_is_unpacked_piece_by_piece(self):
        """No batch holds more than a piece."""
        batches = list(logfiles._lines(Path("log"), io.BytesIO(gzip.compress(bytes(50_000_000)))))
        assert max(sum(map(len, batch.lines)) for batch in batches) <= 2 * logfiles._CHUNK
        assert len(batches) > 100

    def test_each_byte_of_a_log_is_told_as_taken(self, tmp_path):
        """The progress bar ends at the end, packed or not."""
        for path in (log(tmp_path), log(tmp_path, name="b", pack=gzip.compress)):
            assert sum(batch.taken for batch in logfiles.batches(path)) == logfiles.size([path]) == path.stat().st_size

    def test_the_size_of_a_pipe_is_not_known(self, tmp_path):
        """There is no bar without one."""
        assert logfiles.size([log(tmp_path), logfiles.STDIN]) is None

    @pytest.mark.parametrize(("name", "why"), [("gone", "No such file or directory"), (".", "Is a directory")])
    def test_a_log_that_cannot_be_read_is_told(self, tmp_path, name, why):
        """In one sentence, and nothing is counted without it."""
        result = run(log(tmp_path), tmp_path / name)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == f"{tmp_path / name} cannot be read: {why}\n"

    def test_a_file_that_is_no_access_log_is_told(self, tmp_path):
        """Wherever no line can be read."""
        result = run(log(tmp_path, ["title: The Meridian", "x\x1b[31m"]))
        assert result.exit_code == 1
        assert result.stderr == "no line is one of an access log, neither is the first: title: The Meridian\n"

    def test_an_empty_log_tells_of_nobody(self, tmp_path):
        """It is no fault to have no readers yet."""
        path = tmp_path / "empty"
        path.touch()
        assert run(path).stdout == "The logs hold no request.\n\nEverything else: 0 requests, 0 B.\n"

    def test_the_sites_own_path_is_taken_from_site_yaml(self, tmp_path):
        """The proxy's log of a site below /blog."""
        (tmp_path / "site.yaml").write_text("title: T\ndescription: D\nbase_url: https://news.example/blog\n")
        path = log(tmp_path, [line(path="/blog/rss.xml")])
        result = CliRunner().invoke(main, ["--site", str(tmp_path), "audience", str(path), "--json"])
        assert [feed["path"] for feed in json.loads(result.stdout)["feeds"]] == ["/rss.xml"]

    @law(deadline=None)
    @given(
        st.binary(max_size=500)
        | st.binary(max_size=500).map(gzip.compress)
        | st.binary().map(lambda one: b"\x1f\x8b" + one)
    )
    def test_any_bytes_are_read(self, content):
        """A log holds whatever strangers sent, and a disk whatever a crash left."""
        counted = Tally()
        counted.take(lines_of(content))
        assert counted.audience().requests >= 0


class TestTable:
    """For whoever sits at a terminal."""

    def test_the_table_tells_it_all(self):
        """Readers, sums, and what the marks mean."""
        assert report.table(told(*DAY)) == TABLE

    def test_no_stranger_steers_the_terminal(self):
        """Nor makes a line longer than 100 columns, with letters that take two."""
        lines = [line(agent=f"{number}{HOSTILE}/1", client=HOSTILE.split(maxsplit=1)[0]) for number in range(20)]
        shown = report.table(told("日" * 999, line(agent="日" * 99), *lines, *DAY))
        assert shown.count("\n日") == 1
        assert all(one.isprintable() and words.width(one) <= 100 for one in shown.splitlines())

    def test_readers_over_forty_are_summed(self):
        """JSON has them all."""
        found = told(*(line(agent=f"reader{number}/1") for number in range(50)))
        shown = report.table(found)
        assert "10 more readers" in shown
        assert shown.count("\nreader") == 40
        assert len(json.loads(report.as_json(found))["readers"]) == 50

    @pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("", 0)])
    def test_letters_are_as_wide_as_a_terminal_makes_them(self, text, columns):
        """Those of East Asia take two columns, marks none (UAX 11)."""
        assert words.width(text) == columns

    def test_less_than_an_hour_tells_no_rate(self):
        """And says why."""
        shown = report.table(told(line(0), line(1)))
        assert "    –  100%" in shown
        assert "less than an hour" in shown

    @pytest.mark.parametrize(
        ("number", "written"),
        [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (99_949, "99.9 kB"),
            (99_950, "100 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (1_234_567, "1.2 MB"),
            (10**9, "1.0 GB"),
            (10**18, "1,000 PB"),
        ],
    )
    def test_sizes_have_three_figures_at_most(self, number, written):
        """In decimal units."""
        assert words.size(number) == written

    @pytest.mark.parametrize(("part", "written"), [(0, "0%"), (0.001, "1%"), (0.5, "50%"), (0.999, "99%"), (1, "100%")])
    def test_all_and_nothing_are_told_apart_from_nearly(self, part, written):
        """Somebody who was spared once is not 0 %."""
        assert words.share(part) == written

    @pytest.mark.parametrize(
        ("polls", "written"),
        [(None, "–"), (0, "0"), (0.04, "0.04"), (0.96, "1.0"), (99.94, "99.9"), (99.96, "100"), (5953.4, "5,953")],
    )
    def test_rates_have_no_more_figures_than_they_mean(self, polls, written):
        """A poll a day, and thousands an hour."""
        assert words.rate(polls) == written


class TestJson:
    """For other programs."""

    def test_a_reader_is_told_with_everything(self):
        """The keys are those of docs/audience.md."""
        found = json.loads(report.as_json(told(*DAY)))
        assert found["readers"][0] == {
            "name": "Feedly",
            "subscribers": 1257,
            "is_claimed": True,
            "clients": 1,
            "feeds": 1,
            "polls": 24,
            "polls_per_hour": 1.043,
            "not_modified": 24,
            "not_modified_share": 1.0,
            "differences": 0,
            "differences_share": 0.0,
            "errors": 0,
            "moved": 0,
            "bytes": 0,
            "validators": {"judged": 1, "ignoring": 0, "needless_bytes": 0},
            "claims": [
                {
                    "feed": "/feed.rss",
                    "is_moved": False,
                    "feed_id": "",
                    "subscribers": 1257,
                    "time": "2026-11-23T08:00:00Z",
                }
            ],
        }
        assert (found["from"], found["to"], found["hours"]) == ("2026-11-22T09:00:00Z", "2026-11-23T08:00:00Z", 23)
        assert found["unreadable"] == {"lines": 1, "example": "�[31mno line"}
        assert found["other_requests"] == {"requests": 1, "bytes": 9000}

    def test_standard_output_is_json_alone(self, tmp_path):
        """So that it can be piped."""
        assert json.loads(run(log(tmp_path), "--json").stdout) == json.loads(report.as_json(told(*DAY)))


class TestChart:
    """A picture that stands alone."""

    def test_the_file_is_the_chart(self, tmp_path):
        """Beside the table."""
        result = run(log(tmp_path), "--chart", tmp_path / "a.svg")
        assert result.stdout == report.table(told(*DAY))
        assert (tmp_path / "a.svg").read_text("utf-8") == chart.draw(told(*DAY))

    def test_a_file_that_cannot_be_written_is_told(self, tmp_path):
        """In one sentence."""
        result = run(log(tmp_path), "--chart", tmp_path / "gone" / "a.svg")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.endswith("a.svg cannot be written: No such file or directory\n")

    def test_bars_are_as_long_as_their_subscribers(self):
        """The longest fills its place, half as many take half; the share answered 304 has a meter."""
        lines = [line(0, 304, agent=FEEDLY.format(200)), line(0, 200, agent="Feedbin feed-id:1 - 100 subscribers")]
        root = etree.fromstring(chart.draw(told(*lines)).encode())
        bars = [
            rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "claimed" and rect.get("height") == "18"
        ]
        assert [int(bar.get("width")) for bar in bars] == [360, 180]
        assert [rect.get("width") for rect in root.iter(f"{SVG}rect") if rect.get("class") == "spared"] == ["100"]

    def test_estimates_have_another_colour(self):
        """A count of clients is no claim."""
        root = etree.fromstring(chart.draw(told(line())).encode())
        assert [rect.get("class") for rect in root.iter(f"{SVG}rect") if rect.get("height") == "18"] == ["estimated"]

    def test_who_is_not_shown_is_summed(self):
        """A picture has room for two dozen readers."""
        assert "Readers not shown here: 6 polls." in chart.draw(told(*(line(agent=f"reader{n}/1") for n in range(30))))

    @law(deadline=None)
    @given(st.lists(st.text(max_size=80), max_size=5))
    def test_no_agent_becomes_markup(self, agents):
        """Whatever it says is text."""
        lines = [
            own(60 * hour, 200, 9, is_conditional=False, agent=one) for one in (*agents, HOSTILE) for hour in range(6)
        ]
        root = etree.fromstring(chart.draw(told(*lines)).encode())
        assert {node.tag.removeprefix(SVG) for node in root.iter()} == set(
            "svg title desc style clipPath rect text g".split()
        )
        assert {name for node in root.iter() for name in node.attrib} <= set(
            "class x y width height rx viewBox role aria-labelledby id".split()
        )

    def test_nobody_makes_a_chart_too(self):
        """An empty log is a picture that says so."""
        assert "The logs hold no request." in chart.draw(told())


def test_a_faulty_site_hinders_no_log(tmp_path):
    """Logs are read without a site, and beside a broken one."""
    (tmp_path / "site.yaml").write_text("title: [")
    result = CliRunner().invoke(main, ["--site", str(tmp_path), "audience", str(log(tmp_path))])
    assert result.stdout == report.table(told(*DAY))
