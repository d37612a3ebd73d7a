/* Native dialogs: data-dialog="id" opens one, data-close closes it, hx-confirm asks in the page's own words. */
"use strict";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog).showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target.matches("dialog[open]") && !event.target.matches("[role=alertdialog]")) event.target.close();
});

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  const ask = document.getElementById("ask");
  document.getElementById("ask-text").textContent = event.detail.question;
  ask.returnValue = "no";
  ask.addEventListener("close", () => ask.returnValue === "yes" && event.detail.issueRequest(true), { once: true });
  ask.showModal();
});
