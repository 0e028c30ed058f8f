"""The API as OpenAPI 3.1. What clients send comes from the very types that read it; tests hold answers to the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from channels.http.wire import WORDED, Said

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def obj(required: Mapping[str, Any], optional: Mapping[str, Any] | None = None) -> Schema:
    properties = {key: dict(one) for key, one in {**required, **(optional or {})}.items()}
    return {"type": "object", "required": list(required), "properties": properties}


def many(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


TEXT, WHOLE, FLAG = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
ANY_OBJECT: Schema = {"type": "object"}
MONEY: Schema = {"type": "integer", "description": "minor units of the currency"}

SCHEMAS: dict[str, Schema] = {
    "Error": obj({"error": {**TEXT, "description": "for programs"}, "message": {**TEXT, "description": "for people"}}),
    "Option": obj({"option": TEXT, "choice": MAYBE_TEXT, "amount": {"type": ["string", "integer", "null"]}}),
    "Line": obj(
        {
            "item": TEXT,
            "name": TEXT,
            "quantity": WHOLE,
            "options": many(ref("Option")),
            "unit_price": MONEY,
            "total": MONEY,
        }
    ),
    "Totals": obj(
        {
            **dict.fromkeys(("subtotal", "discount", "fulfilment", "fee", "tax"), MONEY),
            "tax_included": FLAG,
            "total": MONEY,
        }
    ),
    "Payment": obj(
        {
            "method": MAYBE_TEXT,
            "status": TEXT,
            "link": {**MAYBE_TEXT, "description": "where the buyer pays, while that is awaited"},
            "charges": WHOLE,
            "refunds": WHOLE,
            "net": MONEY,
        }
    ),
    "Order": obj(
        {
            "id": TEXT,
            "stage": TEXT,
            "lines": many(ref("Line")),
            "totals": ref("Totals"),
            "currency": TEXT,
            "facts": ANY_OBJECT,
            "payment": ref("Payment"),
        }
    ),
    "Reply": obj(
        {
            "turn": MAYBE_TEXT,
            "speech": {**TEXT, "description": "for the ear"},
            "text": {**TEXT, "description": "for the eye"},
            "choices": many(TEXT),
            "expects": {**MAYBE_TEXT, "description": "the step that was asked"},
            "listening": FLAG,
            "views": many(obj({"kind": TEXT, "data": ANY_OBJECT})),
            "order": or_null(ref("Order")),
            "language": TEXT,
            "pending": {**FLAG, "description": "something is under way: its result comes with the next turn"},
            "private": many(obj({"kind": {"enum": ["link", "code"]}, "value": TEXT, "label": TEXT})),
        }
    ),
    "Message": obj(
        {
            "at": {**TEXT, "format": "date-time"},
            "turn": TEXT,
            "channel": TEXT,
            "who": {"enum": ["person", "assistant", "staff"]},
            "name": TEXT,
            "text": TEXT,
            "reply": or_null(ref("Reply")),
        }
    ),
    "Good": obj(
        {
            "id": TEXT,
            "name": TEXT,
            "category": MAYBE_TEXT,
            "price": {"type": ["integer", "null"]},
            "currency": TEXT,
            "description": TEXT,
            "picture": MAYBE_TEXT,
            "allergens": many(ANY_OBJECT),
            "options": many(ANY_OBJECT),
            "available": FLAG,
        }
    ),
    "Shop": obj(
        {
            "id": TEXT,
            "name": TEXT,
            "trade": TEXT,
            "currency": TEXT,
            "languages": many(TEXT),
            "open": FLAG,
            "categories": many(obj({"id": TEXT, "name": TEXT})),
            "sandbox": FLAG,
        }
    ),
    "Begin": obj({}, {"language": {**TEXT, "minLength": 2, "maxLength": 35}}),
}

WRONG = {
    400: "What was sent can't be read.",
    401: "It names no talk of ours.",
    403: "It isn't allowed: not to this person, not by this code, or not from a page that isn't ours.",
    404: "There is no such thing.",
    408: "The body took too long.",
    409: "The id came before with other words, or what it answers is no longer the last reply.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    429: "Too many; Retry-After says when it may come again.",
    503: "The server is stopping.",
}
LANGUAGE = {"name": "language", "in": "query", "schema": TEXT}


def limit(most: int) -> Schema:
    return {"name": "limit", "in": "query", "schema": {**WHOLE, "minimum": 1, "maximum": most}}


def json_of(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def operation(
    name: str,
    summary: str,
    found: tuple[int, str, Schema],
    *wrong: int,
    body: str | None = None,
    parameters: tuple[Schema, ...] = (),
    talk: bool = True,
) -> Schema:
    status, about, content = found
    answers: Schema = {str(status): {"description": about, "content": content}}
    for one in sorted({*wrong, *((401,) if talk else ()), *((400, 403, 408, 413, 415) if body else ()), 429}):
        answers[str(one)] = {"description": WRONG[one], "content": json_of(ref("Error"))}
    made: Schema = {"operationId": name, "summary": summary, "responses": answers}
    if body:
        made["requestBody"] = {"required": body not in ("Begin", "Change"), "content": json_of(ref(body))}
    if parameters:
        made["parameters"] = list(parameters)
    if talk:
        made["security"] = [{"talk": []}, {"browser": []}]
    return made


def description() -> Schema:
    from channels.http import identity, staff

    bodies = [Said, *identity.BODIES, *staff.BODIES]
    _, parts = msgspec.json.schema_components(bodies, ref_template="#/components/schemas/{name}")
    parts["Said"]["oneOf"] = [{"required": [one]} for one in ("text", "choice", "acts")]
    parts["Tapped"] |= {
        "if": {"required": ["act"], "properties": {"act": {"enum": sorted(WORDED)}}},
        "then": {"required": ["value"], "properties": {"value": {"minLength": 1}}},
    }
    begun = obj({"language": TEXT}, {"session": {**TEXT, "description": "the token; a browser gets a cookie instead"}})
    picture = {"name": "item", "in": "path", "required": True, "schema": TEXT}
    paths = {
        "/api/v1/sessions": {
            "post": operation(
                "begin", "Begin a talk", (201, "The talk's token.", json_of(begun)), body="Begin", talk=False
            )
        },
        "/api/v1/turns": {
            "post": operation(
                "turn",
                "Say something: words, one of the choices, or acts",
                (200, "The reply.", json_of(ref("Reply"))),
                409,
                body="Said",
            )
        },
        "/api/v1/order": {
            "get": operation(
                "order", "The order as it stands", (200, "It.", json_of(obj({"order": or_null(ref("Order"))})))
            )
        },
        "/api/v1/messages": {
            "get": operation(
                "messages",
                "What was said, oldest first",
                (200, "It.", json_of(obj({"messages": many(ref("Message"))}))),
                400,
                parameters=(limit(200),),
            )
        },
        "/api/v1/shop": {
            "get": operation("shop", "The shop", (200, "It.", json_of(ref("Shop"))), parameters=(LANGUAGE,), talk=False)
        },
        "/api/v1/goods": {
            "get": operation(
                "goods",
                "What it sells",
                (200, "It.", json_of(obj({"goods": many(ref("Good"))}))),
                400,
                parameters=(LANGUAGE, {"name": "category", "in": "query", "schema": TEXT}, limit(500)),
                talk=False,
            )
        },
        "/api/v1/goods/{item}/picture": {
            "get": operation(
                "picture",
                "An item's picture",
                (200, "It.", {"image/*": {}}),
                404,
                parameters=(picture,),
                talk=False,
            )
        },
        "/api/v1/openapi.json": {
            "get": operation("openapi", "This description", (200, "It.", json_of(ANY_OBJECT)), talk=False)
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Voicetill",
            "version": "1",
            "description": "A talk with the shop's assistant. Money is in whole minor units.",
        },
        "paths": paths | identity.paths() | staff.paths(),
        "components": {
            "schemas": {**parts, **SCHEMAS, **identity.SCHEMAS, **staff.SCHEMAS},
            "securitySchemes": {
                "talk": {"type": "http", "scheme": "bearer"},
                "browser": {"type": "apiKey", "in": "cookie", "name": "voicetill"},
            },
        },
    }
