"""The same site as feedsite's: a page for each article, a front page of 20 each, three feeds of the newest 50."""

SITENAME = "The Lantern"
SITESUBTITLE = "News from harbours, workshops and council rooms."
SITEURL = FEED_DOMAIN = "https://lantern.example"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
THEME = "theme"
PLUGIN_PATHS = ["plugins"]
PLUGINS = ["neighbours"]
ARTICLE_URL = "{date:%Y}/{date:%m}/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_URL + "index.html"
STATIC_PATHS: list[str] = []

# The front page, and the JSON Feed, which Pelican does not write by itself.
DIRECT_TEMPLATES = ["index", "feed"]
PAGINATED_TEMPLATES = {"index": 20, "category": 20, "tag": 20}
PAGINATION_PATTERNS = (
    (1, "{url}", "{save_as}"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
)
FEED_SAVE_AS = "feed.json"

FEED_ALL_RSS, FEED_ALL_ATOM = "feed.rss", "feed.atom"
FEED_MAX_ITEMS = 50
RSS_FEED_SUMMARY_ONLY = False

# No lists but the front page; generators.py asks for those of tags and sections.
TAG_URL, CATEGORY_URL = "tag/{slug}/", "category/{slug}/"
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None

CONTENT_CACHING_LAYER = "reader"
