"""Notes on the text of a body: what was left over from a move, what leads nowhere, what readers do not see."""

import pytest

from feedsite.parsing import entryfile, prose
from feedsite.parsing.codespans import BLANK, without_code

from .support.builders import PATH, entry_text, settings
from .support.languages import PARAGRAPHS


def notes(text, **fields):
    """Of a body: line and column within the file, and the message. The body is the last field, and begins on line 5."""
    written = "|\n" + "\n".join(f"  {line}" if line else "" for line in text.split("\n"))
    found = entryfile.read(entry_text(**{"body": written, **fields}).encode(), PATH, settings()).faults
    assert all(fault.is_note for fault in found), found
    return [(fault.line, fault.column, fault.message) for fault in found]


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("x {% include ad.html %}", (5, 5), "`{% include ad.html %}` is template code of Jekyll or Eleventy"),
        ("x\n\n{{ site.url }}", (7, 3), "`{{ site.url }}` is template code of Jekyll or Eleventy"),
        (
            "{{ a }} {% b %} {{ c }}",
            (5, 3),
            "`{{ a }}` is template code of Jekyll or Eleventy (Liquid, Nunjucks), one of 3",
        ),
        (
            '{{< figure src="a.jpg" >}}',
            (5, 3),
            '`{{< figure src="a.jpg" >}}` is a shortcode of Hugo or Nikola: readers',
        ),
        ("{{% note %}}", (5, 3), "`{{% note %}}` is a shortcode of Hugo or Nikola: readers"),
        ('{{ youtube(id="x") }}', (5, 3), "is a shortcode of Zola"),
        ('[gallery ids="1,2"]', (5, 3), '`[gallery ids="1,2"]` is a shortcode of WordPress'),
        ('[caption id="x"]A train[/caption]', (5, 3), '`[caption id="x"]` is a shortcode of WordPress: readers'),
        ("<!-- wp:paragraph -->\n<p>x</p>", (5, 3), "`<!-- wp:paragraph -->` is a block of WordPress: readers do not"),
        ("x<!--kg-card-begin: html-->", (5, 4), "is a card of Ghost"),
        (":::note\nx\n:::", (5, 3), "`:::note` is a container of Docusaurus, VuePress or pandoc"),
        ("x\n{: .lead}", (6, 3), "`{: .lead}` is an attribute list of kramdown (Jekyll): take it out"),
        ("[x]({filename}/a.md)", (5, 7), "`{filename}` is an address of Pelican"),
        (".. note:: x", (5, 3), "`.. note:: x` is a directive of reStructuredText (Nikola, Pelican)"),
        ("See :ref:`x`.", (5, 7), "`:ref:`x`.` is a role of reStructuredText"),
        ("!!! note\n    x", (5, 3), "`!!! note` is an admonition of Python-Markdown"),
        ("[TOC]", (5, 3), "`[TOC]` is a table of contents of Python-Markdown"),
        ("See [[Some page]].", (5, 7), "`[[Some page]]` is a link of Obsidian or of a wiki"),
        ("Some [b]words[/b]", (5, 16), "`[/b]` is BBCode of a forum"),
        ("x <Note>y</Note>", (5, 5), "`<Note>` is a component of MDX or Vue"),
        ("import X from './x'\n\n<X1a />", (5, 3), "`import X from './x'` is a line of MDX"),
        ("Well done :tada:!", (5, 13), "`:tada:` is the name of an emoji (GitHub, Slack): write the emoji itself"),
    ],
)
def test_what_another_generator_left_has_a_note(text, place, said):
    """It names the generator; many of a kind are one note, with their number, where the first one stands."""
    found = notes(text)
    assert found[0][:2] == place
    assert said in found[0][2]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ('![A](images/my a.png "Cap")', '![A](<images/my a.png> "Cap")'),
        ("![A](images/a.png Cap)", '![A](images/a.png "Cap")'),
        ("![A](images/a.png “Cap”)", '![A](images/a.png "Cap")'),
        ('![A](images/a.png "The "Ever Given" (at last)")', "![A](images/a.png 'The \"Ever Given\" (at last)')"),
        ('![A](images/a.png "It\'s "here"")', '![A](images/a.png "It\'s \\"here\\"")'),
        ('![A] (images/a.png "Cap")', '![A](images/a.png "Cap")'),
        ('![A](images/a.png "Cap"', '![A](images/a.png "Cap")'),
        ("![A](my a.png)", "![A](<my a.png>)"),
        ("![](images/a b)", '![What it shows](images/towers.jpg "The caption.")'),
    ],
)
def test_a_picture_that_markdown_does_not_read_has_a_note_with_one_that_it_does(typed, written):
    assert notes(f"x\n\n{typed}") == [(7, 3, f"readers see `{typed}` as it stands, and no picture; write `{written}`")]
    assert notes(f"x\n\n{written}") == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (r"![A](C:\my\a.jpg)", "names a file of your own computer; put it into images/ and write `![A](images/a.jpg)`"),
        (r"![A](<d:/my photos/a b.jpg>)", "put it into images/ and write `![A](<images/a b.jpg>)`"),
        ('![A](file:///home/a.jpg "A")', "put it into images/ and write `![A](images/a.jpg)`"),
        (r"![A](images\a.jpg)", "put it into images/ and write `![A](images/a.jpg)`"),
        (r"![A](C:\my photos\a.jpg)", "and no picture; write `![A](images/a.jpg)`"),
        ("![](…)", "`![](…)` names no picture; write `![What it shows](images/towers.jpg)`"),
        ("![A](...) ![B]()", "`![A](...)` (one of 2 in this text) names no picture; write `![A](images/towers.jpg)`"),
    ],
)
def test_a_picture_that_names_none_of_the_site_has_a_note(typed, said):
    """A file of the writer's own computer, dots, or nothing."""
    (note,) = notes(f"A text. {typed}")
    assert note[2].endswith(said)
    assert notes(f"A text. `{typed}`") == []


