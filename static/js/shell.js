/* The frame: `/` goes to the search, menus close as menus do, data-print prints, toasts, choosing all rows of a list. */
"use strict";

(() => {
  const TOAST_MS = 8000;
  const typing = (target) => target.matches("input, textarea, select") || target.isContentEditable;
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus();
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const search = document.querySelector("[data-search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
  });

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest(".toast-note [data-close]")) event.target.closest(".toast-note").remove();
  });

  document.addEventListener("change", (event) => {
    const list = event.target.closest("table, form");
    if (!event.target.matches("[data-pick-all]") || !list) return;
    for (const box of list.querySelectorAll("td.pick > input")) {
      if (box.checked === event.target.checked) continue;
      box.checked = event.target.checked;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  /* `htmx.trigger(document.body, "toast", {text, level})`, or the answer header HX-Trigger: {"toast": {...}}. */
  const toast = ({ text, level }) => {
    if (document.getElementById("toasts").textContent.includes(text)) return;
    const note = document.getElementById("toast-template").content.cloneNode(true).firstElementChild;
    const tones = { error: "red", warning: "orange", success: "green" };
    note.classList.add(`tone-${tones[level] || "blue"}`);
    note.querySelector("span").textContent = text;
    document.getElementById("toasts").append(note);
    leave(note);
  };
  const leave = (note) => {
    if (!note.matches(".tone-red")) setTimeout(() => note.remove(), TOAST_MS);
  };

  /* Where one is stands in sight, however far to the right it lies in its bar. */
  for (const here of document.querySelectorAll(":is(.topnav, .tabs, .views) [aria-current]")) {
    here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 24;
  }

  document.addEventListener("toast", (event) => toast(event.detail));
  document.querySelectorAll(".toast-note").forEach(leave);
})();
