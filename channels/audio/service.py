"""Tells a service manager that we are ready and alive (systemd's notify protocol, sd_notify(3)); silent without one."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable


def notify(state: str) -> None:
    """One datagram: READY=1, WATCHDOG=1, STOPPING=1."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as far:
        far.sendto(state.encode(), address)


async def watched(alive: Callable[[], bool]) -> None:
    """Say again and again that we are alive, as long as we are: whoever hangs is started anew."""
    notify("READY=1")
    wanted = int(os.environ.get("WATCHDOG_USEC") or 0) / 1_000_000
    while wanted:
        if alive():
            notify("WATCHDOG=1")
        await asyncio.sleep(wanted / 3)
