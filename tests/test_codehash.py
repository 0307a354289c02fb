"""The hash of the code that made something: no module and no library is missing in it."""

import shutil

import grimp
import pytest

from feedsite import codehash, plan
from feedsite.codehash import code_hash, imports
from feedsite.folder import scan
from feedsite.index import schema

ROOTS = {"drawings": plan.DRAWN_BY, "entries": scan.READ_BY, "rows": schema.WRITTEN_BY}


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("feedsite", include_external_packages=True, cache_dir=None)


@pytest.mark.parametrize("roots", ROOTS.values(), ids=ROOTS)
def test_every_module_that_is_imported_counts(roots, graph):
    """grimp, another reader of import statements, finds the same modules and the same libraries."""
    whole = {module for module in graph.modules if module.startswith("feedsite")}
    begun = {f"feedsite.{root}" for root in roots}
    found = {module for module in whole if module in begun or any(module.startswith(f"{root}.") for root in begun)}
    for module in list(found):
        found |= graph.find_upstream_modules(module)
    modules, libraries = imports(*roots)
    packages = {"feedsite"} | {module.rpartition(".")[0] for module in found if module.startswith("feedsite.")}
    assert {f"feedsite.{module}".rstrip(".") for module in modules} == packages | {
        module for module in found if module.startswith("feedsite")
    }
    foreign = {module for module in found if not module.startswith("feedsite")}
    names = {codehash._INSTALLED_AS.get(name.partition(".")[0], name.partition(".")[0]) for name in foreign}
    standard = set(codehash.sys.stdlib_module_names)
    assert libraries == {name for name in names if name not in standard or name in codehash._INSTALLED_AS}


def test_the_code_that_draws_is_found():
    """The code that draws includes these modules and libraries, some of which a list kept by hand had missed."""
    modules, libraries = imports(*plan.DRAWN_BY)
    assert {"media", "words", "settings", "cut", "paging", "formats.rss", "formats._feedgen"} <= modules
    assert {"brotli", "feedgen", "jinja2", "lxml", "markupsafe", "tzdata"} <= libraries
    assert "folder.library" not in modules


@pytest.mark.parametrize(
    "name", ["templates/entry.html", "static/style.css", "formats/rss.py", "urls.py", "catalogues/de.po"]
)
def test_a_change_of_what_draws_changes_the_hash(name, tmp_path, monkeypatch):
    """A change of a template, a style sheet or a module changes the hash."""
    copy = tmp_path / "feedsite"
    for source in codehash._HERE.rglob("*"):
        if source.is_file() and source.suffix in (".py", ".html", ".css", ".js", ".po"):
            target = copy / source.relative_to(codehash._HERE)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    monkeypatch.setattr(codehash, "_HERE", copy)
    code_hash.cache_clear()
    before = code_hash(*plan.DRAWN_BY)
    with (copy / name).open("a") as file:
        file.write("\n")
    code_hash.cache_clear()
    after = code_hash(*plan.DRAWN_BY)
    code_hash.cache_clear()
    assert after != before


def test_a_mended_translation_makes_pages_and_texts_anew_and_no_index(tmp_path, monkeypatch):
    """The hash of what is drawn and of what is read differs; that of the index's tables does not."""
    roots = (plan.DRAWN_BY, scan.READ_BY, schema.WRITTEN_BY)
    copy = shutil.copytree(codehash._HERE, tmp_path / "feedsite")
    monkeypatch.setattr(codehash, "_HERE", copy)
    before = [code_hash.__wrapped__(*names) for names in roots]
    with (copy / "catalogues" / "de.po").open("a") as file:
        file.write("\n")
    after = [code_hash.__wrapped__(*names) for names in roots]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, False, True]
