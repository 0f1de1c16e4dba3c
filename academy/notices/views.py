"""The demo mailbox: letters that became files, so that a newcomer can click the link. Exists only without SMTP, on one's own machine."""

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from academy.kernel.errors import NotFound
from academy.kernel.web import localized_blueprint, open_to_all, render
from academy.notices import service
from academy.notices.file_gateway import FileCarrier, StoredLetter

blueprint = localized_blueprint("notices", __name__)


def _files() -> FileCarrier:
    carrier = service.carrier()
    if not isinstance(carrier, FileCarrier):
        raise NotFound
    return carrier


def _line(letter: StoredLetter) -> dict[str, object]:
    return {
        "name": letter.name,
        "to": letter.to,
        "subject": letter.subject,
        "when": letter.when,
        "url": url_for("notices.letter", name=letter.name),
        "text": letter.text,
        "html_url": url_for("notices.letter_html", name=letter.name),
    }


@blueprint.get("/demo/mailbox")
@open_to_all
def mailbox() -> ResponseReturnValue:
    return render("notices/mailbox.html", letters=[_line(letter) for letter in _files().letters()])


@blueprint.get("/demo/mailbox/<name>")
@open_to_all
def letter(name: str) -> ResponseReturnValue:
    return render("notices/letter.html", letter=_line(_files().letter(name)))


@blueprint.get("/demo/mailbox/<name>/html")
@open_to_all
def letter_html(name: str) -> ResponseReturnValue:
    response = Response(_files().letter(name).html, mimetype="text/html")
    # Mail programs style letters inline; nothing else may load or run in here.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox"
    return response
