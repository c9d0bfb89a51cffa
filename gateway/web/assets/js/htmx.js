// htmx, told what to do with answers, and its events by names of our own.

import htmx from "htmx.org/dist/htmx.esm.js";

const UNAUTHORISED = 401;

// An expired session says nothing about the form that asked: the form stays as it is.
htmx.config.noSwap = [204, 304, UNAUTHORISED];
htmx.config.defaultFocusScroll = true;

/** Call with (headers, element) before each request is sent. */
export function beforeSending(act) {
  on(["htmx:config:request", "htmx:configRequest"], ({ detail, target }) => {
    act(detail.ctx?.request.headers ?? detail.headers, target);
  });
}

/** Call with (element) when a request leaves. */
export function onSent(act) {
  on(["htmx:before:request", "htmx:beforeRequest"], ({ target }) => act(target));
}

/** Call with (status, element) when an answer has come, whatever it says. */
export function onAnswer(act) {
  on(["htmx:before:response", "htmx:afterRequest"], ({ detail, target }) => {
    const status = detail.ctx?.response?.status ?? detail.xhr?.status ?? 0;
    if (status > 0) {
      act(status, target);
    }
  });
}

/** Call with (element) when no answer came. */
export function onNoAnswer(act) {
  on(["htmx:sendError", "htmx:timeout"], ({ target }) => act(target));
  on(["htmx:error"], ({ detail, target }) => {
    if (detail.ctx && !detail.ctx.response) {
      act(target);
    }
  });
}

/** Call with (element, what was sent) before an answer takes an element's place. */
export function beforeSwap(act) {
  on(["htmx:before:swap"], ({ detail }) => act(detail.ctx?.target, detail.ctx?.request?.body));
}

/** Call with (element) when a part of the page has been replaced. */
export function onSwapped(act) {
  on(["htmx:after:swap"], ({ detail, target }) => act(detail.ctx?.target ?? target));
  on(["htmx:afterSwap"], ({ target }) => act(target));
}

function on(names, act) {
  names.forEach((name) => document.addEventListener(name, act));
}
