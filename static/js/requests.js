/*
 * What htmx answers mean. A refusal (400, 403, 404, 409) of a button or form opens as a dialog; of a part that loads
 * itself it shows in that part. 422 is a form with errors and is put back in place. A part that breaks says so in its
 * own frame, anything else that breaks says so in a toast; both give the number of the request.
 */
"use strict";

(() => {
  const REFUSED = new Set([400, 403, 404, 409]);
  const words = () => document.getElementById("words-template").dataset;
  const reads = (event) => event.detail.requestConfig.verb === "get";
  const number = (xhr) => xhr.getResponseHeader("X-Request-ID") || "";

  const failPart = ({ elt, target, xhr, requestConfig }) => {
    const notice = document.getElementById("failed-template").content.cloneNode(true);
    const swap = elt.getAttribute("hx-swap") || "innerHTML";
    if (number(xhr)) notice.querySelector("[data-number]").textContent = `${words().number} ${number(xhr)}`;
    notice.querySelector("[data-retry]").addEventListener("click", () => {
      htmx.ajax("GET", requestConfig.path, { source: elt, target, swap });
    });
    target.replaceChildren(notice);
  };

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 422) event.detail.shouldSwap = true;
    if (!REFUSED.has(xhr.status)) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
    if (reads(event)) return;
    event.detail.target = document.getElementById("answer-body");
    event.detail.swapOverride = "innerHTML";
    event.detail.selectOverride = "unset";
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "answer-body") document.getElementById("answer").showModal();
  });

  document.addEventListener("htmx:responseError", (event) => {
    const { target, xhr } = event.detail;
    if (target?.closest(".topbar")) return;
    if (reads(event) && target && target !== document.body) {
      failPart(event.detail);
      return;
    }
    const text = number(xhr) ? `${words().broken} ${words().number} ${number(xhr)}` : words().broken;
    htmx.trigger(document.body, "toast", { text, level: "error" });
  });

  document.addEventListener("htmx:sendError", (event) => {
    if (event.detail.target?.closest(".topbar")) return;
    htmx.trigger(document.body, "toast", { text: words().offline, level: "error" });
  });
})();
