// What is wrong with a picture as the browser lays it out; `geometry` runs in the page and stands alone for that.
export function geometry() {
  const wrong = [];
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const name = (node) => node.querySelector("title").textContent.split("\n")[0];
  const rect = (one) => one.getBoundingClientRect();
  const nodes = all("svg .node[data-id]").map((node) => ({
    node, id: node.dataset.id, parent: node.dataset.in, box: node.classList.contains("box"),
    face: rect(node.querySelector(".face")),
  }));
  const byId = new Map(nodes.map((one) => [one.id, one]));
  const around = (id) => {
    const found = [];
    for (let one = byId.get(id); one; one = byId.get(one.parent)) found.push(one.id);
    return found;
  };
  const overlap = (one, other, by = 0.5) => one.left + by < other.right && other.left + by < one.right
    && one.top + by < other.bottom && other.top + by < one.bottom;
  const holds = (outer, inner) => inner.left >= outer.left - 0.5 && inner.right <= outer.right + 0.5
    && inner.top >= outer.top - 0.5 && inner.bottom <= outer.bottom + 0.5;

  // Colours, over each other where they are transparent.
  const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [red, green, blue] = parts(colour).slice(0, 3).map((value) => value / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [first, second] = [luminance(one), luminance(other)];
    return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
  };
  const fill = (one) => getComputedStyle(one).fill;

  let texts = 0;
  const paper = fill(document.querySelector("svg .paper"));
  for (const one of nodes) {
    for (const text of all(":scope > text", one.node)) {
      texts += 1;
      const place = rect(text);
      if (!holds(one.face, place)) wrong.push(`the text ${text.textContent} leaves ${name(one.node)}`);
      const behind = one.box ? paper : fill(one.node.querySelector(".face"));
      if (contrast(fill(text), behind) < 4.5) wrong.push(`${text.textContent} has a contrast of ${contrast(fill(text), behind)}`);
      const sign = text.previousElementSibling;
      if (sign?.classList.contains("sign")) {
        if (!holds(rect(sign), place)) wrong.push(`the text ${text.textContent} leaves its sign`);
        if (contrast(fill(text), fill(sign)) < 4.5) wrong.push(`the sign ${text.textContent} has too little contrast`);
      }
    }
    const parent = byId.get(one.parent);
    if (parent && !holds(parent.face, one.face)) wrong.push(`${name(one.node)} leaves ${name(parent.node)}`);
    for (const other of nodes) {
      if (other !== one && other.parent === one.parent && overlap(one.face, other.face)) {
        wrong.push(`${name(one.node)} overlaps ${name(other.node)}`);
      }
    }
  }
  const labels = [];
  for (const edge of all("svg .edge")) {
    const line = edge.querySelector(".line");
    const theirs = new Set([...around(edge.dataset.from), ...around(edge.dataset.to)]);
    const others = nodes.filter((one) => !theirs.has(one.id));
    const matrix = line.getScreenCTM();
    const length = line.getTotalLength();
    for (let at = 0; at <= length; at += 4) {
      const point = line.getPointAtLength(at).matrixTransform(matrix);
      const hit = others.find(({ face }) => point.x > face.left + 0.5 && point.x < face.right - 0.5
        && point.y > face.top + 0.5 && point.y < face.bottom - 0.5);
      if (hit) {
        wrong.push(`the edge ${name(edge)} runs through ${name(hit.node)}`);
        break;
      }
    }
    for (const text of all("text", edge)) {
      texts += 1;
      const place = rect(text);
      if (contrast(fill(text), paper) < 4.5) wrong.push(`the label ${text.textContent} has too little contrast`);
      for (const one of nodes.filter((one) => !one.box)) {
        if (overlap(place, one.face)) wrong.push(`the label ${text.textContent} covers ${name(one.node)}`);
      }
      labels.push([text, place]);
    }
  }
  labels.forEach(([text, place], index) => labels.slice(index + 1).forEach(([other, there]) => {
    if (overlap(place, there)) wrong.push(`the label ${text.textContent} covers ${other.textContent}`);
  }));
  const whole = rect(document.querySelector("svg"));
  for (const text of all("svg text")) {
    if (!holds(whole, rect(text))) wrong.push(`the text ${text.textContent} leaves the picture`);
  }
  return { wrong, texts };
}
