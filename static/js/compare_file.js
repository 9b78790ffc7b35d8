// Compare a file with the number of a report in the browser: the file stays there.
"use strict"

const form = document.querySelector("[data-sha256]")

if (form && window.crypto && window.crypto.subtle) {
  const show = (name, what) => {
    for (const each of form.querySelectorAll(`[data-${name}]`)) {
      each.hidden = each.dataset[name] !== what
    }
  }
  const numberOf = async file => {
    const bytes = await window.crypto.subtle.digest("SHA-256", await file.arrayBuffer())
    return Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, "0")).join("")
  }

  show("goes", "nowhere")
  form.addEventListener("submit", event => {
    event.preventDefault()
    const file = form.elements.file.files[0]
    show("says", file ? "" : "none")
    if (!file) return
    numberOf(file).then(
      number => show("says", number === form.dataset.sha256 ? "same" : "other"),
      // More than the browser can hold at once.
      () => show("says", "large")
    )
  })
}
