"""Entry files without faults that are as hard to change as YAML allows: in every style, with comments everywhere."""

import json

WORDS = ("Night", "trains", "戻る", "夜行列車", "𝒳", "é", "Ω", "a-b", "1984", "no", "12:30", "C#1", "x:y")
MARKS = ("", ": ", " # ", ", ", "'", '"', "{", "] ", " - ", "\\", "? ", "* ", "%", "|")
COMMENTS = ("# a note", "#", "# slug: no field", "# : 'x\" [", "# 注", "# status: draft   ")
TEXTS = ("title", "summary", "rights", "x-desk")
LISTS = {"tags": "a b c 日本 d/e no".split(), "aliases": ["/old", "/a/b/", "/日/x", "/2020/01/x/"]}

STATES = ("draft", "scheduled", "published", "withdrawn", "dated")


def nasty(random, state="published"):
    """The bytes of an article's file. Its state is draft, scheduled, published, withdrawn, or dated by its name."""
    return _File(random).content(state)


class _File:
    def __init__(self, random):
        self.random = random
        self.in_braces = random.random() < 0.2
        self.newline = random.choice(["\n", "\n", "\r\n", "\r"])
        self.margin = "" if self.in_braces else " " * random.choice([0, 0, 0, 1, 2])

    def content(self, state):
        fields = [(name, self.value(name)) for name in self.names()]
        fields += [("published", self.scalar(self.published(state)))] if state != "dated" else []
        if state == "draft":
            fields += [("status", self.scalar("draft"))]
        elif self.random.random() < 0.3:
            fields += [("status", self.scalar("withdrawn" if state == "withdrawn" else "published"))]
        if state == "withdrawn":
            fields += [("withdrawn", self.record({"at": "2026-11-23", "reason": self.words()}))]
        if self.random.random() < 0.3 and state in ("published", "withdrawn", "dated"):
            fields += [("corrections", self.list_of([self.record(self.correction()) for _ in range(self.size())]))]
        if self.random.random() < 0.3 and state != "draft":
            fields += [("updated", self.scalar("2026-11-24T08:00:00Z" if state != "scheduled" else "2999-01-02"))]
        self.random.shuffle(fields)
        text = self.in_braces_text(fields) if self.in_braces else self.on_lines(fields)
        mark = "\ufeff" if self.random.random() < 0.2 else ""
        return (mark + text.replace("\n", self.newline)).encode()

    def names(self):
        others = [name for name in ("id", "slug", "summary", "rights", "x-desk", *LISTS) if self.random.random() < 0.4]
        return ["title", "body", *others]

    def published(self, state):
        if state == "scheduled":
            return self.random.choice(["2999-01-01", "2999-01-01T08:00:00+05:00"])
        return self.random.choice(
            ["2026-11-22", "2026-11-22 09:00", "2026-11-22T09:00:00+09:00", "2026-11-21T23:00:00Z"]
        )

    def value(self, name):
        if name in LISTS:
            items = self.random.sample(LISTS[name], self.size())
            return (
                self.scalar(items[0]) if self.random.random() < 0.3 else self.list_of([self.item(one) for one in items])
            )
        if name == "id":
            return self.scalar(f"tag:a.example,2026:{self.random.randrange(9**9)}")
        if name == "slug":
            return self.random.choice([self.scalar(self.random.choice(["strike", "a-b", "戻る"])), "", "~"])
        if name == "body":
            return self.body()
        return self.random.choice(["", "null", "''"]) if name != "title" and self.random.random() < 0.3 else self.text()

    def size(self):
        return self.random.randrange(1, 4)

    def correction(self):
        announced = {"announce": self.random.choice(["true", "False"])} if self.random.random() < 0.4 else {}
        return {"at": "2026-11-24T08:00:00Z", "note": self.words(), **announced}

    def words(self):
        words = self.random.choices(WORDS, k=self.random.randrange(2, 6))
        return "".join(word + self.random.choice(["", " "]) + self.random.choice(MARKS) for word in words).strip()

    def text(self):
        words = self.words()
        if not self.in_braces and self.random.random() < 0.3:
            return self.block(["x " + words], self.random.choice("|>"))
        return self.quoted(words)

    def body(self):
        lines = ["x " + self.words(), "", "  y " + self.words(), "# no comment", "", "- z"]
        return self.quoted("x " + self.words()) if self.in_braces else self.block(lines, "|")

    def block(self, lines, sign):
        chomp = self.random.choice(["", "", "-", "+"])
        comment = self.random.choice(["", "  # a block"])
        inner = self.margin + " " * self.random.choice([1, 2, 4])
        blank = "\n" * self.random.choice([0, 0, 1, 2])
        return f"{sign}{chomp}{comment}\n" + "\n".join(inner + line if line else "" for line in lines) + blank

    def scalar(self, text):
        return self.random.choice([text if self.is_plain(text) else self.quoted(text), self.quoted(text)])

    def is_plain(self, text):
        return not self.in_braces or not set(text) & set(":,")

    def item(self, text):
        return text if set(text).isdisjoint(":,") else self.quoted(text)

    def quoted(self, text):
        single = "'" + text.replace("'", "''") + "'"
        return self.random.choice([single, json.dumps(text, ensure_ascii=False)])

    def record(self, fields):
        """Fields of its own: a text, or a list of lines, each of them without the margin of what it stands in."""
        written = [f"{name}: {self.quoted(text)}" for name, text in fields.items()]
        if self.in_braces or self.random.random() < 0.5:
            return "{" + self.random.choice([", ", " , "]).join(written) + self.random.choice(["", ",", " "]) + "}"
        return written

    def list_of(self, items):
        has_lines = any(isinstance(item, list) for item in items)
        if not has_lines and (self.in_braces or self.random.random() < 0.5):
            return "[" + ", ".join(items) + self.random.choice(["", ",", " , ", " "]) + "]"
        lines = []
        for item in items:
            first, *others = item if isinstance(item, list) else [item]
            lines += [f"- {first}", *(f"  {line}" for line in others)]
        return (self.random.choice(["", "  "]), lines)

    def on_lines(self, fields):
        lines = [self.random.choice(COMMENTS), ""] if self.random.random() < 0.4 else []
        lines += ["---"] if self.random.random() < 0.2 else []
        for name, value in fields:
            lines += self.between() + self.field(name, value)
        lines += ["..."] if self.random.random() < 0.1 else []
        return "\n".join(lines) + self.random.choice(["\n", "\n", "\n\n", ""])

    def between(self):
        """Nothing, a comment on a line of its own, or an empty line."""
        comment = self.margin + self.random.choice(COMMENTS)
        return self.random.choice([[], [], [], [comment], [""]])

    def field(self, name, value):
        head = f"{self.margin}{self.random.choice([name, name, json.dumps(name)])}:"
        if isinstance(value, list):  # fields of its own on lines
            value = ("  ", value)
        if isinstance(value, tuple):
            deeper, lines = value
            inner = [self.margin + deeper + line for line in lines]
            for place in range(len(inner), 0, -1):
                if self.random.random() < 0.2:
                    inner.insert(place, f"{self.margin}  {self.random.choice(COMMENTS)}")
            return [head + self.behind(), *inner]
        if value.startswith(("|", ">")):
            return [f"{head} {value}"]
        return [f"{head}{self.random.choice([' ', '  '])}{value}{self.behind()}"]

    def behind(self):
        """What stands behind a value on its line."""
        return self.random.choice(["", "", "", "   ", f"  {self.random.choice(COMMENTS)}"])

    def in_braces_text(self, fields):
        gap = self.random.choice([" ", "\n  "])
        between = f",{gap}" if gap == " " else f",{self.behind()}{gap}"
        head = self.random.choice(["", "", "--- ", "# a note\n"])
        parts = [f"{name}: {value}" for name, value in fields]
        end = self.random.choice(["", ",", " ", "\n"])
        return (
            head
            + "{"
            + self.random.choice(["", gap])
            + between.join(parts)
            + end
            + "}"
            + self.random.choice(["\n", ""])
        )
