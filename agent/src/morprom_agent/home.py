"""The folder of the agent's state: private to this account, one run at a time, a log file per day."""

import logging
import logging.handlers
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from morprom_agent.settings import Settings
from morprom_agent.stop import Exit, Stop

LOCK = "running.lock"
LOG_DAYS = 30
log = logging.getLogger("morprom_agent")


def folder_of(settings: Settings) -> Path:
    """The state folder: as set, else one per hospital and platform in the user's home. Made when it is not there."""
    place = urlsplit(settings.to).netloc.replace(":", "_")
    folder = settings.state or Path.home() / ".morprom-agent" / f"{settings.hcode}-{place}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):
            folder.chmod(0o700)
    except OSError as error:
        raise Stop(
            Exit.SETTINGS,
            f"ใช้โฟลเดอร์สถานะ {folder} ไม่ได้ ({error.strerror}) ตัวอย่าง --state D:/morprom-agent",
            f"the state folder {folder} cannot be used ({error.strerror}); for example --state D:/morprom-agent",
        ) from None
    return folder


@contextmanager
def alone(folder: Path) -> Generator[None]:
    """Hold the folder for one run. SQLite's own lock serves: it works everywhere and ends with the process."""
    db = sqlite3.connect(folder / LOCK, isolation_level=None, timeout=0)
    try:
        db.execute("begin exclusive")
    except sqlite3.OperationalError:
        db.close()
        raise Stop(
            Exit.ANOTHER_AGENT,
            f"มี morprom-agent ทำงานกับ {folder} อยู่แล้ว รอให้เสร็จหรือปิดก่อน",
            f"a morprom-agent is already working in {folder}; wait for it or end it first",
        ) from None
    try:
        yield
    finally:
        db.close()


@contextmanager
def logging_to(folder: Path) -> Generator[None]:
    """Write the agent's own log, and nobody else's, to a file that turns at midnight. Refs and codes only."""
    place = folder / "log"
    place.mkdir(exist_ok=True)
    handler = logging.handlers.TimedRotatingFileHandler(
        place / "agent.log", when="midnight", backupCount=LOG_DAYS, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(handler)
        handler.close()
