// Every request of htmx carries the token that proves it comes from our own page.

import { beforeSending } from "./htmx.js";

beforeSending((headers) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) {
    headers["X-CSRFToken"] = token;
  }
});
