// The line to the gateway: `[data-line-banner]` shows its child `[data-line="lost"]`, and for a
// while `[data-line="back"]`. Screens hear `plurali:line-lost` and `plurali:line-back`.

import { onAnswer, onNoAnswer } from "./htmx.js";

const PAUSE = 5000;
const FAREWELL = 6000;

let lost = false;
let timer;

onNoAnswer(lose);
onAnswer(regain);
window.addEventListener("offline", lose);
window.addEventListener("online", probe);

function lose() {
  if (!lost) {
    lost = true;
    show("lost");
    document.dispatchEvent(new CustomEvent("plurali:line-lost"));
  }
  clearTimeout(timer);
  timer = setTimeout(probe, PAUSE);
}

function regain() {
  if (!lost) {
    return;
  }
  lost = false;
  show("back");
  clearTimeout(timer);
  timer = setTimeout(() => show(null), FAREWELL);
  document.dispatchEvent(new CustomEvent("plurali:line-back"));
}

/** Ask for the smallest thing that there is, again and again until it comes. */
async function probe() {
  try {
    await fetch(import.meta.url, { method: "HEAD", cache: "no-store" });
    regain();
  } catch {
    lose();
  }
}

function show(state) {
  document.querySelectorAll("[data-line-banner]").forEach((banner) => {
    banner.hidden = state === null;
    banner.querySelectorAll("[data-line]").forEach((part) => {
      part.hidden = part.dataset.line !== state;
    });
  });
}
