"""Uploads of items other than visits become submissions: registers, vaccines, referrals, measurements, prescriptions, …

The documents of an item hold what was sent and, apart from it, what the platform found out; no upload can write that.
"""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

import msgspec

from morprom.intake.model import Ledgered, Part, Receipt, Submission
from morprom.intake.receive import Received, Sender, Whole, identifier_at, keep_only
from morprom.intake.writer import Writer
from morprom.kernel import Hcode, Secret
from morprom.mophphr.care_claim import care_claim
from morprom.mophphr.item_calls import ItemCall
from morprom.mophphr.model import ItemPart, ItemsUpload
from morprom.people import Identifier, Scheme
from morprom.record import Kind
from morprom.recordstore import UnitRefs, keyed
from morprom.recordstore.content import with_note
from morprom.storage import Database, KeyRing
from morprom_wire.systems import HCODE

LONGEST_LABEL: Final = 64


class Providers(Protocol):
    """Who signs and verifies Provider ID tokens."""

    async def verified_provider(self, token: str, hcode: str) -> str | None:
        """Whose token it is when it holds for that hospital now."""
        ...


async def receive_items(
    upload: ItemsUpload,
    hcode: Hcode,
    sender: Sender,
    ref_key: Secret[bytes],
    *,
    writer: Writer,
    database: Database,
    ring: KeyRing,
    providers: Providers,
) -> Received:
    """Store an upload of `hcode`'s items. It holds no transaction: the writer commits many uploads at once.

    `unverified` of the answer are the places, in `items`, of prescriptions whose provider token does not hold.
    """
    upload = upload.at(hcode)
    refs = UnitRefs(ref_key)
    is_prescribed = upload.call.kind is Kind.PRESCRIPTION
    notes = await _verified(upload, providers, hcode) if is_prescribed else [NOTHING] * len(upload.items)
    submission = submission_of_items(upload, hcode, refs, sender, notes)
    receipt = await writer.write(submission) if submission.parts else Receipt()
    await asyncio.gather(*(writer.write(claim) for claim in _claims(upload, hcode, sender, refs)))
    removed = None
    if upload.is_whole_list and sender.may_remove:
        kept = {part.ledgered.ref for part in submission.parts if part.ledgered}
        whole = Whole(
            submission.identifier, hcode, upload.call.kind, kept, sender.account_id, submission.action
        )  # fmt: skip
        async with database.transaction() as tx:
            removed = await keep_only(tx, ring, whole)
    return Received(receipt, removed, _unverified(upload, notes, receipt))


def submission_of_items(
    upload: ItemsUpload, hcode: Hcode, refs: UnitRefs, sender: Sender, notes: Sequence[bytes] = ()
) -> Submission:
    """The documents of an upload; `notes` are what was found out about each item, nothing unless it is said."""
    person = identifier_at(hcode, upload.identifiers[0])
    noted = notes or [NOTHING] * len(upload.items)
    parts = tuple(
        _part(upload.call, person, item, note, refs) for item, note in zip(upload.items, noted, strict=True)
    )  # fmt: skip
    return Submission(person, hcode, parts, upload.call.name, sender.account_id, upload.agent)


def _part(call: ItemCall, person: Identifier, item: ItemPart, note: bytes, refs: UnitRefs) -> Part:
    content = with_note(item.sent, note)
    if call.key_is_of_person:
        return Part(call.kind, keyed(refs.sealed(_within(person, item.ref), call.kind)), content)
    sealed = refs.sealed(item.ref, call.kind)
    label = refs.sealed_label(item.label[:LONGEST_LABEL], sealed) if item.label else None
    return Part(call.kind, keyed(sealed), content, Ledgered(sealed, item.day, label=label))


def _within(identifier: Identifier, ref: str) -> str:
    """A key that means something within one person's record, made that person's own.

    Otherwise the stored ref of an allergy to one drug would be the same under all who have it, and show it.
    """
    return f"{identifier.scheme}\0{identifier.issuer}\0{identifier.value}\0{ref}"


NOT_VERIFIED: Final = msgspec.json.encode({"verified": False, "provider_id": ""})
NOTHING: Final = b"{}"


async def _verified(upload: ItemsUpload, providers: Providers, hcode: Hcode) -> list[bytes]:
    """What is noted of each prescription; a token is looked at once, on however many it stands."""
    tokens = {item.provider_token for item in upload.items if item.provider_token}
    found = {token: await providers.verified_provider(token, hcode) for token in tokens}
    return [_note(found.get(item.provider_token)) for item in upload.items]


def _note(provider_id: str | None) -> bytes:
    if provider_id is None:
        return NOT_VERIFIED
    return msgspec.json.encode({"verified": True, "provider_id": provider_id})


def _unverified(upload: ItemsUpload, notes: list[bytes], receipt: Receipt) -> tuple[int, ...]:
    """Where a token was given and does not hold. What is the same as stored keeps what was found out then."""
    if receipt.receipt_id is None:
        return ()
    tokens = enumerate(item.provider_token for item in upload.items)
    return tuple(index for index, token in tokens if token and notes[index] == NOT_VERIFIED)


def _claims(upload: ItemsUpload, hcode: Hcode, sender: Sender, refs: UnitRefs) -> Iterator[Submission]:
    """For each caregiver's own record: that this hospital says they care for somebody, and nothing of whom.

    The same claim replaces itself: its ref is keyed by both persons, so it shows neither and joins no two records.
    """
    person = identifier_at(hcode, upload.identifiers[0])
    for item in upload.items:
        caregiver = Identifier(Scheme.CID, item.caregiver)
        if item.caregiver and caregiver != person:
            ref = keyed(refs.sealed(_within(person, item.caregiver), Kind.CARED_FOR))
            content = with_note(_organization(hcode), msgspec.json.encode(care_claim(item.sent)))
            part = Part(Kind.CARED_FOR, ref, content)
            yield Submission(caregiver, hcode, (part,), upload.call.name, sender.account_id, upload.agent)


def _organization(hcode: Hcode) -> bytes:
    identifier = {"use": "official", "system": HCODE, "value": str(hcode)}
    return msgspec.json.encode({"managingOrganization": {"type": "Organization", "identifier": identifier}})
