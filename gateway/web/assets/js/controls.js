// Small controls that only a script can serve; the page hides them with `hidden`, `data-scripted`.
//
// `[data-print]` prints; `[data-reveal="#id"]` shows and hides a password; `[data-copy="#id"]` copies
// a text; `[data-length="#id"]` counts what is typed; `form[data-sends]` is sent when one of its
// choices changes. `[data-from-hash="#id"]` fills its field with what stands behind the address's hash.

import { onSwapped } from "./htmx.js";

unveil(document);
document.querySelectorAll("[data-from-hash]").forEach(takeFromHash);
onSwapped((part) => unveil(part.isConnected ? part : document));

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-print]")) {
    window.print();
  }
  const eye = target.closest?.("[data-reveal]");
  if (eye) {
    reveal(eye, document.querySelector(eye.dataset.reveal));
  }
  const copier = target.closest?.("[data-copy]");
  if (copier) {
    copy(copier, document.querySelector(copier.dataset.copy));
  }
});

document.addEventListener("input", ({ target }) => {
  const told = target.dataset?.length && document.querySelector(target.dataset.length);
  if (told) {
    told.querySelector("[data-length-count]").textContent = [...target.value].length;
    told.dataset.enough = String([...target.value].length >= target.minLength);
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

/** Copy what can be read; where the browser forbids it, select it so that the keyboard can. */
async function copy(button, source) {
  const text = source.value ?? source.innerText;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    getSelection().selectAllChildren(source);
    return;
  }
  button.querySelector("[data-copy-says]").hidden = true;
  button.querySelector("[data-copy-said]").hidden = false;
}

/** Take a secret out of the address, where it would be seen and kept, into the form. */
function takeFromHash(holder) {
  const field = document.querySelector(holder.dataset.fromHash);
  if (location.hash.length > 1) {
    field.value = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
  }
  holder.hidden = field.value !== "";
}
