"""Speaks to the platform: signs in, sends, asks, retries. Knows HTTP and nothing of visits."""

from morprom_agent.platform.credentials import Credentials, Password, UploadToken
from morprom_agent.platform.link import Link, Reply
from morprom_agent.platform.platform import Delivery, Platform

__all__ = ["Credentials", "Delivery", "Link", "Password", "Platform", "Reply", "UploadToken"]
