"use strict";
const facts = JSON.parse(document.getElementById("facts").textContent);
const tabs = [...document.querySelectorAll("[role=tab]")];
const views = [...document.querySelectorAll(".view")];
const panel = document.querySelector("aside");
const announced = document.querySelector(".announced");
const search = document.querySelector("input");
const scales = views.map(() => 0);
let shown = 0;
let chosen = null;

const node = (name, text) => Object.assign(document.createElement(name), { textContent: text });

function show(index, focus) {
  shown = index;
  tabs.forEach((tab, at) => {
    tab.setAttribute("aria-selected", at === index);
    tab.tabIndex = at === index ? 0 : -1;
  });
  views.forEach((view, at) => { view.hidden = at !== index; });
  if (!scales[index]) fit();
  if (focus) tabs[index].focus();
  find();
}

function zoom(scale) {
  const view = views[shown];
  const svg = view.querySelector("svg");
  const before = scales[shown] || 1;
  const after = Math.min(4, Math.max(0.1, scale));
  const middle = [view.scrollLeft + view.clientWidth / 2, view.scrollTop + view.clientHeight / 2];
  scales[shown] = after;
  svg.setAttribute("width", svg.viewBox.baseVal.width * after);
  svg.setAttribute("height", svg.viewBox.baseVal.height * after);
  const [left, top] = middle.map((value) => value * after / before);
  view.scrollTo({ left: left - view.clientWidth / 2, top: top - view.clientHeight / 2, behavior: "instant" });
}

function fit() {
  const view = views[shown];
  const { width } = view.querySelector("svg").viewBox.baseVal;
  // Text stays large enough to be read: what is wider is scrolled.
  zoom(Math.min(1, Math.max(0.6, (view.clientWidth - 24) / width)));
}

function list(title, items) {
  if (!items.length) return;
  const all = document.createElement("ul");
  all.append(...items.map((item) => node("li", item)));
  panel.append(node("h3", title), all);
}

function choose(one) {
  if (chosen) chosen.classList.remove("chosen");
  chosen = one;
  one.classList.add("chosen");
  const fact = facts[one.dataset.id] ?? { permissions: [], findings: [] };
  const close = node("button", "Close");
  close.addEventListener("click", leave);
  panel.replaceChildren(node("h2", one.querySelector("title").textContent.split("\n")[0]), close);
  const place = [fact.type, fact.place].filter(Boolean).join(", ");
  if (place) panel.append(node("p", place));
  list("Findings", fact.findings);
  list("May do", fact.permissions);
  const edges = [...views[shown].querySelectorAll(".edge")].filter(({ dataset }) =>
    dataset.from === one.dataset.id || dataset.to === one.dataset.id);
  list("Leads to and from", edges.map((edge) => edge.querySelector("title").textContent));
  if (fact.properties) panel.append(node("h3", "Properties"), node("pre", fact.properties));
  panel.hidden = false;
}

function leave() {
  panel.hidden = true;
  if (!chosen) return;
  chosen.classList.remove("chosen");
  chosen.focus();
  chosen = null;
}

function find() {
  const wanted = search.value.trim().toLowerCase();
  const nodes = [...views[shown].querySelectorAll(".node[data-id]")];
  const hits = nodes.filter((one) => one.textContent.toLowerCase().includes(wanted));
  nodes.forEach((one) => one.classList.toggle("aside", Boolean(wanted) && !hits.includes(one)
    && !hits.some((hit) => hit.dataset.in === one.dataset.id)));
  if (wanted) announced.textContent = `${hits.length} found`;
  return wanted ? hits : [];
}

views.forEach((view) => {
  const svg = view.querySelector("svg");
  // Its nodes are there for everyone, not only the whole as an image.
  svg.setAttribute("role", "group");
  for (const one of svg.querySelectorAll(".node[data-id]")) {
    one.setAttribute("tabindex", "0");
    one.setAttribute("role", "button");
    one.addEventListener("click", () => choose(one));
    one.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose(one);
      panel.focus();
    });
  }
  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(scales[shown] * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
  }, { passive: false });
  let drag = null;
  view.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button === 0 && !event.target.closest(".node[data-id], text")) {
      drag = [event.clientX + view.scrollLeft, event.clientY + view.scrollTop];
    }
  });
  view.addEventListener("pointermove", (event) => {
    if (drag) view.scrollTo({ left: drag[0] - event.clientX, top: drag[1] - event.clientY, behavior: "instant" });
  });
  ["pointerup", "pointerleave"].forEach((name) => view.addEventListener(name, () => { drag = null; }));
});
tabs.forEach((tab, index) => {
  tab.addEventListener("click", () => show(index));
  tab.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by) show((index + by + tabs.length) % tabs.length, true);
  });
});
document.getElementById("nearer").addEventListener("click", () => zoom(scales[shown] * 1.25));
document.getElementById("farther").addEventListener("click", () => zoom(scales[shown] / 1.25));
document.getElementById("fit").addEventListener("click", fit);
search.addEventListener("input", find);
search.addEventListener("keydown", (event) => { if (event.key === "Enter") find()[0]?.focus(); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") leave(); });
show(0);
