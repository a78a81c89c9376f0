// Screenshots straight from the clipboard, and dropped files, into the file field of a [data-paste-target]. What was
// chosen there stays when the form comes back with errors.
// Without this script the field is an ordinary file field.
"use strict";

(() => {
  const kept = new Map(); // id of the field -> its files, because a form that comes back with errors has lost them
  // Without those in a closed part of the page: nobody would see what was pasted there.
  const wells = () => [...document.querySelectorAll("[data-paste-target]")].filter((well) => well.checkVisibility());
  // Of several fields the one that belongs to where somebody is typing; with a single one it does not matter where.
  const wellFor = (place) => place.closest?.("[data-paste-target]")
    ?? place.closest?.("[data-paste-scope]")?.querySelector("[data-paste-target]")
    ?? (wells().length === 1 ? wells()[0] : null);
  const inputOf = (well) => well.querySelector("input[type=file]");

  function size(bytes) {
    return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
  }

  function accepts(input, file) {
    const wanted = input.accept.split(",").map((item) => item.trim()).filter(Boolean);
    return wanted.length === 0 || wanted.some((item) => item === file.type
      || (item.endsWith("/*") && file.type.startsWith(item.slice(0, -1)))
      || (item.startsWith(".") && file.name.toLowerCase().endsWith(item.toLowerCase())));
  }

  function put(well, files, news) {
    const input = inputOf(well);
    const transfer = new DataTransfer();
    for (const file of input.multiple ? files : files.slice(-1)) transfer.items.add(file);
    input.files = transfer.files;
    show(well, news);
  }

  function add(well, files) {
    const input = inputOf(well);
    const good = files.filter((file) => accepts(input, file));
    const refused = files.length - good.length;
    const words = good.map((file) => `${file.name} attached.`);
    if (refused) words.push(`${refused} not attached: this field takes ${input.accept} only.`);
    put(well, [...input.files, ...good], words.join(" "));
  }

  function show(well, news = "") {
    const input = inputOf(well);
    const list = well.querySelector("[data-attached]");
    const files = [...input.files];
    kept.set(input.id, files);
    list.replaceChildren(...files.map((file, index) => {
      const row = document.createElement("li");
      const name = document.createElement("span");
      name.className = "attached__name";
      name.textContent = file.name;
      const weight = document.createElement("span");
      weight.className = "muted";
      weight.textContent = size(file.size);
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "usa-button usa-button--unstyled";
      remove.textContent = "Remove";
      remove.setAttribute("aria-label", `Remove ${file.name}`);
      remove.addEventListener("click", () => {
        put(well, files.filter((_, at) => at !== index), `${file.name} removed.`);
        input.focus();
      });
      row.append(name, weight, remove);
      return row;
    }));
    if (news) well.querySelector("[data-attached-status]").textContent = news;
  }

  function prepare(root) {
    for (const well of root.querySelectorAll("[data-paste-target]")) {
      const input = inputOf(well);
      well.querySelector("[data-paste-note]").hidden = false;
      if (input.files.length === 0 && kept.get(input.id)?.length) put(well, kept.get(input.id));
      else show(well);
    }
  }

  // The clipboard calls every picture image.png; the time of pasting tells them apart.
  function named(file) {
    const stamp = new Date().toTimeString().slice(0, 8).replaceAll(":", "");
    const ending = file.name.split(".").pop();
    return file.name === `image.${ending}` ? new File([file], `screenshot-${stamp}.${ending}`, { type: file.type }) : file;
  }

  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const well = wellFor(event.target);
    if (!files.length || !well) return;
    event.preventDefault();
    add(well, files.map(named));
  });

  document.addEventListener("dragover", (event) => {
    const well = event.target.closest?.("[data-paste-target]");
    if (!well || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    well.querySelector(".file-well").classList.add("is-over");
  });

  document.addEventListener("dragleave", (event) => {
    event.target.closest?.("[data-paste-target]")?.querySelector(".file-well").classList.remove("is-over");
  });

  document.addEventListener("drop", (event) => {
    const well = event.target.closest?.("[data-paste-target]");
    if (!well || !event.dataTransfer.files.length) return;
    event.preventDefault();
    well.querySelector(".file-well").classList.remove("is-over");
    add(well, [...event.dataTransfer.files]);
  });

  document.addEventListener("change", (event) => {
    const well = event.target.closest?.("[data-paste-target]");
    if (well) show(well, `${event.target.files.length} attached.`);
  });

  // After a swap: the same field coming back with errors gets its files again, any other page state starts empty.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.xhr?.status < 400) kept.clear();
    prepare(event.target.parentElement ?? document);
  });

  prepare(document);
})();
