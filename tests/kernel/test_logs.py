"""What the log says of a fault, outside a request too: where it was, never whose."""

import json

import pytest
import structlog

from academy.kernel.web import logs

ADDRESS = "noor@voorbeeld.nl"


def _looks_up(address: str) -> None:
    message = f"Key (email)=({address}) already exists."  # as PostgreSQL says it
    raise LookupError(message)


def _works_off(address: str) -> None:
    try:
        _looks_up(address)
    except LookupError as error:
        wrong = KeyError(address)
        wrong.__cause__ = error
        raise ExceptionGroup(address, [wrong]) from None


def test_a_fault_in_a_job_is_logged_with_its_place_and_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    kept = structlog.get_config()
    logs.configure("info", as_json=True)
    try:
        try:
            _works_off(ADDRESS)
        except ExceptionGroup as error:
            structlog.get_logger("academy.worker").exception("worker.job-failed", job="tell", error=type(error).__name__)
    finally:
        structlog.configure(**kept)
    said = capsys.readouterr().err
    line = json.loads(said)
    assert (line["event"], line["error"]) == ("worker.job-failed", "ExceptionGroup")
    assert ["in _works_off" in line["trace"], "from KeyError" in line["trace"], "in _looks_up" in line["trace"]] == [True, True, True]
    assert ADDRESS not in said
