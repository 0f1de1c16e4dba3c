"""Built files (styles, scripts, fonts): names that change with their content, kept for a year, sent compressed where that was prepared."""

import json
import mimetypes
from pathlib import Path

from flask import Flask, Response, request, send_from_directory

from academy.kernel.web.marks import open_to_all

_YEAR = 31_536_000


class AssetsMissing(Exception):
    """The styles and scripts were never built; `make run` and `make test` do it."""


def install(app: Flask) -> None:
    """Serve `static/build` and tell templates the present names through `asset()`."""
    folder = Path(app.root_path) / "static" / "build"
    names = _manifest(folder)
    packed_names = {path.name for path in folder.glob("*.gz")}

    @app.get("/static/build/<path:name>")
    @open_to_all
    def built_file(name: str) -> Response:
        packed = f"{name}.gz"
        use_packed = "gzip" in request.headers.get("Accept-Encoding", "") and packed in packed_names
        response = send_from_directory(folder, packed if use_packed else name, max_age=_YEAR)
        if use_packed:
            response.headers["Content-Encoding"] = "gzip"
            response.mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
        response.headers["Vary"] = "Accept-Encoding"
        return response

    @app.context_processor
    def _asset() -> dict[str, object]:
        return {"asset": lambda name: f"/static/build/{names[name]}"}


def _manifest(folder: Path) -> dict[str, str]:
    try:
        names: dict[str, str] = json.loads((folder / "manifest.json").read_text())
    except OSError as error:
        message = "The styles and scripts are not built yet: run `make run` or `python tools/assets.py`."
        raise AssetsMissing(message) from error
    return names
