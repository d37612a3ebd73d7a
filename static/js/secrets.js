/* A secret that was shown hides again after the seconds it names, and whenever the page is left or covered. */
"use strict";

(() => {
  let timer;

  const hide = () => {
    clearTimeout(timer);
    for (const box of document.querySelectorAll("[data-secret]")) box.textContent = "•".repeat(box.textContent.length);
  };
  const begin = () => {
    clearTimeout(timer);
    const box = document.querySelector("[data-secret]");
    if (box) timer = setTimeout(hide, Number(box.dataset.secret) * 1000);
  };

  document.addEventListener("htmx:afterSwap", begin);
  document.addEventListener("visibilitychange", () => document.hidden && hide());
  window.addEventListener("pagehide", hide);
  begin();
})();
