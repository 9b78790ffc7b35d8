// Let people see the password that they are typing.
"use strict"

for (const password of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button")
  const group = password.closest(".govuk-form-group")
  const name = group ? group.querySelector("label").textContent.trim() : "Password"
  button.type = "button"
  button.className = "govuk-button govuk-button--secondary password-show"
  button.setAttribute("aria-controls", password.id)

  const show = visible => {
    password.type = visible ? "text" : "password"
    button.textContent = visible ? "Hide" : "Show"
    button.setAttribute("aria-label", `${button.textContent}: ${name}`)
  }
  button.addEventListener("click", () => show(password.type === "password"))
  // What is sent must not stay in the browser's memory of typed texts.
  if (password.form) password.form.addEventListener("submit", () => show(false))
  show(false)
  password.after(button)
}
