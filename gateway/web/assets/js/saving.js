// How far what was typed has got. A form with `data-saves="#state"` writes into that element:
// `data-save-state` becomes unchanged, changed, saving, saved, refused or unsent, its children with
// `data-when="<state>"` show and hide, and `<time data-save-time>` takes the time of the last save.
//
// When the line or the session is back, forms that still hold something hear `retry-save`, which
// `hx-trigger` may name. Nobody leaves the page unasked while something is not saved.

import { onAnswer, onNoAnswer, onSent } from "./htmx.js";

const ERROR = 400;
const AT_RISK = new Set(["changed", "saving", "refused", "unsent"]);

/** Forms with something typed since the last request left, and forms on their way as a whole. */
const ahead = new WeakSet();
const leaving = new WeakSet();

document.addEventListener("input", ({ target }) => tell(target, "changed"));
onSent((element) => tell(element, "saving"));
onAnswer((status, element) => tell(element, status < ERROR ? "saved" : "refused"));
onNoAnswer((element) => tell(element, "unsent"));
document.addEventListener("plurali:line-back", retry);
document.addEventListener("plurali:session-back", retry);
window.addEventListener("beforeunload", (event) => {
  if (forms().some((form) => AT_RISK.has(stateOf(form)?.dataset.saveState) && !leaving.has(form))) {
    event.preventDefault();
  }
});
// A form that is sent as a whole takes what was typed along.
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) {
    leaving.add(event.target);
  }
});

const forms = () => [...document.querySelectorAll("[data-saves]")];

const stateOf = (form) => document.querySelector(form.dataset.saves);

function tell(element, state) {
  const form = element.closest?.("[data-saves]");
  const shown = form && stateOf(form);
  if (!shown || (state === "saved" && ahead.has(form))) {
    return;
  }
  if (state === "changed") {
    ahead.add(form);
    leaving.delete(form);
  } else if (state === "saving") {
    ahead.delete(form);
  }
  shown.dataset.saveState = state;
  shown.querySelectorAll("[data-when]").forEach((part) => {
    part.hidden = part.dataset.when !== state;
  });
  if (state === "saved") {
    shown.querySelectorAll("[data-save-time]").forEach(stamp);
  }
}

function stamp(time) {
  const now = new Date();
  const form = { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Rome" };
  time.dateTime = now.toISOString();
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, form).format(now);
}

function retry() {
  forms()
    .filter((form) => ["refused", "unsent", "saving"].includes(stateOf(form)?.dataset.saveState))
    .forEach((form) => form.dispatchEvent(new CustomEvent("retry-save", { bubbles: false })));
}
