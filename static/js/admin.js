/* The administration's search fields (Select2) have no name of their own: they take that of their label.
   A part of a form with the class shown-for-<field>-<value> is there only while the field has that value. */
"use strict";

const nameSearches = () => {
  for (const box of document.querySelectorAll(".select2 :is([role=combobox], [role=textbox])")) {
    const label = document.querySelector(`label[for="${box.closest(".select2").previousElementSibling.id}"]`);
    if (!label) continue;
    label.id ||= `${label.htmlFor}-label`;
    box.setAttribute("aria-labelledby", label.id);
  }
};

const SHOWN_FOR = /^shown-for-(\w+)-(\w+)$/;

const showChosen = () => {
  for (const part of document.querySelectorAll("fieldset[class*=shown-for-]")) {
    const [, name, value] = [...part.classList].map((one) => one.match(SHOWN_FOR)).find(Boolean);
    const chosen = part.form?.elements[name];
    if (!chosen) continue;
    /* What is not there is not sent: nobody is told of an error that cannot be seen. */
    part.hidden = part.disabled = chosen.value !== value;
  }
};

document.addEventListener("DOMContentLoaded", showChosen);
document.addEventListener("change", showChosen);

/* The search fields are made in a task that was put off when the document was ready. */
window.addEventListener("load", () => setTimeout(nameSearches));
