(() => {
  "use strict";

  // The form: a file can be dropped on it, its size is told before it is sent, and how much has been sent meanwhile.
  const form = document.querySelector("form.check");
  if (form) {
    const field = form.elements.file;
    const area = form.querySelector(".drop");
    const alert = form.querySelector("[role=alert]");
    const sending = form.querySelector(".sending");
    const bar = form.querySelector("progress");
    const button = form.querySelector("button");

    form.querySelectorAll(".for-script").forEach((each) => { each.hidden = false; });

    const say = (text) => {
      alert.textContent = text;
      alert.hidden = !text;
    };
    const isTooLarge = () => field.files.length > 0 && field.files[0].size > Number(form.dataset.most);
    const looked = () => say(isTooLarge() ? form.dataset.tooLarge : "");
    field.addEventListener("change", looked);

    for (const kind of ["dragenter", "dragover"]) {
      area.addEventListener(kind, (event) => {
        event.preventDefault();
        area.classList.add("over");
      });
    }
    for (const kind of ["dragleave", "drop"]) area.addEventListener(kind, () => area.classList.remove("over"));
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      const one = new DataTransfer();
      one.items.add(event.dataTransfer.files[0]);
      field.files = one.files;
      looked();
      if (!isTooLarge()) form.requestSubmit();
    });

    const ended = () => {
      sending.hidden = true;
      button.disabled = false;
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!field.files.length) { say(form.dataset.noFile); return; }
      if (isTooLarge()) { say(form.dataset.tooLarge); return; }
      say("");
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "text/html");
      request.upload.addEventListener("progress", (step) => {
        if (step.lengthComputable) bar.value = Math.round((100 * step.loaded) / step.total);
      });
      request.addEventListener("error", () => { ended(); say(form.dataset.failed); });
      request.addEventListener("load", () => {
        if (request.status < 400) { window.location.assign(request.responseURL); return; }
        ended();
        const page = new DOMParser().parseFromString(request.responseText, "text/html");
        say(Array.from(page.querySelectorAll("main h1, main p"), (each) => each.textContent).join(": ") || form.dataset.failed);
      });
      bar.value = 0;
      sending.hidden = false;
      button.disabled = true;
      request.send(new FormData(form));
    });
    window.addEventListener("pageshow", ended);
  }

  // The queue: asks where the file stands, and shows the report once it is there.
  const waiting = document.querySelector("[data-state]");
  if (waiting) {
    const ask = async () => {
      try {
        const answer = await fetch(waiting.dataset.state, { headers: { Accept: "application/json" } });
        // Where the service has no time for an answer, it is asked again, as where it is not reached.
        const isBusy = answer.status === 429 || answer.status >= 500;
        const told = answer.ok ? await answer.json() : {};
        if (!isBusy && (!answer.ok || told.state === "done" || told.state === "failed")) { window.location.reload(); return; }
        if (told.text && waiting.textContent !== told.text) waiting.textContent = told.text;
      } catch {
        // Not reached: it is asked again.
      }
      window.setTimeout(ask, 1000);
    };
    window.setTimeout(ask, 300);
  }
})();
