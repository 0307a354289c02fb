// The same site as feedsite's: a page for each article, a front page of 20 each, three feeds of the newest 50.
const BASE_URL = "https://lantern.example";
const MONTHS = "January February March April May June July August September October November December".split(" ");
const SUMMARY = 280; // characters

export default function (config) {
  const places = new Map();
  let newest = [];
  config.addCollection("newest", (api) => {
    newest = [...api.getFilteredByGlob("content/**/*.md")].reverse();
    newest.forEach((item, place) => places.set(item.inputPath, place));
    return newest;
  });
  config.addFilter("newer", (path) => newest[places.get(path) - 1]);
  config.addFilter("older", (path) => newest[places.get(path) + 1]);
  config.addFilter("summary", summary);
  config.addFilter("moment", moment);
  config.addFilter("rfc822", (date) => date.toUTCString().replace("GMT", "+0000"));
  config.addFilter("day", (date) => `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`);
  config.addFilter("minute", (date) => `${date.toISOString().slice(11, 16)} (UTC)`);
  config.addFilter("first", (list, count) => list.slice(0, count));
  config.addFilter("linked", linked);
  config.addFilter("item", item);
  return { dir: { input: ".", includes: "_includes" }, markdownTemplateEngine: false, templateFormats: ["md", "njk"] };
}

function summary(html) {
  const text = html.slice(0, 4 * SUMMARY).replace(/<[^>]*(>|$)/g, "").replace(/\s+/g, " ").trim();
  return text.length > SUMMARY ? `${text.slice(0, SUMMARY)}…` : text;
}

function moment(date) {
  return date.toISOString().replace(".000Z", "Z");
}

// schema.org's NewsArticle, which cannot end the script element it stands in.
function linked(page, headline, description, articleSection, keywords, authors) {
  const address = BASE_URL + page.url;
  return JSON.stringify({
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "@id": address,
    mainEntityOfPage: address,
    headline,
    description,
    datePublished: moment(page.date),
    dateModified: moment(page.date),
    inLanguage: "en",
    articleSection,
    keywords,
    author: authors.map((name) => ({ "@type": "Person", name })),
    publisher: { "@type": "NewsMediaOrganization", name: "The Lantern" },
  }).replaceAll("<", "\\u003c");
}

// JSON Feed 1.1
function item(article) {
  return JSON.stringify({
    id: article.data.id,
    url: BASE_URL + article.url,
    title: article.data.title,
    summary: summary(article.content),
    content_html: article.content,
    date_published: moment(article.date),
    date_modified: moment(article.date),
    authors: article.data.author.map((name) => ({ name })),
    tags: article.data.tags,
  });
}
