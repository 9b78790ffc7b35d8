// Keep what somebody types as a draft on the server, and say in words whether it is.
"use strict"

// Without these the page is the plain form that it is without any script.
if (HTMLFormElement.prototype.requestSubmit && AbortSignal.timeout) {
  const form = document.querySelector("form[data-draft]")
  const told = form.querySelector("[data-draft-state]")
  // Where its own words go. Another script that sends them elsewhere says so there.
  const address = form.getAttribute("action")
  const ourPath = new URL(address, location).pathname
  const STOPPED = 5000
  // Whoever never stops typing is not left without a draft.
  const LONGEST = 30000
  const MOST = 60000
  const PATIENCE = 20000
  const PATIENCE_LEAVING = 2000
  // In bytes. A browser sends 64 kB while it leaves a page, the names of boxes included.
  const MOST_LEAVING = 40000
  // At most two lines on a small phone.
  const SAID = {
    offline: "You are offline. Your words are still on this page.",
    later: "Not saved yet: we try again. Your words are still on this page.",
    out: "You are signed out. Save, and you get your words back when you sign in.",
    refused: "We cannot keep a draft just now. Your words are still on this page.",
  }
  const ALSO_KEPT = "What you typed before is kept too. Open this page again to see it."
  // What goes ahead while a page is left may arrive after the next one was made.
  const LEFT = "left-with"
  const LOOK_AFTER = [300, 1500, 4000]
  const BACK = "You are online again."
  const PRESS = "Keep this page open. Press the button again soon."

  const typed = () => JSON.stringify([...new FormData(form)])
  // What is read out stays in one place. What is seen stands below the box or the button
  // that is in use.
  const shown = Object.assign(document.createElement("p"), { className: "draft-said" })
  shown.ariaHidden = "true"
  const boxes = [...form.querySelectorAll("textarea")].map(box => box.closest(".govuk-form-group"))
  const buttons = [...document.querySelectorAll("button")].filter(button =>
    button.form === form && !button.closest(".govuk-visually-hidden, [hidden]"))
  const rows = buttons.map(button => button.closest(".govuk-button-group, .row-actions") || button)
  const places = [...new Set([...boxes, ...rows])].filter(Boolean).map(above => {
    const place = Object.assign(document.createElement("div"), { className: "draft-place" })
    above.after(place)
    return place
  })
  const comesAfter = (one, other) =>
    other.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING
  places.sort((one, other) => comesAfter(other, one) ? -1 : 1)
  let inUse = form

  const placeOf = at =>
    places.find(place => place.previousElementSibling.contains(at))
      || places.find(place => comesAfter(place, at)) || places.at(-1)

  const say = words => {
    // Said again only when it changes: it is read out each time.
    if (told.textContent !== words) told.textContent = words
    shown.textContent = words
    const place = placeOf(inUse)
    if (shown.parentElement !== place) place.append(shown)
  }

  // Back, or again: to the page of the question, which gives back what is not saved. A
  // browser cannot show again what came as the answer to a form.
  if (form.dataset.draft === "back") history.replaceState(null, "", address + location.hash)

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
  let isReached = true
  let isTold = false
  let followed = null

  const isUnkept = () => typed() !== kept
  const isSentElsewhere = () => form.getAttribute("action") !== address

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
    const page = await fetch(address, request)
    if (page.type === "opaqueredirect") return "out"
    if (page.status === 429 || page.status >= 500) return "broken"
    if (!page.ok) return "refused"
    const answer = await page.json().catch(() => null)
    if (!answer) return "broken"
    kept = words
    if (!isUnkept()) removeEventListener("beforeunload", warn)
    // Once, after it was said that she is not.
    if (isTold) say(`${BACK} ${answer.said.split(". ")[0].replace(/[^.]$/, "$&.")}`.trim())
    else say(answer.said)
    isTold = false
    return "kept"
  }

  const keep = () => {
    clearTimeout(timer)
    if (!sending) sending = keepNow().finally(() => { sending = null })
    return sending
  }

  const keepNow = async () => {
    const end = await send(false).catch(() => "unreachable")
    isReached = end === "kept"
    since = 0
    if (end === "kept") {
      pause = STOPPED
      if (isUnkept()) wait(STOPPED)
    } else if (end === "out" || end === "refused") say(SAID[end])
    else {
      say(navigator.onLine ? SAID.later : SAID.offline)
      isTold = isTold || !navigator.onLine
      wait(pause)
      pause = Math.min(pause * 2, MOST)
    }
    return end
  }

  const changed = () => {
    isGoing = false
    if (!isUnkept()) return
    addEventListener("beforeunload", warn)
    since = since || Date.now()
    wait(Math.max(0, Math.min(STOPPED, since + LONGEST - Date.now())))
  }

  // What was typed a moment ago goes ahead when the page is left. The browser asks
  // whether to leave only where that is in doubt. Listened to only while it matters:
  // some browsers remember no page that does.
  const warn = event => {
    if (isGoing || isSentElsewhere() || !isUnkept()) return
    // Now, as the next page is asked for before this one is hidden.
    left()
    const isSure = navigator.onLine && isReached && !sending
    if (!isSure || new Blob([typed()]).size > MOST_LEAVING) event.preventDefault()
  }

  // Of the words themselves nothing is noted in the browser.
  const note = what => {
    try { sessionStorage.setItem(LEFT, JSON.stringify(what)) } catch { /* It is not allowed. */ }
  }

  const noted = () => {
    try {
      const what = JSON.parse(sessionStorage.getItem(LEFT))
      sessionStorage.removeItem(LEFT)
      return what
    } catch { return null }
  }

  const holds = (page, { writing, turn: last }) => {
    const followed = [...page.querySelectorAll("[name$=follows]")].map(field => field.value.split(" "))
    const ours = followed.find(([key]) => key === writing)
    return ours ? Number(ours[1]) >= last : Boolean(page.querySelector(`[name=use][value="${writing}"]`))
  }

  // Look whether the words of the page before have come since this one was made.
  const lookForLeft = async () => {
    const last = noted()
    if (!last || last.path !== ourPath || holds(document, last)) return
    for (const time of LOOK_AFTER) {
      await new Promise(done => setTimeout(done, time))
      const text = await fetch(location.href).then(page => page.ok ? page.text() : "").catch(() => "")
      if (!holds(new DOMParser().parseFromString(text, "text/html"), last)) continue
      if (typed() === atFirst) location.replace(location.pathname + location.search)
      else say(ALSO_KEPT)
      return
    }
  }

  const left = () => {
    const words = typed()
    if (isGoing || isSentElsewhere() || words === kept || words === leftWith) return
    leftWith = words
    note({ path: ourPath, writing: form.querySelector("[name=writing]").value, turn: turn + 1 })
    // Too much for a page that goes: then at least while it stays.
    send(true).catch(() => send(false)).catch(() => { leftWith = "" })
  }

  // The browser leaves the page when it sends the form, and with it the words. So
  // they go ahead as a draft, and the page goes when the server has them.
  const save = async event => {
    const isOffline = !navigator.onLine
    inUse = event.submitter || inUse
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
      say(`${navigator.onLine ? "Not saved yet." : "You are offline."} ${PRESS}`)
      isTold = isTold || !navigator.onLine
      return
    }
    clearTimeout(timer)
    isGoing = true
    form.requestSubmit(event.submitter)
  }

  // A link is followed once what is typed is kept, so that the next page knows of it.
  // A slow server holds nobody up for long, and a second click not at all.
  const follow = async event => {
    const link = event.target.closest("a[href]")
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    if (!link || !isPlain || event.defaultPrevented || followed === link) return
    const isHere = link.origin === location.origin && !link.target && !link.download
    const isPlace = link.hash && link.pathname === location.pathname && link.search === location.search
    const isNeeded = navigator.onLine && !isGoing && !isSentElsewhere() && isUnkept()
    if (!isHere || isPlace || !isNeeded) return
    event.preventDefault()
    followed = link
    const keepAll = async () => {
      if (await keep() === "kept" && isUnkept()) await keep()
    }
    await Promise.race([keepAll(), new Promise(done => setTimeout(done, PATIENCE_LEAVING))])
    if (followed === link) link.click()
    followed = null
  }

  lookForLeft()
  document.addEventListener("click", follow)
  form.addEventListener("input", changed)
  form.addEventListener("change", changed)
  form.addEventListener("submit", save)
  document.addEventListener("focusin", event => { if (event.target.form === form) inUse = event.target })
  addEventListener("offline", () => {
    isTold = true
    say(SAID.offline)
  })
  addEventListener("online", () => {
    if (isUnkept()) return keep()
    if (isTold) say(kept === atFirst ? BACK : `${BACK} What you typed is kept.`)
    isTold = false
  })
  addEventListener("pagehide", left)
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") return left()
    leftWith = ""
    if (isUnkept()) changed()
  })
  // A page that comes back as it was knows nothing of what it saved.
  addEventListener("pageshow", event => { if (event.persisted && isGoing) location.reload() })
}
