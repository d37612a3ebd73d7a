/* Input that a lost session left behind comes back into its form: <script id="kept-input"> holds the form's path and fields. */
"use strict";

(() => {
  const given = document.getElementById("kept-input");
  if (!given) return;
  const { path, fields } = JSON.parse(given.textContent);
  const UNTOUCHED = new Set(["hidden", "password", "file", "submit", "button", "reset", "image"]);
  let waiting = true;

  const target = (form) => form.getAttribute("hx-post") || form.getAttribute("action") || location.pathname;
  const fits = (form) => new URL(target(form), location.href).pathname === path;

  const put = (element, values) => {
    if (element.type === "checkbox" || element.type === "radio") element.checked = values.includes(element.value);
    else if (element.multiple) for (const option of element.options) option.selected = values.includes(option.value);
    else if (values.length) element.value = values.shift();
    element.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const fill = (form) => {
    const left = structuredClone(fields);
    const inputs = [...form.elements].filter((one) => one.name && one.willValidate && !UNTOUCHED.has(one.type));
    for (const element of inputs) put(element, left[element.name] || []);
    for (let around = form; around; around = around.parentElement) {
      if (around.matches("details")) around.open = true;
      if (around.matches("dialog:not([open])")) around.showModal();
    }
    form.dispatchEvent(new CustomEvent("kept", { detail: fields }));
    inputs[0]?.focus();
    htmx.trigger(document.body, "toast", { text: document.getElementById("words-template").dataset.kept, level: "warning" });
  };

  const look = (root) => {
    const form = waiting && [...root.querySelectorAll("form[method=post], form[hx-post]")].find(fits);
    if (!form) return;
    waiting = false;
    fill(form);
  };

  look(document);
  document.addEventListener("htmx:load", (event) => look(event.detail.elt.parentElement || document));
})();
