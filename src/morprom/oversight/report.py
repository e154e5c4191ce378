"""An agent says what it is doing, so that two agents of one hospital do not send at once."""

from datetime import datetime

from morprom.oversight import rules, store
from morprom.oversight.model import AgentReport, AnotherSends, Noted, TooSoon
from morprom.storage import Tx


async def report_status(tx: Tx, hcode: str, report: AgentReport, now: datetime) -> Noted | TooSoon | AnotherSends:
    """Take an agent's report, at most every 5 seconds and while no other computer sends."""
    if await store.note_report(tx, hcode, report, now, rules.APART, rules.SENDING):
        return Noted()
    agent = await store.agent(tx, hcode)
    return rules.why_not_noted(agent, report.computer_name, now) if agent else Noted()


async def report_error(tx: Tx, hcode: str, error: str, now: datetime) -> Noted | TooSoon:
    """Take what an agent says went wrong, at most every 5 seconds. Any computer of the hospital may say so."""
    if await store.note_error(tx, hcode, error, now, rules.APART):
        return Noted()
    last = await store.error_at(tx, hcode)
    return rules.too_soon(last, now) if last else Noted()


async def sending_agent(tx: Tx, hcode: str, now: datetime) -> str | None:
    """The name of the computer that sends for a hospital now."""
    agent = await store.agent(tx, hcode)
    return agent.computer_name if agent and rules.is_sending(agent, now) else None
