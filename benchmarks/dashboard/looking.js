// What cannot be read on a page: text that is cut, labels over each other, a page that scrolls sideways.
() => {
  const found = [];
  const shown = each => each.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const words = each => (each.innerText || each.textContent || each.value || "").trim().replace(/\s+/g, " ").slice(0, 60);
  const root = document.documentElement;
  // What an SVG cuts a text to, on the screen.
  const clips = text => {
    const edges = [];
    for (let each = text; each && each.tagName !== "svg"; each = each.parentElement) {
      const id = /url\(["']?.*#([^"')]+)/.exec(each.getAttribute("clip-path") || "")?.[1];
      const rect = id && document.getElementById(id)?.querySelector("rect");
      if (!rect) continue;
      const onto = each.getScreenCTM(), own = rect.getBBox();
      const [a, b] = [[own.x, own.y], [own.x + own.width, own.y + own.height]].map(([x, y]) => new DOMPoint(x, y).matrixTransform(onto));
      edges.push({ left: a.x, top: a.y, right: b.x, bottom: b.y });
    }
    return edges;
  };
  for (const each of [root, ...document.querySelectorAll("[data-testid=stMain]")])
    if (each.scrollWidth > each.clientWidth + 1) found.push(`sideways: the page is ${each.scrollWidth - each.clientWidth} px too wide`);
  // Text of the page: cut inside its box, or past the edge of the screen.
  const texts = "h1,h2,h3,h4,label,button,th,td,p,span,small,summary,dt,dd,b,a,input[type=text],[role=tab],[class^=cc-]";
  for (const each of document.querySelectorAll(texts)) {
    if (!each.closest("[data-testid=stMain],[data-testid=stHeader]") || !shown(each) || !words(each)) continue;
    // Streamlit's own tools, whose words are signs of a font; its sign that it works stands over the page for a moment.
    if (each.closest(".modebar,[data-testid=stIconMaterial],[data-testid=stToolbarActions],[data-testid=stStatusWidget]")) continue;
    const style = getComputedStyle(each), box = each.getBoundingClientRect();
    if (!box.width || style.clip === "rect(0px, 0px, 0px, 0px)" || box.width <= 1) continue;
    const scrolls = each.closest(".cc-scroll,[role=tablist],.st-key-question,.stCode");
    if (style.display !== "inline" && !["auto", "scroll"].includes(style.overflowX) && each.clientWidth &&
        each.scrollWidth > each.clientWidth + 1 && (style.overflowX !== "visible" || !scrolls))
      found.push(`cut: ${words(each)} (${each.scrollWidth} > ${each.clientWidth})`);
    else if (!scrolls && box.right > root.clientWidth + 1) found.push(`beyond the edge: ${words(each)}`);
  }
  // Labels of figures: inside their drawing, and none over another.
  for (const figure of document.querySelectorAll(".js-plotly-plot")) {
    if (!shown(figure)) continue;
    const frame = figure.querySelector(".svg-container").getBoundingClientRect();
    if (!frame.width) continue;
    const name = (figure.closest("[class*=st-key-]")?.className.match(/st-key-(\S+)/) || [])[1] || "figure";
    const labels = [];
    for (const text of figure.querySelectorAll("svg text")) {
      if (!text.textContent.trim() || !shown(text) || text.closest(".hoverlayer,.modebar")) continue;
      const lines = text.querySelectorAll("tspan.line");
      for (const line of lines.length ? lines : [text]) {
        const box = line.getBoundingClientRect();
        if (!box.width || !line.textContent.trim()) continue;
        labels.push({ box, text: line.textContent.trim(), owner: text });
        // Above and below its letters a line's box is empty.
        const room = 0.25 * Math.min(box.width, box.height);
        for (const edge of [frame, ...clips(text)]) {
          const out = Math.max(edge.left - box.left, box.right - edge.right);
          const off = Math.max(edge.top - box.top, box.bottom - edge.bottom) - room;
          if (out > 1.5 || off > 0) found.push(`outside ${name}: ${line.textContent.trim()} by ${Math.max(out, off).toFixed(0)} px`);
        }
      }
    }
    for (let i = 0; i < labels.length; i++)
      for (let j = i + 1; j < labels.length; j++) {
        const [a, b] = [labels[i], labels[j]];
        if (a.owner === b.owner || (a.text === b.text && Math.abs(a.box.left - b.box.left) < 2 && Math.abs(a.box.top - b.box.top) < 2)) continue;
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        // Boxes of lines hold the room above and below their letters.
        if (across > 1.5 && down > 0.35 * Math.min(a.box.height, b.box.height))
          found.push(`over each other in ${name}: ${a.text} / ${b.text} (${across.toFixed(0)} x ${down.toFixed(0)})`);
      }
  }
  return [...new Set(found)];
}
