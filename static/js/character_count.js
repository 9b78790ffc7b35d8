// Say how many characters are left, once three quarters are used.
"use strict"

for (const group of document.querySelectorAll("[data-character-limit]")) {
  const text = group.querySelector("textarea")
  const shown = group.querySelector(".govuk-character-count__message")
  if (!text || !shown || group.dataset.counting) continue
  group.dataset.counting = "yes"

  const limit = Number(group.dataset.characterLimit)
  const atFirst = shown.textContent
  const isRoomy = shown.hidden
  const spoken = document.createElement("div")
  spoken.className = "govuk-visually-hidden"
  spoken.setAttribute("aria-live", "polite")
  shown.after(spoken)
  let waiting

  // Letters, as the server counts them, not the browser's halves of an emoji.
  const count = () => {
    const left = limit - Array.from(text.value.normalize("NFC")).length
    const words = n => `${n.toLocaleString("en-GB")} ${n === 1 ? "character" : "characters"}`
    const sentence = left < 0 ? `You have ${words(-left)} too many` : `You have ${words(left)} left`
    shown.hidden = isRoomy && left > limit / 4
    shown.textContent = left > limit / 4 ? atFirst : sentence
    shown.classList.toggle("govuk-error-message", left < 0)
    shown.classList.toggle("govuk-hint", left >= 0)
    clearTimeout(waiting)
    waiting = setTimeout(() => { spoken.textContent = left > limit / 4 ? "" : sentence }, 1000)
  }
  text.addEventListener("input", count)
  count()
}
