// Dialogs of the page: `[data-open-dialog="#id"]` opens one, `[data-close-dialog]` closes its own.
//
// A button with `data-confirm="question"` asks in `<dialog id="confirm-dialog">` first, which holds
// `[data-confirm-question]` and two buttons of a `<form method="dialog">`, one with value "yes".

const confirmed = new WeakSet();

document.addEventListener("click", ask, { capture: true });
document.addEventListener("click", ({ target }) => {
  const opener = target.closest?.("[data-open-dialog]");
  if (opener) {
    document.querySelector(opener.dataset.openDialog)?.showModal();
  }
  if (target.closest?.("[data-close-dialog]")) {
    target.closest("dialog")?.close();
  }
});

function ask(event) {
  const button = event.target.closest?.("[data-confirm]");
  if (!button || confirmed.delete(button)) {
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const dialog = document.getElementById("confirm-dialog");
  if (!dialog) {
    proceed(button, window.confirm(button.dataset.confirm));
    return;
  }
  dialog.querySelector("[data-confirm-question]").textContent = button.dataset.confirm;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => proceed(button, dialog.returnValue === "yes"), {
    once: true,
  });
  dialog.showModal();
}

function proceed(button, agreed) {
  if (agreed) {
    confirmed.add(button);
    button.click();
  } else {
    button.focus();
  }
}
