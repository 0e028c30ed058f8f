"""What merchants list the same allergens as."""

from __future__ import annotations

LISTED_AS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "milk": (("dairy", "lactose"), ()),
    "gluten": (("wheat",), ("barley", "rye", "oats")),
    "wheat": (("gluten",), ()),
    "nuts": (("tree_nuts",), ("peanuts",)),
    "peanuts": ((), ("nuts",)),
    "soy": (("soya", "soybeans"), ()),
    "shellfish": (("crustaceans", "molluscs"), ()),
    "crustaceans": ((), ("shellfish",)),
    "molluscs": ((), ("shellfish",)),
    "sulphites": (("sulfites",), ()),
}
"""What merchants may list an allergen as, beside its own name: other names of it or of kinds of it; and wider or near
ones, that may be meant."""


def listed_as(said: str, wider: bool = True) -> tuple[str, ...]:
    """The ids that an allergen may have in a catalogue, in either number: the merchant's own is called as it is."""
    one = said.casefold().replace(" ", "_")
    same, near = LISTED_AS.get(one, ((), ()))
    return tuple(
        dict.fromkeys(
            form
            for each in (one, *same, *(near if wider else ()))
            for form in (each, f"{each}s", each.removesuffix("s"))
        )
    )
