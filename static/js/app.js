/* My cards as an app: its worker keeps the shell and the page last read; the page says when there is no network. */
"use strict";

(() => {
  const { worker } = document.currentScript?.dataset ?? document.querySelector("script[data-worker]").dataset;
  const note = () => document.querySelector("[data-no-network]");

  if ("serviceWorker" in navigator) navigator.serviceWorker.register(worker).catch(() => {});
  window.addEventListener("offline", () => note()?.removeAttribute("hidden"));
  window.addEventListener("online", () => note()?.setAttribute("hidden", ""));
})();
