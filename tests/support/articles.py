"""An entry file of few words."""


def article(title="A new one", **fields):
    said = {"title": title, "published": "2026-11-01T00:00:00Z", "body": "Text.", "id": "tag:a,2026:new", **fields}
    return "".join(f"{name}: {value}\n" for name, value in said.items())
