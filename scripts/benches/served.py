"""Our server over a made-up shop, in a process of its own: `python -m scripts.benches.served …`.

Says where it is as one JSON line once it can take turns, and stops at SIGTERM.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from pathlib import Path

from assistant.app import Assistant
from assistant.opening import loading
from assistant.shops import load_shop
from assistant.storage.sqlite import SqliteStore
from channels.http.guard import Rules
from channels.http.server import Front
from channels.web import Web
from scripts.benches.goods import shop_of
from scripts.benches.turns import now


async def serve(items: int, folder: Path) -> None:
    store = SqliteStore.open(folder, real_clock=now)
    with loading():
        shop, catalogue = shop_of(items, folder, ("en",)) if items else load_shop("burger-bar")
        house = await Assistant.open(shop, catalogue, store=store, data=folder, languages=shop.languages, clock=now)
    channel = Web()
    rules = Rules(port=0, folder=folder, rate_address=0, rate_session=0)
    channel.front = front = Front(house, channel, rules)
    print(json.dumps({"url": await front.open()}), flush=True)
    await front.until_stopped(lambda: None)
    await house.close()
    await store.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="served", description=__doc__)
    parser.add_argument("--items", type=int, required=True, help="of the catalogue; 0: the burger bar")
    parser.add_argument("--data", type=Path, help="where the data folder is made; this is the disk that is measured")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="voicetill-bench-", dir=given.data) as folder:
        asyncio.run(serve(given.items, Path(folder)))


if __name__ == "__main__":
    main()