@pytest.mark.parametrize(
    "text", ["`![A](a b.png)`", r"\\![A](a b.png)", '`![` ![A](images/a.png "b\nc") ![A](<a b.png>)', "![x]"]
)
def test_a_picture_that_is_read_or_meant_as_it_stands_has_no_note(text):
    assert notes(text) == []


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("##What it costs", "## What it costs"),
        ("##What##", "## What"),
        ("###**Now**", "### **Now**"),
        ("#\u3000見出し", "# 見出し`, with an ordinary space"),
        ("##\u00a0Le prix", "## Le prix`, with an ordinary space"),
        ("＃＃見出し", "## 見出し"),
    ],
)
def test_a_heading_that_markdown_does_not_read_has_a_note_with_one_that_it_does(typed, written):
    """Readers see the signs."""
    signs = typed[: len(typed) - len(typed.lstrip("#＃\u3000\u00a0"))]
    mend = f"write `{written}" + "`" * (not written.endswith("space"))
    assert notes(f"x\n\n{typed}") == [
        (7, 3, f"readers see `{signs}{typed[len(signs) :]}` as it stands, and no heading; {mend}")
    ]
    assert notes(f"x\n\n{written.partition('`')[0]}\n\n`{typed}`\n\n    {typed}") == []


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("[a] (https://a.example/b)", "[a](https://a.example/b)"),
        ("[the plan] (/2026/11/plan/)", "[the plan](/2026/11/plan/)"),
        ("[a] (www.a.example)", "[a](https://www.a.example)"),
        ("[a] (../plan.html)", "[a](../plan.html)"),
        ("(a)[https://a.example]", "[a](https://a.example)"),
        ("[a](https://a.example/my plan.pdf)", "[a](<https://a.example/my plan.pdf>)"),
        ("[a](https://a.example The plan)", '[a](https://a.example "The plan")'),
        ("[a](https://a.example “The plan”)", '[a](https://a.example "The plan")'),
        ("[a](https://a.example", "[a](https://a.example)"),
        ("[a](https://a.example,", "[a](https://a.example)"),
    ],
)
def test_a_link_that_markdown_does_not_read_has_a_note_with_one_that_it_does(typed, written):
    """Readers see all of it, and cannot follow it."""
    after = " and so on" * typed.endswith((")", "]", ","))
    assert notes(f"See {typed}{after}") == [
        (5, 7, f"readers see `{typed}` as it stands, and no link; write `{written}`")
    ]
    assert notes(f"See {written} and so on. `{typed}`") == []


