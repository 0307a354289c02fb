// The search of an exported site: what pagefind finds in its index for the query in this page's address.
const list = document.getElementById("page__found");
const status = document.getElementById("page__status");
const query = new URLSearchParams(location.search).get("q")?.trim();
const PAGE = 20;

// An excerpt is HTML in which only <mark> stands, and what is escaped.
function passage(excerpt) {
  const parsed = new DOMParser().parseFromString(excerpt, "text/html");
  return [...parsed.body.childNodes].map((node) => {
    const piece = document.createElement(node.nodeName === "MARK" ? "mark" : "span");
    piece.textContent = node.textContent;
    return piece;
  });
}

function item(found) {
  const article = document.createElement("article");
  article.className = "teaser";
  const link = document.createElement("a");
  link.href = found.url;
  link.textContent = found.meta.title;
  const heading = document.createElement("h2");
  heading.append(link);
  const text = document.createElement("p");
  text.className = "p-summary";
  text.append(...passage(found.excerpt));
  article.append(heading, text);
  return article;
}

async function search() {
  document.getElementById("page__q").value = query;
  const pagefind = await import(list.dataset.index);
  await pagefind.options({ baseUrl: list.dataset.base });
  const { results } = await pagefind.search(query, { sort: { date: "desc" } });
  status.textContent = results.length ? "" : list.dataset.none;
  const more = document.createElement("button");
  more.type = "button";
  more.textContent = list.dataset.more;
  let shown = 0;
  async function show() {
    const next = await Promise.all(results.slice(shown, shown + PAGE).map((result) => result.data()));
    shown += next.length;
    list.append(...next.map(item));
    more.hidden = shown >= results.length;
  }
  more.addEventListener("click", show);
  list.after(more);
  await show();
}

if (query) {
  search().catch(() => {
    status.textContent = list.dataset.failed;
  });
}
