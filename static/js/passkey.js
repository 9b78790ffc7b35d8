// Let a passkey answer what the server asks: it stands in #passkey-options, and the
// answer goes back in the hidden field "credential". Without this file the forms stay
// hidden, and the page names another way.
"use strict"

const bytesOf = text => {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/")
  return Uint8Array.from(atob(padded), letter => letter.charCodeAt(0))
}

const textOf = buffer => {
  const letters = Array.from(new Uint8Array(buffer), byte => String.fromCharCode(byte))
  return btoa(letters.join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")
}

// The server writes in base64url what browsers want as bytes.
const prepared = options => {
  const wanted = { ...options.publicKey, challenge: bytesOf(options.publicKey.challenge) }
  if (wanted.user) wanted.user = { ...wanted.user, id: bytesOf(wanted.user.id) }
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (wanted[list]) wanted[list] = wanted[list].map(key => ({ ...key, id: bytesOf(key.id) }))
  }
  return { publicKey: wanted }
}

const answerOf = credential => {
  const response = {}
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
  for (const part of parts) {
    if (credential.response[part]) response[part] = textOf(credential.response[part])
  }
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    const unknown = document.querySelector("[data-passkey-unknown]")
    if (unknown) unknown.hidden = false
    continue
  }
  form.hidden = false
  form.addEventListener("submit", async event => {
    event.preventDefault()
    const trouble = form.querySelector("[data-passkey-trouble]")
    trouble.hidden = true
    const options = JSON.parse(document.getElementById("passkey-options").textContent)
    try {
      const credential = await navigator.credentials[form.dataset.passkey](prepared(options))
      form.elements.credential.value = JSON.stringify(answerOf(credential))
      form.submit()
    } catch {
      // Cancelled, timed out, or not theirs: the browser has said why.
      trouble.hidden = false
    }
  })
}
