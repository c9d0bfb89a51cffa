// Small controls that only a script can serve; the page hides them with `hidden`, `data-scripted`.
//
// `[data-print]` prints; `[data-reveal="#id"]` shows and hides a password; `form[data-sends]` is
// sent when one of its choices changes.

import { onSwapped } from "./htmx.js";

unveil(document);
onSwapped((part) => unveil(part.isConnected ? part : document));

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-print]")) {
    window.print();
  }
  const eye = target.closest?.("[data-reveal]");
  if (eye) {
    reveal(eye, document.querySelector(eye.dataset.reveal));
  }
});

document.addEventListener("change", ({ target }) => {
  target.closest?.("form[data-sends]")?.requestSubmit();
});

function unveil(part) {
  part.querySelectorAll("[data-scripted]").forEach((control) => {
    control.hidden = false;
  });
}

function reveal(eye, field) {
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  eye.setAttribute("aria-pressed", String(shown));
}
