"""Logs hold no key, however chatty a program that uses Leadloom lets the HTTP library be."""

import asyncio
import logging

import httpx2
import pytest
from fake import Server

from leadloom.connect import http
from leadloom.connect.web import Web
from leadloom.enrich.calling import call
from leadloom.enrich.provider import Answer, Found, Line, OutsideProvider, Question

SECRET = "s3cret/of+mine=="


async def _ask(question: Question, line: Line) -> Found:
    """Ask with the key in the address, as some interfaces want it."""
    await line.http.get(question.values["domain"], params={"api": line.secret or ""})
    await line.http.get(f"{question.values['domain']}?raw={line.secret}")
    return Found((Answer("city", "Bonn", 0.9, "x"),))


PROVIDER = OutsideProvider("in the address", ("city",), ("domain",), _ask, secret="k")


@pytest.mark.parametrize("level", [logging.INFO, logging.DEBUG])
def test_a_key_in_an_address_is_in_no_log(
    server: Server, caplog: pytest.LogCaptureFixture, level: int
) -> None:
    caplog.set_level(level)

    async def ask() -> None:
        async with http.client(5.0) as client, Web() as web:
            line = Line(client, SECRET, "", web)
            told = await call(PROVIDER, Question({"domain": server.url}, {}, ()), line)
            assert told.error is None

    asyncio.run(ask())
    requests = [one for one in caplog.messages if one.startswith("HTTP Request:")]
    assert len(requests) == 2
    assert all("[key]" in one for one in requests)
    for spelt in (SECRET, "s3cret%2Fof%2Bmine%3D%3D", "s3cret/of+mine%3D%3D", "s3cret"):
        assert spelt not in caplog.text
    assert str(httpx2.URL(server.url).port) in caplog.text
