"""How long it takes until what is published is found by another process; and until a change is."""

import json
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from typing import Final

from academy.search.gateway import Changes, SearchDocument, SearchEngine, SearchQuery
from academy.search.texts import searchable
from benchmarks.search.apart import HOME, command
from benchmarks.search.catalogue import documents

_PATIENCE: Final = 20.0  # seconds
_PAUSE: Final = 0.002


def visible(engine: SearchEngine, *, name: str, folder: str, publications: int) -> dict[str, float]:
    """Have another process publish module after module and ask for each here until it is found; milliseconds from the order to publish."""
    engine.search(SearchQuery())
    waited = []
    with subprocess.Popen(  # noqa: S603 - our own command
        command("publish", engine=name, folder=folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HOME,
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdout.readline()  # it is ready
        for number in range(publications):
            query = SearchQuery(_word(number))
            print(number, file=writer.stdin, flush=True)
            started = time.monotonic()
            while not engine.search(query).total:
                if time.monotonic() > started + _PATIENCE:
                    raise TimeoutError(f"publication {number} is not found")
                time.sleep(_PAUSE)
            waited.append((time.monotonic() - started) * 1000)
            writer.stdout.readline()  # also the writer is done
        writer.stdin.close()
    cut = statistics.quantiles(waited, n=100, method="inclusive")
    return {"visible in another process: p50": statistics.median(waited), "visible in another process: p99": cut[98]}


def publish(engine: SearchEngine) -> None:
    """Publish a module for each number that is read, in a commit of its own: the work of the other process."""
    pattern = next(documents(1))
    _say("ready")
    for line in sys.stdin:
        number = int(line)
        engine.apply(lambda number=number: Changes((_published(pattern, number),)))  # type: ignore[misc]
        _say(str(number))


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _published(pattern: SearchDocument, number: int) -> SearchDocument:
    title = f"Nieuwe module over {_word(number)}"
    cards = {language: json.dumps({**json.loads(card), "title": title}) for language, card in pattern.cards.items()}
    return replace(pattern, id=f"module:new-{number}", texts=searchable({"title": (title,)}), cards=cards, checksum=f"new-{number}")


def _word(number: int) -> str:
    """Return a word that nothing else has; short, so that no other one is taken for it."""
    letters = "bcdfghjklmnpqrstvwxz"
    return f"q{letters[number // 20 % 20]}{letters[number % 20]}q"
