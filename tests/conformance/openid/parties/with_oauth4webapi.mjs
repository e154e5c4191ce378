// A relying party as its author writes it with oauth4webapi: every request and every answer by hand.

import * as oauth from "oauth4webapi";
import { backChannel, browse, clientKey, failing, hear, say } from "./stage.mjs";

const { issuer, client_id, secret, auth, key, profile, port, redirect_uri, left_uri } = await hear();
const isFapi = profile === "fapi2";
const id_token_signed_response_alg = isFapi ? "ES256" : "RS256";
const insecure = { [oauth.allowInsecureRequests]: true };

const found = await oauth.discoveryRequest(new URL(issuer), { algorithm: "oidc", ...insecure });
const as = await oauth.processDiscoveryResponse(new URL(issuer), found);
say("discovery", { issuer: as.issuer, methods: as.code_challenge_methods_supported, pkce: true });

const client = { client_id, id_token_signed_response_alg };
const shown = {
  client_secret_basic: () => oauth.ClientSecretBasic(secret),
  client_secret_post: () => oauth.ClientSecretPost(secret),
  private_key_jwt: async () => oauth.PrivateKeyJwt(await clientKey(key)),
};
const clientAuth = await shown[auth]();
const options = { ...insecure, ...(isFapi ? { DPoP: oauth.DPoP(client, await oauth.generateKeyPair(key.alg)) } : {}) };

const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const nonce = oauth.generateRandomNonce();
let asked = new URLSearchParams({
  client_id,
  redirect_uri,
  response_type: "code",
  scope: "openid profile offline_access",
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  nonce,
});
if (isFapi) {
  const answer = await oauth.pushedAuthorizationRequest(as, client, clientAuth, asked, options);
  const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, answer);
  asked = new URLSearchParams({ client_id, request_uri });
}
const back = await browse("authorize", `${as.authorization_endpoint}?${asked}`);

const altered = (name, value) => {
  const url = new URL(back);
  url.searchParams.set(name, value);
  return url;
};
const checked = async (url) => oauth.validateAuthResponse(as, client, url, state);
say("another issuer's answer", await failing(() => checked(altered("iss", "https://another.example"))));
say("an answer with another state", await failing(() => checked(altered("state", "another"))));

const members = await checked(back);
const answer = await oauth.authorizationCodeGrantRequest(as, client, clientAuth, members, redirect_uri, verifier, options);
const read = { expectedNonce: nonce, requireIdToken: true };
const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, read);
await oauth.validateApplicationLevelSignature(as, answer, insecure);
const claims = oauth.getValidatedIdTokenClaims(tokens);
say("tokens", { type: tokens.token_type, scope: tokens.scope, expires_in: tokens.expires_in, claims });

const info = await oauth.userInfoRequest(as, client, tokens.access_token, options);
say("userinfo", { claims: await oauth.processUserInfoResponse(as, client, claims.sub, info) });
const introspected = async (token) =>
  oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, clientAuth, token, insecure));
say("introspection", { claims: await introspected(tokens.access_token) });
const bare = { authorization: `Bearer ${tokens.access_token}` };
say("shown as a bearer token", { status: (await fetch(as.userinfo_endpoint, { headers: bare })).status });

const refresh = async (token) =>
  oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, clientAuth, token, options));
const renewed = await refresh(tokens.refresh_token);
say("refresh", {
  type: renewed.token_type,
  is_new: renewed.refresh_token !== tokens.refresh_token && renewed.access_token !== tokens.access_token,
  claims: oauth.getValidatedIdTokenClaims(renewed),
});
await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, clientAuth, tokens.access_token, insecure));
say("revocation", { revoked: await introspected(tokens.access_token), other: await introspected(renewed.access_token) });

const channel = await backChannel({ port, issuer, client_id }, as.jwks_uri, id_token_signed_response_alg);
const leaving = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: left_uri, state });
const left = await browse("leave", `${as.end_session_endpoint}?${leaving}`);
say("left", { is_same_state: left.searchParams.get("state") === state, claims: await channel.told, sub: claims.sub });
channel.close();
say("refresh after leaving", await failing(() => refresh(renewed.refresh_token)));
process.exit(0);
