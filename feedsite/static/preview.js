(() => {
  const panel = document.getElementById("page__preview");
  const { events, version } = panel.dataset;
  let source = null;
  const end = () => { source?.close(); source = null; };
  const follow = () => {
    if (document.hidden) return end();
    if (source) return;
    source = new EventSource(events);
    source.onmessage = ({ data }) => {
      // A page that is another one each time it is asked for is shown once.
      if (data === version || data === sessionStorage.feedsitePreview) return;
      sessionStorage.feedsitePreview = data;
      location.reload();
    };
    source.onerror = () => { if (source?.readyState === EventSource.CLOSED) { end(); setTimeout(follow, 500); } };
  };
  addEventListener("visibilitychange", follow);
  addEventListener("pagehide", end);
  addEventListener("pageshow", follow);
  follow();
})();
