// A session that has ended: `#session-expired` opens over the page, which keeps what was typed.
//
// The dialog links to the sign-in in a new tab. When the window is looked at again, or its button
// `[data-session-retry]` is pressed, the page takes over the new session's token and goes on.

import { onAnswer } from "./htmx.js";

const UNAUTHORISED = 401;

const dialog = () => document.getElementById("session-expired");

onAnswer((status) => {
  if (status === UNAUTHORISED) {
    open();
  }
});
window.addEventListener("focus", () => {
  if (dialog()?.open) {
    takeOver();
  }
});
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-session-retry]")) {
    takeOver();
  }
});

function open() {
  const shown = dialog();
  if (shown && !shown.open) {
    shown.showModal();
  }
}

/** Ask for any page as the new session sees it and use the token that stands in it. */
async function takeOver() {
  const address = dialog().dataset.probe ?? "/";
  const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || new URL(answer.url).pathname !== address) {
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector('meta[name="csrf-token"]')?.content;
  if (!token) {
    return;
  }
  document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", token);
  document.querySelectorAll('input[name="csrf_token"]').forEach((field) => {
    field.value = token;
  });
  dialog().close();
  document.dispatchEvent(new CustomEvent("plurali:session-back"));
}
