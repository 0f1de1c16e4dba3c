/* Small help on top of pages that work without it. No eval, no inline style: the content security policy is strict. */
(() => {
  "use strict";

  const focusErrors = () => document.querySelector("[data-focus]")?.focus();

  /* One press, one request: a second press on the same form does nothing until the page answers; a download (data-again) leaves the page as it is. */
  const sent = new Map();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post" || "again" in form.dataset) return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    const label = event.submitter?.dataset.busy ? event.submitter.querySelector(".nl-button__label") : null;
    sent.set(form, { label, text: label?.textContent });
    if (label) label.textContent = event.submitter.dataset.busy;
  });
  /* Back from the next page: the form may be sent again. */
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const { label, text } of sent.values()) if (label) label.textContent = text;
    sent.clear();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target instanceof Element ? event.target.closest("details[open][data-sheet]") : null;
    if (!open) return;
    open.open = false;
    open.querySelector("summary")?.focus();
  });

  /* Phone: "Toon 34 resultaten" closes the filter sheet and shows the list; without JavaScript it sends the form. */
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-show-results]") : null;
    if (!button) return;
    const sheet = button.closest("details[open]");
    if (sheet && window.matchMedia("(max-width: 61.99rem)").matches) {
      event.preventDefault();
      sheet.open = false;
      const status = document.getElementById("results-title");
      status?.focus({ preventScroll: true });
      status?.scrollIntoView({ block: "start" });
    }
  });

  /* A link to keep is copied with one press; where that can not be done there is no button, and the link itself stands there. */
  const offerCopies = () => {
    if (!navigator.clipboard) return;
    for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = false;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-copy]") : null;
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.querySelector(".nl-button__label");
    label.setAttribute("role", "status");
    label.textContent = button.dataset.copied;
  });

  const start = () => {
    focusErrors();
    offerCopies();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
