"""The Nu HTML checker reads every page of the sample sites, as validators of browsers' makers do."""

import json
import shutil
import subprocess

import pytest

from feedsite import export
from feedsite.folder.library import Library
from feedsite.site import Site

from ..support.golden import NOW, SAMPLE
from ..support.programs import READERS, ROOT, missing, needed

CHECKER = READERS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


@pytest.mark.parametrize("language", ["en", "de", "ar", "ja"])
@pytest.mark.parametrize("folder", [ROOT, SAMPLE], ids=["own", "sample"])
def test_no_page_has_a_message(folder, language, tmp_path):
    """Neither an error nor a warning, in whatever language the site is."""
    java = needed("java")
    if not CHECKER.exists():
        missing("vnu-jar")
    pages = tmp_path / "pages"
    library = Library(folder, {"FEEDSITE_LANGUAGE": language, "FEEDSITE_BASE_URL": "https://news.example"})
    library.read()
    contents = library.contents(NOW)
    for _ in export.write(Site(contents.edition, contents.settings, contents.media), pages):
        pass
    shutil.rmtree(pages / ".feedsite", ignore_errors=True)
    options = ["--stdout", "--exit-zero-always", "--format", "json", "--skip-non-html"]
    guesses = ["--filterpattern", "This document appears to be written in .*"]  # of the sample's articles, in English
    command = [java, "-jar", CHECKER, *options, *guesses, pages]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)["messages"]
    assert [(one["url"].partition("/pages")[2], one.get("lastLine"), one["message"]) for one in found] == []
