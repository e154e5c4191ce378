"""The door of relying parties: OpenID Connect under /oidc, and the page where people see whom they allowed what."""

from morprom.doors.openid.routes import handlers

__all__ = ["handlers"]
