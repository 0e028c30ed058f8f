"""Persons: signing in by a code that is sent to them, what they are here, and what is theirs.

Everybody is a guest who hasn't signed in. What is secret is kept as a keyed hash (codes, tokens, the contact by which
somebody is found), what must be read again is sealed (the contact itself, a name).
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from assistant.backoffice import BackOffice
from assistant.errors import CALLED, CodeError, NotAllowedError, SetupError, StoreError
from assistant.keys import Keys
from assistant.linking import Linked, Linking, digits_of
from assistant.sender import Sender
from assistant.storage import Change, Conflict, Record, Store
from assistant.turns import Code, Known, Role

T = TypeVar("T", bound=Struct)

CODE_FOR = dt.timedelta(minutes=10)
INVITED_FOR = dt.timedelta(days=1)
SIGNED_IN_FOR = dt.timedelta(days=30)
LENGTH = 6
"""Digits of a code."""
TRIES = 5
"""Wrong codes after which a code is worth nothing."""
MOST_SENT, SENT_IN = 5, dt.timedelta(hours=1)
"""Codes sent to one contact."""
MOST_WRONG, WRONG_IN = 30, dt.timedelta(minutes=1)
"""Wrong codes and links of all together."""
STAFF: frozenset[Role] = frozenset({"staff", "owner"})
MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,185}\.[^@\s.]{2,}")
PHONE = re.compile(r"\+?[0-9]([ ()./-]{0,2}[0-9]){4,14}")
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Of an invitation: none that is taken for another."""


class Person(Struct, frozen=True):
    """Somebody who can sign in, as they are kept."""

    role: Role
    name: str = ""
    """Sealed."""


class Contact(Struct, frozen=True):
    """What a person is reached by."""

    contact: str
    """Sealed."""


class SignIn(Struct, frozen=True):
    """A code that was sent."""

    contact: str
    """Sealed."""
    code: str
    link: str
    """Both hashed."""
    expires: dt.datetime
    tries: int = 0


class Holder(Struct, frozen=True):
    """Whose something is."""

    person: str
    expires: dt.datetime | None = None


