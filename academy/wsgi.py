"""What a WSGI server imports: `application()` for web only, `with_worker()` for web and worker in one process."""

import os
import signal
import sys
import threading
import time
from multiprocessing.util import Finalize

from academy.app import create_app, create_worker
from academy.config import load_settings
from academy.kernel.web import AcademyApp
from academy.kernel.web.visits import EXTENSION
from academy.kernel.worker import Worker
from academy.search import service as search_service
from academy.search.memory.recording import recorder

_LAST_LETTER_SECONDS = 3  # below the patience of the supervisor (cli.py)


def application() -> AcademyApp:
    """Return the application on the settings of the environment; its process ends itself when its supervisor is gone."""
    app = create_app(load_settings())
    searches = recorder()
    searches.start()
    # Not atexit: the server's processes are forked by multiprocessing, which ends them without it.
    Finalize(None, searches.stop, exitpriority=1)
    visits = app.extensions[EXTENSION]
    visits.start()
    Finalize(None, visits.stop, exitpriority=2)
    threading.Thread(target=search_service.ask_first_question, name="academy-first-question", daemon=True).start()
    threading.Thread(target=_end_with, args=(os.getppid(),), name="academy-supervision", daemon=True).start()
    return app


def with_worker() -> AcademyApp:
    """Return the application with a worker thread beside it."""
    app = application()
    worker = create_worker()
    thread = threading.Thread(target=_work, args=(app, worker), name="academy-worker", daemon=True)
    thread.start()
    Finalize(None, _end, args=(worker, thread), exitpriority=0)
    sys.stderr.write(f"\nAD Academy: {app.config['BASE_URL']}\n")
    return app


def _work(app: AcademyApp, worker: Worker) -> None:
    with app.app_context():
        worker.run()


def _end(worker: Worker, thread: threading.Thread) -> None:
    """Let the worker finish the letter in hand, so that it does not go out twice."""
    worker.stop()
    thread.join(_LAST_LETTER_SECONDS)


def _end_with(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
