"""The modules of the OpenID Foundation's plans that this provider is held against, and the tables of docs/openid.md.

A test is named by its module, and its docstring says clause and what is tried. Run this file to write the tables anew.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "docs/openid.md"


@dataclass(frozen=True)
class Plan:
    """Modules by their names without the prefix; "" is the module that has no more than the prefix."""

    heading: str
    prefix: str
    names: str

    @property
    def modules(self) -> list[str]:
        """Whole names, in the order of the plan."""
        return [f"{self.prefix}{'' if name == '=' else f'-{name}'}" for name in self.names.split()]


PLANS = (
    Plan(
        "Basic provider",
        "oidcc",
        """
        server response-type-missing idtoken-signature idtoken-unsigned userinfo-get userinfo-post-header
        userinfo-post-body ensure-request-without-nonce-succeeds-for-code-flow scope-profile scope-email scope-address
        scope-phone scope-all alternate-happy-flow display-page display-popup prompt-login prompt-none-not-logged-in
        prompt-none-logged-in max-age-1 max-age-10000 ensure-request-with-unknown-parameter-succeeds id-token-hint
        login-hint ui-locales claims-locales ensure-request-with-acr-values-succeeds codereuse codereuse-30seconds
        ensure-registered-redirect-uri ensure-post-request-succeeds server-client-secret-post
        request-uri-unsigned-supported-correctly-or-rejected-as-unsupported
        unsigned-request-object-supported-correctly-or-rejected-as-unsupported claims-essential
        ensure-request-object-with-redirect-uri refresh-token ensure-request-with-valid-pkce-succeeds
        """,
    ),
    Plan("Configuration", "oidcc", "discovery-endpoint-verification"),
    Plan(
        "RP-initiated logout",
        "oidcc-rp-initiated-logout",
        """
        discovery-endpoint-verification = bad-post-logout-redirect-uri modified-id-token-hint no-id-token-hint
        no-params no-post-logout-redirect-uri no-state only-state query-added-to-post-logout-redirect-uri
        bad-id-token-hint
        """,
    ),
    Plan(
        "FAPI 2.0 security profile, final",
        "fapi2-security-profile-final",
        """
        discovery-end-point-verification happy-flow user-rejects-authentication
        access-token-type-header-case-sensitivity attempt-reuse-authorization-code-after-one-second
        check-dpop-proof-nbf-exp dpop-negative-tests ensure-authorization-code-is-bound-to-client
        ensure-authorization-request-with-64-char-nonce-success ensure-authorization-request-with-long-nonce
        ensure-authorization-request-with-long-state ensure-authorization-request-without-nonce-success
        ensure-authorization-request-without-state-success ensure-client-assertion-in-token-endpoint
        ensure-client-assertion-with-exp-is-5-minutes-in-past-fails ensure-client-assertion-with-no-sub-fails
        ensure-client-assertion-with-wrong-aud-fails ensure-client-id-in-token-endpoint
        ensure-dpop-auth-code-binding-success ensure-dpopproof-at-par-endpoint-binding-success
        ensure-dpopproof-with-iat-10seconds-after-succeeds ensure-dpopproof-with-iat-10seconds-before-succeeds
        ensure-holder-of-key-required ensure-mismatched-dpop-jkt-fails ensure-other-scope-order-succeeds
        ensure-pkce-code-verifier-required incorrect-pkce-code-verifier-rejected
        ensure-redirect-uri-in-authorization-request ensure-registered-redirect-uri
        ensure-response-type-code-idtoken-fails ensure-response-type-token-fails
        ensure-signed-client-assertion-with-RS256-fails ensure-token-endpoint-fails-with-expired-auth-code
        ensure-token-endpoint-fails-with-mismatched-dpop-jkt
        ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt
        ensure-unsigned-authorization-request-without-using-par-fails par-attempt-invalid-http-method
        par-attempt-reuse-request_uri par-attempt-to-use-expired-request_uri
        par-attempt-to-use-request_uri-for-different-client par-authorization-request-containing-request_uri
        par-authorization-request-containing-request_uri-form-param
        par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted
        par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails par-ensure-pkce-required
        par-ensure-reused-request-uri-prior-to-auth-completion-succeeds par-plain-pkce-rejected
        par-test-array-as-audience-fails par-test-par-endpoint-url-as-audience-fails
        par-test-token-endpoint-url-as-audience-fails par-without-duplicate-parameters
        plain-fapi-tolerate-unregistered-redirect-uri refresh-token client-refresh-token-test
        test-claims-parameter-identity-claims test-essential-acr-sca-claim
        """,
    ),
    Plan(
        "Identity assurance",
        "ekyc-server",
        """
        happypath happypath-emptyobject happypath-essentialfalse unknown-claim-omitted unknown-essential-claim-omitted
        unknown-claim-specialchars-omitted one-claim-with-random-value-omitted request-only-in-idtoken
        request-only-in-userinfo testuserprovidedrequest testbasedonuserinfo-defaults test-userinfo-notfoundinop
        """,
    ),
)

NOT_APPLYING: Mapping[str, str] = {
    "fapi2-security-profile-final-client-refresh-token-test": "it tries a relying party, not a provider; two that"
    " others wrote do it against this one in `test_a_client_of_the_fapi_profile_is_content`",
}
"""Modules that say nothing about this provider, each with the reason."""


class Row(NamedTuple):
    """A line of a table."""

    module: str
    clause: str
    tried: str
    test: str
    held: str

    def __str__(self) -> str:
        test = f"`{self.test}`" if self.test else "–"
        return f"| `{self.module}` | {self.clause} | {self.tried} | {test} | {self.held} |"


def name_of_test(module: str) -> str:
    """The name of a module's test."""
    return "test_" + module.replace("-", "_")


