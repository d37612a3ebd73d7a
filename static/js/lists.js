/*
 * Lists by keyboard, and the number of ticked rows. j and k go down and up, x ticks, a ticks the page, Enter opens,
 * Escape clears, ? shows all keys. A card that is opened is told the list and its place.
 */
"use strict";

(() => {
  const typing = (target) => target.matches("input:not([type=checkbox]), textarea, select") || target.isContentEditable;
  const rows = () => [...document.querySelectorAll("table.rows > tbody > tr:has(a[href])")];
  const current = () => document.querySelector("tr.is-current");

  const count = () => {
    for (const place of document.querySelectorAll("[data-picked]")) {
      place.textContent = place.closest(".panel").querySelectorAll("td.pick > :checked").length;
    }
  };

  const go = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step))];
    current()?.classList.remove("is-current");
    next.classList.add("is-current");
    next.querySelector("a[href]").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  const tick = (box) => {
    if (!box) return;
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const clear = () => {
    for (const box of document.querySelectorAll(".pick > :checked")) if (box.checked) tick(box);
    current()?.classList.remove("is-current");
  };

  const KEYS = {
    j: () => go(1),
    k: () => go(-1),
    x: () => tick(current()?.querySelector("td.pick > input")),
    a: () => tick(document.querySelector("[data-pick-all]")),
    "?": () => document.getElementById("shortcuts")?.showModal(),
    Escape: clear,
    Enter: () => current()?.querySelector("a[href]").click(),
  };

  document.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && event.target !== document.body) return;
    if (event.key !== "Escape") event.preventDefault();
    act();
  });

  /* With Shift, all rows between the last tick and this one. */
  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest("td.pick > input");
    if (!box) return;
    const all = [...document.querySelectorAll("td.pick > input")];
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
    if (event.shiftKey && from >= 0) all.slice(from, to + 1).forEach((one) => (one.checked = box.checked));
    last = box;
    count();
  });

  /* A card opened from a list knows the list and its place in it, so that its page leads along. */
  const along = (event) => {
    const link = event.target.closest?.("table[data-along] > tbody > tr a[href]");
    if (!link || link.search || !/^\/cards\/\d+\/$/.test(link.pathname)) return;
    const row = link.closest("tr");
    const at = Number(row.closest("table").dataset.along) - 1 + [...row.parentElement.rows].indexOf(row);
    link.search = new URLSearchParams({ list: location.search.slice(1), at });
  };
  for (const way of ["pointerdown", "click"]) document.addEventListener(way, along, true);

  document.addEventListener("change", count);
  document.addEventListener("htmx:load", count);
  window.addEventListener("pageshow", count);
})();
