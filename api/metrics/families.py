"""The figures as families of Prometheus; the only module that knows the package.

Labels are the program's own words (operations, roles, codes): their number is bounded, and none of
them says anything of anybody.
"""

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from api.metrics.reading import Reading
from api.register import Register
from api.schema.document import VERSION
from api.tallies import Spread


class Figures(Collector):
    """The figures of one register, in a registry of its own."""

    def __init__(self, register: Register) -> None:
        """Tell what this register counts, and of the process that it runs in."""
        self._register = register
        self._reading: Reading | None = None
        self._all = CollectorRegistry(auto_describe=False)
        self._all.register(self)
        ProcessCollector(registry=self._all)
        GCCollector(registry=self._all)

    def write(self, reading: Reading, accept: str) -> tuple[bytes, str]:
        """Return the text and its media type, as OpenMetrics for who prefers it."""
        encode, media_type = choose_encoder(accept)
        self._reading = reading
        return encode(self._all), media_type

    def describe(self) -> list[Metric]:
        """Return nothing: the names are known only with the figures."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield every family."""
        yield from self._collect_requests()
        yield from self._collect_log()
        if self._reading is not None:
            yield from self._collect_state(self._reading)

    def _collect_requests(self) -> Iterator[Metric]:
        tallies = self._register.tallies
        by_status = {(name, f"{digit}xx"): n for (name, digit), n in tallies.requests.items()}
        labels = ("operation", "status")
        yield _counter("requests", "Requests that have ended", labels, by_status)
        seconds = HistogramMetricFamily(
            "sangkat_request_duration_seconds", "Time to the answer", labels=("operation",)
        )
        for operation, spread in tallies.durations.items():
            _add(seconds, (operation,), spread)
        yield seconds
        yield _gauge("requests_in_progress", "Requests on their way", tallies.in_progress)
        polls = self._register.arrivals.count_polls()
        yield _gauge("long_polls_open", "Readers that wait for news", polls)
        yield _counted("refusals", "Requests refused, by problem code", "code", tallies.refusals)

    def _collect_log(self) -> Iterator[Metric]:
        tallies, committer = self._register.tallies, self._register.committer
        said = "Documents of pushes, by what became of them"
        yield _counted("documents", said, "custody", tallies.custody)
        said = "Documents not stored, by problem code"
        yield _counted("document_faults", said, "code", tallies.faults)
        groups = HistogramMetricFamily("sangkat_commit_documents", "Documents of one commit")
        _add(groups, (), tallies.groups)
        yield groups
        commits = HistogramMetricFamily("sangkat_commit_duration_seconds", "Time of one commit")
        _add(commits, (), tallies.commits)
        yield commits
        waiting = committer.count_waiting()
        yield _gauge("commit_queue_pushes", "Pushes that wait for the committer", waiting)
        yield _counted("housekeeping_runs", "Rounds of tidying up", "outcome", tallies.upkeep)
        said = "Backups made, and those that the server could not make"
        yield _counted("backups", said, "outcome", tallies.backups)

    def _collect_state(self, reading: Reading) -> Iterator[Metric]:
        clock = self._register.clock
        names = {"version": VERSION, "engine": reading.engine or "unknown"}
        build = GaugeMetricFamily("sangkat_build_info", "What runs here", labels=tuple(names))
        build.add_metric(tuple(names.values()), 1)
        yield build
        is_durable = reading.engine is not None
        yield _gauge("database_durable", "1 while what is acknowledged is durable", is_durable)
        yield _gauge("storage_has_room", "1 while the reserve of disk is held", reading.has_room)
        yield _gauge("data_free_bytes", "Free space beside the data", reading.free_bytes)
        in_doubt = clock.find_doubt() is not None
        yield _gauge("clock_in_doubt", "1 while the machine's clock is not believed", in_doubt)
        yield _gauge("clock_lost", "1 while nothing that needs a date is taken", clock.is_lost())
        is_open = self._register.committer.gate.is_open
        yield _gauge("collecting", "1 once somebody answers for the register", is_open)
        if reading.backed_up_seconds is not None:
            said = "When the last backup was whole"
            yield _gauge("last_backup_timestamp_seconds", said, reading.backed_up_seconds)
        if reading.stand is not None:
            yield self._describe_position(reading.stand.pos)
            waiting = {"missing": 0, "quarantine": 0, **reading.stand.waiting}
            yield _gauges("backlog_documents", "Documents that wait", "reason", waiting)

    def _describe_position(self, pos: int) -> Metric:
        return _gauges("log_position", "The last entry", "log", {self._register.log: pos})


def _gauge(name: str, said: str, value: float) -> Metric:
    return GaugeMetricFamily(f"sangkat_{name}", said, value=value)


def _gauges(name: str, said: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"sangkat_{name}", said, labels=(label,))
    for key, value in values.items():
        family.add_metric((key,), value)
    return family


def _counted(name: str, said: str, label: str, counts: Mapping[str, int]) -> Metric:
    return _counter(name, said, (label,), {(key,): count for key, count in counts.items()})


def _counter(
    name: str, said: str, labels: tuple[str, ...], counts: Mapping[tuple[str, ...], int]
) -> Metric:
    family = CounterMetricFamily(f"sangkat_{name}", said, labels=labels)
    for key, count in counts.items():
        family.add_metric(key, count)
    return family


def _add(family: HistogramMetricFamily, labels: tuple[str, ...], spread: Spread) -> None:
    """Add a spread; Prometheus counts each bucket with all that are below it."""
    buckets: list[tuple[str, float]] = []
    count = 0
    for bound, more in zip((*spread.bounds, float("inf")), spread.counts, strict=True):
        count += more
        buckets.append(("+Inf" if bound == float("inf") else str(float(bound)), count))
    family.add_metric(labels, buckets, spread.total)
