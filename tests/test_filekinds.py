"""A file of another kind under an article's name has one message, which says what it is and what to do."""

import io
import json
import zipfile
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

import pytest
from hypothesis import given

from feedsite.parsing import entryfile
from feedsite.parsing.filekinds import other_kind

from .support.builders import PATH, entry_text, settings
from .support.laws import FILES, often
from .support.pictures import plain

TEXT = "title: Night trains: now\npublished: 2026-11-22\nbody: It runs.\n"
JAPANESE = "title: 夜行列車\nbody: 復活した。\n"


def packed(*names):
    """A ZIP file with files of these names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, name)
    return file.getvalue()


BINARY = {
    "rich text (RTF)": rb"{\rtf1\ansi{\fonttbl\f0 Arial;}" + b"\n\\f0 title: War\\par\nbody: x\\par\n}",
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type: x >>\n",
    "a Word document (DOCX)": packed("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
    "a document of LibreOffice (ODT)": packed("mimetype=application/vnd.oasis.opendocument.text", "content.xml"),
    "a spreadsheet": packed("[Content_Types].xml", "xl/workbook.xml"),
    "a packed file": packed("a.yaml"),
    "a document of an older Office program (DOC, XLS)": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "a picture": plain("PNG"),
    "a recording": b"ID3\4" + bytes(60),
    "a file of zeros, as an interrupted save leaves it": bytes(100),
}
TEXTS = {
    "HTML or XML": "<!DOCTYPE html>\n<html>\n<body>\n<p>a: b</p>",
    "a feed": '<?xml version="1.0"?>\n<!-- x -->\n<rss version="2.0"><channel/></rss>',
    "a drawing (SVG)": '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    "a JSON Feed": json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"title": "x"}]}),
    "a list in JSON": '[\n {"title": "x"}]',
    "a table (CSV)": 'title,published,body\n"Night trains",2026-11-22,"It runs: yes."\n',
    "an e-mail": "Date: Mon, 22 Nov 2026\nFrom: a@b.example\nSubject: Night trains\n\nHello: x\n",
    "a pointer of Git LFS, and the file itself is elsewhere": "version https://git-lfs.github.com/spec/v1\noid x\n",
    "a patch": "--- a/x.yaml\n+++ b/x.yaml\n@@ -1 +1 @@\n-title: a\n+title: b\n",
    "a link of Windows": "[InternetShortcut]\nURL=https://a.example/\n",
    "LaTeX": "\\documentclass{article}\n\\begin{document}\nx: y\n",
}


def told(content):
    """Place, code and message of the one fault of a file."""
    (fault,) = [fault for fault in entryfile.read(content, PATH, settings()).faults if not fault.is_note]
    return fault.line, fault.column, fault.code, fault.message


@pytest.mark.parametrize("words", BINARY)
def test_a_file_that_is_no_text_is_named(words):
    """Also where a part of it could be read as text."""
    line, column, code, message = told(BINARY[words])
    assert (line, column, code) == (1, 1, "E002")
    assert message.startswith(f"this is {words}, and no plain text; ")


@pytest.mark.parametrize("words", TEXTS)
@pytest.mark.parametrize("before", [b"", BOM_UTF8, b"\n  "])
def test_a_text_of_another_kind_is_named(words, before):
    """Wherever the parser would have stopped in it."""
    line, column, code, message = told(before + TEXTS[words].encode())
    assert (line, column, code) == (1, 1, "E005")
    assert message.startswith(f"this is {words}, without the fields of an article; ")


@pytest.mark.parametrize("text", ["# Night trains\n\nThey *run*: yes.\n\n- a\n- b\n", "\n## Now\n\n> x\n"])
def test_markdown_without_fields_is_named_at_its_heading(text):
    line, column, code, message = told(text.encode())
    assert (line, column, code) == (1 + text.startswith("\n"), 1, "E005")
    assert message.startswith("this is a text in Markdown, without fields; write `title:`")


@pytest.mark.parametrize("text", [TEXT, JAPANESE])
@pytest.mark.parametrize(
    ("mark", "coding", "words"),
    [
        (BOM_UTF16_LE, "utf-16-le", "UTF-16"),
        (BOM_UTF16_BE, "utf-16-be", "UTF-16"),
        (BOM_UTF32_LE, "utf-32-le", "UTF-32"),
        (BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    ],
)
def test_a_text_with_wide_letters_is_named_with_its_encoding(text, mark, coding, words):
    """With the mark of the encoding, and without."""
    for content in (mark + text.encode(coding), text.encode(coding)):
        line, column, _, message = told(content)
        assert (line, column) == (1, 1)
        assert message.startswith(f"this is {words}")
        assert 'save the file again with the encoding "UTF-8"' in message


@pytest.mark.parametrize(
    "text",
    [
        "subject: Night trains\ndate: 2026-11-22\nbody: to: me\n",
        '{"title": "x", "body": "https://jsonfeed.org/version/1"}',
        "version: 2\ntitle: x\n",
        "<<<<<<< HEAD\ntitle: a\n=======\ntitle: b\n>>>>>>> x\n",
        "# Night trains\ntitle: x\n",
        "PKK: x\n",
        "BMW: x\n",
    ],
)
def test_a_file_with_fields_is_of_no_other_kind(text):
    assert other_kind(text.encode()) is None


@often
@given(FILES)
def test_a_sound_file_is_of_no_other_kind(content):
    if entryfile.read(content, PATH, settings()).entry:
        assert other_kind(content) is None


def test_the_usual_beginnings_of_articles_are_told_in_a_blink():
    """That of one which `feedsite new` writes, too."""
    assert other_kind(b"# yaml-language-server: $schema=x\n" + entry_text().encode()) is None
