"""`feedsite audience`: the logs that it opens, and the table, the JSON and the chart that it prints."""

import gzip
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedsite.audience import chart, logfiles, report, words
from feedsite.audience.tally import Tally
from feedsite.cells import cells
from feedsite.cli import main

from .support.logs import DAY, FEEDLY, audience_of, line, own

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
    """Files and standard input, plain and gzipped."""

    @pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
    @pytest.mark.parametrize("name", ["access.log", "access.log.3.gz", "access.log-20261122"])
    def test_a_gzipped_log_is_known_by_its_first_bytes(self, tmp_path, pack, name):
        """A log is decompressed if it is gzip, whatever its name ends in."""
        assert run(log(tmp_path, name=name, pack=pack)).stdout == report.table(audience_of(*DAY))

    def test_several_logs_are_one(self, tmp_path):
        """Logs in any order and format are counted together."""
        own_lines = [own(hour * 60, 304, 0, is_conditional=True) for hour in range(30)]
        logs = (
            log(tmp_path, own_lines),
            log(tmp_path, name="access.log.1"),
            log(tmp_path, name="2.gz", pack=gzip.compress),
        )
        assert run(*logs).stdout == report.table(audience_of(*own_lines, *DAY, *DAY))

    @pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
    def test_a_dash_is_standard_input(self, pack):
        """The argument - reads standard input, plain or gzipped."""
        assert run("-", stdin=pack("\n".join(DAY).encode())).stdout == report.table(audience_of(*DAY))

    def test_gzip_members_that_were_joined_are_one_log(self):
        """Several gzip members in one file, with zeros between them, are read to the end (RFC 1952 2.2)."""
        packed = gzip.compress(b"a\nb") + gzip.compress(b"c\nd\n") + bytes(1000)
        assert lines_of(packed) == ["a", "bc", "d"]
        assert not any(batch.problem for batch in logfiles._lines(Path("log"), io.BytesIO(packed)))

    @pytest.mark.parametrize(
        "damage", [lambda packed: packed[:-9], lambda packed: packed[:600] + b"x" * 99 + packed[699:]]
    )
    def test_a_damaged_log_is_read_as_far_as_it_goes(self, tmp_path, damage):
        """Lines before the damage are counted, and the damage is reported."""
        packed = gzip.compress("\n".join(line(number, client=f"host{number}") for number in range(999)).encode())
        path = tmp_path / "access.log.gz"
        path.write_bytes(damage(packed))
        result = run(log(tmp_path), path)
        assert result.exit_code == 0
        assert result.stderr == f"{path} is gzipped and breaks off or is damaged; what stands before that is counted\n"
        assert "Feedly" in result.stdout

    def test_lines_are_whole_wherever_a_piece_ends(self, monkeypatch):
        """Pieces may end within a letter, a line or a gzip block: the lines are the same."""
        lines = [f"{number} 日本" for number in range(50)]
        content = "\n".join(lines).encode()
        for size in (2, 3, 7, 64):
            monkeypatch.setattr(logfiles, "_CHUNK", size)
            assert lines_of(content) == lines
            assert lines_of(gzip.compress(content)) == lines

    def test_only_a_newline_ends_a_line(self):
        """Other characters that Unicode counts as line ends do not end a line of a log."""
        assert lines_of("a\x0bb\x0cc\x85d\u2028e\rf\ng\n".encode()) == ["a\x0bb\x0cc\x85d\u2028e\rf", "g"]

    def test_a_line_without_end_is_cut(self):
        """The rest of a line that is too long is skipped, and the next line is read."""
        content = b"a" * 10_000_000 + b"\nb\n" + b"c" * 10_000_000
        found = lines_of(content)
        assert found[1] == "b"
        assert all(len(one) <= 2 * logfiles._CHUNK for one in found)

    def test_gzip_of_a_thousand_times_its_size_is_decompressed_piece_by_piece(self):
        """No batch has more bytes than one piece."""
        batches = list(logfiles._lines(Path("log"), io.BytesIO(gzip.compress(bytes(50_000_000)))))
        assert max(sum(map(len, batch.lines)) for batch in batches) <= 2 * logfiles._CHUNK
        assert len(batches) > 100

    def test_each_byte_of_a_log_is_reported_as_read(self, tmp_path):
        """The bytes of all batches add up to the size on the disk, gzipped or not."""
        for path in (log(tmp_path), log(tmp_path, name="b", pack=gzip.compress)):
            assert sum(batch.taken for batch in logfiles.batches(path)) == logfiles.size([path]) == path.stat().st_size

    def test_the_size_of_a_pipe_is_not_known(self, tmp_path):
        """Without the sizes of all logs there is no progress bar."""
        assert logfiles.size([log(tmp_path), logfiles.STDIN]) is None

    @pytest.mark.parametrize(("name", "why"), [("gone\u202e", "No such file or directory"), (".", "Is a directory")])
    def test_a_log_that_cannot_be_read_is_an_error(self, tmp_path, name, why):
        """The error is one sentence, and nothing is printed."""
        result = run(log(tmp_path), tmp_path / name)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == f"{tmp_path / name} cannot be read: {why}\n".replace("\u202e", "?")

    def test_a_file_that_is_no_access_log_is_an_error(self, tmp_path):
        """A file in which no line can be read is an error."""
        result = run(log(tmp_path, ["title: The Meridian", "x\x1b[31m"]))
        assert result.exit_code == 1
        assert result.stderr == "no line is one of an access log, neither is the first: title: The Meridian\n"

    def test_an_empty_log_is_no_error(self, tmp_path):
        """The table of an empty log has no readers."""
        path = tmp_path / "empty"
        path.touch()
        assert run(path).stdout == "The logs hold no request.\n\nEverything else: 0 requests, 0 B.\n"

    def test_the_path_of_base_url_is_read_from_site_yaml(self, tmp_path):
        """The feeds of a site below /blog are recognised in a proxy's log."""
        (tmp_path / "site.yaml").write_text("title: T\ndescription: D\nbase_url: https://news.example/blog\n")
        path = log(tmp_path, [line(path="/blog/rss.xml")])
        result = CliRunner().invoke(main, ["--site", str(tmp_path), "audience", str(path), "--json"])
        assert [feed["path"] for feed in json.loads(result.stdout)["feeds"]] == ["/rss.xml"]

    @given(
        st.binary(max_size=500)
        | st.binary(max_size=500).map(gzip.compress)
        | st.binary().map(lambda one: b"\x1f\x8b" + one)
    )
    def test_any_bytes_are_read(self, content):
        """Files of any bytes are read without an error."""
        counted = Tally()
        counted.take(lines_of(content))
        assert counted.audience().requests >= 0


