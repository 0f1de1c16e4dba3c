/* Suggestions under a search box: a combobox with a list (WAI-ARIA 1.2). Without it the form works as it is; when the server
   does not answer nothing is shown. No eval, no inline style: the content security policy is strict. */
(() => {
  "use strict";

  const WAIT = 120; /* milliseconds after the last letter */
  const lists = new WeakMap(); /* search box → its list */
  let asked = null; /* what is under way, to be dropped when more is typed */
  let timer = 0;
  let number = 0;

  const status = document.createElement("div");
  status.className = "academy-hidden";
  status.setAttribute("role", "status");

  const isBox = (element) => element instanceof HTMLInputElement && element.dataset.suggest !== undefined;
  const optionsOf = (list) => [...list.querySelectorAll("[role=option]")];
  const activeOf = (box) => document.getElementById(box.getAttribute("aria-activedescendant") || "");
  const isOpen = (box) => lists.has(box) && !lists.get(box).hidden;

  /* Once per box, and again when a fresh page was merged over it. */
  const prepare = (box) => {
    let list = lists.get(box);
    if (!list) {
      list = document.createElement("div");
      list.id = `suggestions-${(number += 1)}`;
      list.className = "academy-suggestions";
      list.hidden = true;
      list.setAttribute("role", "listbox");
      list.setAttribute("aria-label", box.labels?.[0]?.textContent.trim() || box.name);
      /* Keeps the cursor in the box, so that a press does not close the list before it counts. */
      list.addEventListener("mousedown", (event) => event.preventDefault());
      lists.set(box, list);
    }
    if (list.parentElement !== box.parentElement) box.parentElement.append(list);
    if (box.getAttribute("role") !== "combobox") {
      box.setAttribute("role", "combobox");
      box.setAttribute("aria-autocomplete", "list");
      box.setAttribute("aria-controls", list.id);
      box.setAttribute("aria-expanded", String(!list.hidden));
    }
    return list;
  };

  const activate = (box, option) => {
    for (const other of optionsOf(lists.get(box))) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      box.removeAttribute("aria-activedescendant");
    }
  };

  const close = (box) => {
    clearTimeout(timer);
    asked?.abort();
    const list = lists.get(box);
    if (!list || list.hidden) return;
    list.hidden = true;
    activate(box, null);
    box.setAttribute("aria-expanded", "false");
    status.textContent = "";
  };

  const show = (box, html) => {
    const found = new DOMParser().parseFromString(html, "text/html").querySelector("[role=listbox]");
    if (!found || document.activeElement !== box) {
      close(box);
      return;
    }
    const list = prepare(box);
    list.replaceChildren(...found.children);
    optionsOf(list).forEach((option, place) => {
      option.id = `${list.id}-${place}`;
      option.tabIndex = -1;
    });
    list.hidden = false;
    activate(box, null);
    box.setAttribute("aria-expanded", "true");
    status.textContent = found.dataset.said;
  };

  const ask = async (box) => {
    const typed = box.value.trim();
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked;
    try {
      const answer = await fetch(`${box.dataset.suggest}?${new URLSearchParams({ q: typed })}`, { signal });
      const html = answer.ok ? await answer.text() : "";
      if (!signal.aborted) show(box, html);
    } catch {
      if (!signal.aborted) close(box);
    }
  };

  const move = (box, event) => {
    const options = optionsOf(lists.get(box));
    const place = options.indexOf(activeOf(box));
    const places = {
      ArrowDown: place + 1 < options.length ? place + 1 : -1,
      ArrowUp: place === -1 ? options.length - 1 : place - 1,
      Home: 0,
      End: options.length - 1,
    };
    /* Home and End belong to the text until an option was reached. */
    if (place === -1 && (event.key === "Home" || event.key === "End")) return;
    event.preventDefault();
    activate(box, options[places[event.key]] ?? null);
  };

  document.addEventListener("focusin", (event) => {
    if (isBox(event.target)) prepare(event.target);
  });

  document.addEventListener("input", (event) => {
    const box = event.target;
    if (!isBox(box)) return;
    prepare(box);
    clearTimeout(timer);
    if (box.value.trim()) timer = setTimeout(ask, WAIT, box);
    else close(box);
  });

  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!isBox(box) || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") {
      const chosen = isOpen(box) ? activeOf(box) : null;
      close(box);
      if (!chosen) return;
      event.preventDefault();
      chosen.click();
    } else if (event.key === "Escape" && isOpen(box)) {
      event.preventDefault(); /* or the browser empties the box */
      close(box);
    } else if (event.key === "ArrowDown" && !isOpen(box) && box.value.trim()) {
      event.preventDefault();
      ask(box);
    } else if (["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key) && isOpen(box)) {
      move(box, event);
    }
  });

  document.addEventListener("focusout", (event) => {
    if (isBox(event.target)) close(event.target);
  });

  /* Phone: the filters lie over the page; who walks out of them by keyboard closes them, so that nothing hides what has focus. */
  document.addEventListener("focusin", (event) => {
    const sheet = document.querySelector(".academy-filters[open]");
    if (sheet && !sheet.contains(event.target) && window.matchMedia("(max-width: 61.99rem)").matches) sheet.open = false;
  });

  /* An answer to the question before must not overwrite what is being typed: that question is dropped, and the next one takes all along. */
  document.addEventListener("input", (event) => {
    const form = event.target instanceof Element ? event.target.closest("#discover") : null;
    if (form && !event.target.matches("[type=checkbox], select")) form.dispatchEvent(new CustomEvent("htmx:abort"));
  });

  const prepareAll = () => document.querySelectorAll("input[data-suggest]").forEach(prepare);
  const start = () => {
    document.body.append(status);
    prepareAll();
  };
  document.addEventListener("htmx:after:swap", prepareAll);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
