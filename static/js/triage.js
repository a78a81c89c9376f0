// Triage: a key presses the visible control that carries it (data-key="j"), one box ticks them all, selected words go
// into the quote. Nothing is possible by key or script alone.
"use strict";

(() => {
  const OFF = "keys-off"; // remembered on this computer; WCAG 2.1.4 asks that single-letter keys can be turned off
  const keysOn = () => localStorage.getItem(OFF) === null;

  function prepare() {
    for (const button of document.querySelectorAll("[data-opens]")) button.hidden = false;
    for (const box of document.querySelectorAll("[data-keys-switch]")) box.checked = keysOn();
    for (const helper of document.querySelectorAll("[data-helper]")) helper.hidden = false;
    showChosenRow();
    showChosenTab();
  }

  // The list scrolls by itself and starts at its top after every answer.
  function showChosenRow() {
    const row = document.querySelector(".split > .rows > [aria-current]");
    if (row) row.parentElement.scrollTop = row.offsetTop - row.parentElement.clientHeight / 3;
  }

  // On a phone the tabs scroll sideways; the present one is not to be out of sight.
  function showChosenTab() {
    for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
      const strip = tab.closest("ul");
      strip.scrollLeft += tab.getBoundingClientRect().left - strip.getBoundingClientRect().left - strip.clientWidth / 3;
    }
  }

  function typing(element) {
    return element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
  }

  function press(control) {
    if (control.matches("input, textarea, select")) control.focus();
    else control.click();
    if (control.matches("details[open] > summary")) control.parentElement.querySelector("input:not([type=hidden]), button")?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (!keysOn() || document.querySelector("dialog[open]")) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur(); // the words stay, and the keys work again
      return;
    }
    const control = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)]
      .find((element) => !element.disabled && element.checkVisibility());
    if (!control) return;
    event.preventDefault();
    press(control);
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
  });

  // "Tick all": every box of the form that the control names.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-ticks-all]")) return;
    for (const box of document.getElementById(event.target.dataset.ticksAll).elements) {
      if (box.type === "checkbox") box.checked = event.target.checked;
    }
  });

  // "Use the selected words": what is selected within the captured words, or all of them.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest?.("[data-picks]")) event.preventDefault(); // or the selection would be gone
  });

  document.addEventListener("click", (event) => {
    const picker = event.target.closest?.("[data-picks]");
    if (!picker) return;
    const words = document.querySelector(picker.dataset.picks);
    const field = document.getElementById(picker.dataset.into);
    const selection = getSelection();
    const inside = selection.rangeCount > 0 && words.contains(selection.getRangeAt(0).commonAncestorContainer);
    field.value = (inside && selection.toString().trim()) || words.textContent.trim();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });

  // "Use these words" beside a suggestion: into the field at once, as following the link would lose what is typed.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-uses]");
    const field = link && document.getElementById("quote");
    if (!field) return;
    event.preventDefault();
    field.value = [field.value.trim(), link.dataset.uses].filter(Boolean).join("\n\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });

  // My work: from row to row, each by its own control; what was done leads on to the next.
  let row = null;
  const control = (found) => found.querySelector("[data-act]") ?? found;

  function moveBy(step) {
    const open = [...document.querySelectorAll("[data-row]")].filter((found) => found === row || !("done" in found.dataset));
    const next = open[open.indexOf(row) + (row?.isConnected || step > 0 ? step : 0)];
    if (next && !("done" in next.dataset)) control(next).focus();
  }

  document.addEventListener("focusin", (event) => {
    row = event.target.closest("[data-row]") ?? row;
  });

  document.addEventListener("click", (event) => {
    const mover = event.target.closest?.("[data-moves]");
    if (mover) moveBy(Number(mover.dataset.moves));
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.target.matches("[data-done]")) return;
    row = event.target;
    moveBy(1);
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys-switch]")) return;
    if (event.target.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });

  document.addEventListener("htmx:afterSettle", prepare);
  prepare();
})();
