// The field that a form begins with may be a select whose place a search box has taken: the focus
// goes to what can be seen.
"use strict";

window.addEventListener("load", () => {
  const chosen = document.activeElement;
  if (chosen && chosen.classList.contains("select2-hidden-accessible")) {
    chosen.nextElementSibling?.querySelector(".select2-selection")?.focus();
  }
});
