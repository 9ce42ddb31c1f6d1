"""Reads the figures of a register as Prometheus does."""

import asyncio
from typing import Any, cast

import httpx
from prometheus_client.parser import text_string_to_metric_families

from api.metrics.app import create_metrics
from api.register import Register

Samples = dict[tuple[str, ...], float]


async def fetch(register: Register, accept: str = "") -> httpx.Response:
    """Ask the application that serves the figures."""
    transport = httpx.ASGITransport(cast("Any", create_metrics(register)))
    async with httpx.AsyncClient(transport=transport, base_url="http://metrics") as http:
        return await http.get("/metrics", headers={"Accept": accept})


async def scrape(register: Register) -> Samples:
    """Return every sample by its name and the values of its labels."""
    return read_samples((await fetch(register)).text)


async def scrape_until(register: Register, name: str, value: float) -> Samples:
    """Return every sample once the one of this name has this value."""
    async with asyncio.timeout(10):
        while True:
            samples = await scrape(register)
            if samples[name,] == value:
                return samples
            await asyncio.sleep(0)


def read_samples(text: str) -> Samples:
    """Return the samples of a text."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
