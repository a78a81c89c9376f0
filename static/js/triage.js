// Single keys for triage: a key presses the visible control that carries it (data-key="j"). Nothing is possible by key alone.
"use strict";

(() => {
  const OFF = "keys-off"; // remembered on this computer; WCAG 2.1.4 asks that single-letter keys can be turned off
  const keysOn = () => localStorage.getItem(OFF) === null;

  function prepare() {
    for (const button of document.querySelectorAll("[data-opens]")) button.hidden = false;
    for (const box of document.querySelectorAll("[data-keys-switch]")) box.checked = keysOn();
  }

  function typing(element) {
    return element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
  }

  function press(control) {
    if (control.matches("input, textarea, select")) control.focus();
    else control.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (!keysOn() || typing(event.target) || document.querySelector("dialog[open]")) return;
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

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys-switch]")) return;
    if (event.target.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });

  document.addEventListener("htmx:afterSettle", prepare);
  prepare();
})();