class TestTable:
    """The table on a terminal."""

    def test_the_table_has_readers_sums_and_notes(self):
        """The whole table of a day, with what its marks mean."""
        assert report.table(audience_of(*DAY)) == TABLE

    def test_no_user_agent_steers_the_terminal(self):
        """A User-Agent adds no control characters, and no line of more than 100 columns."""
        lines = [line(agent=f"{number}{HOSTILE}/1", client=HOSTILE.split(maxsplit=1)[0]) for number in range(20)]
        shown = report.table(audience_of("日" * 999, line(agent="日" * 99), *lines, *DAY))
        assert shown.count("\n日") == 1
        assert all(one.isprintable() and cells(one) <= 100 for one in shown.splitlines())

    def test_readers_over_forty_are_summed(self):
        """The table has forty readers and the sum of the others; JSON has all."""
        found = audience_of(*(line(agent=f"reader{number}/1") for number in range(50)))
        shown = report.table(found)
        assert "10 more readers" in shown
        assert shown.count("\nreader") == 40
        assert len(json.loads(report.as_json(found))["readers"]) == 50

    @pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("", 0)])
    def test_letters_are_as_wide_as_a_terminal_makes_them(self, text, columns):
        """Letters of East Asia take two columns, combining marks none (UAX 11)."""
        assert cells(text) == columns

    def test_less_than_an_hour_gives_no_rate(self):
        """The table of less than an hour has no polls an hour, and a note says so."""
        shown = report.table(audience_of(line(0), line(1)))
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
        """Sizes are in decimal units, with at most three digits."""
        assert words.size(number) == written

    @pytest.mark.parametrize(("part", "written"), [(0, "0%"), (0.001, "1%"), (0.5, "50%"), (0.999, "99%"), (1, "100%")])
    def test_nearly_all_is_not_100_per_cent(self, part, written):
        """Only all of them are 100 %, and only none are 0 %."""
        assert words.share(part) == written

    @pytest.mark.parametrize(
        ("polls", "written"),
        [(None, "–"), (0, "0"), (0.04, "0.04"), (0.96, "1.0"), (99.94, "99.9"), (99.96, "100"), (5953.4, "5,953")],
    )
    def test_rates_have_no_more_figures_than_they_mean(self, polls, written):
        """Rates below a thousand an hour have at most three digits, and larger ones no fraction."""
        assert words.rate(polls) == written


