"""Code systems as anybody may read them."""

from morprom.codes import store
from morprom.codes.hand import hand_written
from morprom.codes.model import CodeSystem, Published
from morprom.codes.rules import name_of, unpacked
from morprom.storage import Tx


async def listing(tx: Tx) -> list[CodeSystem]:
    """Every system by name, the imported one where there are two."""
    systems = {each.about.system: each.about for each in hand_written().values()}
    systems |= {about.system: about for about in await store.in_use(tx)}
    return [systems[name] for name in sorted(systems)]


async def digest_of(tx: Tx, system: str) -> bytes | None:
    """The digest of a system's codes, without fetching them; None when there is no such system."""
    name = name_of(system)
    digest = await store.digest_of(tx, name)
    written = hand_written().get(name)
    return digest or (written.digest if written else None)


async def find(tx: Tx, system: str) -> Published | None:
    """One system with its codes; None when there is none of that name."""
    name = name_of(system)
    imported = await store.published(tx, name)
    if imported is None:
        return hand_written().get(name)
    return Published(imported.about, unpacked(imported.rows), imported.digest)