def docstrings() -> dict[str, str]:
    """Every test of this folder with its docstring. Raises AssertionError for a name that stands there twice."""
    found: dict[str, str] = {}
    for file in sorted(HERE.glob("test_*.py")):
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                assert node.name not in found, node.name
                found[node.name] = " ".join((ast.get_docstring(node) or "").split())
    return found


def rows(plan: Plan) -> Iterator[Row]:
    """The table of a plan. A module whose test is missing is not held."""
    said = docstrings()
    for module in plan.modules:
        if module in NOT_APPLYING:
            yield Row(module, "–", NOT_APPLYING[module], "", "does not apply")
        elif (name := name_of_test(module)) in said:
            clause, _, tried = said[name].partition(": ")
            yield Row(module, clause, tried.rstrip(".").replace("|", "\\|"), name, "held")
        else:
            yield Row(module, "–", "there is no test", "", "not held")


def section(plan: Plan) -> str:
    """What stands on the page under a plan's heading."""
    head = "| module | specification and clause | what is tried | test | held |\n|---|---|---|---|---|"
    return "\n".join([f"## {plan.heading}", "", head, *map(str, rows(plan)), ""])


def summary() -> str:
    """How many modules of each plan are held."""
    lines = ["| plan | modules | held | not held | do not apply |", "|---|---|---|---|---|"]
    for plan in PLANS:
        held = [row.held for row in rows(plan)]
        counts = [len(held), *(held.count(word) for word in ("held", "not held", "does not apply"))]
        lines.append(f"| {plan.heading} (`{plan.prefix}-`) | {' | '.join(map(str, counts))} |")
    return "\n".join(["## At a glance", "", *lines, ""])


def parts() -> list[str]:
    """Every part of the page that is made here."""
    return [summary(), *map(section, PLANS)]


def written(page: str) -> str:
    """The page with its tables made anew; the rest as it was."""
    for part in parts():
        heading = part.partition("\n")[0] + "\n"
        before, _, rest = page.partition(heading)
        after = rest[rest.find("\n## ") + 1 :] if "\n## " in rest else ""
        page = before + part + "\n" + after
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
