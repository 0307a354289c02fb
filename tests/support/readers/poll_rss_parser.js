// Polls with rss-parser each address that a line names, and prints what it sees. It sends no validators.
const lines = require("node:readline").createInterface({ input: process.stdin });
const Parser = require("rss-parser");

async function poll() {
  for await (const address of lines) {
    const feed = await new Parser().parseURL(address);
    const items = feed.items.map((one) => ({
      id: one.guid || one.id,
      title: one.title,
      link: one.link,
      published: Date.parse(one.isoDate) / 1000,
      content: one["content:encoded"] || one.content,
      enclosure: one.enclosure ? one.enclosure.url : null,
    }));
    console.log(JSON.stringify({ links: feed.paginationLinks || {}, items }));
  }
}

poll();
