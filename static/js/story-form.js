// The form of a story: where eight o'clock is, authors in the order in which they are chosen, and
// keys: Ctrl+Enter leads to what is decided, and Enter in a box presses the button of the box.
// Without this script it is eight o'clock UTC, the order is that of the list, and Enter saves.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const input of document.querySelectorAll("input[data-zone]")) {
    input.value = zone;
  }
  for (const input of document.querySelectorAll(".when-at input")) {
    input.addEventListener("input", () => {
      input.closest(".when").querySelector("input[value=other]").checked = true;
    });
  }
  for (const select of document.querySelectorAll("select[data-ordered]")) {
    window.django.jQuery(select).on("select2:select", (event) => {
      select.append(event.params.data.element ?? select.querySelector(`[value="${event.params.data.id}"]`));
      window.django.jQuery(select).trigger("change.select2");
    });
  }
  const publish = document.getElementById("publish");
  // Before anybody else hears of it: a select with a search box keeps its keys for itself.
  const decide = (event) => {
    if (event.key !== "Enter") return;
    const button = event.target.closest(".box")?.querySelector("button[type=submit]");
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      publish.querySelector("input:checked, button")?.focus();
    } else if (button && event.target.matches("input")) {
      event.preventDefault();
      button.click();
    }
  };
  publish?.closest("form").addEventListener("keydown", decide, { capture: true });
  if (!location.hash && document.querySelector(".add-story")) {
    document.getElementById("id_headline")?.focus();
  }
});
