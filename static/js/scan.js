/*
 * Handing out by scanning. Enter takes what stands in the field at once and empties it, so that the next scan never
 * waits; scans are asked one after the other, so that the list knows a card scanned twice.
 */
"use strict";

(() => {
  const form = document.querySelector("[data-scan]");
  if (!form) return;
  const field = form.querySelector("[data-scan-field]");
  const list = form.querySelector("[data-scan-list]");
  const submit = form.querySelector("[data-scan-submit]");
  let last = Promise.resolve();

  const count = () => {
    const refused = list.querySelectorAll("[data-state=refused]").length;
    form.querySelector("[data-scan-count]").textContent = list.querySelectorAll("input[name=card]").length;
    form.querySelector("[data-scan-refused]").textContent = refused;
    form.querySelector("[data-scan-refused-box]").hidden = !refused;
  };

  const failed = (row) => {
    if (!row.isConnected) return;
    row.dataset.state = "refused";
    row.querySelector("p").append(document.getElementById("scan-failed").content.cloneNode(true));
  };

  const ask = (row, scanned) =>
    htmx
      .ajax("POST", form.dataset.scan, { source: form, target: row, swap: "outerHTML", values: { scanned } })
      .then(() => failed(row), () => failed(row))
      .then(count);

  /* What was scanned goes along with the form, so that a session lost meanwhile gives it back (kept.js). */
  const remembered = (scanned) => Object.assign(document.createElement("input"), { type: "hidden", name: "scans", value: scanned });

  const take = (text) => {
    const scanned = text.trim();
    if (!scanned) return;
    const row = document.getElementById("scan-waiting").content.cloneNode(true).firstElementChild;
    row.querySelector("[data-scan-text]").textContent = scanned;
    list.prepend(row);
    form.append(remembered(scanned));
    last = last.then(() => ask(row, scanned));
  };

  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (!field.value.trim()) {
      submit.focus();
      return;
    }
    take(field.value);
    field.value = "";
  });

  /* A column pasted from a spreadsheet is as many scans. */
  field.addEventListener("paste", (event) => {
    const lines = event.clipboardData.getData("text").split(/\s*[\r\n]+\s*/).filter(Boolean);
    if (lines.length < 2) return;
    event.preventDefault();
    lines.forEach(take);
  });

  form.addEventListener("kept", (event) => (event.detail.scans || []).forEach(take));

  list.addEventListener("click", (event) => {
    if (!event.target.closest("[data-scan-drop]")) return;
    event.target.closest("li").remove();
    count();
    field.focus();
  });

  /* Cards still being asked about belong to the act: the press waits for them. */
  form.addEventListener("submit", (event) => {
    if (!list.querySelector("li:not([data-state])")) return;
    event.preventDefault();
    last = last.then(() => form.requestSubmit(submit));
  });

  count();
})();
