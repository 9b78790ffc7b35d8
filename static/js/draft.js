// Keep what somebody types as a draft on the server, and say in words whether it is.
"use strict"

// Without these the page is the plain form that it is without any script.
if (HTMLFormElement.prototype.requestSubmit && AbortSignal.timeout) {
  const form = document.querySelector("form[data-draft]")
  const shown = form.querySelector("[data-draft-state]")
  const STOPPED = 5000
  // Whoever never stops typing is not left without a draft.
  const LONGEST = 30000
  const MOST = 60000
  const PATIENCE = 20000
  const SAID = {
    offline: "You are offline. Your words are still on this page.",
    later: "Not saved yet: we try again. Your words are still on this page.",
    out: "You are signed out. Your words are still on this page. Save, and you get them back when you sign in.",
    refused: "We cannot keep a draft just now. Your words are still on this page.",
    press: "Nothing is lost. Press the button again in a moment.",
  }

  const typed = () => JSON.stringify([...new FormData(form)])
  // Where somebody types, too: on a phone what is at the end of the form is far away.
  const near = document.createElement("p")
  near.className = "draft-near"
  near.setAttribute("aria-hidden", "true")
  const WHOLE = ".govuk-radios__item, .govuk-checkboxes__item, .govuk-date-input"
  const follow = event => {
    const place = event.target.closest(WHOLE) || event.target
    if (place.nextElementSibling !== near) place.after(near)
  }
  const say = words => {
    // Said again only when it changes: it is read out each time.
    if (shown.textContent !== words) near.textContent = shown.textContent = words
  }

  const atFirst = typed()
  let kept = atFirst
  let turn = 0
  let pause = STOPPED
  let since = 0
  let timer = 0
  let sending = null
  let leftWith = ""
  let isSaving = false
  let isGoing = false
  let wasPressed = false

  const isUnkept = () => typed() !== kept

  const wait = time => {
    clearTimeout(timer)
    timer = setTimeout(keep, time)
  }

  const send = async isLeaving => {
    const words = typed()
    const body = new FormData(form)
    body.append("draft", "yes")
    body.append("turn", ++turn)
    // Back to what is saved already, so that there is nothing to keep.
    if (words === atFirst && form.dataset.draft === "new") body.append("nothing", "yes")
    const request = {
      method: "POST", body, redirect: "manual", headers: { Accept: "application/json" },
    }
    if (isLeaving) request.keepalive = true
    else request.signal = AbortSignal.timeout(PATIENCE)
    const page = await fetch(location.pathname, request)
    if (page.type === "opaqueredirect") return "out"
    if (page.status === 429 || page.status >= 500) return "broken"
    if (!page.ok) return "refused"
    const answer = await page.json().catch(() => null)
    if (!answer) return "broken"
    kept = words
    say(answer.said)
    return "kept"
  }

  const keep = () => {
    clearTimeout(timer)
    if (!sending) sending = keepNow().finally(() => { sending = null })
    return sending
  }

  const keepNow = async () => {
    const end = await send(false).catch(() => "unreachable")
    since = 0
    if (end === "kept") {
      pause = STOPPED
      if (isUnkept()) wait(STOPPED)
    } else if (end === "out" || end === "refused") say(SAID[end])
    else {
      say(navigator.onLine ? SAID.later : SAID.offline)
      wait(pause)
      pause = Math.min(pause * 2, MOST)
    }
    return end
  }

  const changed = () => {
    isGoing = false
    if (!isUnkept()) return
    since = since || Date.now()
    wait(Math.max(0, Math.min(STOPPED, since + LONGEST - Date.now())))
  }

  const left = () => {
    // Another script that sends the form itself gives it an address first.
    const words = typed()
    if (isGoing || form.hasAttribute("action") || words === kept || words === leftWith) return
    leftWith = words
    // Too much for a page that goes: then at least while it stays.
    send(true).catch(() => send(false)).catch(() => { leftWith = "" })
  }

  // The browser leaves the page when it sends the form, and with it the words. So
  // they go ahead as a draft, and the page goes when the server has them.
  const save = async event => {
    const isOffline = !navigator.onLine
    if (isGoing || !(isOffline || isUnkept())) {
      isGoing = true
      return
    }
    event.preventDefault()
    if (isSaving) return
    isSaving = true
    let end = await keep()
    if (end === "kept" && isUnkept()) end = await keep()
    isSaving = false
    if (end === "unreachable" || (end === "broken" && !wasPressed)) {
      wasPressed = end === "broken"
      say(`${navigator.onLine ? SAID.later : SAID.offline} ${SAID.press}`)
      return
    }
    clearTimeout(timer)
    isGoing = true
    form.requestSubmit(event.submitter)
  }

  form.addEventListener("input", follow)
  form.addEventListener("input", changed)
  form.addEventListener("change", changed)
  form.addEventListener("submit", save)
  addEventListener("offline", () => say(SAID.offline))
  addEventListener("online", () => { if (isUnkept()) keep() })
  addEventListener("pagehide", left)
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") return left()
    leftWith = ""
    if (isUnkept()) changed()
  })
  // A page that comes back as it was knows nothing of what it saved.
  addEventListener("pageshow", event => { if (event.persisted && isGoing) location.reload() })
}
