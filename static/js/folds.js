/* Panels that fold on a phone (the style decides the width): a button in each head; a link to a part opens it. */
"use strict";

(() => {
  const panels = () => document.querySelectorAll(".folds .panel");

  const fold = (panel, isFolded) => {
    panel.classList.toggle("is-folded", isFolded);
    panel.querySelector(":scope > .panel-head > .fold")?.setAttribute("aria-expanded", String(!isFolded));
  };

  /* A part that was fetched brings a head of its own. */
  const dress = () => {
    for (const panel of panels()) {
      const head = panel.querySelector(":scope > .panel-head");
      if (!head || head.querySelector(":scope > .fold")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "fold";
      button.setAttribute("aria-label", head.querySelector("h2").textContent);
      button.setAttribute("aria-expanded", String(!panel.classList.contains("is-folded")));
      head.append(button);
    }
  };

  document.addEventListener("click", (event) => {
    const head = event.target.closest(".folds .panel > .panel-head");
    if (head && event.target.closest(".fold, h2")) {
      const panel = head.parentElement;
      fold(panel, !panel.classList.contains("is-folded"));
    }
    const part = event.target.closest('.tabs a[href^="#"]')?.hash;
    const wanted = part && document.querySelector(part)?.closest(".folds .panel");
    if (wanted) fold(wanted, false);
  });

  document.addEventListener("htmx:load", dress);
  dress();
})();
