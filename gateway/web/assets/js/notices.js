// Notices that go by themselves: `data-dismiss-after="6000"`, unless the reader is at them.

const timers = new WeakMap();

watch(document.body);
new MutationObserver((changes) => {
  changes.flatMap(({ addedNodes }) => [...addedNodes]).forEach(watch);
}).observe(document.body, { childList: true, subtree: true });

function watch(part) {
  if (!(part instanceof Element)) {
    return;
  }
  const notices = [...part.querySelectorAll("[data-dismiss-after]")];
  (part.matches("[data-dismiss-after]") ? [part, ...notices] : notices).forEach((notice) => {
    ["mouseenter", "focusin"].forEach((name) => notice.addEventListener(name, () => hold(notice)));
    ["mouseleave", "focusout"].forEach((name) => notice.addEventListener(name, () => run(notice)));
    run(notice);
  });
}

function run(notice) {
  hold(notice);
  timers.set(notice, setTimeout(() => notice.remove(), Number(notice.dataset.dismissAfter)));
}

function hold(notice) {
  clearTimeout(timers.get(notice));
}
