// A relying party as its author writes it with openid-client. What the library checks is not checked again here.

import * as client from "openid-client";
import { backChannel, browse, clientKey, failing, hear, say } from "./stage.mjs";

const { issuer, client_id, secret, auth, key, profile, port, redirect_uri, left_uri } = await hear();
const isFapi = profile === "fapi2";
const id_token_signed_response_alg = isFapi ? "ES256" : "RS256";

const shown = {
  client_secret_basic: () => client.ClientSecretBasic(secret),
  client_secret_post: () => client.ClientSecretPost(secret),
  private_key_jwt: async () => client.PrivateKeyJwt(await clientKey(key)),
};
const config = await client.discovery(new URL(issuer), client_id, { id_token_signed_response_alg }, await shown[auth](), {
  execute: [client.allowInsecureRequests],
});
const metadata = config.serverMetadata();
say("discovery", { issuer: metadata.issuer, methods: metadata.code_challenge_methods_supported, pkce: metadata.supportsPKCE() });

const options = isFapi ? { DPoP: client.getDPoPHandle(config, await client.randomDPoPKeyPair(key.alg)) } : {};
const pkceCodeVerifier = client.randomPKCECodeVerifier();
const expectedState = client.randomState();
const expectedNonce = client.randomNonce();
const asked = {
  redirect_uri,
  scope: "openid profile offline_access",
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: "S256",
  state: expectedState,
  nonce: expectedNonce,
};
const start = isFapi
  ? await client.buildAuthorizationUrlWithPAR(config, asked, options)
  : client.buildAuthorizationUrl(config, asked);
const back = await browse("authorize", start);

const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
const exchange = (url, more = {}) => client.authorizationCodeGrant(config, url, { ...checks, ...more }, undefined, options);
const altered = (name, value) => {
  const url = new URL(back);
  url.searchParams.set(name, value);
  return url;
};
say("another issuer's answer", await failing(() => exchange(altered("iss", "https://another.example"))));
say("an answer with another state", await failing(() => exchange(altered("state", "another"))));

const tokens = await exchange(back);
const { sub } = tokens.claims();
say("tokens", { type: tokens.token_type, scope: tokens.scope, expires_in: tokens.expires_in, claims: tokens.claims() });

say("userinfo", { claims: await client.fetchUserInfo(config, tokens.access_token, sub, options) });
say("introspection", { claims: await client.tokenIntrospection(config, tokens.access_token) });
const bare = { authorization: `Bearer ${tokens.access_token}` };
say("shown as a bearer token", { status: (await fetch(metadata.userinfo_endpoint, { headers: bare })).status });

const renewed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, options);
say("refresh", {
  type: renewed.token_type,
  is_new: renewed.refresh_token !== tokens.refresh_token && renewed.access_token !== tokens.access_token,
  claims: renewed.claims(),
});
await client.tokenRevocation(config, tokens.access_token);
say("revocation", {
  revoked: await client.tokenIntrospection(config, tokens.access_token),
  other: await client.tokenIntrospection(config, renewed.access_token),
});

const channel = await backChannel({ port, issuer, client_id }, metadata.jwks_uri, id_token_signed_response_alg);
const state = client.randomState();
const left = await browse(
  "leave",
  client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: left_uri, state }),
);
say("left", { is_same_state: left.searchParams.get("state") === state, claims: await channel.told, sub });
channel.close();
say("refresh after leaving", await failing(() => client.refreshTokenGrant(config, renewed.refresh_token, undefined, options)));
process.exit(0);
