/* Makes an editor of the text field for queries: colours, completion of names, keys. Without it the field works as it is. */
"use strict";
(() => {
  const field = document.getElementById("query");
  if (!field || !window.Yasqe) return;
  const form = field.form;
  const button = form.querySelector("button");
  const label = form.querySelector("label[for=query]");
  const lang = document.documentElement.lang;
  let names = {};
  let prefixes = {};

  const send = () => form.requestSubmit(button);

  // Nothing is fetched from elsewhere: the completers that Yasqe brings along are not used.
  Yasqe.defaults.autocompleters = [];
  Yasqe.defaults.prefixCcApi = null;
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  Yasqe.registerAutocompleter(
    {
      name: "names",
      bulk: false,
      autoShow: false,
      isValidCompletionPosition: (editor) => {
        const token = editor.getTokenAt(editor.getDoc().getCursor());
        return token.type !== "string" && token.type !== "comment" && token.string.trim() !== "" && !/^[?$]/.test(token.string);
      },
      preProcessToken: (editor) => {
        const token = editor.getCompleteToken();
        return { ...token, autocompletionString: token.string };
      },
      get: (editor, token) => {
        const wanted = plain(token.autocompletionString || token.string);
        const local = wanted.replace(/^[a-z]+:/, "");
        const scored = [];
        for (const [name, labels] of Object.entries(names)) {
          const called = plain(labels[lang] || "");
          if (plain(name).startsWith(wanted)) scored.push([0, name]);
          else if (local.length > 1 && (plain(name).includes(local) || called.includes(local))) scored.push([1, name]);
        }
        return scored.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1)).slice(0, 50).map((each) => each[1]);
      },
      postprocessHints: (editor, hints) =>
        hints.map((hint) => {
          const called = names[hint.text] ? names[hint.text][lang] : "";
          return { ...hint, displayText: called ? `${hint.text} — ${called}` : hint.text };
        }),
    },
    true,
  );

  const place = document.createElement("div");
  place.className = "editor-place";
  field.before(place);
  const editor = new Yasqe(place, {
    value: field.value,
    persistenceId: null,
    consumeShareLink: null,
    showQueryButton: false,
    resizeable: false,
    createShareableLink: () => "",
    lineWrapping: true,
    viewportMargin: Infinity,
    screenReaderLabel: label.textContent,
    extraKeys: {
      "Ctrl-Space": (it) => {
        // A prefix that is declared while the list is open would move the text and close the list.
        declare();
        it.autocomplete();
      },
      "Ctrl-Enter": send,
      "Cmd-Enter": send,
      // Not handled here, so that the keyboard can leave.
      Tab: false,
      "Shift-Tab": false,
      "Ctrl-/": (it) => it.commentLines(),
    },
  });
  // It would tell in English what the hint below the field says in the language of the page.
  editor.showNotification = () => {};
  for (const control of place.querySelectorAll(".yasqe_buttons, .yasqe_share")) control.remove();
  field.hidden = true;
  label.addEventListener("click", (event) => {
    event.preventDefault();
    editor.focus();
  });
  for (const hint of form.querySelectorAll(".keys")) hint.hidden = false;

  // A prefix of ours is declared once it is used.
  const declare = () => {
    const text = editor.getValueWithoutComments();
    const known = editor.getPrefixesFromQuery();
    const missing = Object.keys(prefixes).filter((name) => !(name in known) && new RegExp(`(?<![\\w<"'])${name}:\\w`).test(text));
    if (missing.length) editor.addPrefixes(Object.fromEntries(missing.map((name) => [name, prefixes[name]])));
  };
  editor.on("change", () => window.setTimeout(declare, 0));

  const usual = button.textContent;
  form.addEventListener("submit", () => {
    field.value = editor.getValue();
    // An address can be passed on, but not every program on the way takes a long one.
    form.method = encodeURIComponent(field.value).length > 6000 ? "post" : "get";
    button.textContent = button.dataset.busy;
  });
  window.addEventListener("pageshow", () => {
    button.textContent = usual;
  });
  fetch(field.dataset.terms)
    .then((response) => response.json())
    .then((found) => {
      ({ names, prefixes } = found);
      declare();
    })
    .catch(() => {});
})();
