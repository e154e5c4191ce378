"""The pages and files of this door, as `app` mounts them."""

from collections.abc import Sequence

from litestar import Router

from morprom.doors.pages import asset_routes
from morprom.doors.sandbox.examples import example, example_list
from morprom.doors.sandbox.openapi import openapi
from morprom.doors.sandbox.pages import checklist_page, docs_page, sandbox_page
from morprom.doors.wire import routed


def handlers() -> Sequence[Router]:
    """Everything of this door."""
    files = asset_routes("/sandbox/assets", "morprom.doors.sandbox")
    return routed(files, checklist_page, docs_page, example, example_list, openapi, sandbox_page)
