(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  // As a part of another page, a report has no choice of languages, and is in that of the page.
  const language = () => document.querySelector('input[name="lang"]:checked')?.value ?? root.lang;
  const marks = document.querySelector("[data-thousands-en]");
  const count = (value) => value.toLocaleString("en-US").replaceAll(",", marks.getAttribute(`data-thousands-${language()}`));

  const texts = new Map();
  const text = (item, lang) => {
    const key = lang;
    let known = texts.get(item);
    if (!known) texts.set(item, (known = {}));
    if (known[key] === undefined) {
      const copy = item.cloneNode(true);
      const isOther = (each) => each.lang !== lang && marks.hasAttribute(`data-thousands-${each.lang}`);
      all("[lang]", copy).filter(isOther).forEach((other) => other.remove());
      known[key] = folded(copy.textContent);
    }
    return known[key];
  };

  const filter = (form) => {
    const lang = language();
    const wanted = new Set(all("input.severity:checked", form).map((box) => box.value));
    const code = form.querySelector("select").value;
    const words = folded(form.querySelector('input[type="search"]').value).split(/\s+/).filter(Boolean);
    let shown = 0;
    let every = 0;
    for (const group of all(".group", form.parentElement)) {
      const open = wanted.has(group.dataset.severity) && (!code || code === group.dataset.code);
      const head = words.length ? text(group.querySelector("header"), lang) : "";
      let here = 0;
      for (const item of all(".finding", group)) {
        const fits = open && words.every((word) => head.includes(word) || text(item, lang).includes(word));
        item.hidden = !fits;
        here += fits;
        every += 1;
      }
      group.hidden = !here;
      shown += here;
    }
    const output = form.querySelector("output");
    output.textContent = output.dataset[lang].replace("{shown}", count(shown)).replace("{all}", count(every));
  };

  const translate = () => {
    const lang = language();
    root.lang = lang;
    document.title = root.getAttribute(`data-title-${lang}`) ?? document.title;
    all("option[data-en]").forEach((option) => { option.textContent = option.dataset[lang]; });
    all("input[data-en]").forEach((input) => { input.placeholder = input.dataset[lang]; });
    all("form.filter").forEach(filter);
  };

  all("form.filter").forEach((form) => {
    form.hidden = false;
    form.addEventListener("input", () => filter(form));
    form.addEventListener("submit", (event) => event.preventDefault());
  });
  all('input[name="lang"]').forEach((choice) => choice.addEventListener("change", translate));
  translate();
})();
