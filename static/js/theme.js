/* Loaded before the styles, so that a chosen theme never flashes the other one. */
"use strict";

(() => {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => localStorage.getItem("theme");

  const show = (theme) => {
    root.dataset.bsTheme = theme;
    document.dispatchEvent(new Event("themechange"));
  };
  const apply = () => show(chosen() || (system.matches ? "dark" : "light"));

  apply();
  system.addEventListener("change", apply);
  // Paper is white: charts, too, are drawn for it.
  window.addEventListener("beforeprint", () => show("light"));
  window.addEventListener("afterprint", apply);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    localStorage.setItem("theme", root.dataset.bsTheme === "dark" ? "light" : "dark");
    apply();
  });
})();
