"""Real programs import the site's list of feeds (OPML)."""

import json
import re

import pytest

from ..support.programs import needed
from ..support.readers import Reader, python
from ..support.readers import __file__ as support

_WANTED = {
    "/",
    "/world/",
    "/world/asia/",
    "/world/europe/north/",
    "/culture/",
    "/author/mina-sato/",
    "/language/ja/",
    "/tag/united-nations/",
    "/tag/c~2b~2b/",
}


@pytest.fixture
def opml(newspaper, tmp_path):
    """The list as a file, and the addresses in it as listparser finds them."""
    answer = newspaper.get("/feeds.opml")
    if answer.status == 404:
        pytest.skip("feedsite has no /feeds.opml yet: it is 404")
    file = tmp_path / "feeds.opml"
    file.write_bytes(answer.body)
    program = support.replace("__init__.py", "list_feeds.py")
    found = json.loads(Reader(tmp_path).run(python("listparser"), "-I", program, file))
    return file, found


def test_listparser_finds_every_feed_once_with_its_title(newspaper, opml):
    """Everything, sections, authors, languages and tags are there, and each address is a feed."""
    addresses = [address for address, _ in opml[1]]
    paths = [address.removeprefix(newspaper.base) for address in addresses]
    assert len(set(paths)) == len(paths)
    assert {path.rpartition("/")[0] + "/" for path in paths} >= _WANTED
    assert [path for path in paths if newspaper.get(path).status != 200] == []
    assert all(title for _, title in opml[1])


def test_newsboat_imports_the_list(opml, tmp_path):
    """It subscribes to the addresses that listparser finds."""
    file, found = opml
    urls = tmp_path / "urls"
    urls.touch()
    Reader(tmp_path).run(needed("newsboat"), "-u", urls, "-c", tmp_path / "cache.db", "-i", file)
    assert {line.split()[0] for line in urls.read_text().splitlines()} == {address for address, _ in found}


def test_sfeed_imports_the_list(opml, tmp_path):
    """Its sfeedrc has the addresses that listparser finds."""
    file, found = opml
    command = f"{needed('sfeed_opml_import')} < {file}"
    feeds = re.findall(r"^\s*feed '.*' '(.*?)'", Reader(tmp_path).run("sh", "-c", command), re.MULTILINE)
    assert set(feeds) == {address for address, _ in found}
