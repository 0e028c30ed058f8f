"""`voicetill people`: who may do what in a shop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import click

from assistant.opening import Commands, house_over, opened, options, settings_from

if TYPE_CHECKING:
    from assistant.app import Assistant


@click.group(cls=Commands, no_args_is_help=False)
def people() -> None:
    """Who has signed in, and who works here."""


@people.command("list")
@options("shop", "data", "config", "json")
def people_list(shop: str | None, data: str | None, config: str | None, as_json: bool) -> int:
    """Everybody who has signed in or was added."""

    async def work(house: Assistant) -> int:
        import json

        import msgspec

        everybody = await house.people.all()
        if not everybody and not as_json:
            click.echo("nobody has signed in or was added yet", err=True)
        for one in everybody:
            line = json.dumps(msgspec.to_builtins(one), ensure_ascii=False)
            click.echo(line if as_json else f"{one.id}  {one.role:<8}  {' '.join((one.name, *one.contacts)).strip()}")
        return 0

    return _over(shop, data, config, work)


@people.command("add")
@click.argument("name")
@click.option(
    "--role",
    metavar="staff|owner",
    type=click.Choice(["staff", "owner"]),
    default="staff",
    help="What they are (default: staff).",
)
@options("shop", "data", "config")
def people_add(name: str, role: str, shop: str | None, data: str | None, config: str | None) -> int:
    """Add somebody who works here; prints the code with which they sign in once, within a day."""

    async def work(house: Assistant) -> int:
        person, code = await house.people.invite(name, "owner" if role == "owner" else "staff")
        click.echo(f"{person}  {role}  {name}")
        click.echo(f"code {code}")
        return 0

    return _over(shop, data, config, work)


@people.command("remove")
@click.argument("person", metavar="ID")
@options("shop", "data", "config")
def people_remove(person: str, shop: str | None, data: str | None, config: str | None) -> int:
    """Remove a person with their contacts and devices; their orders stay."""

    async def work(house: Assistant) -> int:
        await house.people.remove(person)
        click.echo(f"removed {person}")
        return 0

    return _over(shop, data, config, work)


def _over(shop: str | None, data: str | None, config: str | None, work: Callable[[Assistant], Awaitable[int]]) -> int:
    settings = settings_from(config, shop=shop, data=data)

    async def run() -> int:
        async with opened(settings) as store, house_over(store, settings, settings.shop) as house:
            return await work(house)

    return asyncio.run(run())
