"""The operator puts a code system into use, takes it back, and sees what was there before."""

from datetime import date

from morprom.codes import store
from morprom.codes.hand import hand_written
from morprom.codes.model import CodeFile, CodeSystem, Former, Named
from morprom.codes.rules import described, name_of, packed, published
from morprom.kernel import Category, Problem, Words, time_ordered_id
from morprom.storage import Tx


async def publish(tx: Tx, named: Named, file: CodeFile, today: date, *, store_it: bool = True) -> CodeSystem:
    """Put a file's codes into use in place of the version before; what is said of it now.

    Without `store_it` nothing is written. Raises Problem CODES_NAME, CODES_VERSION, CODES_EMPTY, or CODES_FAULTY when
    a row cannot be used: then nothing is stored.
    """
    if file.faulty:
        words = Words("มีแถวที่ใช้ไม่ได้ จึงไม่ได้นำเข้า", "some rows cannot be used, so nothing was imported")
        raise Problem(Category.INCORRECT, "CODES_FAULTY", words)
    if not file.rows:
        raise Problem(Category.INCORRECT, "CODES_EMPTY", Words("ไม่มีรหัสในแฟ้ม", "the file has no codes"))
    name = name_of(named.system)
    about = described(named, file, await _known(tx, name), today)
    if store_it:
        made = published(about, file.rows)
        await store.lock(tx, name)
        await store.replace(tx, name)
        await store.insert(tx, time_ordered_id(), made, packed(made.rows))
    return about


async def withdraw(tx: Tx, system: str) -> bool:
    """Take an imported system back; whether there was one. A hand-written one of that name is in use again."""
    return await store.replace(tx, name_of(system))


async def former(tx: Tx) -> list[Former]:
    """The versions that were in use before."""
    return await store.former(tx)


async def _known(tx: Tx, name: str) -> CodeSystem | None:
    """What is said of the system of that name now."""
    known = await store.published(tx, name) or hand_written().get(name)
    return known.about if known else None
