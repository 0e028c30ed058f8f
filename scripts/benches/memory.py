"""How much memory the assistant has had at most, in a process of its own: `python -m scripts.benches.memory …`.

After the imports, with the burger bar open, and after so many conversations at once. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from pathlib import Path

from scripts.benches.figures import peak_mb
from scripts.benches.turns import PATIENCE, Tally, converse, open_house, pause


async def measure(conversations: int, seconds: float, folder: Path) -> dict[str, float]:
    found = {"imported_mb": peak_mb()}
    house, store = await open_house("durable", folder)
    found["open_mb"] = peak_mb()
    until = asyncio.Event()
    tasks = [asyncio.create_task(converse(house, f"c{n}", Tally(), until, n)) for n in range(conversations)]
    await pause(tasks, seconds)
    until.set()
    await asyncio.gather(*tasks)
    await house.settled(PATIENCE)
    found["talking_mb"] = peak_mb()
    await house.close()
    await store.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="memory", description=__doc__)
    parser.add_argument("--conversations", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="voicetill-bench-") as folder:
        print(json.dumps(asyncio.run(measure(given.conversations, given.seconds, Path(folder)))))


if __name__ == "__main__":
    main()
