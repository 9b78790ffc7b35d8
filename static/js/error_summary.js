// Bring somebody whose form came back to what is wrong, and a link to its control.
"use strict"

for (const summary of document.querySelectorAll("[data-error-summary]")) {
  summary.focus()
  summary.addEventListener("click", event => {
    const link = event.target.closest("a[href^='#']")
    const control = link && document.getElementById(link.hash.slice(1))
    if (!control) return
    event.preventDefault()
    const group = control.closest("fieldset") || control.closest(".govuk-form-group")
    const title = group && group.querySelector("legend, label")
    ;(title || control).scrollIntoView()
    control.focus({ preventScroll: true })
  })
}
