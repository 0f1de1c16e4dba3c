/* Passkeys (WebAuthn): asks the server for its question, lets the device sign it, and sends the answer as a form. */
(() => {
  "use strict";
  if (!window.PublicKeyCredential) return;

  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const known = (keys = []) => keys.map((key) => ({ ...key, id: bytes(key.id) }));

  const question = async (form) => {
    const headers = { "Accept": "application/json", "X-CSRFToken": form.elements.csrf_token.value };
    const answer = await fetch(form.dataset.question, { method: "POST", headers });
    if (answer.status === 403) form.submit(); /* must sign in anew: sent without an answer, the page itself says so */
    if (!answer.ok) throw new Error("no question");
    const asked = await answer.json();
    asked.challenge = bytes(asked.challenge);
    if (form.dataset.passkey === "get") return { ...asked, allowCredentials: known(asked.allowCredentials) };
    return { ...asked, user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: known(asked.excludeCredentials) };
  };

  const told = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} });
  };

  const offer = (form) => {
    const button = form.querySelector("button");
    const failed = form.querySelector("[data-failed]");
    button.addEventListener("click", async () => {
      failed.hidden = true;
      button.disabled = true;
      try {
        const publicKey = await question(form);
        form.elements.credential.value = told(await navigator.credentials[form.dataset.passkey]({ publicKey }));
        form.submit();
      } catch {
        failed.hidden = false; /* refused, cancelled, or too late: another try or another way */
      }
      button.disabled = false;
    });
    form.hidden = false;
    form.nextElementSibling.hidden = true;
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) offer(form);
})();
