// What every page needs on top of htmx: where the focus goes, what an error says, and that typed text is never lost.
"use strict";

(() => {
  const problem = document.getElementById("problem");
  const summary = () => document.getElementById("error-summary");

  // --- Errors: the server's own error page says what happened; its words are shown here and the form stays as it is.

  // What the page asks by itself (who else is looking, how far an import is) may fail as well: it must not pull the
  // focus out of a field that somebody types in.
  function showProblem(event, title, ...content) {
    const box = document.createElement("div");
    box.className = "usa-alert usa-alert--error";
    const body = document.createElement("div");
    body.className = "usa-alert__body";
    const heading = document.createElement("h2");
    heading.className = "usa-alert__heading";
    heading.textContent = title;
    body.append(heading, ...content);
    box.append(body);
    problem.replaceChildren(box);
    if (!byHand(event)) return;
    problem.focus();
    problem.scrollIntoView({ block: "nearest" });
  }

  function paragraph(text) {
    const element = document.createElement("p");
    element.textContent = text;
    return element;
  }

  function errorOf(text) {
    return new DOMParser().parseFromString(text, "text/html").querySelector("[data-error]");
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400) return;
    const words = errorOf(xhr.responseText);
    if (words) {
      event.detail.shouldSwap = false;
      if (xhr.status === 401) signedOut = true;
      showProblem(event, words.dataset.errorTitle, ...[...words.childNodes].map((node) => document.importNode(node, true)));
    } else if (!event.detail.shouldSwap) {
      showProblem(event, "That did not work", paragraph(`The server answered with the error ${xhr.status}. What you typed is still here; try again in a moment.`));
    }
  });

  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => showProblem(event, "The server cannot be reached",
      paragraph("It is not certain that your action arrived. What you typed is still here: check the connection, then try again.")));
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (byHand(event)) problem.replaceChildren();
  });

  // After signing in again in another tab the old token no longer fits: fetch a fresh one for the forms of this page.
  let signedOut = false;
  window.addEventListener("focus", async () => {
    if (!signedOut) return;
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("body[data-signed-in] input[name=csrf_token]");
    if (!fresh) return;
    signedOut = false;
    for (const token of document.querySelectorAll("input[name=csrf_token]")) token.value = fresh.value;
    problem.replaceChildren();
    say("That is done. Press the button once more.");
  });

  // --- Focus: to the errors, to what the part marks with data-focus, else back to where it was lost.

  const byHand = (event) => Boolean(event.detail.requestConfig?.triggeringEvent);
  const within = (root, selector) => (root.matches(selector) ? root : root.querySelector(selector));
  const hadFocus = new WeakSet();

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.contains(document.activeElement)) hadFocus.add(event.detail.xhr);
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.target;
    if (!byHand(event) || part.closest("#flash, .count")) return;
    const errors = within(part, "#error-summary");
    // Somebody quick is in a field of the new part already.
    if (!errors && part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) return;
    const goal = errors ?? within(part, "[data-focus]");
    const lost = document.activeElement === document.body && hadFocus.has(event.detail.xhr);
    const next = goal ?? (lost ? within(part, "h2, h3, a, button, input") ?? part : null);
    if (!next) return;
    if (next.tabIndex < 0) next.tabIndex = -1;
    next.focus();
  });

  // A details menu in the header closes with Escape and when the focus or the pointer goes elsewhere.
  for (const menu of document.querySelectorAll("details.menu")) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
    });
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  }

  // --- The flash line

  const flash = document.getElementById("flash");

  function closable(region) {
    for (const body of region.querySelectorAll(".usa-alert__body")) {
      const close = document.createElement("button");
      close.type = "button";
      close.className = "alert-close";
      close.textContent = "Close";
      close.addEventListener("click", () => body.closest(".usa-alert").remove());
      body.append(close);
    }
  }

  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target === flash) closable(flash);
  });

  function say(text, ...buttons) {
    const box = document.createElement("div");
    box.className = "usa-alert usa-alert--info usa-alert--slim";
    const body = document.createElement("div");
    body.className = "usa-alert__body";
    const line = paragraph(text);
    line.className = "usa-alert__text";
    for (const button of buttons) line.append(" ", button);
    body.append(line);
    box.append(body);
    flash.replaceChildren(box);
    closable(flash);
  }

  // --- On a phone the tabs scroll sideways: the one that is open stands in sight.

  const showTab = () => {
    for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
      const list = tab.closest("ul");
      list.scrollLeft += tab.getBoundingClientRect().right - list.getBoundingClientRect().right;
    }
  };
  showTab();
  document.addEventListener("htmx:afterSettle", showTab);

  // --- An answer that asks for words opens the fields for them: <details data-opens-on="found"> in its section.

  document.addEventListener("change", (event) => {
    const fields = event.target.closest("section")?.querySelector("details[data-opens-on]");
    if (fields && event.target.type === "radio" && event.target.value === fields.dataset.opensOn) fields.open = true;
  });

  // --- Typed text: a copy in this tab alone, kept until the server has taken the form.

  const PREFIX = "typed:";
  const keyOf = (form) => `${PREFIX}${location.pathname}#${form.id || form.getAttribute("action")}`;
  const typedIn = (form) => [...form.elements].filter((element) => element.name
    && (element.matches("textarea") || ["text", "search", "email", "url", "tel", "number", "date"].includes(element.type)));
  const keptForm = (element) => element.closest?.("form[data-keep]");

  document.addEventListener("input", (event) => {
    const form = keptForm(event.target);
    if (!form) return;
    form.dataset.dirty = "";
    const values = Object.fromEntries(typedIn(form).map((element) => [element.name, element.value]));
    sessionStorage.setItem(keyOf(form), JSON.stringify({ values, sent: false }));
  });

  document.addEventListener("submit", (event) => {
    const form = keptForm(event.target);
    if (!form) return;
    delete form.dataset.dirty;
    const copy = sessionStorage.getItem(keyOf(form));
    if (copy) sessionStorage.setItem(keyOf(form), JSON.stringify({ ...JSON.parse(copy), sent: true }));
  }, true);

  // htmx answers in place: what the server took may go, what it did not take is still typed text.
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = keptForm(event.detail.elt);
    if (!form) return;
    if (event.detail.successful && event.detail.xhr.status < 400) sessionStorage.removeItem(keyOf(form));
    else form.dataset.dirty = "";
  });

  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-keep][data-dirty]")) event.preventDefault();
  });

  // A plain form was sent and a proper page came back: the server has the text. An error page or the sign-in page: keep it.
  function forgetWhatArrived() {
    if (!document.body.hasAttribute("data-signed-in") || document.querySelector("[data-error]")) return;
    for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX))) {
      if (JSON.parse(sessionStorage.getItem(key)).sent) sessionStorage.removeItem(key);
    }
  }

  function putBack() {
    for (const form of document.querySelectorAll("form[data-keep]")) {
      const copy = sessionStorage.getItem(keyOf(form));
      if (!copy) continue;
      const { values } = JSON.parse(copy);
      let restored = false;
      for (const element of typedIn(form)) {
        const kept = values[element.name];
        if (!kept || element.value !== element.defaultValue || element.value === kept) continue;
        element.value = kept;
        restored = true;
      }
      if (!restored) continue;
      form.dataset.dirty = "";
      const discard = document.createElement("button");
      discard.type = "button";
      discard.className = "usa-button usa-button--unstyled";
      discard.textContent = "Discard it";
      discard.addEventListener("click", () => {
        form.reset();
        delete form.dataset.dirty;
        sessionStorage.removeItem(keyOf(form));
        flash.replaceChildren();
      });
      say("What you had typed here before was put back.", discard);
    }
  }

  closable(flash);
  forgetWhatArrived();
  putBack();
  summary()?.focus();
})();
