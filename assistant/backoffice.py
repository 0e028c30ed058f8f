"""What a merchant's commands ask of a shop: its orders, and what may be done to one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.changes import event_row, owed_by
from assistant.commerce.order import ORDER_PAST, Order
from assistant.commerce.payment import Payment
from assistant.dialogue.state import OrderState, Scene
from assistant.dialogue.view import order_json
from assistant.effects import Effects
from assistant.errors import FarEndError, UnknownError
from assistant.merchant import Decided, advanced, called_off, paid_back
from assistant.premises import Premises
from assistant.results import TRIES
from assistant.storage import Change, Conflict
from assistant.turns import Turn

PATIENCE = 15.0
"""Seconds that a command waits for a far end."""


class BackOffice:
    """Of one shop. It runs an order's own effects and no others."""

    def __init__(self, premises: Premises, effects: Effects) -> None:
        self._shop, self._catalogue, self._store = premises.shop, premises.catalogue, premises.store
        self._locks, self._providers, self._effects = premises.locks, premises.providers, effects
        self._clock, self._real = premises.clock, premises.real_clock

    async def orders(self, limit: int = 100, stages: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Newest first."""
        found = await self._store.orders(self._shop.id, limit=limit, stages=stages)
        return [await self.state_json(one) for one in found]

    async def show(self, name: str) -> dict[str, Any]:
        """One order, by its number or id."""
        return await self.state_json(await self._find(name))

    async def state_json(self, state: OrderState) -> dict[str, Any]:
        return await self.as_json(state.order, state.payment, "")

    async def advance(self, name: str) -> dict[str, Any]:
        """The next stage by its trade. Runs no effect."""
        return await self._change(name, lambda state: advanced(state, self._shop))

    async def cancel(self, name: str) -> dict[str, Any]:
        """Cancel by the merchant: what is captured goes back in full, what is under way is closed first."""
        return await self._change(name, called_off)

    async def refund(
        self, name: str, *, lines: Mapping[int, int] | None = None, amount: int | None = None, asked: str = ""
    ) -> dict[str, Any]:
        """Pay back a whole order, some of its lines (line id -> quantity) or an amount. `asked` is the asker's own id
        of it: the same again pays nothing more back."""
        return await self._change(
            name, lambda state: paid_back(state, self._shop, self._catalogue, lines, amount, self._clock(), asked)
        )

    async def _change(self, name: str, decide: Callable[[OrderState], Decided | None]) -> dict[str, Any]:
        """`decide` gives None where nothing is left to do."""
        for _ in range(TRIES):
            state = await self._find(name)
            async with self._locks.hold(f"order {state.order.id}") as waited:
                if waited:
                    state = await self._find(state.order.id)
                decided = decide(state)
                if decided is None:
                    return await self.state_json(state)
                order, effects = decided.order, tuple((state.order.id, one) for one in decided.effects)
                turn = Turn(
                    id="",
                    channel=order.channel,
                    shop=self._shop.id,
                    session=order.session,
                    at=self._clock(),
                    source="merchant",
                )
                scene = Scene(turn=turn, shop=self._shop, catalogue=self._catalogue, payment=state.payment)
                owed = owed_by(effects, {order.id: order}, scene, order.language, self._providers.of, self._real())
                done = await self._store.commit(
                    Change(
                        orders=(order,) if order is not state.order else (),
                        stock=tuple((order.id, one) for one in decided.stock),
                        refunds=owed.refunds,
                        effects=owed.effects,
                        events=(event_row(decided.event, turn, order.id, order.language),),
                    )
                )
            if not isinstance(done, Conflict):
                break
        else:
            raise FarEndError(f"order {name} is being changed by somebody else; try again", can_retry=True)
        if owed.effects:
            await self._wait_for(order.id, {one.id for one in owed.effects})
        return await self.show(order.id)

    async def _wait_for(self, order: str, effects: set[str]) -> None:
        self._effects.start(order)
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < deadline:
            if not any(row.id in effects for row in await self._store.owed((order,))):
                return
            await asyncio.sleep(0.03)

    async def find(self, name: str) -> OrderState | None:
        """An order of this shop, by its number or id."""
        found = await self._store.order_by_number(self._shop.id, name.strip().upper())
        if found is not None:
            return found
        order = await self._store.order(name)
        if order is None or order.shop != self._shop.id:
            return None
        return OrderState(order, await self._store.payment(order.id))

    async def _find(self, name: str) -> OrderState:
        found = await self.find(name)
        if found is None:
            raise UnknownError(f"there is no order '{name}' in shop '{self._shop.id}'")
        return found

    async def as_json(self, order: Order, payment: Payment, language: str) -> dict[str, Any]:
        first = any(one.first_order for one in self._shop.promotions.values()) and await self._was_first(order)
        return order_json(
            order,
            payment,
            self._shop,
            self._catalogue,
            language or order.language or self._shop.languages[0],
            at=self._clock(),
            first_order=first,
        )

    async def _was_first(self, order: Order) -> bool:
        others = await self._store.orders(
            self._shop.id,
            person=order.person,
            session=None if order.person else order.session,
            stages=[stage for stage in ORDER_PAST if stage != "cancelled"],
        )
        return not any(one.order.id != order.id and one.order.created_at < order.created_at for one in others)