class TestJson:
    """The JSON for other programs."""

    def test_json_has_everything_about_a_reader(self):
        """A reader's object has the keys of docs/audience.md."""
        found = json.loads(report.as_json(audience_of(*DAY)))
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
        """With --json nothing else is on standard output."""
        assert json.loads(run(log(tmp_path), "--json").stdout) == json.loads(report.as_json(audience_of(*DAY)))


class TestChart:
    """The chart as an SVG file."""

    def test_the_file_is_the_chart(self, tmp_path):
        """--chart writes the file beside the table on standard output."""
        result = run(log(tmp_path), "--chart", tmp_path / "a.svg")
        assert result.stdout == report.table(audience_of(*DAY))
        assert (tmp_path / "a.svg").read_text("utf-8") == chart.draw(audience_of(*DAY))

    def test_a_file_that_cannot_be_written_is_an_error(self, tmp_path):
        """The error is one sentence."""
        result = run(log(tmp_path), "--chart", tmp_path / "gone" / "a.svg")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.endswith("a.svg cannot be written: No such file or directory\n")

    def test_bars_are_as_long_as_their_subscribers(self):
        """A bar of half as many subscribers is half as long; a meter shows the share that was answered 304."""
        lines = [line(0, 304, agent=FEEDLY.format(200)), line(0, 200, agent="Feedbin feed-id:1 - 100 subscribers")]
        root = etree.fromstring(chart.draw(audience_of(*lines)).encode())
        bars = [
            rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "claimed" and rect.get("height") == "18"
        ]
        assert [int(bar.get("width")) for bar in bars] == [360, 180]
        assert [rect.get("width") for rect in root.iter(f"{SVG}rect") if rect.get("class") == "spared"] == ["100"]

    def test_estimates_have_another_colour(self):
        """Bars of estimated clients and of claimed subscribers differ in class."""
        root = etree.fromstring(chart.draw(audience_of(line())).encode())
        assert [rect.get("class") for rect in root.iter(f"{SVG}rect") if rect.get("height") == "18"] == ["estimated"]

    def test_readers_that_are_not_shown_are_summed(self):
        """The chart has two dozen readers and a note about the others."""
        assert "Readers not shown here: 6 polls." in chart.draw(
            audience_of(*(line(agent=f"reader{n}/1") for n in range(30)))
        )

    @given(st.lists(st.text(max_size=80), max_size=5))
    def test_no_agent_becomes_markup(self, agents):
        """Whatever a User-Agent contains is text in the chart."""
        lines = [
            own(60 * hour, 200, 9, is_conditional=False, agent=one) for one in (*agents, HOSTILE) for hour in range(6)
        ]
        root = etree.fromstring(chart.draw(audience_of(*lines)).encode())
        assert {node.tag.removeprefix(SVG) for node in root.iter()} == set(
            "svg title desc style clipPath rect text g".split()
        )
        assert {name for node in root.iter() for name in node.attrib} <= set(
            "class x y width height rx viewBox role aria-labelledby id".split()
        )

    def test_an_empty_log_makes_a_chart_too(self):
        """The chart of an empty log says that there is no request."""
        assert "The logs hold no request." in chart.draw(audience_of())


def test_a_faulty_site_hinders_no_log(tmp_path):
    """Logs are read without a site.yaml, and beside a faulty one."""
    (tmp_path / "site.yaml").write_text("title: [")
    result = CliRunner().invoke(main, ["--site", str(tmp_path), "audience", str(log(tmp_path))])
    assert result.stdout == report.table(audience_of(*DAY))
