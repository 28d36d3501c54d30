// The form of a story: where eight o'clock is, and authors in the order in which they are chosen.
// Without this script it is eight o'clock UTC, and the order is that of the list.
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
  if (!location.hash && document.querySelector(".add-story")) {
    document.getElementById("id_headline")?.focus();
  }
});
