// Ask before words are left behind that only the page has: some forms keep no draft.
"use strict"

for (const form of document.querySelectorAll("main form[method=post]")) {
  const typed = () => JSON.stringify([...new FormData(form)])
  const atFirst = typed()
  const ask = event => event.preventDefault()
  // Listened to only while it matters: some browsers remember no page that does.
  form.addEventListener("input", () => {
    if (typed() === atFirst) removeEventListener("beforeunload", ask)
    else addEventListener("beforeunload", ask)
  })
  form.addEventListener("submit", () => removeEventListener("beforeunload", ask))
}
