// The slip's secret stands behind "#", which no server sees. It is put into the form and taken out of the address.
const secret = location.hash.slice(1);
if (/^[\w-]{16,64}$/.test(secret)) {
  history.replaceState(null, "", location.pathname);
  const form = document.getElementById("scanned");
  form.elements.qr.value = secret;
  form.hidden = false;
  document.getElementById("typed").hidden = true;
  form.querySelector("button").focus();
}
