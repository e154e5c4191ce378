"""Speaks to the platform: signs in, sends, asks, retries. Knows HTTP and nothing of visits."""

from morprom_agent.platform.credentials import Credentials, Password, UploadToken, credentials_of
from morprom_agent.platform.link import Interrupted, Link, Reply
from morprom_agent.platform.platform import Delivery, Platform, Removal

__all__ = [
    "Credentials",
    "Delivery",
    "Interrupted",
    "Link",
    "Password",
    "Platform",
    "Removal",
    "Reply",
    "UploadToken",
    "credentials_of",
]
