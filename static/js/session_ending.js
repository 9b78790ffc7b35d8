// Warn before somebody is signed out, and keep what is typed when she is.
"use strict"

{
  const dialog = document.getElementById("session-ending")
  const form = dialog.querySelector("form")
  const words = name => dialog.querySelector(`[data-words=${name}]`)
  const leaveButton = dialog.querySelector("[data-do=leave]")
  const stayButton = dialog.querySelector("[data-do=stay]")
  const warning = Number(dialog.dataset.warningSeconds) * 1000
  const LOOK_EVERY = 1000
  // Half a minute, where the warning comes five minutes before the end.
  const ASK_EVERY = warning / 10
  const ASK_AGAIN = warning / 60

  // Only a form that says whose it is can be given back to the same person.
  const typed = document.querySelector("main form:has([name=author])")
  if (typed) {
    leaveButton.textContent = "Save and sign out"
    words("kept").hidden = false
  }

  let ends = Date.now() + Number(dialog.dataset.secondsLeft) * 1000
  let asked = 0
  let isLeaving = false

  // Somebody may have gone on in another tab, so the server knows better.
  const ask = async method => {
    asked = Date.now()
    const request = { method, headers: { Accept: "application/json" } }
    if (method === "POST") request.body = new FormData(form)
    try {
      const page = await fetch(form.action, request)
      if (!page.ok) throw new Error(page.status)
      const answer = await page.json()
      ends = Date.now() + answer.seconds_left * 1000
      stayButton.hidden = !answer.can_stay
      words("stay").hidden = !answer.can_stay
      words("over").hidden = answer.can_stay
      words("unreachable").hidden = true
    } catch {
      words("unreachable").hidden = false
    }
    return words("unreachable").hidden
  }

  const stay = async () => {
    await ask("POST")
    if (ends - Date.now() > warning) dialog.close()
  }

  const leave = why => {
    isLeaving = true
    const sent = typed || form
    const add = (name, value) => {
      const field = document.createElement("input")
      Object.assign(field, { type: "hidden", name, value })
      sent.append(field)
    }
    add("kept_path", location.pathname)
    add("why", why)
    sent.setAttribute("action", leaveButton.formAction)
    // Not the form's own submit: a button of that name would hide it.
    HTMLFormElement.prototype.submit.call(sent)
  }

  const say = left => {
    const minutes = Math.ceil(left / 60000)
    const sentence = `We will sign you out in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`
    // Said again only when it changes: it is read out each time.
    if (words("time").textContent !== sentence) words("time").textContent = sentence
  }

  const look = async () => {
    if (isLeaving || ends - Date.now() > warning) return
    const isOver = ends <= Date.now()
    const isNews = Date.now() - asked > (isOver ? ASK_AGAIN : ASK_EVERY)
    const isReached = isNews && await ask("GET")
    const left = ends - Date.now()
    if (left > warning) {
      if (dialog.open) dialog.close()
      return
    }
    // What is typed stays on the page until the server can take it.
    if (left <= 0 && isReached) return leave("idle")
    if (left > 0) say(left)
    if (!dialog.open) dialog.showModal()
  }

  form.addEventListener("submit", event => {
    event.preventDefault()
    if (event.submitter === leaveButton) leave("")
    else stay()
  })
  // Whoever presses Escape is there.
  dialog.addEventListener("cancel", event => {
    event.preventDefault()
    if (!stayButton.hidden) stay()
    else dialog.close()
  })
  setInterval(look, LOOK_EVERY)
}