def test_a_list_of_bullets_in_one_paragraph_has_a_note():
    """Each as a paragraph, or behind a line break that is meant, has none."""
    message = "readers see these lines as one paragraph, for • begins no list; write each as `- one`"
    assert notes("x:\n\n• one\n•two\n• three") == [(7, 3, message)]
    for text in ("• one\n\n• two", "• one  \n• two", "• one\\\n• two", "- one\n- two", "`x`\n    • one\n    • two"):
        assert notes(text) == []


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("[a](htp://a.example/b)", "[a](https://a.example/b)"),
        ("[a](https:/a.example)", "[a](https://a.example)"),
        ("[a](http;//a.example)", "[a](https://a.example)"),
        ("[a]{https://a.example}", "[a](https://a.example)"),
    ],
)
def test_a_link_that_is_lost_by_a_letter_has_a_note(typed, written):
    """Of some of them readers see the words, and cannot follow them."""
    ((*_, message),) = notes(f"See {typed}.")
    assert f"`{typed}`" in message
    assert message.endswith(f"write `{written}`")


def test_stars_that_emphasise_nothing_have_a_note():
    """Also beside a bracket of Chinese or Japanese, where no space stands."""
    assert notes("It is **very **so.") == [(5, 9, "readers see the stars of `**very **`; write `**very** `")]
    ((*_, message),) = notes("これは**「強調」**です。")
    assert message == "readers see the stars of `**「強調」**`; write `<strong>「強調」</strong>`"
    assert notes("これは<strong>「強調」</strong>です。") == []


@pytest.mark.parametrize(
    "text",
    [
        "#MeToo changed a lot. #5 of 10\n#Now it is the law's turn.",
        "He wrote “the [sic] (p. 3)” and “[…] (https://a.example/p)”.",
        "- [ ] (https://a.example) to do\n- [x] (https://a.example) done",
        "See [a] (https://b.example).\n\n[a]: https://a.example",
        "See [a](https://en.wikipedia.org/wiki/Foo_(bar)) and [b](/c 'The (c)').",
        "A rate of [5] (in km/h), 10 [m] (/s), f(x)[0] and g(y)[i].",
        "Channels such as\n#rust are full. The C# and F# languages # and so on.",
        "<div>[a](https://a.example)</div>",
        "It costs 2**10 or 3 ** 4, and **that** is *all* of `**it **`.",
        "What it costs\n---\n\nA lot.\n\n---\n\n- a.\n---\n",
        "- One is long enough.\n\n    Two is a paragraph of the list that goes on.\n",
        "x\n\n    if x == 1 then return all of the things.\n\n    a = b\n",
        "```\ncode\n```\n\n~~~\n```\n~~~\n\n```\nto the end",
        "| a | b |\n| - | - |\n| 1 | 2 |\n\nHe said |x| or a | b.",
        "1.5 is more.\n2.5 is much more.",
        "See [a](http://a.example), [b](https://b.example) and [c](mailto:c@d.example).",
    ],
)
def test_ordinary_signs_are_no_lost_headings_links_or_lists(text):
    assert notes(text) == []


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_ordinary_text_has_no_note_in_any_language(language):
    """With the quotation marks, dashes, brackets, numbers and dialogues that people print there."""
    assert notes(PARAGRAPHS[language], title=f'"{language}"') == []


@pytest.mark.parametrize(
    "text",
    [
        "`{{ x }}`",
        "``{% x ` %}``",
        "```\n{{ x }}\n```",
        "~~~ liquid\n{% x %}\n~~~~",
        "x\n\n    {{ x }}\n\n\n    {% y %}",
        "<pre>{{ x }}</pre>",
        "<code>[gallery]</code> and <kbd>:tada:</kbd>",
    ],
)
def test_in_code_every_sign_is_meant(text):
    """Spans, fenced and indented blocks, and elements of code have no notes."""
    assert notes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "[gallery](/a), [video](/b) and a note [sic]",
        "It costs {x}, at 10:30:45, he said: no. a::b std::vector:x:",
        "- a: b\n- :x: y",
        "# A heading\n\n#### Another ####",
        "<https://a.example/> and a < b > c",
        "A {brace} and #{x}\n\n> [!NOTE]\n> x",
        "import taxes from China: they rise",
        "One of them ... it: ends.. so",
        "[a]: /b\n\n[a] and [[1]](/c)",
        "Wow!!! note that",
    ],
)
def test_what_is_no_code_of_a_generator_has_no_note(text):
    """Ordinary signs of a text, of links and of headings have no notes."""
    assert notes(text) == []


