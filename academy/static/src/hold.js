/* A seat that is kept for a while: how long still, said once when two minutes are left and once at the end. Without this the page names the hour. */
(() => {
  "use strict";

  const watch = (box) => {
    const left = box.querySelector("[data-hold-left]");
    const news = box.querySelector("[data-hold-news]");
    if (!left || !news) return;
    /* Counted from what the server said: the clock of the device may be wrong. */
    const end = performance.now() + Number(box.dataset.holdSeconds) * 1000;
    const warn = Number(box.dataset.holdWarn);
    const say = (text) => {
      if (news.textContent === text) return;
      news.textContent = text;
      news.classList.remove("academy-hidden");
    };
    const tick = () => {
      const seconds = Math.ceil((end - performance.now()) / 1000);
      left.hidden = seconds <= 0;
      left.textContent = seconds > warn ? left.dataset.minutes.replace("#", String(Math.ceil(seconds / 60))) : left.dataset.less;
      if (seconds <= 0) say(news.dataset.over);
      else if (seconds <= warn) say(news.dataset.soon);
      if (seconds > 0) setTimeout(tick, 1000);
    };
    tick();
  };

  const start = () => document.querySelectorAll("[data-hold-until]").forEach(watch);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  /* Back on the page from memory: what it says may be long past. */
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.querySelector("[data-hold-until]")) location.reload();
  });
})();