class People:
    """Of one shop."""

    def __init__(
        self,
        shop: str,
        store: Store,
        keys: Keys,
        linking: Linking,
        now: Callable[[], dt.datetime],
        office: BackOffice,
    ) -> None:
        self._shop, self._store, self._keys, self._linking, self._now = shop, store, keys, linking, now
        self._office = office
        self.sender: Sender | None = None
        self._sent: dict[str, deque[dt.datetime]] = {}
        self._wrong: deque[dt.datetime] = deque()

    @property
    def sends(self) -> bool:
        return self.sender is not None

    # -- signing in --------------------------------------------------------------------------------------------

    async def send_code(self, contact: str, language: str, link: Callable[[str], str] | None = None) -> None:
        """Send a code, and with `link` a link that does the same, to an e-mail address or a phone. Whether anybody has
        that contact isn't told. SetupError: it is no contact; NotAllowedError: nothing can be sent from here."""
        if self.sender is None:
            raise NotAllowedError("signing in by a code isn't set up here: the shop's settings name no sender")
        plain = normal(contact)
        if not plain or not self.sender.reaches(plain):
            raise SetupError("write an e-mail address" + (" or a phone number" if self.sender.phones else ""))
        now, key = self._now(), self._keys.hash("contact", plain)
        sent = self._sent.setdefault(key, deque(maxlen=MOST_SENT))
        if len(sent) == MOST_SENT and sent[0] > now - SENT_IN:
            raise CodeError("often")
        if len(self._sent) > 10_000:
            del self._sent[next(iter(self._sent))]
        sent.append(now)
        code, secret = str(secrets.randbelow(9 * 10 ** (LENGTH - 1)) + 10 ** (LENGTH - 1)), secrets.token_urlsafe(24)
        known = await self._store.record(self._shop, "sign-in", key)
        made = SignIn(
            self._keys.seal(plain),
            self._keys.hash("sign-in", code),
            self._keys.hash("sign-in link", secret),
            now + CODE_FOR,
        )
        await self._write(
            self._record("sign-in", key, made, until=made.expires, known=known, owner=made.link),
        )
        await self.sender.send(plain, language, code, link(f"{key}.{secret}") if link is not None else "")

    async def sign_in(self, contact: str, code: str) -> str:
        """The token of a signed-in device, for the code that was sent. CodeError tells why not."""
        key = self._keys.hash("contact", normal(contact))
        return await self._signed_in(key, lambda one: one.code == self._keys.hash("sign-in", digits_of(code)))

    async def sign_in_by_link(self, secret: str) -> str:
        key, _, rest = secret.partition(".")
        return await self._signed_in(key, lambda one: one.link == self._keys.hash("sign-in link", rest))

    async def sign_in_by_invitation(self, code: str) -> str:
        """For whom the shop's owner made a code."""
        self._throttle()
        key = self._keys.hash("invitation", "".join(one for one in code.upper() if one in LETTERS))
        record = await self._store.record(self._shop, "invitation", key)
        holder = _body(record, Holder) if record is not None else None
        if record is None or holder is None or (holder.expires or self._now()) <= self._now():
            self._wrong.append(self._now())
            raise CodeError("wrong" if record is None else "old")
        token, kept = self._token(holder.person)
        await self._write(replace(record, body=""), kept, why="used")
        return token

    async def _signed_in(self, key: str, right: Callable[[SignIn], bool]) -> str:
        self._throttle()
        now = self._now()
        record = await self._store.record(self._shop, "sign-in", key)
        sent = _body(record, SignIn) if record is not None else None
        if record is None or sent is None:
            self._wrong.append(now)
            raise CodeError("wrong")
        if sent.expires <= now:
            raise CodeError("old")
        if sent.tries >= TRIES:
            raise CodeError("many")
        # The try is counted before it is looked at: many at once are so many tries.
        counted = replace(record, body=_json(replace(sent, tries=sent.tries + 1)))
        await self._write(counted, why="wrong")
        if not right(sent):
            self._wrong.append(now)
            raise CodeError("wrong")
        gone = replace(counted, body="", version=record.version + 1)
        owner = await self._store.record(self._shop, "contact", key)
        if owner is not None:
            token, kept = self._token(owner.owner)
            await self._write(gone, kept, why="used")
            return token
        person = secrets.token_hex(16)
        token, kept = self._token(person)
        await self._write(
            gone,
            self._record("person", person, Person("customer")),
            self._record("contact", key, Contact(sent.contact), owner=person),
            kept,
            why="used",
        )
        return token

    def _token(self, person: str) -> tuple[str, Record]:
        token, expires = secrets.token_urlsafe(32), self._now() + SIGNED_IN_FOR
        key = self._keys.hash("token", token)
        return token, self._record("token", key, Holder(person, expires), owner=person, until=expires)

    async def who(self, token: str) -> Known | None:
        """Whose device it is that has this token."""
        record = await self._store.record(self._shop, "token", self._keys.hash("token", token))
        return await self._known(_body(record, Holder)) if record is not None else None

    async def sign_out(self, token: str, session: str | None = None) -> None:
        """The token is worth nothing any more, and the session nobody's."""
        gone = [await self._store.record(self._shop, "token", self._keys.hash("token", token))]
        if session is not None:
            gone.append(await self._store.record(self._shop, "linked", session))
        records = tuple(replace(one, body="") for one in gone if one is not None)
        if records:
            await self._linking.write(records)

    async def _known(self, holder: Holder) -> Known | None:
        if holder.expires is not None and holder.expires <= self._now():
            return None
        record = await self._store.record(self._shop, "person", holder.person)
        if record is None:
            return None
        person = _body(record, Person)
        contacts = await self._store.records(self._shop, "contact", holder.person)
        shown = tuple(masked(self._keys.unseal(_body(one, Contact).contact)) for one in contacts)
        return Known(holder.person, person.role, self._keys.unseal(person.name) if person.name else "", shown)

    # -- devices -----------------------------------------------------------------------------------------------

    async def link_session(self, person: str, session: str) -> None:
        """What is said at this session is said by this person from now on."""
        known = await self._store.record(self._shop, "linked", session)
        until = self._now() + SIGNED_IN_FOR
        await self._write(self._record("linked", session, Linked(person), owner=person, until=until, known=known))

    async def link_code(self, person: str) -> Code:
        """A code that links the device that says it ("link code one two three …") to this person."""
        made = await self._linking.make(person, "", "link")
        await self._write(*made.records)
        return made.code

    async def claim(self, person: str, code: str) -> None:
        """The other way round: the code that a device gave links it to this person."""
        await self._linking.claim(person, digits_of(code))

    # -- what is theirs ----------------------------------------------------------------------------------------

    async def orders(self, person: str | None, session: str, limit: int = 100) -> list[dict[str, Any]]:
        """The orders of a person over all devices; of a guest those of their talk. Newest first."""
        talk = self._linking.talk(session)
        found = await self._store.orders(self._shop, person=person, session=None if person else talk, limit=limit)
        return [await self._office.state_json(one) for one in found if one.order.lines]

    async def order(self, name: str, known: Known | None, session: str) -> dict[str, Any] | None:
        """One order by its number or id, where it is theirs: staff see the shop's."""
        state = await self._office.find(name)
        if state is None:
            return None
        theirs = known is not None and (known.role in STAFF or state.order.person == known.id)
        here = bool(session) and state.order.session == self._linking.talk(session)
        if not theirs and not (here and state.order.person in (None, known.id if known else None)):
            return None
        return await self._office.state_json(state)

    # -- for the shop ------------------------------------------------------------------------------------------

    async def invite(self, name: str, role: Role) -> tuple[str, str]:
        """Make a person of the shop: (their id, a code with which they sign in once). SetupError where buyers couldn't
        tell by the name who they are."""
        name = " ".join(name.split())
        if not name:
            raise SetupError("a name is wanted: buyers are told by it who answers them")
        if role in STAFF and any(one.name == name and one.role in STAFF for one in await self.all()):
            raise SetupError(f"there is a '{name}' already; add something that tells them apart")
        person, code = secrets.token_hex(16), "".join(secrets.choice(LETTERS) for _ in range(12))
        expires = self._now() + INVITED_FOR
        await self._write(
            self._record("person", person, Person(role, self._keys.seal(name))),
            self._record(
                "invitation",
                self._keys.hash("invitation", code),
                Holder(person, expires),
                owner=person,
                until=expires + INVITED_FOR,
            ),
        )
        return person, "-".join(code[at : at + 4] for at in range(0, 12, 4))

    async def all_orders(self, known: Known, limit: int = 100) -> list[dict[str, Any]]:
        """The shop's, newest first, for its people."""
        _of_the_shop(known)
        return await self._office.orders(limit=limit)

    async def change(
        self, known: Known, name: str, what: str, amount: int | None = None, asked: str = ""
    ) -> dict[str, Any]:
        """advance, cancel or refund an order of the shop. `asked`: their own id of a refund, which is made once.
        NotAllowedError for whoever isn't of its people."""
        _of_the_shop(known)
        if what == "advance":
            return await self._office.advance(name)
        if what == "cancel":
            return await self._office.cancel(name)
        return await self._office.refund(name, amount=amount, asked=asked)

    async def all(self) -> list[Known]:
        records = await self._store.records(self._shop, "person")
        found = [await self._known(Holder(one.key)) for one in records]
        return [one for one in found if one is not None]

    async def remove(self, person: str) -> None:
        """With their contacts, devices and grants; their orders stay the shop's. SetupError where there is none."""
        record = await self._store.record(self._shop, "person", person)
        if record is None:
            raise SetupError(f"there is no person '{person}'; `{CALLED} people list` shows all")
        gone = [record]
        for kind in ("contact", "token", "linked", "invitation", "grant", "code"):
            gone += await self._store.records(self._shop, kind, person)
        if not await self._linking.write(tuple(replace(one, body="") for one in gone)):
            raise StoreError("that person is being changed by somebody else; try again", can_retry=True)

    # -- account linking: secrets that a platform holds for a person -------------------------------------------

    async def grant(self, kind: str, secret: str, person: str, body: dict[str, Any], expires: dt.datetime) -> None:
        key = self._keys.hash(f"grant {kind}", secret)
        kept = {**body, "kind": kind, "person": person, "expires": expires.timestamp()}
        await self._write(
            Record(
                shop=self._shop,
                kind="grant",
                key=key,
                body=msgspec.json.encode(kept).decode(),
                owner=person,
                until=expires + INVITED_FOR,
            )
        )

    async def granted(self, kind: str, secret: str) -> dict[str, Any] | None:
        """What was granted with this secret, while it lasts and its person is there."""
        record = await self._store.record(self._shop, "grant", self._keys.hash(f"grant {kind}", secret))
        if record is None:
            return None
        kept: dict[str, Any] = msgspec.json.decode(record.body)
        good = kept["kind"] == kind and kept["expires"] > self._now().timestamp()
        return kept if good and await self._known(Holder(kept["person"])) is not None else None

    async def revoke(self, kind: str, secret: str) -> bool:
        """True for one only, however many try at once."""
        record = await self._store.record(self._shop, "grant", self._keys.hash(f"grant {kind}", secret))
        if record is None:
            return False
        return not isinstance(await self._store.commit(Change(records=(replace(record, body=""),))), Conflict)

    async def revoke_family(self, person: str, family: str) -> None:
        """Everything that came of one consent."""
        for record in await self._store.records(self._shop, "grant", person):
            if msgspec.json.decode(record.body).get("family") == family:
                await self._store.commit(Change(records=(replace(record, body=""),)))

    async def of_account(self, token: str) -> str | None:
        """The person whose account a platform's token stands for."""
        kept = await self.granted("access", token)
        return str(kept["person"]) if kept is not None else None

    # -- writing -----------------------------------------------------------------------------------------------

    def _record(
        self,
        kind: str,
        key: str,
        body: Struct,
        *,
        owner: str = "",
        until: dt.datetime | None = None,
        known: Record | None = None,
    ) -> Record:
        version = known.version if known else 0
        return Record(shop=self._shop, kind=kind, key=key, body=_json(body), owner=owner, until=until, version=version)

    async def _write(self, *records: Record, why: str = "") -> None:
        if await self._linking.write(records):
            return
        if why:
            raise CodeError(why)
        raise StoreError("that is being changed by somebody else; try again", can_retry=True)

    def _throttle(self) -> None:
        now = self._now()
        while self._wrong and self._wrong[0] <= now - WRONG_IN:
            self._wrong.popleft()
        if len(self._wrong) >= MOST_WRONG:
            raise CodeError("many")


def _of_the_shop(known: Known) -> None:
    if known.role not in STAFF:
        raise NotAllowedError("that is for the shop's people")


def normal(contact: str) -> str:
    """An e-mail address or a phone number as it is compared; "" for neither."""
    text = contact.strip().lower()
    if "@" in text:
        return text if MAIL.fullmatch(text) and len(text) <= 254 else ""
    return "+" * text.startswith("+") + digits_of(text) if PHONE.fullmatch(text) else ""


def masked(contact: str) -> str:
    """So much of it that its owner knows it."""
    name, at, host = contact.partition("@")
    if at:
        return f"{name[:1]}…@{host}"
    return f"…{contact[-3:]}" if contact else ""


def _body(record: Record, kind: type[T]) -> T:
    return msgspec.json.decode(record.body, type=kind)


def _json(one: Struct) -> str:
    return msgspec.json.encode(one).decode()
