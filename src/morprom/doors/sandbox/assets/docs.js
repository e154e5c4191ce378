// /docs: swagger-ui on our own document, in the language that was chosen; nothing is fetched from anywhere else.

function draw() {
  const chosen = document.documentElement.dataset.words;
  globalThis.SwaggerUIBundle({
    url: `/openapi.json${chosen === "both" ? "" : `?lang=${chosen}`}`,
    dom_id: "#swagger",
    deepLinking: true,
    displayRequestDuration: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    filter: true,
    persistAuthorization: false,
    validatorUrl: null,
    withCredentials: false,
  });
}

document.addEventListener("words-chosen", draw);
if (globalThis.SwaggerUIBundle) draw();
else addEventListener("load", draw);
