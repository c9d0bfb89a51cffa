// Where the reader goes on: to the summary of errors, or to what the page marks with `data-focus`.

import { onSwapped } from "./htmx.js";

const MARK = "[data-focus]";

arrive(document);
onSwapped((part) => arrive(part.isConnected ? part : document));

function arrive(part) {
  const found = part.matches?.(MARK) ? part : part.querySelector(MARK);
  if (!found) {
    return;
  }
  // A mark serves once: a later change elsewhere must not call the reader back.
  found.removeAttribute("data-focus");
  if (found.tabIndex < 0) {
    found.tabIndex = -1;
  }
  found.focus();
}