def test_an_embed_has_a_note_at_its_place():
    """Readers get a link in its place."""
    ((line, column, message),) = notes('x\n\n<iframe src="https://www.youtube.com/embed/x"></iframe>')
    assert (line, column) == (7, 3)
    assert message == "`<iframe>` becomes a link: nothing is loaded or run that is not the site's own"


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        (
            '<figure class="embed"><a href="https://b.example/">Watch on b.example</a></figure>',
            "`<iframe>` becomes a link: ",
        ),
        ("<p>x</p>", "`<iframe>` is taken out: "),
    ],
)
def test_an_embed_that_is_linked_becomes_a_link(markup, said):
    """The note says what the article's HTML has in its place."""
    (slip,) = prose.slips('x <iframe src="https://a.example/x"></iframe>', markup)
    assert slip.message.startswith(said)


def test_a_recording_of_the_site_has_no_note():
    """What stays in the article's HTML is no embed."""
    assert notes('<audio src="/audio/talk.mp3" controls></audio> x') == []


def test_a_mark_without_a_note_and_a_note_without_a_mark_are_noted():
    """The first of each kind; a class of characters in code is no mark."""
    assert notes("A.[^1] B.[^2] `[^x]`\n\n[^1]: a\n\n[^3]: b") == [
        (5, 12, "`[^2]` leads to no note; write one, such as `[^2]: The note.`"),
        (9, 3, "no mark leads to this note; write `[^3]` where it belongs"),
    ]


@pytest.mark.parametrize("text", ["<!-- nothing -->", "<p></p>", "<script>x()</script>", "[a]: /b"])
def test_a_text_of_which_nothing_stays_has_a_note(text):
    """Readers see an empty article."""
    assert "readers see nothing of this text; write some" in [message for _, _, message in notes(text)]


@pytest.mark.parametrize("text", ["![x](/images/a.jpg)", '<audio src="/audio/a.mp3"></audio>', "x", "# x"])
def test_a_picture_alone_is_no_empty_text(text):
    """Pictures and recordings count as text does."""
    assert notes(text) == []


MERGE = "x\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> theirs"


@pytest.mark.parametrize(
    "text",
    [
        f"```\n{MERGE}\n```",
        "x\n=======\n\n>>>>>>> quoted seven times",
        "<<<<<<< x",
        MERGE.replace("=======", "== = =="),
        MERGE.replace("<<<<<<<", "a <<<<<<<"),
    ],
)
def test_marks_of_a_merge_in_code_or_alone_are_no_fault(text):
    """All three of them at the beginnings of lines are a fault: faulty/merge-unfinished-in-body.yaml."""
    assert notes(text) == []


def test_a_note_on_a_folded_body_stands_where_the_value_begins():
    """Only below `body: |` the lines of the text are those of the file."""
    for body in ('"x {{ y }}"', ">\n  x\n  {{ y }}", "x {{ y }}"):
        found = entryfile.read(entry_text(body=body).encode(), PATH, settings()).faults
        assert [(fault.line, fault.column) for fault in found] == [(4, 7)]


@pytest.mark.parametrize("header", ["|", "|-", "|+", "|4", "|  # the text"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_note_stands_at_the_place_in_the_file(header, end):
    """Whatever the indentation is, and how many lines are empty before the text."""
    text = entry_text(body=f"{header}\n\n    x\n\n    y {{{{ z }}}}").replace("\n", end)
    (note,) = entryfile.read(text.encode(), PATH, settings()).faults
    assert text.split(end)[note.line - 1][note.column - 1 :] == "{{ z }}"


def test_places_stay_where_code_is_blanked_out():
    """Each letter of code becomes one sign, and line ends stay."""
    text = "a `b` c\n\n```\nd\n```\ne ``f ` g`` `h\n\ni` <code>j</code>"
    assert without_code(text).replace(BLANK, "_") == "a ___ c\n\n___\n_\n___\ne _________ `h\n\ni` _______</code>"


def test_a_withdrawn_article_has_no_notes_on_its_text():
    """Nobody reads it any more."""
    assert notes("{{ x }}", withdrawn="{at: 2026-11-24, reason: x}") == []
