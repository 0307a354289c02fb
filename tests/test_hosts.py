"""The names of hosts in ASCII: as IDNA 2008 and browsers have them."""

from urllib.parse import urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from feedsite.hosts import in_ascii
from feedsite.urls import Urls, is_web_address, to_uri

from .support.laws import often


@pytest.mark.parametrize(
    ("host", "written"),
    [
        ("straße.example", "xn--strae-oqa.example"),
        ("ΒΌΛΟΣ.gr", "xn--nxasmq6b.gr"),
        ("βόλος.gr", "xn--nxasmm1c.gr"),
        ("Bücher.example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("日本。example", "xn--wgv71a.example"),
        ("Ｅxample.com", "example.com"),
        ("مثال.example", "xn--mgbh0fb.example"),
        ("a_b.münchen.de", "a_b.xn--mnchen-3ya.de"),
        ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
        ("News.Example", "News.Example"),
        ("é.", "xn--9ca."),
        ("☕.example", "xn--53h.example"),
        ("i❤️.ws", "xn--i-7iq.ws"),
        ("straße☕.example", "xn--strae-oqa7977d.example"),
    ],
)
def test_a_host_is_the_one_that_browsers_open(host, written):
    """Letters that IDNA 2003 replaced stay, and an emoji is encoded, though IDNA 2008 has none."""
    assert in_ascii(host) == written


@pytest.mark.parametrize("host", ["ü..de", ".ü", "\xad", "é" * 64, "a／é", "é＠b", "é％41", "．é", "é[", "\ud800é"])
def test_what_no_host_is_called_is_refused(host):
    """Empty parts, longer ones than names may have, and letters that turn into a slash or the like."""
    with pytest.raises(ValueError):  # noqa: PT011  # its kinds differ
        in_ascii(host)


@often
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_a_host_is_in_ascii_or_refused(host):
    """The law: it has only letters that a host may have, and stays as it is then."""
    assume(not host.isascii())
    try:
        written = in_ascii(host)
    except ValueError:
        return
    assert written.isascii()
    assert not set(written) & set(' /:?#@[]%<>"\\^`{|}\t\n\r')
    assert in_ascii(written) == written
    assert urlsplit(f"https://{written}/").hostname == written.lower()


@often
@given(st.text("abßςäöü日本あ한한ا☕😀❤\ufe0f\u200d-.AÉ", min_size=1, max_size=12))
def test_a_host_that_was_accepted_is(host):
    """The law: what Python's own IDNA of 2003 takes has a name here too."""
    try:
        host.encode("idna")
    except UnicodeError:
        return
    assert in_ascii(host)


def test_an_address_has_such_a_host():
    """In a field, and in a link of the text; a port stays."""
    assert to_uri("https://straße.example:8080/ä") == "https://xn--strae-oqa.example:8080/%C3%A4"
    assert Urls("https://news.example").resolve("https://stra%C3%9Fe.example/") == "https://xn--strae-oqa.example/"
    assert is_web_address("https://☕.example/")
    assert not is_web_address("https://straße.example:８０/")
