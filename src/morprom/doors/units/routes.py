"""The calls of this door, as `app` mounts them."""

from collections.abc import Sequence

from litestar import Router

from morprom.doors.units.agents import get_agent_computer_name, update_agent_status
from morprom.doors.units.conformance import conformance
from morprom.doors.units.counts import org_encounter_summary
from morprom.doors.units.ekyc import check_ekyc
from morprom.doors.units.explain import explain_upload
from morprom.doors.units.items import items
from morprom.doors.units.removal import remove_encounter
from morprom.doors.units.summary import organization_summary
from morprom.doors.units.token import token
from morprom.doors.wire import routed


def handlers() -> Sequence[Router]:
    """The calls of this door that go through the framework."""
    return routed(
        check_ekyc,
        conformance,
        explain_upload,
        get_agent_computer_name,
        items,
        org_encounter_summary,
        organization_summary,
        remove_encounter,
        token,
        update_agent_status,
    )
