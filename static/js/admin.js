/* The administration's search fields (Select2) have no name of their own: they take that of their label. */
"use strict";

const nameSearches = () => {
  for (const box of document.querySelectorAll(".select2 :is([role=combobox], [role=textbox])")) {
    const label = document.querySelector(`label[for="${box.closest(".select2").previousElementSibling.id}"]`);
    if (!label) continue;
    label.id ||= `${label.htmlFor}-label`;
    box.setAttribute("aria-labelledby", label.id);
  }
};

/* The search fields are made in a task that was put off when the document was ready. */
window.addEventListener("load", () => setTimeout(nameSearches));
