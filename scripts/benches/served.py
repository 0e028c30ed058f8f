"""Our server over a made-up shop, in a process of its own: `python -m scripts.benches.served …`.

Says where it is as one JSON line once it can take turns, with what is to be said to it, and stops at SIGTERM. Alexa's
place of certificates is here, too: a certificate authority of our own, whose leaf's key signs the requests.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
from pathlib import Path
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives import serialization

from assistant.app import Assistant
from assistant.commerce.catalogue import Catalogue
from assistant.opening import loading
from assistant.storage.sqlite import SqliteStore
from channels.http.guard import Rules
from channels.http.server import Front
from channels.web import Web
from scripts.benches.goods import shop_of
from scripts.benches.turns import now
from tests.speakers import far_end

APPLICATION = far_end.recorded("alexa_intent_search_query")["context"]["System"]["application"]["applicationId"]
CERTIFICATE = "/echo.api/echo-api-cert.pem"
TALKS = ("two {0} and a {1} please", "how much is the {0}", "take the {0} off", "take the {1} off")
"""Over and over: a basket is filled and emptied, so that the thousandth turn finds one like the first."""


def talks(catalogue: Catalogue, count: int = 64) -> list[list[str]]:
    draw = random.Random(count)
    names = [item.names["en"][0] for item in draw.sample(list(catalogue.items.values()), 2 * count)]
    return [[said.format(*names[2 * one : 2 * one + 2]) for said in TALKS] for one in range(count)]


async def alexa(folder: Path) -> tuple[dict[str, Any], Path]:
    """A skill's settings, and the file with the key that its platform signs with."""

    async def there(_: web.Request) -> web.Response:
        return web.Response(body=far_end.chain("echo-api.amazon.com"))

    app = web.Application()
    app.router.add_get(CERTIFICATE, there)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    roots, key = folder / "roots.pem", folder / "key.pem"
    roots.write_bytes(far_end.pem(far_end.root()))
    key.write_bytes(
        far_end.key("leaf").private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    settings = {
        "application_ids": [APPLICATION],
        "trust_roots": str(roots),
        "cert_base": f"http://127.0.0.1:{runner.addresses[0][1]}",
    }
    return settings, key


async def serve(items: int, folder: Path) -> None:
    settings, key = await alexa(folder)
    store = SqliteStore.open(folder, real_clock=now)
    with loading():
        shop, catalogue = shop_of(items, folder, ("en",))
        house = await Assistant.open(
            shop,
            catalogue,
            store=store,
            data=folder,
            languages=shop.languages,
            clock=now,
            settings={"alexa": settings},
        )
    channel = Web()
    rules = Rules(port=0, folder=folder, rate_address=0, rate_session=0)
    channel.front = front = Front(house, channel, rules)
    told = {"url": await front.open(), "said": talks(catalogue), "key": str(key)}
    print(json.dumps(told), flush=True)
    await front.until_stopped(lambda: None)
    await house.close()
    await store.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="served", description=__doc__)
    parser.add_argument("--items", type=int, required=True, help="of the catalogue")
    parser.add_argument("--data", type=Path, help="where the data folder is made; this is the disk that is measured")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="voicetill-bench-", dir=given.data) as folder:
        asyncio.run(serve(given.items, Path(folder)))


if __name__ == "__main__":
    main()
