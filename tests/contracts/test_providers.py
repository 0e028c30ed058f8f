"""What every payment provider is made of. What it does with money is tests/payments/test_provider_contract.py's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from assistant.commerce.payment import Done, Facts, NotFound, Refused, Unknown
from assistant.errors import SetupError
from assistant.payments import Operation, ProviderSetup

from .parts import called, check_words, fail, file_of, load, names

PROVIDERS = names("provider")
CAN = frozenset[str]()
CHARGE = Operation(
    kind="charge",
    ref="a1",
    attempt="a1",
    order="o1",
    shop="burger-bar",
    amount=4500,
    currency="CNY",
    expires_at=dt.datetime(2026, 11, 23, 12, 15, tzinfo=dt.UTC),
)


def opened(name: str, data: Path) -> Any:
    provider, file = load("provider", name), file_of("provider", name)
    ready = called(file, "open", provider.open, ProviderSetup(shop="burger-bar", data=data, settings={}))
    if ready is None:
        fail(file, "open returns nothing; it must return a provider ready for one shop")
    return ready


@pytest.mark.parametrize("name", PROVIDERS)
def test_it_says_what_it_is(name: str) -> None:
    provider, file = load("provider", name), file_of("provider", name)
    check_words(file, provider.WORDS, ["name"])
    kinds = {"keys": frozenset, "pays_later": bool, "sandbox": bool}
    wrong = [key for key, kind in kinds.items() if not isinstance(getattr(provider, key, None), kind)]
    if wrong:
        fail(file, *(f"{key} must be a {kinds[key].__name__}" for key in wrong))


@pytest.mark.parametrize("name", PROVIDERS)
async def test_it_can_be_asked_for_everything(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOICETILL_SANDBOX", raising=False)
    file, provider = file_of("provider", name), opened(name, tmp_path)
    request = called(file, "build", provider.build, CHARGE)
    answers = {
        "offers must say True or False": isinstance(called(file, "offers", provider.offers, 4500, "CNY", CAN), bool),
        "build must return bytes: the request as it is stored and sent": isinstance(request, bytes),
        "send must answer Done, Refused or Unknown": isinstance(
            await provider.send(request or b"", CHARGE.ref), Done | Refused | Unknown
        ),
        "query must answer Facts, NotFound or Unknown": isinstance(
            await provider.query(CHARGE), Facts | NotFound | Unknown
        ),
        "ack must return (status, headers, body)": isinstance(called(file, "ack", provider.ack, True), tuple),
    }
    if not all(answers.values()):
        fail(file, *(wanted for wanted, kept in answers.items() if not kept))
    await provider.close()


@pytest.mark.parametrize("name", PROVIDERS)
def test_settings_that_can_not_be_are_refused(name: str, tmp_path: Path) -> None:
    """Each key that it names is looked at: a value that makes no sense is an error when the shop opens."""
    provider, file = load("provider", name), file_of("provider", name)
    for key in sorted(provider.keys):
        with pytest.raises(SetupError) as told:
            provider.open(ProviderSetup(shop="burger-bar", data=tmp_path, settings={key: object()}))
        if key not in str(told.value):
            fail(file, f"the error about the setting '{key}' doesn't name it: {told.value}")
