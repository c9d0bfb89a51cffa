// The form of a screening. The server decides what is asked and what is saved; here stands only what
// it cannot know: what was chosen while an answer was under way, what waits while the line is down,
// and who looks over the shoulder.
//
// `form[data-draft]` names whose draft of which section it is. `[data-alone]` is a box that excludes
// the others of its question. `[data-veil]`, or Escape twice, hides the page behind `#veil`, whose
// `[data-unveil]` shows it again.

import { beforeSwap, onAnswer, onSwapped } from "./htmx.js";

const STORE = "plurali.scheda.";
const ERROR = 400;
const SERVER_ERROR = 500;
const PAUSE = 5000;
const TWICE = 600;

const form = () => document.querySelector("form[data-draft]");
let lineLost = false;
let escaped = 0;

// ---- what was chosen meanwhile stays chosen ----

beforeSwap((target, sent) => {
  questionsOf(target).forEach((question) => {
    const stale = sent && chosenIn(question) !== choicesSent(question, sent);
    question.toggleAttribute("hx-morph-skip", Boolean(stale));
  });
});
onSwapped((target) => {
  questionsOf(target)
    .filter((question) => !question.hasAttribute("hx-morph-skip"))
    .flatMap((question) => [...question.querySelectorAll("input[name^='answers.']")])
    .forEach((input) => {
      // Laying a page over another changes what stands in it, not what a hand has changed.
      input.checked = input.defaultChecked;
    });
});

function questionsOf(target) {
  return form()?.contains(target) ? [...target.querySelectorAll("fieldset.question")] : [];
}

function chosenIn(question) {
  const chosen = question.querySelectorAll("input[name^='answers.']:checked");
  return [...chosen].map((input) => input.value).join(" ");
}

function choicesSent(question, sent) {
  const field = question.querySelector("input[name^='answers.']");
  return field ? new URLSearchParams(sent).getAll(field.name).join(" ") : "";
}

document.addEventListener("change", ({ target }) => {
  if (target.matches?.("fieldset.question input[type=checkbox]") && target.checked) {
    const boxes = target.closest("fieldset").querySelectorAll("input[type=checkbox]:checked");
    const alone = "alone" in target.dataset;
    [...boxes]
      .filter((box) => box !== target && (alone || "alone" in box.dataset))
      .forEach((box) => {
        box.checked = false;
      });
  }
}, { capture: true });

// ---- the line is cut: a copy for this window alone, until it is saved ----

document.addEventListener("plurali:line-lost", () => {
  lineLost = true;
  copy();
});
document.addEventListener("plurali:line-back", () => {
  lineLost = false;
});
document.addEventListener("change", () => lineLost && copy());
document.addEventListener("submit", ({ target }) => {
  if (target.action?.endsWith("/sign-out")) {
    copies().forEach((name) => sessionStorage.removeItem(name));
  }
});
onAnswer((status, element) => {
  const draft = form();
  if (!draft || element.closest?.("form") !== draft) {
    return;
  }
  if (status < ERROR) {
    sessionStorage.removeItem(STORE + draft.dataset.draft);
  } else if (status >= SERVER_ERROR) {
    setTimeout(() => draft.dispatchEvent(new CustomEvent("retry-save")), PAUSE);
  }
});
window.addEventListener("load", restore);

const copies = () => Object.keys(sessionStorage).filter((name) => name.startsWith(STORE));

function copy() {
  const draft = form();
  if (draft) {
    const given = [...new FormData(draft)].filter(([name]) => name.startsWith("answers."));
    sessionStorage.setItem(STORE + draft.dataset.draft, JSON.stringify(given));
  }
}

/** Take up what waited, if it is this worker's; nobody else's is kept. */
function restore() {
  const draft = form();
  if (!draft) {
    return;
  }
  const [worker] = draft.dataset.draft.split(".");
  copies()
    .filter((name) => !name.startsWith(`${STORE}${worker}.`))
    .forEach((name) => sessionStorage.removeItem(name));
  const kept = sessionStorage.getItem(STORE + draft.dataset.draft);
  if (kept) {
    const given = new Set(JSON.parse(kept).map(([name, value]) => `${name}=${value}`));
    draft.querySelectorAll("input[name^='answers.']").forEach((input) => {
      input.checked = given.has(`${input.name}=${input.value}`);
    });
    draft.dispatchEvent(new Event("input", { bubbles: true }));
    draft.dispatchEvent(new CustomEvent("retry-save"));
  }
}

// ---- somebody looks over the shoulder ----

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !document.getElementById("veil")) {
    return;
  }
  const now = performance.now();
  if (now - escaped < TWICE) {
    veil(true);
  }
  escaped = now;
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-veil]")) {
    event.preventDefault();
    veil(true);
  } else if (event.target.closest?.("[data-unveil]")) {
    veil(false);
  }
});

function veil(hidden) {
  const shown = document.getElementById("veil");
  [...document.querySelectorAll("body > :not(dialog)"), ...shown.parentElement.children]
    .filter((part) => part !== shown && !part.contains(shown))
    .forEach((part) => part.classList.toggle("veiled", hidden));
  shown.hidden = !hidden;
  (hidden ? shown.querySelector("[data-unveil]") : document.getElementById("content")).focus();
}
