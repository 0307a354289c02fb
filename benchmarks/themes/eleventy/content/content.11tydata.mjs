export default {
  layout: "article.njk",
  eleventyComputed: {
    permalink: (data) => `/${data.page.date.toISOString().slice(0, 7).replace("-", "/")}/${data.slug}/`,
  },
};
