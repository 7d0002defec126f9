// What a reader should see of a page; `layout` runs in the page, gives its faults, and stands alone for that.
// `expected` says how many suppliers, oversold and low beans the page must list.
export function layout({ media, suppliers, oversold, low }) {
  const faults = [];
  const expect = (what, held) => { if (!held) faults.push(what); };
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const style = (one) => getComputedStyle(one);
  const wide = innerWidth >= 400;

  // How many lines a part of a text node takes.
  const lines = (node, start, end) => {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    // A word stands between blanks and is of letters of an alphabet alone; what no line can hold may break.
    for (const word of node.data.matchAll(/(?<!\S)[\p{Script=Latin}\p{Script=Greek}]{2,20}(?!\S)/gu)) {
      const count = lines(node, word.index, word.index + word[0].length);
      expect(`the word ${word[0]} takes ${count} lines`, count <= 1);
    }
  }
  for (const cell of all("td")) {
    const text = cell.textContent.trim();
    expect(`${text} has a hyphen for a minus`, !/-[\d.]/.test(text));
    const count = new Set([...cell.childNodes].flatMap((node) =>
      node.nodeType === 3 && node.data.trim() ? [lines(node, 0, node.data.trimEnd().length)] : [])).size;
    if (text.length <= 10) expect(`the number ${text} takes more than a line`, count <= 1);
  }

  const headings = all("main > section > h2").map((one) => one.textContent);
  const order = [["Oversold", oversold], ["Low", low]].filter(([, count]) => count);
  const shown = order.map(([mark, count]) => `Order first: ${mark} (${Math.min(count, 99)})`);
  expect(`the first cards are ${headings.slice(0, 2)}, not ${shown}`,
    headings.slice(0, shown.length).join() === shown.join() && headings.length === shown.length + suppliers);
  const top = document.querySelector("main > dl").nextElementSibling;
  expect("what to order does not follow the totals", !shown.length || top.querySelector("h2").textContent === shown[0]);
  all("main > section").slice(0, order.length).forEach((card, place) => {
    const marks = new Set(all("mark", card).map((one) => one.textContent));
    const stock = all("tbody tr", card).map((row) => Number(row.cells[2].textContent.replace("\u2212", "-").replace(/,/g, "")));
    expect(`a list has ${[...marks]}, not ${order[place][0]} alone`, [...marks].join() === order[place][0]);
    expect(`a list is not from the lowest on: ${stock}`, stock.every((one, at) => !at || stock[at - 1] <= one));
  });

  for (const tile of all("dl > div")) {
    const isLow = tile.textContent.startsWith("Low stock") && oversold + low > 0;
    const lifted = style(tile).outlineStyle === "solid" && style(tile).outlineWidth === "2px";
    expect(`the tile ${tile.textContent} ${lifted ? "stands" : "does not stand"} out`, lifted === isLow);
  }

  for (const row of all("tbody tr:not(:has([colspan]))")) {
    const [product, ...numbers] = [...row.cells].map((cell) => cell.getBoundingClientRect());
    const above = numbers.every((one) => product.bottom <= one.top + 0.5);
    const beside = numbers.every((one) => product.top === one.top && product.right <= one.left + 0.5);
    expect(`${row.cells[0].textContent} is not ${wide ? "beside" : "above"} its numbers`, wide ? beside : above);
  }
  for (const table of all("table")) {
    const room = table.getBoundingClientRect().top - table.previousElementSibling.getBoundingClientRect().bottom;
    expect(`a table stands ${room} px below what precedes it`, room >= 12);
  }
  const title = parseFloat(style(document.querySelector("h1")).fontSize);
  expect(`the title has ${title} px`, wide ? title > 26 : title <= 26);
  if (media === "screen") {
    for (const one of all("a, summary")) {
      const { height } = one.getBoundingClientRect();
      expect(`${one.textContent.trim()} is ${height} px high`, height >= 24);
    }
  }

  const index = document.querySelector("details");
  expect(`${suppliers} suppliers ${index ? "have an" : "have no"} index`, Boolean(index) === suppliers > 5);
  if (index) {
    const targets = all("a", index).map((link) => document.querySelector(link.getAttribute("href")));
    const cards = all("main > section").slice(order.length).map((card) => card.querySelector("h2"));
    expect("the index is not of all suppliers", targets.length === suppliers && targets.every((one, at) => one === cards[at]));
    expect("the index stands below the suppliers", index.nextElementSibling.contains(cards[0]));
    expect("the index is printed", media === "screen" || style(index).display === "none");
  }

  if (media === "print") {
    expect(`the paper is ${style(document.body).backgroundColor}`, style(document.body).backgroundColor === "rgb(255, 255, 255)");
    const whole = ["dl", "tr", ...(suppliers ? [`main > section:nth-last-child(-n + ${suppliers})`] : [])];
    for (const one of all(whole.join())) {
      expect(`a ${one.localName} may be split: ${one.textContent.slice(0, 40)}`, style(one).breakInside === "avoid");
    }
    expect("a heading may be left behind", all("h2").every((one) => style(one).breakAfter === "avoid"));
    expect("a total would come on each sheet", all("tfoot").length === 0);
  }
  return [...new Set(faults)].slice(0, 5);
}
