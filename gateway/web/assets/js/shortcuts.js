// Keys: `/` search, `n` new, `g` then a letter to go, `?` help. `data-shortcuts="off"` on the body
// switches them off. What they do is marked in the page: `data-search`, `data-new`, `data-go="p"`
// and `<dialog id="shortcuts-help">`.

const PATIENCE = 1500;
const TYPING = "input, textarea, select, [contenteditable], dialog[open]";

let going = false;
let timer;

document.addEventListener("keydown", (event) => {
  if (isOff(event)) {
    return;
  }
  const act = going ? go : KEYS[event.key];
  rest();
  if (act?.(event.key)) {
    event.preventDefault();
  }
});

const KEYS = {
  "/": () => focus(document.querySelector("[data-search]")),
  n: () => press(document.querySelector("[data-new]")),
  "?": () => open(document.getElementById("shortcuts-help")),
  g: wait,
};

function isOff(event) {
  return (
    document.body.dataset.shortcuts === "off" ||
    event.ctrlKey ||
    event.altKey ||
    event.metaKey ||
    event.isComposing ||
    event.defaultPrevented ||
    event.target.closest?.(TYPING)
  );
}

function wait() {
  going = true;
  timer = setTimeout(rest, PATIENCE);
  return true;
}

function rest() {
  going = false;
  clearTimeout(timer);
}

function go(letter) {
  return press(document.querySelector(`[data-go="${CSS.escape(letter)}"]`));
}

function press(element) {
  element?.click();
  return Boolean(element);
}

function focus(element) {
  element?.focus();
  return Boolean(element);
}

function open(dialog) {
  dialog?.showModal();
  return Boolean(dialog);
}
