// The link to drag to the bookmarks bar, made from the text that stands below it for everybody else.
"use strict";

for (const link of document.querySelectorAll("[data-bookmarklet]")) {
  const words = document.getElementById(link.dataset.bookmarklet);
  const news = document.getElementById(link.getAttribute("aria-describedby"));
  link.href = words.value.trim();
  link.closest("[hidden]").hidden = false;
  // Pressed here it would capture this very page, and our own policy blocks it.
  link.addEventListener("click", (event) => {
    event.preventDefault();
    news.textContent = "Drag it to the bookmarks bar. It works from there, on the page with the post.";
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value.trim());
      document.getElementById(button.getAttribute("aria-describedby")).textContent = "Copied.";
    } catch {
      document.getElementById(button.getAttribute("aria-describedby")).textContent = "It is selected: press Ctrl+C.";
    }
  });
}
