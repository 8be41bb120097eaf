// Lists that are filtered, and a search that answers, while one types. Without this script both are plain forms.
"use strict";
(() => {
  // As `bicentennial.knowledge.text.normalize_words`: no case, no accents, punctuation as single spaces.
  const words = (text) =>
    text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  const number = (value) => value.toLocaleString(document.documentElement.lang === "es" ? "es-MX" : "en-US");

  for (const form of document.querySelectorAll("form[data-filters]")) {
    const rows = [...document.querySelectorAll(`#${form.dataset.filters} tbody tr`)];
    const output = form.querySelector("output");
    const none = document.querySelector(".none");
    const total = rows.length;
    const apply = () => {
      const wanted = words(form.elements.q.value).split(" ");
      const chosen = [...form.querySelectorAll("select[data-column]")].filter((select) => select.value);
      let count = 0;
      for (const row of rows) {
        const fits =
          wanted.every((word) => row.dataset.words.includes(word)) &&
          chosen.every((select) =>
            (row.getAttribute(`data-column-${select.dataset.column}`) || "").split("|").includes(select.value));
        row.hidden = !fits;
        count += fits;
      }
      output.textContent = filled(output.dataset.of, { count: number(count), all: number(total) });
      none.hidden = count > 0;
    };
    form.hidden = false;
    // A page that the server has filtered does not hold all rows, so there the server goes on answering.
    if (form.dataset.all !== String(total)) continue;
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  }

  const form = document.querySelector("form.search");
  const index = window.bicentennialIndex;
  if (!form || !index) return;
  let found = document.getElementById("found");
  if (!found) {
    found = document.createElement("div");
    found.id = "found";
    found.setAttribute("aria-live", "polite");
    (form.closest(".opening") || form).after(found);
  }
  const most = 50;

  // As `bicentennial.explorer.search._score`.
  const score = (tiers, wanted) => {
    const tests = [(name) => name === wanted, (name) => name.startsWith(wanted)];
    for (const [quality, fits] of tests.entries()) {
      for (const [tier, text] of tiers.entries()) {
        if (text.split("|").some(fits)) return 3 * quality + tier;
      }
    }
    const padded = ` ${tiers.join(" ").replaceAll("|", " ")}`;
    return wanted.split(" ").every((word) => padded.includes(` ${word}`)) ? 6 : -1;
  };

  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  const answer = () => {
    const wanted = words(form.elements.q.value);
    const kind = form.elements.kind ? form.elements.kind.value : "";
    const everything = document.getElementById("all");
    if (everything) everything.hidden = wanted !== "";
    if (!wanted) return found.replaceChildren();
    const hits = [];
    for (const entry of index.entries) {
      if (kind && entry[3] !== kind) continue;
      const value = score(entry.slice(4), wanted);
      if (value >= 0) hits.push([value, entry]);
    }
    hits.sort((a, b) => a[0] - b[0]);
    if (!hits.length) return found.replaceChildren(element("p", form.dataset.nothing, { class: "notice" }));
    const list = element("ul", "", { class: "list results" });
    for (const [, [path, name, code, of]] of hits.slice(0, most)) {
      const item = document.createElement("li");
      item.append(element("a", name, { href: `${form.dataset.root}${path.slice(1)}${form.dataset.suffix}` }));
      if (code && code !== name) item.append(element("span", code, { class: "code" }));
      item.append(element("span", index.kinds[of], { class: "count" }));
      list.append(item);
    }
    const said = hits.length > most ? form.dataset.first : form.dataset.found;
    const text = filled(said, { count: number(hits.length), shown: number(most) });
    found.replaceChildren(element("p", text, { class: "muted" }), list);
  };
  form.addEventListener("input", answer);
  form.addEventListener("submit", (event) => { event.preventDefault(); answer(); });
  const asked = new URLSearchParams(location.search);
  if (asked.has("q")) form.elements.q.value = asked.get("q");
  if (form.elements.kind && asked.has("kind")) form.elements.kind.value = asked.get("kind");
  if (form.elements.q.value) answer();
})();
